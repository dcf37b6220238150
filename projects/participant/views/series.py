"""Long series: how far the import is, the treatments of its faults, the meaning of its columns."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import NotFound
from projects import access
from projects.methodologies.intervals import Resolution
from projects.models import MonitoringPeriod
from projects.participant import actions, monitoring, queries
from projects.participant.forms import ColumnsForm, TreatmentsForm
from projects.participant.models import ReadingsFile, ReadingsImport
from projects.participant.series import content

State = ReadingsImport.State
GOES_ON = "The file is being checked again."


def send(request: HttpRequest, found: MonitoringPeriod, form: Form) -> ReadingsImport | None:
    """Send the file of a form for a worker to check; refusals become errors of the form."""
    file = form.cleaned_data["file"]
    return edges.attempt(
        form, actions.send_series, actor=actor_of(request), at=clock.now(), period_id=found.pk,
        filename=file.name, data=file.read(), resolution=form.cleaned_data["resolution"],
    )


def goes_to_worker(form: Form) -> bool:
    """Whether a file is too long for the uploader to wait, or is to be treated fault by fault."""
    given = form.cleaned_data
    long = {Resolution.MINUTE.value, Resolution.QUARTER.value}
    return (
        given["resolution"] in long or given["treat"]
        or given["file"].name.lower().endswith(".parquet")
    )


def frame(found: MonitoringPeriod, file: ReadingsFile | None) -> dict[str, Any]:
    """The import under way, or that failed after the last file: what the page of a period shows."""
    sent = queries.latest_import(found)
    shown: dict[str, Any] = {"treated": content.treated(file.treated) if file else []}
    if sent is None or sent.state == State.DONE:
        return shown
    if sent.state == State.FAILED and file is not None and sent.queued_at <= file.uploaded_at:
        return shown
    shown["sent"] = sent
    if sent.state == State.FAULTY:
        shown["treat_form"] = TreatmentsForm(faults=sent.faults)
        shown["chosen"] = content.treated([each for each in sent.faults if each.get("choice")])
    elif sent.state == State.UNMAPPED:
        shown["columns_form"] = _columns_form(found, sent)
    else:
        shown["job"] = _job(sent, found)
    return shown


def _job(sent: ReadingsImport, found: MonitoringPeriod) -> dict[str, Any]:
    args = [found.project.name, found.number]
    return {
        "state": sent.state, "percent": sent.percent, "message": sent.message,
        "poll_url": reverse("participant:import_progress", args=args),
        "reload_url": reverse("participant:period", args=args),
    }


def _columns_form(found: MonitoringPeriod, sent: ReadingsImport, *given: Any) -> ColumnsForm:
    due = monitoring.columns(monitoring.plan_of(found), Resolution(sent.resolution))
    return ColumnsForm(*given, headers=sent.headers, columns=due)


def _sent(request: HttpRequest, reference: str, number: int) -> ReadingsImport:
    found = queries.period(access.own_project(actor_of(request), reference), number)
    sent = queries.latest_import(found)
    if sent is None:
        raise NotFound("No file of readings was sent.")
    sent.period = found
    return sent


@may((Row.MONITORING, Right.UPDATE))
def progress(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """How far the import is, polled by the page of the period."""
    sent = _sent(request, reference, number)
    over = sent.state not in {State.QUEUED, State.RUNNING}
    job = _job(sent, sent.period)
    if over and sent.state != State.FAILED:
        job["state"] = "done"
    response = render(request, "participant/import_progress.html", {"job": job, "is_over": over})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@may((Row.MONITORING, Right.UPDATE))
def treat(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Choose what is done about each kind of fault."""
    sent = _sent(request, reference, number)
    form = TreatmentsForm(request.POST, faults=sent.faults)
    if form.is_valid() and None is not edges.attempt(
        form, actions.treat_faults, actor=actor_of(request), at=clock.now(), import_id=sent.pk,
        choices=form.choices, reason=form.cleaned_data["reason"],
    ):
        messages.success(request, GOES_ON)
        return redirect("participant:period", reference=reference, number=number)
    return _again(request, sent, {"treat_form": form})


@require_POST
@may((Row.MONITORING, Right.UPDATE))
def columns(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Say what each column of the file holds."""
    sent = _sent(request, reference, number)
    form = _columns_form(sent.period, sent, request.POST)
    if form.is_valid() and None is not edges.attempt(
        form, actions.map_columns, actor=actor_of(request), at=clock.now(), import_id=sent.pk,
        mapping=form.mapping,
    ):
        messages.success(request, GOES_ON)
        return redirect("participant:period", reference=reference, number=number)
    return _again(request, sent, {"columns_form": form})


def _again(request: HttpRequest, sent: ReadingsImport, forms: dict[str, Any]) -> HttpResponse:
    context = frame(sent.period, queries.current_file(sent.period))
    return edges.page(request, "participant/import.html", context | forms | {
        "project": sent.period.project, "period": sent.period, "sent": sent,
    })
