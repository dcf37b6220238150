"""How a tonne was made: the published calculation of a monitoring period, for everybody.

From a certificate, a serial number, an issuance or a report to each step, and from a step to the
row of the meter's file. Public from the day on which a DOE publishes the monitoring report.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from cdm_portal import formats, papers
from cdm_portal.drawing import charts
from cdm_portal.identity.access import actor_or_none, may
from cdm_portal.permissions import Right, Row
from projects import access
from projects.board.models import Instruction
from projects.models import Document, MonitoringPeriod
from projects.participant import calculated, dated, explained, sheets, traced, varied
from projects.participant.instruments import content as instruments
from projects.participant.instruments import happened, pictured
from projects.participant.models import MonitoringReport, ReadingsFile
from projects.participant.series import content as series
from projects.participant.surveys import content as surveyed
from registry.models import Issuance

LEGEND = [
    {"kind": "hatch", "label": "Estimated in the design document"},
    {"kind": "solid", "label": "Certified"},
    {"kind": "dashed", "label": "Claimed, not yet certified"},
]
MOST_BARS = 12
"""How many periods are drawn: the last ones; the table has them all."""


def _report(request: HttpRequest, reference: str, number: int) -> MonitoringReport:
    """The published report of a period. Raises NotFound, Http404 before it is published."""
    period = access.period(actor_or_none(request), reference, number)
    found = traced.public_report(period)
    if found is None:
        raise Http404
    return found


@may((Row.PUBLISHED, Right.SEE))
def tonne(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The calculation of a period: result, steps, inputs, sensitivity, pictures."""
    report = _report(request, reference, number)
    found = explained.ground(report)
    result = calculated.result(found)
    return render(request, "pages/tonne.html", _pictures(found) | {
        "project": found.version.project, "period": report.period, "report": report,
        "content": found.content, "nav_current": "catalogue", "design": found.version,
        "methodology": explained.methodology(found), "potentials": explained.potentials(found),
        "result": result, "facts": _facts(result), "parts": _parts(),
        "shares": _shares(found), "moved": varied.moved(found),
        "papers": _papers(report.period), "gaps": sheets.gaps(found.content["gaps"]),
        "corrections": instruments.shown(found.content.get("corrections", [])),
        "surveys": surveyed.shown(found.content.get("surveys", [])),
        "events": happened.shown(found.content.get("events", [])),
        "lanes": pictured.frozen(found.content), "lanes_legend": pictured.LEGEND,
        "treated": _treated(found.content.get("treated", [])),
    })


def _treated(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Faults of readings with their treatment; who chose it is not public."""
    return [each | {"by": ""} for each in series.treated(rows)]


def _shares(found: explained.Ground) -> list[dict[str, Any]]:
    """What each commitment period's part of the period comes to, step by step."""
    return [
        {"share": share, "parts": explained.parts(found, share),
         "monitored": explained.monitored(found, share),
         "potentials": dated.said(share.potentials, share.period),
         "rounding": explained.rounding(found, share)}
        for share in found.shares
    ]


def _pictures(found: explained.Ground) -> dict[str, Any]:
    """The two charts, each with the rows of its table."""
    achieved = calculated.achieved(found)
    bars = [
        charts.Bar(str(row["number"]), _above_zero(row["estimated"]), row["certified"],
                   row["claimed"])
        for row in achieved[-MOST_BARS:]
    ]
    return {
        "fall": calculated.fall(found), "achieved": achieved, "legend": LEGEND,
        "waterfall": charts.waterfall(
            calculated.steps(found), _("Baseline less project and leakage emissions, tCO2e")
        ),
        "bars": charts.bars(
            bars, "tCO2e", _("Estimated against achieved reductions by monitoring period")
        ),
    }


def _facts(result: dict[str, Any]) -> list[dict[str, str]]:
    """The result in a line, which on a phone stands before everything else."""
    certified = result["certified"]
    return [
        {"term": _("Certified"),
         "value": _("not yet") if certified is None else f"{formats.tonnes(certified)} t"},
        {"term": _("Claimed"), "value": f"{formats.tonnes(result['claimed'])} t"},
        {"term": _("Estimated beforehand"), "value": f"{formats.figure(result['estimated'], 0)} t"},
    ]


def _above_zero(value: Decimal) -> Decimal:
    return max(value, Decimal(0))


def _parts() -> list[dict[str, str]]:
    """The sections of the page, for the links under its title."""
    return [
        {"label": label, "url": f"#{ident}"}
        for ident, label in (
            ("picture", _("In one picture")),
            ("steps", _("Step by step")),
            ("rules", _("Methodology and rules")),
            ("moves", _("Sensitivity")),
            ("achieved", _("Estimated and achieved")),
            ("sources", _("Files")),
        )
    ]


def _papers(period: MonitoringPeriod) -> list[dict[str, Any]]:
    """The public papers of the period: monitoring and verification reports."""
    filed = Document.objects.filter(period=period, public=True).select_related("filed_by", "blob")
    return [
        {
            "name": each.title,
            "url": reverse("document", args=[each.pk]),
            "dated": each.filed_at,
            "from": each.filed_by.name if each.filed_by else "",
            "fingerprint": each.blob_id,
            "size": each.blob.size_bytes,
        }
        for each in filed.defer("blob__data")
    ]


@may((Row.PUBLISHED, Right.SEE))
def paper(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The same calculation as PDF: the same bytes as long as the published report is the same."""
    found = explained.ground(_report(request, reference, number))
    response = HttpResponse(
        papers.render("calculation.typ", calculated.paper(found)), content_type="application/pdf"
    )
    name = f"{found.version.project.name}-calculation-{number}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(response, public=True, max_age=300)
    return response


@may((Row.MONITORING, Right.SEE))
def readings(request: HttpRequest, reference: str, number: int, symbol: str) -> HttpResponse:
    """The readings of one parameter, page by page, each with its row in the file."""
    report = _report(request, reference, number)
    found = explained.ground(report)
    file = report.readings_file
    if file is None or not any(symbol in share.values for share in found.shares):
        raise Http404
    return render(request, "pages/tonne_readings.html", {
        "project": found.version.project, "period": report.period, "report": report,
        "file": file, "symbol": symbol, "meaning": _meaning(found, symbol),
        "rows": [row for share in found.shares for row in explained.monitored(found, share)
                 if row["name"] == symbol],
        "gaps": [row for row in sheets.gaps(found.content["gaps"]) if row["symbol"] == symbol],
        "treated": _treated(found.content.get("treated", [])),
        "nav_current": "catalogue", **_slice(request, file, symbol),
    })


def _slice(request: HttpRequest, file: ReadingsFile, symbol: str) -> dict[str, Any]:
    """The readings from the moment that the address names; from the first one without it."""
    asked, zone = request.GET.get("from", "").strip(), traced.zone_of(file)
    start = traced.moment(asked, zone) if asked else None
    shown = traced.page(file, symbol, start)
    return {
        "slice": shown, "asked": asked, "unknown": bool(asked) and start is None, "start": start,
        "following": _address(shown.following), "zone": str(zone),
    }


def _meaning(found: explained.Ground, symbol: str) -> str:
    parameter = found.parameters.get(symbol)
    return parameter.meaning if parameter else ""


def _address(moment: datetime | None) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="minutes") if moment else ""


@may((Row.BALANCE, Right.SEE))
def of_issuance(request: HttpRequest, pk: int) -> HttpResponse:
    """From an issuance of the registry to the calculation of its monitoring period.

    Says so where the units came from a published report of another registry: no calculation of
    theirs is kept here.
    """
    issuance = Issuance.objects.filter(pk=pk).first()
    if issuance is None:
        raise Http404
    told = (
        Instruction.objects.filter(line_id=issuance.line_id)
        .select_related("request__period__project")
        .first()
    )
    period = told.request.period if told else None
    if period is None or traced.public_report(period) is None:
        return render(request, "pages/tonne_unknown.html", {"issuance": issuance}, status=404)
    return redirect("tonne", period.project.name, period.number)
