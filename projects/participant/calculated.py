"""The calculation of a published report as figures for pictures, tables and its PDF."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cdm_portal import formats
from cdm_portal.drawing import charts
from projects.methodologies import units
from projects.models import MonitoringPeriod
from projects.participant import dated, explained, papers, varied
from projects.participant.explained import Ground, Share

Row = dict[str, Any]
ZERO = Decimal(0)


def result(found: Ground) -> Row:
    """The result in whole tonnes: certified (None before), claimed, the exact sum, the ex-ante
    estimate for the same days, and what is carried over.
    """
    period = found.report.period
    exact = explained.amounts(found)["reductions_exact"]
    claimed = found.report.claimed_tonnes
    estimated = explained.estimated(found.version, period.period)
    with units.arithmetic():
        share = 100 * Decimal(claimed) / estimated if estimated > 0 else None
    return {
        "certified": period.certified_tonnes,
        "claimed": claimed,
        "exact": exact,
        "estimated": estimated,
        "share": share,
        "carried": found.content["carried"],
        "shortfall": found.content["shortfall"],
        "negative": exact < 0,
        "nothing": exact == 0,
        "split": len({each.commitment_period for each in found.shares}) > 1,
        "sets": len(found.shares) > len({each.commitment_period for each in found.shares}),
        "less": period.certified_tonnes is not None and period.certified_tonnes < claimed,
    }


def steps(found: Ground) -> list[charts.Step]:
    """The waterfall: what the baseline is, what is taken away, what is left."""
    amount = explained.amounts(found)
    return [
        charts.Step(_("Baseline"), amount["baseline"], total=True),
        charts.Step(_("Project"), -amount["project"]),
        charts.Step(_("Leakage"), -amount["leakage"]),
        charts.Step(_("Reductions"), amount["reductions_exact"], total=True),
    ]


def fall(found: Ground) -> list[Row]:
    """The same figures for its table."""
    return [{"label": each.label, "value": each.value} for each in steps(found)]


def achieved(found: Ground) -> list[Row]:
    """Each period whose report is published: estimated, claimed, certified, in tonnes."""
    project = found.version.project
    periods = (
        MonitoringPeriod.objects.filter(project=project, reports__document__public=True)
        .distinct()
        .order_by("number")
    )
    versions = {each.number: each for each in project.design_versions.all()}
    used = dict(
        MonitoringPeriod.objects.filter(project=project, reports__document__public=True)
        .order_by("reports__version")
        .values_list("pk", "reports__content__design_version")
    )
    return [
        {
            "number": each.number,
            "period": each,
            "claimed": Decimal(each.claimed_tonnes or 0),
            "certified": _decimal(each.certified_tonnes),
            "estimated": explained.estimated(versions[used[each.pk]], each.period),
            "here": each.pk == found.report.period_id,
        }
        for each in periods
    ]


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def paper(found: Ground) -> Row:
    """What the PDF of the calculation says."""
    project, period = found.version.project, found.report.period
    day = found.report.reported_at.date()
    said = result(found)
    moved = varied.moved(found)
    chosen = explained.methodology(found)
    return {
        "rules": project.get_rules_display(),
        "fictional": project.fictional,
        "title": project.title,
        "project": project.name,
        "date": [day.year, day.month, day.day],
        "number": f"{project.name}, monitoring period {period.number}",
        "period": f"{period.number}: {formats.day(period.first_date)} – "
        f"{formats.day(period.last_date)}",
        "report": f"version {found.report.version}",
        "sha256": found.report.sha256,
        "explained": papers.explained_at(period),
        "design": f"version {found.version.number}",
        "methodology": f"{chosen['code']}, version {chosen['version']}",
        "certified": "not yet"
        if said["certified"] is None
        else f"{formats.tonnes(said['certified'])} t",
        "claimed": f"{formats.tonnes(said['claimed'])} t",
        "exact": f"{_amount(said['exact'], 'tCO2e')}",
        "estimated": f"{formats.figure(said['estimated'])} t",
        "carried": formats.tonnes(said["carried"]),
        "shortfall": formats.tonnes(said["shortfall"]),
        "fall": [[row["label"], formats.figure(row["value"], 2)] for row in fall(found)],
        **papers.measured(found.content),
        "shares": [_paper_share(found, share) for share in found.shares],
        "moved": [[each.symbol, _moved(each.lower), _moved(each.higher)] for each in moved or ()],
    }


def _moved(change: Decimal | None) -> str:
    return "refused" if change is None else formats.figure(change, 2)


def _amount(value: Decimal | str, unit: str) -> str:
    return formats.figure(value) if unit == units.SHARE else f"{formats.figure(value)} {unit}"


def _paper_share(found: Ground, share: Share) -> Row:
    return {
        "head": f"Commitment period {share.commitment_period}: "
        f"{formats.day(share.period.first)} – {formats.day(share.period.last)}",
        "values": [
            [
                row["name"],
                _amount(row["value"], row["unit"]),
                formats.tonnes(row["readings"]),
                formats.tonnes(row["filled"]),
            ]
            for row in explained.monitored(found, share)
        ],
        "parts": [
            {"label": part["label"], "steps": _paper_steps(part["steps"])}
            for part in explained.parts(found, share)
        ],
        "potentials": dated.said(share.potentials, share.period),
        "rounding": _rounding(found, share),
    }


def _rounding(found: Ground, share: Share) -> str:
    came = explained.rounding(found, share)
    if not came["others"]:
        return f"Claimed of this part, rounded down once: {formats.tonnes(came['claimed'])} t."
    here = (
        f"This part, exactly: {_amount(share.calculation.reductions_exact, 'tCO2e')}; the parts of "
        f"commitment period {share.commitment_period} are added up before they are rounded down."
    )
    if not came["last"]:
        return here
    return (
        f"{here} Together {_amount(came['exact'], 'tCO2e')}, rounded down once: "
        f"{formats.tonnes(came['whole'])} t. Claimed of both: {formats.tonnes(came['claimed'])} t."
    )


def _paper_steps(rows: list[Row], deep: int = 0) -> list[Row]:
    """The steps in one list, the parts of each before itself, `deep` steps down."""
    made: list[Row] = []
    for row in rows:
        made += _paper_steps(row["parts"], deep + 1)
        made.append(_paper_step(row, deep))
    return made


def _paper_step(row: Mapping[str, Any], deep: int) -> Row:
    return {
        "title": row["title"],
        "formula": row["written"],
        "deep": deep,
        "tool": row["tool"],
        "inputs": [
            f"{each['name']} = {_amount(each['value'], each['unit'])} ({each['from']})"
            for each in row["inputs"]
        ],
        "result": f"{row['name']} = {_amount(row['value'], row['unit'])}",
        "source": row["source"],
        "note": row["note"],
    }
