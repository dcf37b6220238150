"""Modalities of communication: the statement, its signatures, and forwarding; the public page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, actor_or_none, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import NotFound
from projects import access
from projects.models import Project
from projects.participant import actions, speaking, voices
from projects.participant.communication.models import ForwardingRequest, Statement
from projects.participant.forms.communication import ForwardingForm, StatementForm


@may((Row.FOCAL_POINTS, Right.CREATE))
def communication(request: HttpRequest, reference: str) -> HttpResponse:
    """Who speaks for a project, what is to be signed, and what one can begin."""
    actor, at = actor_of(request), clock.now()
    case = speaking.project_of(actor, reference)
    return edges.page(request, "participant/communication.html", voices.desk(actor, case, at))


@may((Row.FOCAL_POINTS, Right.CREATE))
def propose_statement(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose who speaks, or a change of it."""
    actor, at = actor_of(request), clock.now()
    case = speaking.project_of(actor, reference)
    form = StatementForm(request.POST or None, project=case)
    if form.is_valid() and edges.attempt(
        form, actions.propose_statement, actor=actor, at=at, project_id=case.pk, **form.asked()
    ) is not None:
        messages.success(request, _("Proposed. It takes effect once it is signed."))
        return redirect("participant:communication", reference=case.name)
    why_not = speaking.why_not_propose(actor, case, at)
    context = {"project": case, "form": form, "why_not": why_not}
    return edges.page(request, "participant/communication_new.html", context)


@may((Row.FOCAL_POINTS, Right.CREATE))
@require_POST
def sign_statement(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Sign for one's own entity."""
    case, found = _statement(request, reference, number)
    signed = actions.sign_statement(
        actor=actor_of(request), at=clock.now(), statement_id=found.pk
    )
    messages.success(request, _("Signed. %s.") % signed.get_state_display())
    return redirect("participant:communication", reference=case.name)


@may((Row.FOCAL_POINTS, Right.CREATE))
@require_POST
def withdraw_statement(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Take a proposal back."""
    case, found = _statement(request, reference, number)
    actions.withdraw_statement(actor=actor_of(request), at=clock.now(), statement_id=found.pk)
    messages.success(request, _("The proposal is withdrawn."))
    return redirect("participant:communication", reference=case.name)


def _statement(request: HttpRequest, reference: str, number: int) -> tuple[Project, Statement]:
    case = speaking.project_of(actor_of(request), reference)
    return case, speaking.statement(case, number)


@may((Row.FORWARDING, Right.CREATE))
def forward(request: HttpRequest, reference: str) -> HttpResponse:
    """The focal point of scope (a) asks the registry to forward CERs."""
    actor, at = actor_of(request), clock.now()
    case = speaking.project_of(actor, reference)
    form = ForwardingForm(request.POST or None, project=case)
    if form.is_valid() and edges.attempt(
        form, actions.request_forwarding, actor=actor, at=at, project_id=case.pk, **form.asked()
    ) is not None:
        messages.success(request, _("Signed. Nothing moves before the registry approves."))
        return redirect("participant:communication", reference=case.name)
    context = voices.pending_units(case) | {
        "project": case, "form": form, "why_not": speaking.why_not_forward(actor, case, at),
    }
    return edges.page(request, "participant/forward.html", context)


@may((Row.FORWARDING, Right.CREATE))
@require_POST
def sign_forwarding(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Sign a request of a joint scope."""
    case, asked = _asked(request, reference, pk)
    signed = actions.sign_forwarding(actor=actor_of(request), at=clock.now(), request_id=asked.pk)
    messages.success(request, _("Signed. %s.") % signed.get_state_display())
    return redirect("participant:communication", reference=case.name)


@may((Row.FORWARDING, Right.CREATE))
@require_POST
def withdraw_forwarding(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take a request back while signatures are missing."""
    case, asked = _asked(request, reference, pk)
    actions.withdraw_forwarding(actor=actor_of(request), at=clock.now(), request_id=asked.pk)
    messages.success(request, _("The request is withdrawn."))
    return redirect("participant:communication", reference=case.name)


def _asked(request: HttpRequest, reference: str, pk: int) -> tuple[Project, ForwardingRequest]:
    case = speaking.project_of(actor_of(request), reference)
    asked = speaking.forwardings(case).filter(pk=pk).first()
    if asked is None:
        raise NotFound("There is no such request.")
    return case, asked


def public(request: HttpRequest, reference: str) -> HttpResponse:
    """Anybody reads who speaks for a project, and how that changed."""
    case = access.project(actor_or_none(request), reference)
    return edges.page(request, "participant/communication_public.html", voices.public(case))
