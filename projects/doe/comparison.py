"""A monitoring report beside the independent recalculation, figure by figure. Reads, never writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from cdm_portal import formats
from projects.doe import recalculation
from projects.doe.recalculation import Facts, Rows
from projects.doe.second.potentials import issued_in, set_of
from projects.doe.second.sizes import CannotRecalculate, exact

Row = dict[str, Any]
Sums = Mapping[str, list[dict[str, Any]]]
Cells = Mapping[str, Fraction]

UNLIKE = "The report does not split the period as the readings do."
TOLERANCE = Fraction(1, 10**18)


def calculate(
    facts: Facts, sums: Sums, *, rows: Rows | None = None, year: int = 1, alone: int = 2
) -> dict[str, dict[str, str]]:
    """Every step by part of the period, from the sums of the raw readings and the rows of tables;
    fractions as text. `alone` is the part where nothing is read but rows.

    Raises CannotRecalculate.
    """
    by_part: dict[int, dict[str, Fraction]] = {} if sums else {alone: {}}
    for symbol, found in sums.items():
        for row in found:
            by_part.setdefault(part_of(row), {})[symbol] = Fraction(row["value"])
    return {
        str(part): {
            symbol: str(value)
            for symbol, value in recalculation.recalculate(
                facts, measured, commitment_period=part, rows=rows, year=year
            ).items()
        }
        for part, measured in sorted(by_part.items())
    }


def part_of(row: Row) -> int:
    """What tells the parts of a period apart: the set of potentials, else the commitment period."""
    return int(row.get("potentials") or row["commitment_period"])


def claims(calculated: Mapping[str, Mapping[str, str]], carried: int) -> dict[str, int]:
    """Whole tonnes that may be claimed in each commitment period, after making good for a rise of
    emissions here or before (unverified, from general knowledge). The parts of a commitment period
    are added up before the one rounding.
    """
    exactly: dict[str, Fraction] = {}
    for part, steps in calculated.items():
        period = str(issued_in(int(part)))
        exactly[period] = exactly.get(period, Fraction(0)) + Fraction(steps["ER"])
    whole = {period: recalculation.whole_tonnes(amount) for period, amount in exactly.items()}
    owed = carried - sum(amount for amount in whole.values() if amount < 0)
    claimed = {}
    for period, amount in whole.items():
        gained = max(0, amount)
        paid = min(gained, owed)
        owed -= paid
        claimed[period] = gained - paid
    return claimed


def compare(
    content: Mapping[str, Any], sums: Sums, calculated: Mapping[str, Mapping[str, str]],
    claimed: Mapping[str, int], cells: Cells | None = None,
) -> list[Row]:
    """One row for each figure: readings, gaps, totals, cells of tables, steps, claims.

    `cells` are ours, `table.column[label]`. Raises CannotRecalculate.
    """
    shares = matched(content, sums, calculated)
    late = content.get("corrections", [])
    rows = list(_cells(content.get("tables", ()), cells or {}))
    for part, share in shares.items():
        place = place_of(share, content["shares"])
        rows += _readings(share, late, sums, part, place)
        rows += _steps(share, calculated[str(part)], place)
    periods = sorted({*claimed, *content["claimed"]})
    for period in periods:
        place = f", commitment period {period}" if len(periods) > 1 else ""
        theirs = int(content["claimed"].get(period, 0))
        rows.append(figure(f"Claimed reductions{place}", theirs, claimed.get(period, 0), "t"))
    if len(periods) > 1:
        total = sum(claimed.values())
        rows.append(figure("Claimed reductions", sum(content["claimed"].values()), total, "t"))
    return rows


def matched(
    content: Mapping[str, Any], sums: Sums, calculated: Mapping[str, Any]
) -> dict[int, Row]:
    """The shares of a report by the part that was calculated for each. Raises CannotRecalculate."""
    shares = parts(content["shares"], sums) if sums else _alone(content["shares"], calculated)
    if {str(part) for part in shares} != set(calculated):
        raise CannotRecalculate(UNLIKE)
    return shares


def parts(shares: Sequence[Row], sums: Sums) -> dict[int, Row]:
    """The shares of a report by part of the period; their own days say under which set of
    potentials they are, whatever the report took. Raises CannotRecalculate.
    """
    dated = any(row.get("potentials") for rows in sums.values() for row in rows)
    found: dict[int, Row] = {}
    for share in shares:
        period = int(share["commitment_period"])
        part = set_of(date.fromisoformat(share["first"])) if dated else period
        if part in found or issued_in(part) != period:
            raise CannotRecalculate(UNLIKE)
        found[part] = share
    return found


def _alone(shares: Sequence[Row], calculated: Mapping[str, Any]) -> dict[int, Row]:
    """The one share of a report without readings, under the one part that was calculated for it.

    Raises CannotRecalculate.
    """
    if len(shares) != 1 or len(calculated) != 1:
        raise CannotRecalculate(UNLIKE)
    return {int(next(iter(calculated))): shares[0]}


def place_of(share: Row, shares: Sequence[Row]) -> str:
    """Which part of the period is meant: its commitment period, or its days where that has more."""
    if len(shares) == 1:
        return ""
    period = share["commitment_period"]
    if [each["commitment_period"] for each in shares].count(period) == 1:
        return f", commitment period {period}"
    first, last = (formats.day_short(date.fromisoformat(share[end])) for end in ("first", "last"))
    return f", {first} – {last}"


def _cells(tables: Sequence[Row], cells: Cells) -> Iterator[Row]:
    """Every number of the rows in the report beside the row that was stated."""
    for table in tables:
        for row in table["rows"]:
            label = ", ".join(str(row[name]) for name in table["key"])
            for column in table["columns"]:
                place = f"{table['symbol']}.{column['name']}[{label}]"
                if place in cells:
                    theirs = exact(row.get(column["name"], 0))
                    yield figure(place, theirs, cells[place], column["unit"])


def _readings(
    share: Row, corrections: Sequence[Row], sums: Sums, part: int, place: str
) -> Iterator[Row]:
    for symbol, found in sums.items():
        ours = next(row for row in found if part_of(row) == part)
        unit = share["units"].get(symbol, "")
        readings, filled = share["readings"].get(symbol, 0), share["filled"].get(symbol, 0)
        yield figure(f"Readings of {symbol}{place}", readings, ours["readings"], "")
        yield figure(f"Missing readings of {symbol}{place}", filled, ours["missing"], "")
        theirs = exact(share["values"].get(symbol, "0"))
        yield figure(f"{symbol}{place}", theirs, Fraction(ours["value"]), unit)
        changed, stated = Fraction(ours.get("correction", 0)), _stated(corrections, share, symbol)
        if changed or stated:
            named = f"Correction of {symbol} for late calibration{place}"
            yield figure(named, stated, changed, unit)


def _stated(corrections: Sequence[Row], share: Row, symbol: str) -> Fraction:
    """What a report says that late calibrations changed of a parameter in one share."""
    return sum(
        (exact(row["effect"]) for row in corrections
         if row["symbol"] == symbol and share["first"] <= row["first"] <= share["last"]),
        Fraction(0),
    )


def _steps(share: Row, calculated: Mapping[str, str], place: str) -> Iterator[Row]:
    theirs = dict(by_path(share["calculation"]["steps"]))
    for path in [*theirs, *(each for each in calculated if each not in theirs)]:
        if path not in theirs or path not in calculated:
            symbol = path.rpartition("/")[2]
            raise CannotRecalculate(f"{symbol} is in one of the two calculations only.")
        yield step_figure(theirs[path], Fraction(calculated[path]), place)


def by_path(steps: Sequence[Row], above: str = "") -> Iterator[tuple[str, Row]]:
    """Every step of a claim by its path, those below a step before it."""
    for step in steps:
        yield from by_path(step.get("parts", ()), f"{above}{step['symbol']}/")
        yield above + step["symbol"], step


def step_figure(theirs: Row, ours: Fraction, place: str) -> Row:
    """One step of a claim beside ours, in the words and the unit of the claim."""
    symbol, unit = theirs["symbol"], theirs["unit"]
    shown_unit = "" if unit == "1" else unit
    title = f"{theirs['title']}, {symbol}{place}"
    return figure(title, exact(theirs["value"]), ours, shown_unit)


def figure(result: str, theirs: Fraction | int, ours: Fraction | int, unit: str) -> Row:
    """One compared figure in words and numbers; equal up to 18 decimals is equal."""
    difference = Fraction(theirs) - Fraction(ours)
    agrees = abs(difference) <= TOLERANCE
    return {
        "result": result,
        "theirs": f"{shown(Fraction(theirs))} {unit}".rstrip(),
        "ours": f"{shown(Fraction(ours))} {unit}".rstrip(),
        "difference": "0" if agrees else _signed(difference),
        "agrees": agrees,
    }


def _signed(difference: Fraction) -> str:
    text = shown(abs(difference))
    sign = "+" if difference > 0 else "−"
    return f"{sign}{text}" if text != "0" else f"{sign}less than 0.000001"


def shown(value: Fraction) -> str:
    """A fraction for a person: at most six decimals, thousands parted by a narrow space."""
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        text = f"{exact:,.6f}".rstrip("0").rstrip(".")
    return text.replace(",", "\u202f").replace("-", "−")
