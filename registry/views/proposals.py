"""Proposals and measures: looked at, approved by a second person, rejected, aborted, executed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges, keyset
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.values import Actor
from registry import access, actions, acts, queries
from registry.forms import ApproveForm, ForwardForm, ReasonForm
from registry.governance import queries as governance
from registry.governance.models import Measure, Proposal


def pending(request: HttpRequest) -> dict[str, Any]:
    """A page of what lies in the pending account: `holdings`, and `firsts` for its pages."""
    firsts = edges.listed(
        request, queries.first_blocks(queries.PENDING), queries.FIRST, name="held_after",
        size=keyset.SHORT,
    )
    found = queries.holdings(queries.PENDING, firsts.rows) if firsts.rows else []
    return {"holdings": found, "firsts": firsts}


@may((Row.FORWARDING, Right.EXECUTE))
def forward(request: HttpRequest) -> HttpResponse:
    """Propose to take units out of the pending account."""
    form = ForwardForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        made = edges.attempt(
            form, actions.propose_forwarding, actor=actor_of(request), at=clock.now(),
            from_account_id=queries.PENDING, to_account_id=form.cleaned_data["to_account"].pk,
            **form.asked(),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("Proposed. A second person decides."))
            return redirect("registry:proposal", made.pk)
    context = {"form": form, **pending(request)}
    return edges.page(request, "registry/forward.html", context)


@may(
    (Row.FORWARDING, Right.CREATE), (Row.FORWARDING, Right.EXECUTE),
    (Row.FORWARDING, Right.READ_ALL),
    post=((Row.FORWARDING, Right.CREATE), (Row.FORWARDING, Right.EXECUTE)),
)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal with its history: look at it, and approve it as a second person."""
    actor = actor_of(request)
    asked = _asked(actor, pk)
    form = ApproveForm(request.POST or None, initial={"seen_sha256": asked.sha256_hex})
    if request.method == "POST" and form.is_valid():
        done = edges.attempt(form, _approve, actor, pk, form.cleaned_data["seen_sha256"])
        if done is not None:
            messages.success(request, _became(done))
            return redirect("registry:proposal", pk)
    way = governance.way(asked.key)
    names = governance.people(step.person for step in way)
    context = {
        "proposal": asked, "form": form, "sha256": asked.sha256_hex, "now": clock.now(),
        "why_not": acts.why_not_approve(actor, asked),
        "way": [(step, names.get(step.person, "")) for step in way],
        "may_reject": actor.role in access.EXECUTES or asked.initiator == access.person(actor),
        "executes": actor.role in access.EXECUTES,
        "reads": actor.role in access.READ_PROPOSALS,
    }  # fmt: skip
    return edges.page(request, "registry/proposal.html", context)


def _approve(actor: Actor, pk: int, seen: str) -> Proposal:
    actions.approve_proposal(actor=actor, at=clock.now(), proposal_id=pk, seen_sha256=seen)
    return Proposal.objects.select_related("tx").get(pk=pk)


def _became(decided: Proposal) -> str:
    if decided.tx is not None:
        return str(_("Done: transaction %s.") % decided.tx.reference)
    return f"{decided.get_state_display()}."


@may((Row.FORWARDING, Right.EXECUTE))
@require_POST
def execute(request: HttpRequest, pk: int) -> HttpResponse:
    """Execute an approved proposal whose delay is over, without waiting for the clock's job."""
    actions.execute_proposal(actor=actor_of(request), at=clock.now(), proposal_id=pk)
    messages.success(request, _became(Proposal.objects.select_related("tx").get(pk=pk)))
    return redirect("registry:proposal", pk)


@may((Row.FORWARDING, Right.CREATE), (Row.FORWARDING, Right.EXECUTE))
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject, withdraw or abort a proposal, with a reason."""
    actor = actor_of(request)
    asked = _asked(actor, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = edges.attempt(
            form, actions.reject_proposal, actor=actor, at=clock.now(), proposal_id=pk,
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        if done is not None:
            messages.success(request, _("Rejected. Nothing moved."))
            return redirect("registry:proposal", pk)
    context = {"proposal": asked, "form": form, "aborts": asked.state == Proposal.State.APPROVED}
    return edges.page(request, "registry/reject.html", context)


def _asked(actor: Actor, pk: int) -> Proposal:
    """A proposal that the actor may know of: a holder of its own alone. Raises Http404."""
    known = {*access.EXECUTES, *access.READ_PROPOSALS}
    asked = get_object_or_404(
        Proposal.objects.select_related("from_account", "to_account", "tx"), pk=pk
    )
    own = asked.initiator == access.person(actor) or access.holds(actor, asked.from_account)
    if actor.role not in known and not own:
        raise Http404
    return asked


@may(
    (Row.ACCOUNT, Right.EXECUTE), (Row.ACCOUNT, Right.READ_ALL),
    post=((Row.ACCOUNT, Right.EXECUTE),),
)
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """One measure: look at it, and approve it as a second person."""
    actor = actor_of(request)
    asked = _measure(pk)
    form = ApproveForm(request.POST or None, initial={"seen_sha256": asked.sha256_hex})
    if request.method == "POST" and form.is_valid():
        booking = edges.attempt(
            form, actions.approve_measure, actor=actor, at=clock.now(), measure_id=pk,
            **form.cleaned_data,
        )  # fmt: skip
        if booking is not None:
            messages.success(request, _("Done: transaction %s.") % booking.reference)
            return redirect("registry:measure", pk)
    names = governance.people([asked.initiator, asked.decided_by or 0])
    context = {
        "measure": asked, "form": form, "why_not": acts.why_not_approve(actor, asked),
        "initiator": names.get(asked.initiator, ""), "decider": names.get(asked.decided_by or 0),
        "own": asked.initiator == access.person(actor),
        "reads": actor.role in access.READ_PROPOSALS,
    }  # fmt: skip
    return edges.page(request, "registry/measure.html", context)


@may((Row.ACCOUNT, Right.EXECUTE))
def measure_reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject or withdraw a measure, with a reason."""
    asked = _measure(pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = edges.attempt(
            form, actions.reject_measure, actor=actor_of(request), at=clock.now(), measure_id=pk,
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        if done is not None:
            messages.success(request, _("Rejected. Nothing changed."))
            return redirect("registry:measure", pk)
    return edges.page(request, "registry/measure_reject.html", {"measure": asked, "form": form})


def _measure(pk: int) -> Measure:
    rows = Measure.objects.select_related("account", "block__issuance", "trusted", "tx")
    return get_object_or_404(rows, pk=pk)
