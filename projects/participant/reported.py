"""A monitoring report as it is frozen: what was measured and stated, and what it comes to."""

from typing import Any

from projects.methodologies import units
from projects.methodologies.base import Calculation
from projects.methodologies.totals import Totals
from projects.models import MonitoringPeriod
from projects.participant import monitoring, rows
from projects.participant.instruments import content as instruments
from projects.participant.instruments import happened
from projects.participant.models import ReadingsFile
from projects.participant.monitoring import Plan, Result
from projects.participant.surveys import content as surveyed


def content(
    plan: Plan, period: MonitoringPeriod, file: ReadingsFile | None, result: Result
) -> dict[str, Any]:
    """The monitoring report as it is frozen; numbers are text, tonnes whole numbers."""
    return {
        "project": period.project.reference,
        "rules": period.project.rules,
        "period": period.number,
        "first": period.first_date.isoformat(),
        "last": period.last_date.isoformat(),
        "design_version": plan.design_version,
        "methodology": {"code": plan.methodology.code, "version": plan.version},
        "fixed": dict(plan.fixed_rows),
        **_readings(file),
        **_tables(plan, period, result),
        "events": happened.rows(period),
        "surveys": surveyed.rows(period, plan.surveyed),
        "corrections": _corrections(period, result),
        "shares": [
            _share(share, worked)
            for share, worked in zip(result.totals, result.calculations, strict=True)
        ],
        "baseline": units.plain(result.amount("baseline")),
        "project_emissions": units.plain(result.amount("project")),
        "leakage": units.plain(result.amount("leakage")),
        "carried": result.carried,
        "shortfall": result.shortfall,
        "claimed": dict(result.claimed),
    }


def _readings(file: ReadingsFile | None) -> dict[str, Any]:
    if file is None:
        return {"readings": None, "treated": [], "gaps": []}
    accepted = {each.key: each.reason for each in file.accepted_gaps.all()}
    return {
        "readings": {
            "file_id": file.pk,
            "filename": file.document.filename,
            "sha256": file.document.blob_id,
            "resolution": file.resolution,
            "utc_offset_minutes": file.utc_offset_minutes,
            "reading_count": file.reading_count,
        },
        "treated": file.treated,
        "gaps": [{**gap, "reason": accepted.get(gap["key"], "")} for gap in file.gaps],
    }


def _corrections(period: MonitoringPeriod, result: Result) -> list[dict[str, Any]]:
    agreed = {each.key: each for each in period.accepted_corrections.all()}
    return [instruments.row(each, agreed) for each in result.corrections]


def _tables(plan: Plan, period: MonitoringPeriod, result: Result) -> dict[str, Any]:
    """The tables with the rows that entered and the record of them; nothing without tables."""
    if not plan.tables:
        return {}
    known = monitoring.stated(period)
    return {"tables": [
        rows.described(each)
        | {"stated_id": known[each.symbol].pk, "rows": list(result.rows[each.symbol])}
        for each in plan.tables
    ]}


def _share(share: Totals, worked: Calculation) -> dict[str, Any]:
    return {
        "commitment_period": share.commitment_period,
        **({"potentials": share.potentials} if share.potentials else {}),
        "first": share.period.first.isoformat(),
        "last": share.period.last.isoformat(),
        "values": {symbol: units.plain(value) for symbol, value in share.values.items()},
        "units": dict(share.units),
        "readings": dict(share.readings),
        "filled": dict(share.filled),
        "calculation": worked.as_dict(),
    }
