"""Tables of a methodology as people write them: a row in each line, its cells parted by semicolons.

Rows are kept as {column: text}, a truth as a truth; whether they can be used is the methodology's
own judgement, told here row by row.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from projects.methodologies import units
from projects.methodologies.base import Fact, FactKind, Kind, Parameter, Table, UnusableInputs
from projects.methodologies.inputs import Column, check_inputs, name_of

Row = dict[str, Any]

MOST_ROWS = 200
PARTED = re.compile(r"\s*[;\t]\s*")
PLACE = re.compile(r"(?P<symbol>\w+)(?:\[(?P<row>\d+)\])?(?:\.(?P<column>\w+))?")
TRUTHS = {"yes": True, "true": True, "no": False, "false": False}


def heading(column: Column) -> str:
    """A column as its head names it, with the unit of a number: "VS [kg/d]"."""
    unit = column.unit if isinstance(column, Parameter) else ""
    return name_of(column) + ("" if unit in ("", units.SHARE) else f" [{unit}]")


def header(table: Table) -> str:
    """The head of the table as a line."""
    return "; ".join(heading(column) for column in table.columns)


def parse(table: Table, text: str) -> list[Row]:
    """The rows in what was typed; a head is passed over. Raises ValueError with what to mend."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    names = [name_of(column) for column in table.columns]
    if lines and PARTED.split(lines[0])[0].split(" [")[0] == names[0]:
        lines = lines[1:]
    if len(lines) > MOST_ROWS:
        raise ValueError(f"Write at most {MOST_ROWS} rows; these are {len(lines)}.")
    found = []
    for number, line in enumerate(lines, start=1):
        cells = PARTED.split(line)
        if len(cells) != len(names):
            raise ValueError(
                f"Row {number} has {len(cells)} cells instead of {len(names)}: {header(table)}."
            )
        found.append({
            name_of(column): _cell(column, cell)
            for column, cell in zip(table.columns, cells, strict=True)
            if cell
        })
    return found


def _cell(column: Column, cell: str) -> str | bool:
    if isinstance(column, Fact) and column.kind is FactKind.FLAG:
        return TRUTHS.get(cell.lower(), cell)
    if isinstance(column, Fact) and column.kind is FactKind.WHOLE and cell.isdecimal():
        return str(int(cell))
    return cell


def written(table: Table, rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as they are typed, the head first; empty for none."""
    lines = [
        "; ".join(_text(row.get(name_of(column), "")) for column in table.columns) for row in rows
    ]
    return "\n".join([header(table), *lines]) if lines else ""


def _text(cell: Any) -> str:
    return {True: "yes", False: "no"}[cell] if isinstance(cell, bool) else str(cell)


def faults(table: Table, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Why the methodology cannot use the rows, row by row; empty if it can."""
    try:
        check_inputs((), {table.symbol: rows}, tables=[table], measured=True)
    except UnusableInputs as refused:
        return [f"{_place(each.symbol)}{each.message}." for each in refused.problems]
    return []


def _place(symbol: str) -> str:
    found = PLACE.fullmatch(symbol)
    if found is None or found["row"] is None:
        return f"{symbol} "
    column = f", {found['column']}" if found["column"] else ""
    return f"Row {found['row']}{column}: "


def unlike_design(
    table: Table, designed: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Where rows of a period change what the design fixed for the same key."""
    fixed = [c for c in table.columns if isinstance(c, Parameter) and c.kind is Kind.FIXED]
    known = {_key(table, row): row for row in designed}
    return [
        f"Row {number}, {column.symbol}: the design document fixes {units.plain(due)}."
        for number, row in enumerate(rows, start=1)
        if (was := known.get(_key(table, row)))
        for column in fixed
        if (due := _number(column, was)) != _number(column, row)
    ]


def _number(column: Parameter, row: Mapping[str, Any]) -> Decimal:
    return units.as_decimal(row.get(column.symbol, column.default))


def _key(table: Table, row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row.get(name, "")) for name in table.key)


def said(row: Mapping[str, Any], columns: Sequence[Mapping[str, str]]) -> str:
    """A kept row in one line, each cell under its name: "type rocket; N 5000; B_old 3 t"."""
    return "; ".join(
        " ".join(part for part in (each["name"], _text(row[each["name"]]), each["unit"]) if part)
        for each in columns
        if each["name"] in row
    )


def described(table: Table) -> dict[str, Any]:
    """The table as a frozen document names it: symbol, meaning, columns with units, key."""
    return {
        "symbol": table.symbol,
        "meaning": table.meaning,
        "key": list(table.key),
        "columns": [
            {
                "name": name_of(column),
                "meaning": column.meaning,
                "unit": "" if column.unit == units.SHARE else column.unit,
                "fixed": isinstance(column, Parameter) and column.kind is Kind.FIXED,
            }
            for column in table.columns
        ],
    }
