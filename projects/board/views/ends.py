"""How a project ends: withdrawal through the DOE, deregistration; and another attempt."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, desk, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Forbidden
from cdm_portal.values import Actor, Role
from projects import access
from projects.board import actions, forms
from projects.board.queries import ends
from projects.models import Project

Act = Callable[..., object]


@may((Row.REQUEST, Right.REQUEST), (Row.REQUEST, Right.WITHDRAW))
def withdrawal(request: HttpRequest, reference: str) -> HttpResponse:
    """The participants ask for the withdrawal of a published project; its DOE files it."""
    actor = actor_of(request)
    files = actor.role == Role.DOE
    case = ends.project_of_doe(actor, reference) if files else access.own_project(actor, reference)
    sent = request.POST if request.method == "POST" else None
    form = forms.StatementForm(sent) if files else forms.EndReasonForm(sent)
    act: Act = actions.file_withdrawal if files else actions.ask_withdrawal
    if form.is_valid() and edges.attempt(
        form, act, actor=actor, at=clock.now(), project_id=case.pk, **form.cleaned_data
    ) is not None:
        done = _("The project is withdrawn.") if files else _("The DOE is asked.")
        messages.success(request, done)
        return redirect("board:withdrawal", reference=reference)
    return edges.page(request, "board/withdrawal.html", {
        "project": case, "form": form, "found": ends.withdrawal(case), "files": files,
        "why_not": ends.why_no_withdrawal(case),
    })


@require_POST
@may((Row.REQUEST, Right.REQUEST))
def take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """The participants want to go on."""
    actor = actor_of(request)
    case = access.own_project(actor, reference)
    form = forms.ButtonForm(request.POST)
    if form.is_valid() and edges.attempt(
        form, actions.take_back_withdrawal, actor=actor, at=clock.now(), project_id=case.pk
    ) is not None:
        messages.success(request, _("The withdrawal is no longer asked for."))
        return redirect("board:withdrawal", reference=reference)
    return edges.page(request, "board/withdrawal.html", {
        "project": case, "form": form, "found": ends.withdrawal(case), "files": False,
        "why_not": ends.why_no_withdrawal(case),
    })


@desk(*ends.READERS)
def deregistration(request: HttpRequest, reference: str) -> HttpResponse:
    """The participants ask for deregistration; a member of the Board decides."""
    actor = actor_of(request)
    case = _readable(actor, reference)
    sent = request.POST if request.method == "POST" else None
    if sent is not None and actor.role not in forms.TURNS:
        raise Forbidden("The participants ask for a deregistration, and the Board decides.")
    form = forms.TURNS[actor.role](sent) if actor.role in forms.TURNS else forms.ButtonForm()
    if form.is_valid() and edges.attempt(
        form, _ACTS[actor.role], actor=actor, at=clock.now(), project_id=case.pk,
        **form.cleaned_data,
    ) is not None:
        messages.success(request, _("It is recorded."))
        return redirect("board:deregistration", reference=reference)
    return edges.page(request, "board/deregistration.html", {
        "project": case, "form": form, "found": ends.deregistration(case),
        "asks": actor.role == Role.PARTICIPANT, "decides": actor.role == Role.BOARD,
        "why_not": ends.why_no_deregistration(case),
    })


_ACTS: dict[Role, Act] = {
    Role.PARTICIPANT: actions.ask_deregistration, Role.BOARD: actions.decide_deregistration,
}


def _readable(actor: Actor, reference: str) -> Project:
    if actor.role == Role.PARTICIPANT:
        return access.own_project(actor, reference)
    return access.project(actor, reference)


@may((Row.DRAFT, Right.CREATE))
def revision(request: HttpRequest, reference: str) -> HttpResponse:
    """A rejected project goes back to the design as a new version."""
    actor = actor_of(request)
    case = access.own_project(actor, reference)
    form = forms.ButtonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and edges.attempt(
        form, actions.take_up_again, actor=actor, at=clock.now(), project_id=case.pk
    ) is not None:
        messages.success(request, _("The design document is open again; freeze a new version."))
        return redirect("participant:design", reference=case.name)
    return edges.page(request, "board/revision.html", {
        "project": case, "form": form, "rulings": ends.rulings_before(case),
        "why_not": ends.why_not_again(case),
    })
