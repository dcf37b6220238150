"""A random case of a methodology as the design document that states it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from projects.methodologies import catalogue, codec, units
from projects.methodologies.base import Parameter, Quantity, Table
from projects.methodologies.inputs import Kind
from projects.participant import facts, sections

DAY = date(2015, 1, 1)
"""A day of the second commitment period."""
SECTOR_OF = {str(technology): sector for sector, technology in facts.TECHNOLOGY_OF.items()}


def document(
    code: str, asked: Mapping[str, Any], inputs: Mapping[str, Decimal]
) -> dict[str, Any]:
    """The sections on which the reductions rest; `inputs` in due units, as the claim took them."""
    kind = catalogue.for_design(code).in_version(asked["version"])
    known = codec.read_facts(kind.facts_type, kind.facts, asked["facts"])
    parameters = {each.symbol: each for each in kind.parameters(known)}
    written: dict[str, Any] = {symbol: units.plain(inputs[symbol]) for symbol in parameters}
    fixed = {
        symbol: {"value": written[symbol], "unit": each.unit, "source": "drawn"}
        for symbol, each in parameters.items()
        if each.kind is Kind.FIXED
    }
    expected: dict[str, Any] = {
        symbol: written[symbol] for symbol, each in parameters.items()
        if each.kind is Kind.MONITORED
    } | {
        each.symbol: shifted(
            told_rows(each, asked["inputs"][each.symbol]), asked["facts"].get("year")
        )
        for each in kind.tables(known)
    }
    told = asked["facts"]
    answers = {
        fact.name: told[fact.name] for fact in facts.asked(catalogue.for_design(code))
        if fact.name in told
    }
    return {
        "general": sections.clean("general", {
            "sector": SECTOR_OF.get(told.get("technology", ""), "efficiency"),
            "installed_mw": told.get("capacity_mw", ""),
        }),
        "methodology": sections.clean("methodology", {
            "code": code, "version": asked["version"], "scale": catalogue.for_design(code).scale,
            "additionality": "Barriers.", **answers,
        }),
        "parameters": sections.clean("parameters", {"fixed": fixed, "monitored": True}),
        "crediting": sections.clean("crediting", {
            "kind": "renewable", "first_date": DAY, "years": 1, "start_date": DAY,
        }),
        "reductions": sections.clean("reductions", {"years": {"1": expected}}),
        "crediting_number": told.get("crediting_period", 1),
    }


def told_rows(table: Table, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows as a draft keeps them: numbers as text in the units of the columns, and truths."""
    due = {each.symbol: each.unit for each in table.columns if isinstance(each, Parameter)}
    return [{name: _told(cell, due.get(name, "")) for name, cell in row.items()} for row in rows]


def shifted(rows: list[dict[str, Any]], year: int | None) -> list[dict[str, Any]]:
    """The same rows with their years counted to the year of the document instead of that year."""
    if year is None:
        return rows
    return [
        row | {"year": str(int(row["year"]) - year + DAY.year)} if "year" in row else row
        for row in rows
    ]


def _told(cell: Any, unit: str) -> str | bool:
    if isinstance(cell, Mapping):
        given = Quantity(units.as_decimal(cell["value"]), cell["unit"])
        return units.plain(given.in_unit(unit))
    return cell if isinstance(cell, bool) else str(cell)
