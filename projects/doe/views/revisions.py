"""Renewals and post-registration changes: asking a DOE, and the DOE's work on one."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor
from projects import access
from projects import queries as landing
from projects.doe import actions, forms, queries, revisions
from projects.doe.standing import Act
from projects.participant import revised
from projects.revisions.machine import State
from projects.revisions.models import Revision


@may((Row.DRAFT, Right.UPDATE))
def offer_revision(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The participant freezes the revised document and asks a DOE to validate it."""
    actor, at = actor_of(request), clock.now()
    project = access.own_project(actor, reference)
    found = landing.revision(project, number)
    candidates = revisions.candidates(project, at.date())
    form = forms.OfferForm(request.POST or None, candidates=candidates, takes_over=False)
    if form.is_valid() and edges.attempt(
        form, actions.offer_revision, actor=actor, at=at, revision_id=found.pk,
        organisation_id=int(form.cleaned_data["organisation"]),
    ) is not None:
        messages.success(request, _("The document is frozen and the DOE is asked."))
        return redirect("participant:revision", reference=project.name, number=number)
    return edges.page(request, "doe/offer_revision.html", {
        "form": form, "project": project, "revision": found, "is_draft": found.state == State.DRAFT,
        "free": [c for c in candidates if not c.obstacles],
        "refused": [c for c in candidates if c.obstacles],
    })


@may((Row.OPINION, Right.APPROVE))
def revision(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """What the DOE is asked to validate: accept or decline, send back, give the opinion."""
    actor, at = actor_of(request), clock.now()
    found = _asked(actor, reference, number)
    said = request.POST.get("answer", "")
    sent = {name: request.POST if said == name else None for name in _ANSWERS}
    shown = {name: made(sent[name]) for name, (made, _act) in _ANSWERS.items()}
    answered = shown.get(said)
    if answered is not None and answered.is_valid() and edges.attempt(
        answered, _ANSWERS[said][1], actor=actor, at=at, revision_id=found.pk,
        **_values(answered),
    ) is not None:
        messages.success(request, _("It is recorded."))
        return redirect(request.path)
    return edges.page(request, "doe/revision.html", {
        "project": found.project, "revision": found, "facts": revised.facts(found),
        "version": _version(found), "accept_form": shown["accept"],
        "reason_form": shown["return"], "opinion_form": shown["opinion"], "form": answered,
        "obstacles": revisions.why_no_act(_next_act(found), found, at.date()),
    })


_ANSWERS: dict[str, tuple[type[django_forms.Form], Callable[..., object]]] = {
    "accept": (forms.AcceptForm, actions.accept_revision),
    "return": (forms.ReasonForm, actions.return_revision),
    "opinion": (forms.RevisionOpinionForm, actions.give_revision_opinion),
}


def _values(form: django_forms.Form) -> dict[str, Any]:
    """The form's values under the action's names: the opinion is positive or not."""
    values = dict(form.cleaned_data)
    if "opinion" in values:
        values["positive"] = values.pop("opinion") == "positive"
    return values


def _next_act(found: Revision) -> Act:
    acts = {State.OFFERED: Act.ACCEPT_REVISION, State.OPINION: Act.REVISION_OPINION}
    return acts.get(State(found.state), Act.REQUEST_REVISION)


def _version(found: Revision) -> object:
    if found.design_version is None:
        return None
    return queries.design_version(found.project, found.design_version)


def _asked(actor: Actor, reference: str, number: int) -> Revision:
    """A revision that the actor's DOE was asked to validate. Raises NotFound for any other."""
    found = landing.revision(landing.by_name(reference), number)
    if found.doe_id is None or found.doe_id != actor.organisation_id:
        raise NotFound("There is no such case.")
    return found
