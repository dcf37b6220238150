"""Accreditations: what a DOE asks for, what the secretariat prepares, what the Board decides."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cdm_portal import clock, edges, keyset
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.values import Role
from projects.doe import actions, forms, queries, screens


@may((Row.ACCREDITATION, Right.READ))
def accreditations(request: HttpRequest) -> HttpResponse:
    """What is under way about accreditations, what was decided, and what one can begin."""
    actor = actor_of(request)
    known = queries.proceedings(actor)
    return edges.page(request, "doe/accreditations.html", {
        "actor": actor,
        "live": edges.listed(
            request, known.filter(decided_at=None), ("-pk",), name="live_after", size=keyset.SHORT
        ),
        "decided": edges.listed(
            request, known.exclude(decided_at=None), ("-pk",), name="decided_after",
            size=keyset.SHORT,
        ),
        "debts": queries.debts_of(actor.office if actor.role == Role.DOE else None)[:50],
        "at": clock.now(),
        "held": queries.accreditations().filter(organisation_id=actor.office),
    })


@may((Row.ACCREDITATION, Right.ANSWER))
def ask(request: HttpRequest) -> HttpResponse:
    """The DOE asks for accreditation, more scopes, a new term, or reinstatement."""
    form = forms.AskForm(request.POST or None, initial={"kind": "extend"})
    if form.is_valid():
        made = edges.attempt(
            form, actions.ask_accreditation, actor=actor_of(request), at=clock.now(),
            **form.cleaned_data,
        )
        if made is not None:
            messages.success(request, _("The secretariat has it."))
            return redirect("doe:proceeding", pk=made.pk)
    return edges.page(request, "doe/ask.html", {"form": form})


@may((Row.ACCREDITATION, Right.ANSWER))
def relinquish(request: HttpRequest) -> HttpResponse:
    """The DOE gives accreditations back."""
    form = forms.RelinquishForm(request.POST or None)
    if form.is_valid() and edges.attempt(
        form, actions.relinquish_accreditation, actor=actor_of(request), at=clock.now(),
        **form.cleaned_data,
    ) is not None:
        messages.success(request, _("The accreditations are given back."))
        return redirect("doe:accreditations")
    return edges.page(request, "doe/relinquish.html", {"form": form})


@may((Row.ACCREDITATION, Right.PREPARE))
def propose(request: HttpRequest) -> HttpResponse:
    """The secretariat proposes a suspension, a reinstatement or a withdrawal."""
    form = forms.ProposeForm(request.POST or None, initial={"kind": "suspend"})
    if form.is_valid():
        given = dict(form.cleaned_data)
        made = edges.attempt(
            form, actions.propose_proceeding, actor=actor_of(request), at=clock.now(),
            organisation_id=given.pop("organisation").pk, **given,
        )
        if made is not None:
            messages.success(request, _("The proposal is recorded."))
            return redirect("doe:proceeding", pk=made.pk)
    return edges.page(request, "doe/propose.html", {"form": form})


@may((Row.ACCREDITATION, Right.PREPARE))
def exempt(request: HttpRequest) -> HttpResponse:
    """The secretariat proposes that one DOE may validate and verify a large-scale project."""
    form = forms.ExemptForm(request.POST or None)
    if form.is_valid():
        project = form.cleaned_data["project"]
        made = edges.attempt(
            form, actions.propose_proceeding, actor=actor_of(request), at=clock.now(),
            kind="exempt", organisation_id=project.validator_id, project_id=project.pk,
            reasons=form.cleaned_data["reasons"],
        )
        if made is not None:
            messages.success(request, _("The proposal is recorded."))
            return redirect("doe:proceeding", pk=made.pk)
    return edges.page(request, "doe/exempt.html", {"form": form})


@may(
    (Row.ACCREDITATION, Right.READ),
    post=[
        (Row.ACCREDITATION, Right.ANSWER), (Row.ACCREDITATION, Right.PREPARE),
        (Row.ACCREDITATION, Right.APPROVE),
    ],
)
def proceeding(request: HttpRequest, pk: int) -> HttpResponse:
    """One proceeding, and the act that is the actor's to do."""
    actor, at = actor_of(request), clock.now()
    found = queries.proceeding(actor, pk)
    turn = screens.TURNS.get(actor.role)
    form = turn.form(request.POST or None) if turn else forms.NoForm()
    if turn and form.is_valid() and edges.attempt(
        form, turn.action, actor=actor, at=at, proceeding_id=pk, **_given(form.cleaned_data)
    ) is not None:
        messages.success(request, _(turn.done))
        return redirect("doe:proceeding", pk=pk)
    context = screens.proceeding(found, actor, at)
    return edges.page(request, "doe/proceeding.html", context | {"form": form})


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """What a form holds, in the words of the actions."""
    outcome = values.pop("outcome", None)
    return values if outcome is None else values | {"grant": outcome == "grant"}
