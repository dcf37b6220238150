"""Meters: their calibrations, and the corrections of a period for late ones."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Refused
from projects import access, lifecycle
from projects.methodologies import calibration
from projects.methodologies.intervals import Resolution
from projects.models import MonitoringPeriod
from projects.participant import actions, monitoring, queries
from projects.participant.actions import CalibrationTest
from projects.participant.forms import CalibrationForm, CorrectionsForm
from projects.participant.instruments import asked, content
from projects.participant.models import ReadingsFile


@may((Row.MONITORING, Right.UPDATE))
def calibrations(request: HttpRequest, reference: str) -> HttpResponse:
    """The calibrations of a project's meters; one more."""
    actor, at = actor_of(request), clock.now()
    case = access.own_project(actor, reference)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    current, measured = content.calibrations(case), asked.parameters(case)
    form = CalibrationForm(*sent, on=at.date(), asked=measured, current=current)
    if form.is_valid() and edges.attempt(
        form, actions.record_calibration, actor=actor, at=at, project_id=case.pk,
        test=CalibrationTest(**form.told), filename=form.cleaned_data["file"].name,
        data=form.cleaned_data["file"].read(), replaces_id=form.cleaned_data.get("replaces"),
    ) is not None:
        messages.success(request, "The calibration is recorded.")
        return redirect("participant:calibrations", reference=case.name)
    ended = lifecycle.ended(case)
    return edges.page(request, "participant/calibrations.html", {
        "project": case, "form": form, "calibrations": current, "on": at.date(),
        "source": calibration.SOURCE,
        "why_not": ended or ("" if measured else "No design document is frozen yet."),
    })


@require_POST
@may((Row.MONITORING, Right.UPDATE))
def corrections(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Accept corrections for late calibrations."""
    actor = actor_of(request)
    found = queries.period(access.own_project(actor, reference), number)
    shown = frame(found, queries.current_file(found), queries.plan(found))
    form = CorrectionsForm(request.POST, found=shown["late"])
    if form.is_valid() and (
        accepted := edges.attempt(
            form, actions.accept_corrections, actor=actor, at=clock.now(), period_id=found.pk,
            keys=form.cleaned_data["keys"], reason=form.cleaned_data["reason"],
        )
    ):
        messages.success(request, f"Accepted: {len(accepted)}.")
        return redirect("participant:period", reference=reference, number=number)
    return edges.page(request, "participant/corrections.html", shown | {
        "project": found.project, "period": found, "corrections_form": form,
    })


def frame(
    found: MonitoringPeriod, file: ReadingsFile | None, plan: monitoring.Plan | None
) -> dict[str, Any]:
    """What of a period's page concerns meters: corrections with their effect, those that wait, and
    meters that are overdue.
    """
    shown: dict[str, Any] = {"late": (), "corrections": [], "overdue": []}
    try:
        shown["overdue"] = calibration.overdue(content.delays(found))
        if file is None or plan is None:
            return shown
        due = monitoring.columns(plan, Resolution(file.resolution))
        late = content.corrections(found, due, Resolution(file.resolution))
        made = queries.result(found, file).corrections if late else ()
    except Refused:
        return shown
    agreed = {each.key: each for each in found.accepted_corrections.all()}
    left = content.unaccepted(found, late)
    return shown | {
        "late": left, "corrections_form": CorrectionsForm(found=left),
        "corrections": content.shown([content.row(each, agreed) for each in made]),
    }
