"""Raising, answering and assessing findings."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor
from projects import access
from projects.doe import actions, forms, queries, workspace
from projects.doe.views import cases, validation, verification
from projects.models import Finding, MonitoringPeriod, Project

ASSESSMENTS: dict[str, Callable[..., Finding]] = {
    "close": actions.close_finding, "again": actions.ask_again,
    "forward": actions.forward_finding,
}


@may((Row.FINDING, Right.CREATE))
def raise_finding(request: HttpRequest, reference: str) -> HttpResponse:
    """Raise a finding in a validation."""
    return _raise(request, cases.own_validation(actor_of(request), reference), None)


@may((Row.FINDING, Right.CREATE))
def raise_in_period(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Raise a finding in a verification."""
    period = cases.own_verification(actor_of(request), reference, number)
    return _raise(request, period.project, period)


def _raise(
    request: HttpRequest, project: Project, period: MonitoringPeriod | None
) -> HttpResponse:
    anchors = queries.anchors(project, period)
    start = {name: request.GET.get(name, "") for name in ("section", "passage")}
    form = forms.RaiseForm(
        request.POST or None, anchors=anchors, quotes=period is None,
        initial=start | {"kind": Finding.Kind.CL.value},
    )
    if form.is_valid():
        made = edges.attempt(
            form, actions.raise_finding, actor=actor_of(request), at=clock.now(),
            project_id=project.pk, period_id=period.pk if period else None, **form.cleaned_data,
        )
        if made is not None:
            messages.success(request, _("%(finding)s is raised.") % {"finding": made})
            return redirect(workspace.address(project, period, made))
    return edges.page(request, "doe/raise.html", {
        "form": form, "project": project, "period": period,
        "back": workspace.address(project, period),
    })


@may((Row.FINDING, Right.CLOSE))
@require_POST
def assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a finding, ask again, or keep it as a forward action."""
    actor, finding = actor_of(request), cases.finding(request, pk)
    period = verification.heir(actor, finding)
    inherited = finding.state == Finding.State.FORWARDED
    form = forms.AssessForm(request.POST, inherited=inherited)
    if form.is_valid():
        made = edges.attempt(
            form, ASSESSMENTS[form.cleaned_data["assessment"]], actor=actor,
            at=clock.now(), finding_id=pk, reason=form.cleaned_data["reason"],
        )
        if made is not None:
            messages.success(request, _("%(finding)s is assessed.") % {"finding": finding})
            return redirect(workspace.address(finding.project, period, finding))
    if period is None:
        project = cases.own_validation(actor, finding.project.name)
        return validation.page(request, project, finding=str(pk), form=form)
    return verification.page(request, period, finding=str(pk), form=form)


@may((Row.FINDING, Right.ANSWER))
def findings(request: HttpRequest, reference: str) -> HttpResponse:
    """The participant's findings of a project, each with its thread and a box for the answer."""
    actor = actor_of(request)
    return _findings_page(request, actor, access.own_project(actor, reference))


def _findings_page(
    request: HttpRequest, actor: Actor, project: Project, *, pk: int = 0,
    form: forms.AnswerForm | None = None,
) -> HttpResponse:
    raised = Finding.objects.filter(project=project).order_by("-pk")
    found = raised.select_related("project", "period").prefetch_related("messages__document__blob")
    items = [
        workspace.finding_view(each, actor.organisation, _places(each)) | {
            "form": form if each.pk == pk and form else _answer_form(each)
        }
        for each in found
    ]
    return edges.page(request, "doe/findings.html", {
        "project": project, "form": form or forms.NoForm(),
        "waiting": [i for i in items if i["state"] == Finding.State.OPEN],
        "others": [i for i in items if i["state"] != Finding.State.OPEN],
    })


def _places(finding: Finding) -> dict[str, str]:
    return dict(queries.anchors(finding.project, finding.period))


def _answer_form(finding: Finding) -> forms.AnswerForm | None:
    if finding.state not in {Finding.State.OPEN, Finding.State.FORWARDED}:
        return None
    return forms.AnswerForm(prefix=f"f{finding.pk}")


@may((Row.FINDING, Right.ANSWER))
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The participant answers a finding."""
    actor, finding = actor_of(request), cases.finding(request, pk)
    if not access.owns(actor, finding.project):
        raise NotFound("There is no such finding.")
    form = forms.AnswerForm(request.POST, request.FILES, prefix=f"f{pk}")
    if form.is_valid():
        file = form.cleaned_data["file"]
        made = edges.attempt(
            form, actions.answer_finding, actor=actor, at=clock.now(), finding_id=pk,
            text=form.cleaned_data["text"], filename=file.name if file else None,
            data=file.read() if file else None,
        )
        if made is not None:
            messages.success(request, _("Your answer is with the DOE."))
            return redirect("doe:findings", reference=finding.project.name)
    return _findings_page(request, actor, finding.project, pk=pk, form=form)
