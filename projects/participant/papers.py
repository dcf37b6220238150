"""The design document and the monitoring report as PDF, made from what is frozen with them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from cdm_portal import formats, papers
from cdm_portal.values import Period
from projects.methodologies import catalogue
from projects.models import MonitoringPeriod, Project
from projects.participant import dated, labels, rows, sections, sheets
from projects.participant.series import content as series

AMOUNTS = ("baseline", "project", "leakage")
FAULTY_ROWS = 6
"""How many rows of a kind of fault are printed; the page of the period has more."""
WRITTEN_OUT = {labels.BOXES[box] for box in ("title", "summary", "technology", "additionality")}


def design_document(
    project: Project, *, number: int, content: Mapping[str, Any], calculation: Mapping[str, Any],
    sha256: str, party: str, at: datetime,
) -> bytes:
    """The project design document of one version."""
    given = {section.key: dict(content.get(section.key) or {}) for section in sections.of(content)}
    methodology = catalogue.get(given["methodology"]["code"])
    data = _frame(project, at) | {
        "number": f"{project.reference}, version {number}",
        "version": str(number),
        "sha256": sha256,
        "party": party,
        "sector": labels.CHOICES["sector"][given["general"]["sector"]],
        "scale": labels.CHOICES["scale"][given["methodology"]["scale"]],
        "boxes": short_boxes(content),
        "methodology": f"{methodology.code} version {given['methodology']['version']}",
        "methodology_title": methodology.title,
        "scopes": ", ".join(map(str, methodology.sectoral_scopes)),
        "general": given["general"],
        "location": given["location"],
        "participants": given["participants"]["names"],
        "criteria": given.get("eligibility", {}).get("criteria", []),
        "additionality": given["methodology"]["additionality"],
        "fixed": _fixed(content["fixed"]),
        "plan": [[row["symbol"], row["meaning"], row["unit"], row["frequency"]]
                 for row in content["plan"]],
        "monitoring_plan": given["parameters"].get("monitoring_plan", ""),
        "crediting": _crediting(project, given["crediting"]),
        "consultation": given["consultation"],
        "attachments": given["attachments"].get("documents", []),
        "years": [_year(row) for row in calculation["years"]],
        "total": formats.tonnes(calculation["total"]),
        "average": formats.tonnes(calculation["annual_average"]),
        "steps": _steps(calculation["years"][0]["calculation"]),
    }
    return papers.render("design.typ", data)


def monitoring_report(
    period: MonitoringPeriod, *, version: int, content: Mapping[str, Any], sha256: str,
    at: datetime,
) -> bytes:
    """The monitoring report of one version."""
    project = period.project
    data = _frame(project, at) | {
        "number": f"{project.name}, monitoring period {period.number}, version {version}",
        "version": str(version),
        "sha256": sha256,
        "period": str(period.number),
        "first": formats.day(period.first_date),
        "last": formats.day(period.last_date),
        "explained": explained_at(period),
        "methodology": f"{content['methodology']['code']} version "
        f"{content['methodology']['version']}",
        "design_version": str(content["design_version"]),
        "fixed": [
            [symbol, formats.figure(row["value"]), row.get("unit", ""), row.get("source", "")]
            for symbol, row in content["fixed"].items()
        ],
        **measured(content),
        "treated": [_treated(row) for row in series.treated(content.get("treated", []))],
        "gaps": [
            [gap["symbol"], _moment(gap["first"]), _moment(gap["last"]), str(gap["missing_count"]),
             gap["treatment"], gap["reason"]]
            for gap in content["gaps"]
        ],
        "corrections": [_correction(each) for each in content.get("corrections", [])],
        "shares": [_share(share, content["shares"]) for share in content["shares"]],
        "claimed": [
            [f"Commitment period {key}", formats.tonnes(tonnes)]
            for key, tonnes in content["claimed"].items()
        ],
        "total": formats.tonnes(sum(content["claimed"].values())),
        "carried": formats.tonnes(content["carried"]),
        "shortfall": formats.tonnes(content["shortfall"]),
    }
    return papers.render("monitoring.typ", data)


def measured(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a frozen report rests on: its file of readings, None without one, and its tables."""
    given = content["readings"]
    return {
        "readings": given and given | {"reading_count": formats.tonnes(given["reading_count"])},
        "tables": [
            {
                "symbol": each["symbol"], "meaning": each["meaning"],
                "rows": [
                    [str(number), rows.said(row, each["columns"])]
                    for number, row in enumerate(each["rows"], start=1)
                ],
            }
            for each in content.get("tables", ())
        ],
    }


def _correction(row: Mapping[str, Any]) -> list[str]:
    """A correction for late calibration: parameter, days, meters, factor, effect, reason."""
    days = " – ".join(formats.day(date.fromisoformat(row[end])) for end in ("first", "last"))
    meters = "; ".join(
        f"{each['meter']}: due {each['due']}, done {each['done']}" for each in row["delays"]
    )
    effect = f"{formats.figure(row['effect'])} {row['unit']}"
    return [row["symbol"], days, meters, row["factor"], effect, row["reason"]]


def explained_at(period: MonitoringPeriod) -> str:
    """The address of the public page that explains the tonnes of a period."""
    page = reverse("tonne", args=[period.project.name, period.number])
    return f"{settings.SITE_URL}{page}"


def _frame(project: Project, at: datetime) -> dict[str, Any]:
    day = at.date()
    return {
        "rules": project.get_rules_display(),
        "fictional": project.fictional,
        "title": project.title,
        "project": project.name,
        "date": [day.year, day.month, day.day],
        "dated": formats.day(day),
    }


def short_boxes(content: Mapping[str, Any]) -> dict[str, list[list[str]]]:
    """The short boxes of each section as pairs, in the words of the form."""
    return {
        part["key"]: [
            [row["label"], f"{row['value']} {row['unit']}".rstrip()]
            for row in part["rows"]
            if row["label"] not in WRITTEN_OUT
        ]
        for part in sheets.document(content)
        if part["key"] in {"general", "location", "methodology"}
    }


def _fixed(rows: list[dict[str, str]]) -> list[list[str]]:
    return [
        [row["symbol"], row["meaning"], formats.figure(row["value"]), row["unit"], row["source"]]
        for row in rows
    ]


def _crediting(project: Project, stated: Mapping[str, Any]) -> str:
    period = project.crediting_period
    days = f", {formats.day(period.first)} to {formats.day(period.last)}" if period else ""
    start = stated.get("start_date")  # not in versions frozen before it was asked for
    began = f". Start date of the project activity: {_day(start)}" if start else ""
    return f"{labels.CHOICES['kind'][stated['kind']]}, {stated['years']} years{days}{began}"


def _day(text: str) -> str:
    return formats.day(date.fromisoformat(text))


def _treated(row: Mapping[str, Any]) -> list[str]:
    """A group of faults: its first rows by number and text, and how many it has in all."""
    first = ", ".join(f"{number}: {text}" for number, text in row["rows"][:FAULTY_ROWS])
    more = f" … {formats.tonnes(row['count'])} in all" if row["count"] > FAULTY_ROWS else ""
    return [row["column"], row["said"], first + more, row["does"], row["reason"]]


def _moment(text: str) -> str:
    return formats.moment(datetime.fromisoformat(text))


def _amounts(worked: Mapping[str, Any]) -> list[str]:
    amounts = [formats.figure(Decimal(worked[name]), 2) for name in AMOUNTS]
    return [*amounts, formats.tonnes(worked["reductions"])]


def _year(row: Mapping[str, Any]) -> list[str]:
    return [f"{_day(row['first'])} – {_day(row['last'])}", *_amounts(row["calculation"])]


def _share(share: Mapping[str, Any], shares: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    worked, number = share["calculation"], share["commitment_period"]
    added = [each["commitment_period"] for each in shares].count(number) > 1
    amounts = _amounts(worked)
    if added:
        amounts[-1] = formats.figure(Decimal(worked["reductions_exact"]), 2)
    days = Period(date.fromisoformat(share["first"]), date.fromisoformat(share["last"]))
    return {
        "commitment_period": str(number),
        "potentials": dated.said(share.get("potentials"), days),
        "added": added,
        "unit": "Reductions, tCO2e" if added else "Reductions, t",
        "days": f"{_day(share['first'])} – {_day(share['last'])}",
        "values": [
            [symbol, formats.figure(value), share["units"][symbol],
             formats.tonnes(share["readings"][symbol]), formats.tonnes(share["filled"][symbol])]
            for symbol, value in share["values"].items()
        ],
        "steps": _steps(worked),
        "amounts": amounts,
    }


def _steps(worked: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "title": step["title"],
            "formula": step["formula"],
            "inputs": [f"{symbol} = {formats.figure(value)} {unit}"
                       for symbol, value, unit in step["inputs"]],
            "result": f"{step['symbol']} = {formats.figure(step['value'])} {step['unit']}",
            "source": step["source"],
        }
        for step in sheets.line_by_line(worked["steps"])
    ]
