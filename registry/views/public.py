"""What everybody may read: totals, issuances, cancellations, and the life of any serial number."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from cdm_portal import clock, edges
from cdm_portal.drawing import charts
from cdm_portal.identity.access import actor_or_none, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Invalid
from registry import exports, family, knowing, parts, queries, told
from registry.forms import CancellationFilter, Filter
from registry.lives import Life
from registry.serials import SerialNumber
from registry.transparency import panel

PAGE = 50
BARS, LINES = 20, 500
"""How many lines of a table of totals are drawn and shown: a file has all of them."""


@may((Row.BALANCE, Right.SEE))
def overview(request: HttpRequest) -> HttpResponse:
    """The registry in figures, with its newest rows."""
    context = {
        "totals": queries.totals(),
        "issuances": queries.with_origin(queries.issuances())[:5],
        "cancellations": queries.cancellations()[:5],
        "last": queries.last_reconciliation(),
        "groupings": _groupings(""),
    }
    return render(request, "registry/overview.html", context)


@may((Row.BALANCE, Right.SEE))
def totals(request: HttpRequest) -> HttpResponse:
    """Units issued and cancelled by Party, project, year, type or period: a chart and its table."""
    grouping = queries.GROUPINGS.get(request.GET.get("by", "party"))
    if grouping is None:
        raise Http404
    lines = queries.totals_by(grouping)
    drawn = lines[:BARS] if grouping.by_amount else lines[-BARS:]
    context = {
        "grouping": grouping, "groupings": _groupings(grouping.key), "lines": lines[:LINES],
        "chart": charts.pairs(
            [charts.Pair(line.label, Decimal(line.issued), Decimal(line.cancelled))
             for line in drawn],
            GROUPING_WORDS[grouping.key],
        ),
        "word": GROUPING_WORDS[grouping.key], "drawn": len(drawn), "all": len(lines),
        "issued": sum(line.issued for line in lines),
        "cancelled": sum(line.cancelled for line in lines),
    }  # fmt: skip
    return render(request, "registry/totals.html", context)


@may((Row.BALANCE, Right.SEE))
def totals_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same table as a file."""
    grouping = queries.GROUPINGS.get(request.GET.get("by", "party"))
    if grouping is None or form not in FORMS:
        raise Http404
    rows = ([line.key, line.label, line.issuances, line.issued, line.cancellations, line.cancelled]
            for line in queries.totals_by(grouping))  # fmt: skip
    return exports.answer(form, f"totals-by-{grouping.key}", SUMMED, rows)


@may((Row.BALANCE, Right.SEE))
def issuances(request: HttpRequest) -> HttpResponse:
    """Every issuance, newest first, filtered."""
    form = Filter(request.GET or None, until=clock.today().year)
    wanted = form.wanted()
    rows = queries.issuances(wanted) if wanted else queries.issuances().none()
    rows = queries.with_origin(rows)
    return edges.page(request, "registry/issuances.html", _page(request, form, rows))


@may((Row.BALANCE, Right.SEE))
def issuances_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same rows as a file."""
    rows = queries.issuances(_wanted(Filter(request.GET, until=clock.today().year), form))
    lines = exports.issued(rows.iterator(chunk_size=exports.CHUNK))
    return exports.answer(form, "issuances", exports.ISSUED, lines)


@may((Row.BALANCE, Right.SEE))
def cancellations(request: HttpRequest) -> HttpResponse:
    """Every cancellation, newest first, filtered."""
    form = CancellationFilter(request.GET or None, until=clock.today().year)
    wanted = form.wanted()
    rows = queries.cancellations(wanted) if wanted else queries.cancellations().none()
    return edges.page(request, "registry/cancellations.html", _page(request, form, rows))


@may((Row.BALANCE, Right.SEE))
def cancellations_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same rows as a file."""
    asked = CancellationFilter(request.GET, until=clock.today().year)
    rows = queries.cancellations(_wanted(asked, form))
    lines = exports.cancelled(rows.iterator(chunk_size=exports.CHUNK))
    return exports.answer(form, "cancellations", exports.CANCELLED, lines)


@may((Row.BALANCE, Right.SEE))
def serial(request: HttpRequest, number: str) -> HttpResponse:
    """The whole life of the units that a serial number names, as the visitor may know it."""
    try:
        asked = SerialNumber.parse(number)
    except ValueError as error:
        raise Http404(str(error)) from None
    life = queries.life_of(asked, everything=False)
    if life is None:
        raise Http404("No issuance made these units.")
    everything = knowing.may_know(actor_or_none(request), life)
    if everything:
        life = queries.life_of(asked) or life
    drawn = family.family_of(life, everything=everything)
    context = {
        "life": life, "asked": asked, "facts": _facts(life), "rows": _movements(life),
        "lines": parts.lines(life.parts, everything=everything), "family": drawn,
        "sum": family.sum_line(drawn),
        "told": told.about(life.cancellation) if life.cancellation else None,
        "proof": _proof(life),
    }  # fmt: skip
    return render(request, "registry/serial.html", context)


def _proof(life: Life) -> dict[str, Any]:
    """Of the cancellation if the units are cancelled, else of their issuance."""
    if life.cancellation is not None:
        return panel.of("cancellation", life.cancellation, brief=True)
    return panel.of("issuance", life.issuance.pk, brief=True)


FORMS = ("csv", "json")
SUMMED = (
    "key", "name", "issuances", "units_issued", "cancellations", "units_cancelled",
)  # fmt: skip
GROUPING_WORDS = {
    "party": "Host Party", "project": "Project", "year": "Year", "type": "Unit type",
    "period": "Commitment period",
}  # fmt: skip


def _groupings(current: str) -> list[dict[str, Any]]:
    return [
        {"label": word, "key": key, "current": key == current, "url": f"?by={key}"}
        for key, word in GROUPING_WORDS.items()
    ]


def _wanted(asked: Filter, form: str) -> queries.Wanted:
    """What a file is asked for. Raises Invalid: a file of all rows would pass for the filtered."""
    if form not in FORMS:
        raise Http404
    wanted = asked.wanted()
    if wanted is None:
        raise Invalid({field: [str(e) for e in found] for field, found in asked.errors.items()})
    return wanted


def _page(request: HttpRequest, form: Filter, rows: QuerySet[Any]) -> dict[str, Any]:
    """A keyset page: rows behind a place, and the place of the page after it."""
    place = queries.Place.read(request.GET.get("before", ""))
    shown = list(queries.after(rows, place)[: PAGE + 1])
    older = str(queries.Place.of(shown[PAGE - 1])) if len(shown) > PAGE else None
    return {"form": form, "rows": shown[:PAGE], "older": older, "newest": place is None}


def _movements(life: Life) -> list[dict[str, Any]]:
    return [
        {
            "at": step.at, "what": step.what, "detail": step.detail,
            "source": family.place_of(step.source, life),
            "target": family.place_of(step.target, life),
            "reference": step.reference, "units": step.quantity, "last": step is life.ended,
        }
        for step in life.movements
    ]  # fmt: skip


def _facts(life: Life) -> list[dict[str, Any]]:
    issuance = life.issuance
    facts: list[dict[str, Any]] = [
        {"term": "Project", "value": issuance.project_number, "mono": True,
         "url": f"{reverse('search')}?q={issuance.project_number}"},
        {"term": "Host Party", "value": issuance.party.name},
        {"term": "Unit", "value": life.part.serial.unit},
        {"term": "Commitment period", "value": issuance.applicable_cp},
        {"term": "Issued", "value": str(issuance.serial), "mono": True,
         "url": f"/registry/blocks/{issuance.serial}/"},
    ]  # fmt: skip
    if not life.imported:
        facts.append({"term": "How this tonne was made", "value": "Calculation",
                      "url": reverse("tonne_of_issuance", args=[issuance.pk])})
    if life.asked.quantity == 1 and life.part.quantity > 1:
        unit, of = life.asked.block.first, life.part.quantity
        facts.append({"term": f"Unit {unit}", "value": f"number {life.position} of these {of}"})
    return facts
