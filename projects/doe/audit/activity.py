"""Measured amounts a day and estimates of some days, from frozen records. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from cdm_portal.values import Period
from projects.doe.audit.checks import Activity, Year
from projects.doe.second.sizes import exact

Content = Mapping[str, Any]
HUNDRED = 100


def within(part: Period, whole: Period) -> Fraction:
    """The share of the days of `part` that lie in `whole`."""
    first, last = max(part.first, whole.first), min(part.last, whole.last)
    return Fraction(Period(first, last).days, part.days) if first <= last else Fraction(0)


def _years(calculation: Content) -> list[tuple[Mapping[str, Any], Period]]:
    return [
        (row, Period(date.fromisoformat(row["first"]), date.fromisoformat(row["last"])))
        for row in calculation.get("years", ())
    ]


def estimated(calculation: Content, days: Period) -> Fraction:
    """The ex-ante estimate for some days, in tonnes: each year of a frozen design document by the
    share of its days.
    """
    return sum(
        (exact(row["calculation"]["reductions"]) * within(year, days)
         for row, year in _years(calculation)),
        Fraction(0),
    )


def hundredths(value: Fraction) -> str:
    """An amount to two decimals, as plain text."""
    whole, part = divmod(round(abs(value) * HUNDRED), HUNDRED)
    return f"{'-' if value < 0 else ''}{whole}.{part:02d}"


def years(
    calculation: Content, own: tuple[Period, int], others: Iterable[tuple[Period, int]]
) -> list[Year]:
    """The years of crediting in which a period has days; its tonnes and those of other periods are
    spread evenly over their days.
    """
    period, tonnes = own
    counted = [own, *others]
    return [
        Year(
            label=f"year {row['number']}",
            total=sum((each * within(days, year) for days, each in counted), Fraction(0)),
            estimated=exact(row["calculation"]["reductions"]) * within(year, period),
            own=tonnes * within(period, year),
        )
        for row, year in _years(calculation) if year.overlaps(period)
    ]


def daily(content: Content, means: Sequence[str]) -> dict[str, tuple[Fraction, str]]:
    """What a monitoring report measured a day, with its unit, by symbol; `means` are averages."""
    found: dict[str, tuple[Fraction, str]] = {}
    days = {id(share): _days(share) for share in content["shares"]}
    every = sum(days.values())
    for share in content["shares"]:
        for symbol, value in share["values"].items():
            weight = Fraction(days[id(share)] if symbol in means else 1, every)
            before, _ = found.get(symbol, (Fraction(0), ""))
            found[symbol] = (before + exact(value) * weight, share["units"].get(symbol, ""))
    return found


def _days(share: Mapping[str, Any]) -> int:
    first, last = (date.fromisoformat(share[end]) for end in ("first", "last"))
    return Period(first, last).days


def beside(
    here: Mapping[str, tuple[Fraction, str]],
    before: Sequence[Mapping[str, tuple[Fraction, str]]],
) -> list[Activity]:
    """Each measured amount a day beside the least and the most of earlier periods, where the
    parameter and its unit are the same.
    """
    found = []
    for symbol, (amount, unit) in here.items():
        earlier = [each[symbol][0] for each in before if each.get(symbol, ("", ""))[1] == unit]
        if earlier:
            found.append(Activity(symbol, unit, amount, min(earlier), max(earlier)))
    return found
