"""The check of a version: the participants ask a DOE, the DOE answers, works and concludes."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import NotFound
from cobenefits import actions, checking, queries
from cobenefits.check_forms import (
    AcceptForm,
    AskForm,
    DeclineForm,
    FindingsForm,
    findings_initial,
)
from cobenefits.machine import CheckState
from cobenefits.models import Check
from cobenefits.views import shown
from projects import access

CHECKS = (Row.CO_BENEFIT, Right.CHECK)
ASKS = (Row.CO_BENEFIT, Right.AMEND)


@may(ASKS)
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask a DOE to check the version in view; every DOE that cannot is named with the reasons."""
    actor, at = actor_of(request), clock.now()
    project = access.own_project(actor, reference)
    found = checking.candidates(project, at.date())
    free = [(each.organisation.pk, each.organisation.name) for each in found if not each.obstacles]
    form = AskForm(request.POST if request.method == "POST" else None, choices=free)
    if form.is_valid() and edges.attempt(
        form, actions.ask_check, actor=actor, at=at, project_id=project.pk, **form.cleaned_data
    ) is not None:
        messages.success(request, "The DOE is asked. It accepts, or declines with a reason.")
        return redirect("cobenefits:ask", reference=project.name)
    return edges.page(request, "cobenefits/ask.html", shown.frame(request, project) | {
        "form": form, "free": free, "refused": [each for each in found if each.obstacles],
    })


@require_POST
@may(ASKS)
def take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """No longer ask for the check."""
    actor = actor_of(request)
    project = access.own_project(actor, reference)
    actions.take_back_check(actor=actor, at=clock.now(), project_id=project.pk)
    messages.success(request, "The check is no longer asked for.")
    return redirect("cobenefits:ask", reference=project.name)


@may(CHECKS)
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """The DOE's page of a check: take it on or decline it; findings by criterion; the statement."""
    actor = actor_of(request)
    project = access.project(actor, reference)
    found = _theirs(request, queries.open_check(project))
    forms = _forms(request, found)
    if sent := _sent(request, found, forms):
        messages.success(request, sent)
        if queries.open_check(project) is None:
            return redirect("cobenefits:public", reference=project.name)
        return redirect("cobenefits:check", reference=project.name)
    return edges.page(request, "cobenefits/check.html", forms | {
        "project": project, "check": found, "report": found.report,
        "sections": queries.grouped(found.report),
        "error_forms": list(forms.values()),
    })


def _theirs(request: HttpRequest, found: Check | None) -> Check:
    if found is None or found.doe_id != actor_of(request).organisation_id:
        raise NotFound("There is no such check.")
    return found


def _forms(request: HttpRequest, check: Check) -> dict[str, Form]:
    """The forms of the state; the one that was sent is bound."""
    did = request.POST.get("do", "") if request.method == "POST" else None
    if check.state == CheckState.ASKED:
        return {
            "accept_form": AcceptForm(
                request.POST if did is not None and did != "decline" else None
            ),
            "decline_form": DeclineForm(request.POST if did == "decline" else None),
        }
    return {"form": FindingsForm(
        request.POST if did is not None else None, initial=findings_initial(check),
        final=did is None or did == "conclude",
        reported=list(check.report.lines.values_list("criterion", flat=True)),
    )}


def _sent(request: HttpRequest, check: Check, forms: dict[str, Any]) -> str:
    """What was done with the form that was sent; empty if nothing."""
    form = next((each for each in forms.values() if each.is_bound), None)
    if form is None or not form.is_valid():
        return ""
    about: dict[str, Any] = {
        "actor": actor_of(request), "at": clock.now(), "project_id": check.report.project_id,
    }
    if isinstance(form, FindingsForm):
        about |= {"findings": form.findings(), "statement": form.cleaned_data["statement"]}
        ends = request.POST.get("do") == "conclude"
        action: Any = actions.conclude_check if ends else actions.record_findings
        said = "The statement is published." if ends else "Your findings are kept."
    else:
        accepts = isinstance(form, AcceptForm)
        about |= form.cleaned_data
        action = actions.accept_check if accepts else actions.decline_check
        said = "You have taken the check on." if accepts else "You have declined the check."
    return said if edges.attempt(form, action, **about) is not None else ""
