"""The participant's page for its report, the secretariat's and the host Party's, and the public
page with all versions.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, actor_or_none, may, why_not
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Forbidden
from cobenefits import actions, queries
from cobenefits.forms import CommentForm, PublicationForm, ReportForm, WithdrawForm, initial
from cobenefits.views import shown
from projects import access
from projects.models import Project

CREATES, AMENDS = (Row.CO_BENEFIT, Right.CREATE), (Row.CO_BENEFIT, Right.AMEND)
WITHDRAWS, PUBLISHES = (Row.CO_BENEFIT, Right.WITHDRAW), (Row.CO_BENEFIT, Right.PUBLISH)
READS, COMMENTS = (Row.CO_BENEFIT, Right.READ_ALL), (Row.CO_BENEFIT, Right.COMMENT)


@may(CREATES, AMENDS)
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """The task list of a report or an amendment; sent, it is kept as a draft or handed in, with the
    criteria of the whole form if they are sent along.
    """
    project = access.own_project(actor_of(request), reference)
    form = ReportForm(_posted(request), initial=_start(project))
    if form.is_valid() and _keep(request, project, form):
        return redirect("cobenefits:report", reference=project.name)
    whole = "whole" in request.GET or bool(set(request.POST) & set(form.fields))
    return own_page(
        request, project, form, WithdrawForm(auto_id="withdraw_%s"), whole=whole
    )


@require_POST
@may(WITHDRAWS)
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw the report in view."""
    project = access.own_project(actor_of(request), reference)
    form = WithdrawForm(request.POST, auto_id="withdraw_%s")
    if form.is_valid() and edges.attempt(
        form, actions.withdraw, actor=actor_of(request), at=clock.now(),
        project_id=project.pk, reason=form.cleaned_data["reason"],
    ) is not None:
        messages.success(request, "The report is withdrawn. Its versions stay on record.")
        return redirect("cobenefits:report", reference=project.name)
    return own_page(request, project, ReportForm(initial=_start(project)), form)


@may(PUBLISHES, READS, post=[PUBLISHES])
def publication(request: HttpRequest, reference: str) -> HttpResponse:
    """The secretariat looks at the form of what was handed in; publishes it or sends it back."""
    project = access.project(actor_of(request), reference)
    waiting = queries.submitted(project)
    form = PublicationForm(_posted(request), initial={"turn": waiting.turn if waiting else None})
    if form.is_valid() and _settle(request, project, form):
        return redirect("cobenefits:publication", reference=project.name)
    return edges.page(request, "cobenefits/publication.html", {
        "project": project, "waiting": waiting, "form": form,
        "standing": queries.standing(project),
        "may_settle": not why_not(request, PUBLISHES),
    })


@may(COMMENTS)
def comment(request: HttpRequest, reference: str) -> HttpResponse:
    """The host Party's authority comments on the version in view."""
    project = access.project(actor_of(request), reference)
    if not queries.is_host(actor_of(request), project):
        raise Forbidden("The designated national authority of the host Party comments.")
    standing = queries.standing(project)
    form = CommentForm(
        _posted(request), initial={"version": standing.version if standing else None}
    )
    if form.is_valid() and edges.attempt(
        form, actions.comment, actor=actor_of(request), at=clock.now(), project_id=project.pk,
        **form.cleaned_data,
    ) is not None:
        messages.success(request, "The comment is public with the report.")
        return redirect("cobenefits:comment", reference=project.name)
    return edges.page(request, "cobenefits/comment.html", {
        "project": project, "standing": standing, "form": form,
    })


@may((Row.CO_BENEFIT, Right.SEE))
def public(request: HttpRequest, reference: str) -> HttpResponse:
    """Every version of a project's report that was ever published, newest first, with what changed
    from one to the next and what a DOE found.
    """
    actor = actor_or_none(request)
    project = access.project(actor, reference)
    reports = [each for each in queries.known(actor, project) if each.is_public]
    return render(request, "cobenefits/public.html", {
        "project": project, "versions": shown.versions(reports),
        "standing": queries.standing(project), "is_host": queries.is_host(actor, project),
    })


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _start(project: Project) -> dict[str, str]:
    return initial(queries.starting(project))


def _settle(request: HttpRequest, project: Project, form: PublicationForm) -> bool:
    """Whether what was handed in is published or sent back; else the form says why not."""
    given = form.cleaned_data
    about: dict[str, Any] = {
        "actor": actor_of(request), "at": clock.now(), "project_id": project.pk,
        "turn": given["turn"],
    }
    if given["outcome"] == "publish":
        done = edges.attempt(form, actions.publish, **about)
        said = "The report is published."
    else:
        done = edges.attempt(form, actions.give_back, **about, reason=given["reason"])
        said = "The participants have it back as a draft."
    if done is not None:
        messages.success(request, said)
    return done is not None


def _keep(request: HttpRequest, project: Project, form: ReportForm) -> bool:
    """Whether the draft is kept, or handed in; else the form says why not."""
    hands_in = request.POST.get("do") == "submit"
    sent = bool(set(request.POST) & set(form.fields)) or not hands_in
    done = edges.attempt(
        form, actions.hand_in if hands_in else actions.keep, actor=actor_of(request),
        at=clock.now(), project_id=project.pk,
        **({"statements": form.statements()} if sent else {}),
    )
    if done is not None:
        said = "The secretariat has the report." if hands_in else "The draft is kept."
        messages.success(request, said)
    return done is not None


def own_page(
    request: HttpRequest, project: Project, form: ReportForm, withdraw_form: WithdrawForm,
    *, whole: bool = False,
) -> HttpResponse:
    """The participant's page: the task list, or the 12 criteria on one page."""
    template = "cobenefits/whole.html" if whole else "cobenefits/report.html"
    return edges.page(request, template, shown.frame(request, project) | {
        "form": form, "withdraw_form": withdraw_form, "error_forms": [form, withdraw_form],
    })
