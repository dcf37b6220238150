"""What differs between a claim and its recalculation, what it is worth, where it comes from. Pure.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from projects.doe import comparison
from projects.doe.comparison import Sums
from projects.doe.second.sizes import CannotRecalculate, exact

Row = dict[str, Any]
Calculated = Mapping[str, Mapping[str, str]]
Again = Callable[[Sums], Calculated]
TONNES = "tCO2e"
TAKEN_AWAY = ("PE", "LE")
NOTHING = Fraction(0)


def found(
    content: Mapping[str, Any], sums: Sums, calculated: Calculated, claimed: Mapping[str, int], *,
    fixed: Mapping[str, Fraction], again: Again,
) -> list[Row]:
    """Every figure that differs: {what, theirs, ours, tonnes, from}, the greatest effect first.

    `tonnes` is what the difference adds to the reductions of the report, as text; empty where it
    cannot be told. `from` says in words where the difference arises. `again` calculates from other
    sums. Raises CannotRecalculate.
    """
    rows: list[tuple[Fraction | None, Row]] = []
    for part, share in comparison.matched(content, sums, calculated).items():
        known = {symbol: Fraction(row["value"]) for symbol, row in _of_part(sums, part).items()}
        rows += _measured(share, part, sums, calculated, again)
        rows += _steps(share, calculated[str(part)], {**fixed, **known})
    rows += _claimed(content, claimed, follows=any(row.get("path") == "ER" for _, row in rows))
    rows.sort(key=lambda each: (each[0] is not None, -abs(each[0] or NOTHING)))
    return [
        {key: text for key, text in row.items() if key != "path"} | {"tonnes": _signed(worth)}
        for worth, row in rows
    ]


def _claimed(
    content: Mapping[str, Any], claimed: Mapping[str, int], *, follows: bool
) -> Iterator[tuple[Fraction | None, Row]]:
    periods = sorted({*claimed, *content["claimed"]})
    for period in periods:
        theirs, ours = int(content["claimed"].get(period, 0)), claimed.get(period, 0)
        if theirs != ours:
            place = f", commitment period {period}" if len(periods) > 1 else ""
            source = (
                "Follows from ER." if follows
                else "The steps agree: rounding, or what is made good for an earlier rise."
            )
            yield Fraction(theirs - ours), _row(
                f"Claimed reductions{place}", Fraction(theirs), Fraction(ours), "t", source
            )


def _of_part(sums: Sums, part: int) -> dict[str, Row]:
    """The sums of each parameter in one part of the period."""
    return {
        symbol: row for symbol, rows in sums.items() for row in rows
        if comparison.part_of(row) == part
    }


def _row(what: str, theirs: Fraction, ours: Fraction, unit: str, source: str) -> Row:
    figure = comparison.figure(what, theirs, ours, unit)
    return {"what": what, "theirs": figure["theirs"], "ours": figure["ours"], "from": source}


def _signed(worth: Fraction | None) -> str:
    if worth is None:
        return ""
    return f"{'+' if worth > 0 else ''}{comparison.shown(worth)}"


def _differ(theirs: Fraction, ours: Fraction) -> bool:
    return abs(theirs - ours) > comparison.TOLERANCE


# Measured amounts


def _measured(
    share: Mapping[str, Any], part: int, sums: Sums, calculated: Calculated, again: Again
) -> Iterator[tuple[Fraction | None, Row]]:
    for symbol, ours in _of_part(sums, part).items():
        theirs = exact(share["values"].get(symbol, "0"))
        counts = (share["readings"].get(symbol, 0), share["filled"].get(symbol, 0))
        same = counts == (ours["readings"], ours["missing"])
        if same and not _differ(theirs, Fraction(ours["value"])):
            continue
        source = (
            "The rows of the file add up to another amount." if same else
            f"The file holds {ours['readings']} readings and lacks {ours['missing']}; "
            f"the report counts {counts[0]} and {counts[1]}."
        )
        unit = share["units"].get(symbol, "")
        row = _row(symbol, theirs, Fraction(ours["value"]), unit, source)
        yield _worth(share, part, symbol, sums, calculated, again), row


def _worth(
    share: Mapping[str, Any], part: int, symbol: str, sums: Sums, calculated: Calculated,
    again: Again,
) -> Fraction | None:
    """By how many tonnes the reductions change when the report's own amount is put in."""
    amount = str(exact(share["values"].get(symbol, "0")))
    changed = {each: [row] for each, row in _of_part(sums, part).items()}
    changed[symbol] = [row | {"value": amount} for row in changed[symbol]]
    try:
        steps = again(changed)[str(part)]
    except CannotRecalculate:
        return None
    return Fraction(steps["ER"]) - Fraction(calculated[str(part)]["ER"])


# Steps


def _steps(
    share: Mapping[str, Any], ours: Mapping[str, str], known: Mapping[str, Fraction]
) -> Iterator[tuple[Fraction | None, Row]]:
    """`known` are the measured and fixed amounts of our own."""
    theirs = dict(_every(share["calculation"]["steps"]))
    amounts = {**known, **{_symbol(path): Fraction(value) for path, value in ours.items()}}
    for path, value in ours.items():
        step = theirs[path]
        if not _differ(exact(step["value"]), Fraction(value)):
            continue
        symbol = _symbol(path)
        title = step.get("title", symbol)
        wrong = [
            entered for entered, amount, _ in step.get("inputs", ())
            if entered in amounts and _differ(exact(amount), amounts[entered])
        ]
        source = (
            f"Follows from {', '.join(dict.fromkeys(wrong))}." if wrong
            else "Arises in this step: what enters it agrees."
        )
        row = _row(
            f"{title}, {symbol}", exact(step["value"]), Fraction(value), step.get("unit", ""),
            source,
        )
        yield _tonnes(path, theirs, ours), row | {"path": path}


def _symbol(path: str) -> str:
    return path.rpartition("/")[2]


def _every(
    steps: Sequence[Mapping[str, Any]], above: str = ""
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for step in steps:
        yield from _every(step.get("parts", ()), f"{above}{step['symbol']}/")
        yield above + step["symbol"], step


def _tonnes(
    path: str, theirs: Mapping[str, Mapping[str, Any]], ours: Mapping[str, str]
) -> Fraction | None:
    """The effect on the reductions: that of the step itself or of the next one above in tonnes."""
    sign = -1 if path.partition("/")[0] in TAKEN_AWAY else 1
    while path:
        step = theirs[path]
        if step.get("unit") == TONNES:
            return sign * (exact(step["value"]) - Fraction(ours[path]))
        path = path.rpartition("/")[0]
    return None
