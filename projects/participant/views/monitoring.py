"""Monitoring: opening a period, readings, gaps, the preview of the report and its freezing."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Refused
from projects import access
from projects.lifecycle import NotNow
from projects.methodologies.readings import Resolution, RowProblem, template_csv
from projects.models import MonitoringPeriod
from projects.participant import actions, monitoring, queries, sheets, traced
from projects.participant.forms import GapsForm, PeriodForm, ReadingsForm
from projects.participant.instruments import happened
from projects.participant.models import ReadingsFile
from projects.participant.views import instruments, rows, series

SHOWN = 200


@may((Row.MONITORING, Right.CREATE))
def new_period(request: HttpRequest, reference: str) -> HttpResponse:
    """Open the next monitoring period."""
    actor = actor_of(request)
    case = access.own_project(actor, reference)
    if request.method != "POST" and (reason := queries.why_no_period(case)):
        raise NotNow(reason)
    first = queries.next_first_day(case)
    form = PeriodForm(
        request.POST or None, initial={"first": first}, components=queries.live_components(case)
    )
    if form.is_valid() and (
        made := edges.attempt(
            form, actions.open_period, actor=actor, at=clock.now(), project_id=case.pk,
            first=form.cleaned_data["first"], last=form.cleaned_data["last"],
            component_ids=form.cleaned_data.get("component_ids", ()),
        )
    ):
        return redirect("participant:period", reference=case.name, number=made.number)
    context = {"project": case, "form": form, "first": first,
               "crediting": monitoring.crediting_of(case, first)}
    return edges.page(request, "participant/new_period.html", context)


@may((Row.MONITORING, Right.UPDATE))
def period(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """A period: upload its readings, see gaps and problems, go on to the report."""
    actor, at = actor_of(request), clock.now()
    found = queries.period(access.own_project(actor, reference), number)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ReadingsForm(*sent, on=at.date())
    problems: list[RowProblem] = []
    if "table" in request.POST:
        return rows.state(request, found, _frame(found))
    if form.is_valid() and series.goes_to_worker(form):
        if series.send(request, found, form):
            messages.success(request, "The file is kept. It is being checked.")
            return redirect("participant:period", reference=reference, number=number)
    elif form.is_valid() and _upload(request, found, form, problems):
        messages.success(request, "The readings are kept. Look at the gaps, then at the report.")
        return redirect("participant:period", reference=reference, number=number)
    context = _frame(found) | {"form": form, "problems": problems}
    return edges.page(request, "participant/period.html", context)


def _upload(
    request: HttpRequest, found: MonitoringPeriod, form: ReadingsForm, problems: list[RowProblem]
) -> ReadingsFile | None:
    """Try the upload; the errors of an unusable table go into `problems`, row by row."""
    file = form.cleaned_data["file"]

    def store() -> ReadingsFile:
        try:
            return actions.upload_readings(
                actor=actor_of(request), at=clock.now(), period_id=found.pk, filename=file.name,
                data=file.read(), resolution=form.cleaned_data["resolution"],
            )
        except actions.UnusableReadings as refusal:
            problems.extend(refusal.problems)
            raise

    return edges.attempt(form, store)


@may((Row.MONITORING, Right.UPDATE))
def template(
    request: HttpRequest, reference: str, number: int, resolution: str
) -> HttpResponseBase:
    """The table to fill in, as CSV: every interval of the period, every column with its unit."""
    found = queries.period(access.own_project(actor_of(request), reference), number)
    if resolution not in set(Resolution):
        raise Http404
    plan = monitoring.plan_of(found)
    lines = template_csv(
        monitoring.columns(plan, Resolution(resolution)), period_first=found.first_date,
        period_last=found.last_date, resolution=Resolution(resolution), zone=plan.zone,
    )
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"{found.project.name}-period-{number}-{resolution}.csv"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@require_POST
@may((Row.MONITORING, Right.UPDATE))
def gaps(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Accept how the chosen gaps are filled."""
    actor = actor_of(request)
    found = queries.period(access.own_project(actor, reference), number)
    file = queries.current_file(found)
    form = GapsForm(request.POST, gaps=file.gaps if file else ())
    if form.is_valid() and (
        accepted := edges.attempt(
            form, actions.accept_gaps, actor=actor, at=clock.now(), period_id=found.pk,
            keys=form.cleaned_data["keys"], reason=form.cleaned_data["reason"],
        )
    ):
        messages.success(request, f"Accepted: {len(accepted)}.")
        return redirect("participant:period", reference=reference, number=number)
    context = _frame(found) | {"gaps_form": form}
    return edges.page(request, "participant/period.html", context)


@may((Row.MONITORING, Right.UPDATE))
def report(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The report as it would be frozen, step by step; sending the form freezes it."""
    actor, at = actor_of(request), clock.now()
    found = queries.period(access.own_project(actor, reference), number)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            made = actions.report_monitoring(actor=actor, at=at, period_id=found.pk)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, f"Version {made.version} of the report is frozen.")
            return redirect("participant:period", reference=reference, number=number)
    context = _frame(found) | _preview(found) | {"refusal": refusal}
    response = edges.page(request, "participant/report.html", context)
    response.status_code = int(refusal.status) if refusal else response.status_code
    return response


def _preview(found: MonitoringPeriod) -> dict[str, Any]:
    """The calculation with the readings at hand, or why there is none yet."""
    try:
        result = queries.result(found, queries.current_file(found))
    except Refused as refusal:
        return {"unready": refusal.message, "shares": []}
    return {"result": result, "shares": sheets.shares(result)}


def _frame(found: MonitoringPeriod) -> dict[str, Any]:
    at, file, plan = clock.now(), queries.current_file(found), queries.plan(found)
    unsettled: Sequence[dict[str, Any]] = queries.open_gaps(file) if file else ()
    return {
        "project": found.project,
        "period": found,
        "file": file,
        "form": ReadingsForm(on=at.date()),
        "gaps": sheets.gaps(happened.told(found, file, unsettled[:SHOWN])) if file else [],
        "gap_count": len(unsettled),
        "gaps_form": GapsForm(gaps=unsettled),
        "accepted": list(file.accepted_gaps.order_by("pk")[:SHOWN]) if file else [],
        "warnings": file.warnings[:SHOWN] if file else [],
        "reports": found.reports.order_by("-version").select_related("document"),
        "why_not": queries.why_not_report(found, at),
        "is_public": traced.public_report(found) is not None,
        "plan": plan.methodology.monitored(plan.context) if plan else (),
        "tables": rows.frame(found, plan) if plan else [],
        "resolutions": ReadingsFile.Resolution.choices,
    } | series.frame(found, file) | instruments.frame(found, file, plan)


