"""Stage 3 at the DOE's desk: the workspace, comments, the opinion."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import NotFound
from projects.doe import actions, forms, queries, screens
from projects.doe.models import Comment, Validation
from projects.doe.views import cases
from projects.models import Project


@may((Row.OPINION, Right.APPROVE))
def validation(request: HttpRequest, reference: str) -> HttpResponse:
    """The workspace: tasks, the design document with highlights, findings."""
    return page(request, cases.own_validation(actor_of(request), reference))


def page(request: HttpRequest, project: Project, finding: str = "", **bound: Any) -> HttpResponse:
    """The workspace of a validation, with the form that came back if there is one."""
    context = screens.validation(
        project, actor_of(request), clock.now(),
        wanted=finding or request.GET.get("finding", ""), shown=request.GET.get("show", "open"),
        against=request.GET.get("against", ""),
    )
    current = context["current"]
    inherited = current is not None and current.state == current.State.FORWARDED
    context["form"] = forms.AssessForm(inherited=inherited)
    context["publish_form"] = forms.NoForm()
    return edges.page(request, "doe/validation.html", context | bound)


@may((Row.COMMENT, Right.PUBLISH))
@require_POST
def publish(request: HttpRequest, reference: str) -> HttpResponse:
    """Publish the design document."""
    actor = actor_of(request)
    project = cases.own_validation(actor, reference)
    form = forms.NoForm(request.POST)
    if edges.attempt(
        form, actions.publish_design, actor=actor, at=clock.now(), project_id=project.pk
    ) is not None:
        messages.success(request, _("The design document is public; anyone may comment."))
        return redirect("doe:validation", reference=project.name)
    return page(request, project, publish_form=form)


@may((Row.COMMENT, Right.PUBLISH))
def respond(request: HttpRequest, reference: str) -> HttpResponse:
    """The public comments, and how the DOE took account of each."""
    actor = actor_of(request)
    project = cases.own_validation(actor, reference)
    case = _case(project)
    wanted = request.POST.get("comment", "")
    form = forms.ResponseForm(request.POST if wanted else None, prefix=f"c{wanted}")
    if form.is_valid() and edges.attempt(
        form, actions.respond_to_comment, actor=actor, at=clock.now(),
        comment_id=int(wanted) if wanted.isdecimal() else 0, text=form.cleaned_data["text"],
    ) is not None:
        messages.success(request, _("The response is recorded."))
        return redirect("doe:respond", reference=project.name)
    return edges.page(request, "doe/respond.html", {
        "project": project, "case": case, "is_open": queries.is_open(case),
        "last_day": queries.last_day(case), "form": form,
        "entries": [
            {"comment": each, "form": form if wanted == str(each.pk) else _response_form(each)}
            for each in queries.comments_of(project)
        ],
    })


def _response_form(comment: Comment) -> forms.ResponseForm:
    return forms.ResponseForm(prefix=f"c{comment.pk}", initial={"text": comment.response})


@may((Row.OPINION, Right.APPROVE))
def opinion(request: HttpRequest, reference: str) -> HttpResponse:
    """The opinion that ends the validation, or why it cannot be given yet."""
    actor, at = actor_of(request), clock.now()
    project = cases.own_validation(actor, reference)
    case = _case(project)
    form = forms.OpinionForm(request.POST or None)
    if form.is_valid() and edges.attempt(
        form, actions.give_opinion, actor=actor, at=at, project_id=project.pk,
        positive=form.cleaned_data["opinion"] == "positive",
        conclusion=form.cleaned_data["conclusion"],
    ) is not None:
        messages.success(request, _("The opinion is given and the report is public."))
        return redirect("doe:validation", reference=project.name)
    return edges.page(request, "doe/opinion.html", {
        "project": project, "case": case, "form": form,
        "positive": queries.opinion_obstacles(project, case, at, positive=True),
        "negative": queries.opinion_obstacles(project, case, at, positive=False),
    })


@may((Row.OPINION, Right.APPROVE))
def terminate(request: HttpRequest, reference: str) -> HttpResponse:
    """End the validation without an opinion."""
    actor = actor_of(request)
    project = cases.own_validation(actor, reference)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid() and edges.attempt(
        form, actions.terminate_validation, actor=actor, at=clock.now(), project_id=project.pk,
        reason=form.cleaned_data["reason"],
    ) is not None:
        messages.success(request, _("The validation is ended."))
        return redirect("doe:validation", reference=project.name)
    return edges.page(request, "doe/terminate.html", {"project": project, "form": form})


def _case(project: Project) -> Validation:
    case = queries.validation_of(project)
    if case is None:
        raise NotFound("The project is not at validation.")
    return case
