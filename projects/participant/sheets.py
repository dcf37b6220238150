"""Frozen documents and calculations as rows for the pages: words, figures, units, sources."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cdm_portal import formats
from cdm_portal.drawing import charts
from cdm_portal.refusals import Invalid
from projects.methodologies import units
from projects.methodologies.base import FactKind
from projects.participant import dated, design, labels, monitoring, rows, sections
from projects.participant.sections import BOXES, facts_asked

Row = dict[str, Any]

PLACES = {"latitude", "longitude"}
ADDITIONALITY = "additionality"
"""The box before which a section on the methodology has the facts."""
TREATMENTS = {
    "zero": "counts as zero",
    "highest": "counts as the highest reading of the file",
}


def document(content: Mapping[str, Any]) -> list[Row]:
    """A frozen design document: sections with their rows, parameters and yearly figures included.

    A row is {label, value, unit, source, symbol}; `symbol` is that of a parameter, or empty.
    """
    found = []
    for section in sections.of(content):
        given = content.get(section.key) or {}
        rows = [*_parameter_rows(section.key, content), *_rows(section.key, given)]
        if rows:
            found.append({"key": section.key, "label": section.label, "rows": rows})
    return found


def _row(label: str, value: str, *, unit: str = "", source: str = "", symbol: str = "") -> Row:
    unit = "" if unit == units.SHARE else unit
    return {"label": label, "value": value, "unit": unit, "source": source, "symbol": symbol}


def _parameter_rows(section: str, content: Mapping[str, Any]) -> Iterable[Row]:
    fixed, plan = content.get("fixed", ()), content.get("plan", ())
    if section == "parameters":
        for row in fixed:
            yield _row(
                labels.parameter(row["symbol"], row["meaning"]), formats.figure(row["value"]),
                unit=row["unit"], source=row["source"], symbol=row["symbol"],
            )
        for row in plan:
            often = f", {row['frequency']}" if row["frequency"] else ""
            yield _row(
                labels.parameter(row["symbol"], row["meaning"]),
                f"Monitored in {row['unit']}{often}",
            )
    if section == "reductions":
        named = {row["symbol"]: row for row in (*plan, *content.get("tables", ()))}
        given = (content.get("reductions") or {}).get("years", {})
        for year in sorted(given, key=int):
            for symbol, value in sorted(given[year].items()):
                yield from _expected(year, named.get(symbol, {"symbol": symbol}), value)


def _expected(year: str, row: Mapping[str, Any], value: Any) -> Iterable[Row]:
    name = labels.parameter(row["symbol"], row.get("meaning", ""))
    if isinstance(value, list):
        for number, each in enumerate(value, start=1):
            yield _row(f"{name}, year {year}, row {number}", rows.said(each, row["columns"]))
        return
    yield _row(f"{name}, year {year}", formats.figure(value), unit=row.get("unit", ""))


def _rows(section: str, given: Mapping[str, Any]) -> Iterable[Row]:
    for key in (*BOXES[section], "names", "documents"):  # stored JSON keeps no order
        if key == ADDITIONALITY:
            yield from _fact_rows(given)
        value = given.get(key)
        if not key.endswith("_ids") and value not in (None, "", [], {}):
            yield _row(labels.BOXES[key], _words(key, value), unit=labels.UNITS.get(key, ""))


def _fact_rows(rules: Mapping[str, Any]) -> Iterable[Row]:
    """The answers to the questions of the methodology, in its order."""
    for fact in facts_asked(rules):
        value = rules.get(fact.name)
        if value in (None, "", []):
            continue
        if fact.kind is FactKind.CHOICE:
            said = labels.answers(fact).get(value, value)
        elif fact.kind is FactKind.NUMBER:
            said = formats.figure(value)
        else:
            said = _words(fact.name, value)
        yield _row(labels.fact(fact), said, unit=labels.unit(fact))


def _words(key: str, value: Any) -> str:
    if key in labels.CHOICES:
        return labels.CHOICES[key].get(str(value), str(value))
    if key in {"first_date", "start_date"}:
        return formats.day(date.fromisoformat(value))
    if key == "utc_offset":
        return labels.standard_time(value)
    if key in labels.UNITS:
        return formats.figure(value) if key not in PLACES else str(value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if key == "criteria":
        return "; ".join(f"{number}. {text}" for number, text in enumerate(value, start=1))
    if isinstance(value, list):
        return "; ".join(str(each).replace("_", " ") if key == "fuels" else str(each)
                         for each in value)
    return str(value)


def years(calculation: Mapping[str, Any]) -> list[Row]:
    """The yearly estimates with their amounts."""
    return [
        {
            "number": row["number"],
            "first": date.fromisoformat(row["first"]),
            "last": date.fromisoformat(row["last"]),
            **_amounts(row["calculation"]),
        }
        for row in calculation["years"]
    ]


def file_rows(content: Mapping[str, Any]) -> list[Row]:
    """The files of a frozen document, a row each, named by the file itself."""
    given = content.get("attachments") or {}
    return [
        _row("File", said) | {"name": f"file {pk}"}
        for pk, said in zip(given.get("document_ids", ()), given.get("documents", ()), strict=False)
    ]


def year_rows(calculation: Mapping[str, Any]) -> list[Row]:
    """The yearly estimates and their sum as rows of a document."""
    rows = [
        _row(f"Year {each['number']}, {formats.day_short(each['first'])} to "
             f"{formats.day_short(each['last'])}", formats.tonnes(each["reductions"]), unit="t")
        | {"name": f"year {each['number']}"}
        for each in years(calculation)
    ]
    total = formats.tonnes(calculation["total"])
    return [*rows, _row("Over the crediting period", total, unit="t")]


def _amounts(worked: Mapping[str, Any]) -> Row:
    exact = {name: Decimal(worked[name]) for name in ("baseline", "project", "leakage")}
    return {**exact, "reductions": worked["reductions"]}


def steps(worked: Mapping[str, Any]) -> list[Row]:
    """A calculation line by line: formula, inputs, result, source."""
    return [
        {
            **step,
            "inputs": [
                {"symbol": symbol, "value": Decimal(value), "unit": unit}
                for symbol, value, unit in step["inputs"]
            ],
            "value": Decimal(step["value"]),
        }
        for step in line_by_line(worked["steps"])
    ]


def line_by_line(steps: Iterable[Row]) -> Iterable[Row]:
    """Every step of a calculation once, what makes it before it."""
    for step in steps:
        yield from line_by_line(step.get("parts", ()))
        yield step


def expectation(content: design.Content) -> Row:
    """The estimate of a draft for its page: years, the first year's steps, a chart, or why not."""
    try:
        found = design.estimates(content)
    except Invalid as refusal:
        said = [message for messages in refusal.errors.values() for message in messages]
        return {"unready": said[:5]}
    if not found:
        return {"unready": []}
    worked = design.calculation(found)
    bars = [
        charts.Bar(label=str(each.number), estimated=Decimal(max(0, each.calculation.reductions)))
        for each in found
    ]
    return {
        "years": years(worked),
        "sum": worked["total"],
        "average": worked["annual_average"],
        "steps": steps(found[0].calculation.as_dict()),
        "chart": charts.bars(bars, "tCO2e", "Expected reductions by year of crediting"),
    }


def shares(result: monitoring.Result) -> list[Row]:
    """What a monitoring period comes to, by commitment period and set of potentials."""
    return [
        {
            "commitment_period": share.commitment_period,
            "potentials": dated.said(share.potentials, share.period),
            "first": share.period.first,
            "last": share.period.last,
            "values": [
                {"symbol": symbol, "value": units.plain(value), "unit": share.units[symbol],
                 "readings": share.readings[symbol], "filled": share.filled[symbol]}
                for symbol, value in share.values.items()
            ],
            "steps": steps(worked.as_dict()),
            **_amounts(worked.as_dict()),
        }
        for share, worked in zip(result.totals, result.calculations, strict=True)
    ]


def gaps(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Gaps in words: from when to when, how many readings, and what stands in for them."""
    return [
        {
            **row,
            "first": datetime.fromisoformat(row["first"]),
            "last": datetime.fromisoformat(row["last"]),
            "filled": TREATMENTS[row["treatment"]],
        }
        for row in rows
    ]
