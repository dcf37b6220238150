"""The tables of a methodology on the page of a period: their rows are stated, and stated again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of
from projects.models import MonitoringPeriod
from projects.participant import actions, monitoring, rows
from projects.participant.forms import RowsForm

Row = dict[str, Any]


def frame(found: MonitoringPeriod, plan: monitoring.Plan) -> list[Row]:
    """Each table with its form, filled with what was stated last or what the design expects."""
    known = monitoring.stated(found)
    made = []
    for table in plan.tables:
        last = known.get(table.symbol)
        filled = last.rows if last else plan.designed.get(table.symbol, ())
        made.append({
            "table": table, "stated": last,
            "form": RowsForm(table=table, initial={"rows": rows.written(table, filled)}),
        })
    return made


def state(request: HttpRequest, found: MonitoringPeriod, context: Row) -> HttpResponse:
    """State the rows that were sent, or show what is wrong with them beside the box."""
    each = next((e for e in context["tables"] if e["table"].symbol == request.POST["table"]), None)
    if each is None:
        raise Http404
    form = each["form"] = RowsForm(request.POST, table=each["table"])
    if form.is_valid() and None is not edges.attempt(
        form, actions.state_rows, actor=actor_of(request), at=clock.now(), period_id=found.pk,
        symbol=each["table"].symbol, stated=form.cleaned_data["rows"],
    ):
        messages.success(request, f"The rows of {each['table'].symbol} are stated.")
        return redirect("participant:period", reference=found.project.name, number=found.number)
    return edges.page(request, "participant/period.html", context | {
        "rows_form": form, "error_forms": [form],
    })
