"""Components of programmes: submitting one and asking for its renewal; the DOE's part in both."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, desk
from cdm_portal.values import Role
from projects.doe import actions, queries, standing
from projects.doe.component_forms import AskRenewalForm, ReturnForm, StatementForm, SubmitForm
from projects.programmes.models import Component


@desk(Role.PARTICIPANT)
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """The coordinating/managing entity submits a component to a DOE."""
    return _ask(request, pk, SubmitForm, actions.submit_component, _("The DOE has it."))


@desk(Role.PARTICIPANT)
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """The coordinating/managing entity asks a DOE to confirm a renewal."""
    return _ask(
        request, pk, AskRenewalForm, actions.ask_component_renewal, _("The DOE is asked.")
    )


def _ask(
    request: HttpRequest, pk: int, kind: type[SubmitForm | AskRenewalForm],
    action: Callable[..., Component], done: str,
) -> HttpResponse:
    actor, at, renewal = actor_of(request), clock.now(), kind is AskRenewalForm
    found = queries.own_component(actor, pk)
    candidates = standing.component_candidates(found.programme, at.date())
    sent = request.POST if request.method == "POST" else None
    form = kind(sent, candidates=candidates)
    if form.is_valid():
        values = form.cleaned_data | {"organisation_id": int(form.cleaned_data["organisation"])}
        del values["organisation"]
        if edges.attempt(form, action, actor=actor, at=at, component_id=pk, **values):
            messages.success(request, done)
            return redirect("participant:component", found.programme.name, found.order)
    return edges.page(request, "doe/submit_component.html", {
        "form": form, "component": found, "project": found.programme,
        "refused": [each for each in candidates if each.obstacles],
        "renewal": renewal,
        "why_not": queries.why_not_renew(found) if renewal else queries.why_not_submit(found),
    })


@desk(Role.DOE)
def component(request: HttpRequest, pk: int) -> HttpResponse:
    """What the DOE was asked about a component: include it, return it, or renew it."""
    actor, at = actor_of(request), clock.now()
    found = queries.component_of(actor, pk)
    act = request.POST.get("act", "")
    context: dict[str, Any] = {
        "statement_form": StatementForm(on=at.date()), "return_form": ReturnForm(),
    }
    if request.method == "POST":
        name, form, done = _act(request, found, act)
        if done:
            messages.success(request, done)
            return redirect("doe:desk")
        context[name] = form
    return edges.page(request, "doe/component.html", context | {
        "component": found, "project": found.programme,
        "asked": queries.component_acts(actor, found),
    })


STATEMENTS = {
    "include": (actions.include_component, _("The component is included and public.")),
    "renew": (actions.renew_component, _("The component is renewed.")),
}


def _act(request: HttpRequest, found: Component, act: str) -> tuple[str, Any, str]:
    """Do one of the DOE's acts: the name of its form, the form, and what to say when it is done."""
    actor, at = actor_of(request), clock.now()
    given: dict[str, Any] = {"actor": actor, "at": at, "component_id": found.pk}
    if act == "return":
        form = ReturnForm(request.POST)
        done = form.is_valid() and edges.attempt(
            form, actions.return_component, **given, reasons=form.cleaned_data["reasons"]
        ) is not None
        return "return_form", form, _("The component is returned.") if done else ""
    action, said = STATEMENTS.get(act, STATEMENTS["include"])
    statement = StatementForm(request.POST, request.FILES, on=at.date())
    if not statement.is_valid():
        return "statement_form", statement, ""
    file = statement.cleaned_data["file"]
    made = edges.attempt(
        statement, action, **given, filename=file.name, data=file.read(),
        no_conflict=statement.cleaned_data["no_conflict"],
    )
    return "statement_form", statement, said if made else ""
