"""What happened at the plant in a period: the list, one event more or less, a table in its place.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Refused
from projects import access
from projects.methodologies.listed import UnusableRows
from projects.methodologies.readings import RowProblem
from projects.models import MonitoringPeriod
from projects.participant import actions, queries
from projects.participant.actions.events import within
from projects.participant.forms import EventFileForm, EventForm
from projects.participant.instruments import happened, pictured
from projects.participant.models import EventList


@may((Row.MONITORING, Right.UPDATE))
def events(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The events of a period; add one."""
    found = queries.period(access.own_project(actor_of(request), reference), number)
    form = EventForm(request.POST or None, symbols=_symbols(found))
    if form.is_valid() and edges.attempt(
        form, actions.add_event, actor=actor_of(request), at=clock.now(), period_id=found.pk,
        typed=actions.Typed(**form.cleaned_data),
    ) is not None:
        messages.success(request, "The event is in the list.")
        return redirect("participant:events", reference=reference, number=number)
    return _page(request, found, {"form": form})


@require_POST
@may((Row.MONITORING, Right.UPDATE))
def upload(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Put a table of events in place of the list."""
    at = clock.now()
    found = queries.period(access.own_project(actor_of(request), reference), number)
    form = EventFileForm(request.POST, request.FILES, on=at.date())
    problems: list[RowProblem] = []

    def store() -> EventList:
        file = form.cleaned_data["file"]
        try:
            return actions.upload_events(
                actor=actor_of(request), at=at, period_id=found.pk, filename=file.name,
                data=file.read(),
            )
        except UnusableRows as refusal:
            problems.extend(refusal.problems)
            raise

    if form.is_valid() and edges.attempt(form, store) is not None:
        messages.success(request, "The list of events is kept.")
        return redirect("participant:events", reference=reference, number=number)
    return _page(request, found, {"file_form": form, "problems": problems})


@require_POST
@may((Row.MONITORING, Right.UPDATE))
def drop(request: HttpRequest, reference: str, number: int, pk: int) -> HttpResponse:
    """Take one event out of the list."""
    found = queries.period(access.own_project(actor_of(request), reference), number)
    actions.drop_event(
        actor=actor_of(request), at=clock.now(), period_id=found.pk, event_id=pk
    )
    messages.success(request, "The event is taken out.")
    return redirect("participant:events", reference=reference, number=number)


def _symbols(found: MonitoringPeriod) -> list[str]:
    try:
        return sorted(within(found).symbols)
    except Refused:
        return []


def _page(request: HttpRequest, found: MonitoringPeriod, bound: dict[str, Any]) -> HttpResponse:
    at = clock.now()
    return edges.page(request, "participant/events.html", {
        "project": found.project, "period": found, "form": EventForm(symbols=_symbols(found)),
        "file_form": EventFileForm(on=at.date()), "list": happened.current(found),
        "events": happened.listed(found), "why_not": queries.why_not_report(found, at),
        "picture": _picture(found), "legend": pictured.LEGEND,
    } | bound)


def _picture(found: MonitoringPeriod) -> str:
    """The period in lanes, once it has readings."""
    file = queries.current_file(found)
    if file is None:
        return ""
    return pictured.period(within(found), file.gaps, happened.rows(found), file.resolution)
