"""The rules that a monitoring period is held to, each met or not, with its reason. Pure.

A check that bars a certification cannot be explained away; one that asks is answered by the DOE
with a reason; one that limits sets the most that can be certified.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

from cdm_portal import formats
from cdm_portal.parameters import Parameter
from cdm_portal.values import Period
from projects.doe.comparison import shown

TITLES = {
    "crediting": "Inside one crediting period",
    "overlap": "No day counted twice",
    "gap": "No gap after the period before",
    "last_day": "No day too late to count",
    "cap": "Within the limits of its scale",
    "forward": "Forward action requests closed",
    "figures": "Every figure agrees",
    "estimate": "Not above the estimate",
    "history": "In line with earlier periods",
    "records": "Sampled records agree with their evidence",
}
BARS = {"crediting", "overlap", "last_day", "forward"}
LIMITS = {"cap"}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Check:
    """A rule and what was found. `met` None: it could not be looked at here. `rule` names the
    number that was applied and its source.
    """

    code: str
    met: bool | None
    said: str
    rule: str = ""

    @property
    def demand(self) -> str:
        """What follows when it is not met: it bars, limits, or asks for a reason."""
        return "bars" if self.code in BARS else "limits" if self.code in LIMITS else "asks"

    def as_row(self) -> dict[str, Any]:
        """As it is stored and shown."""
        return {
            "code": self.code, "title": TITLES[self.code], "met": self.met, "said": self.said,
            "rule": self.rule, "demand": self.demand,
        }


def sourced(row: Parameter) -> str:
    """A number of the rules with its source, and whether that was verified."""
    return f"{row.label}: {row.value} {row.unit}. {'Source' if row.verified else 'Unverified'}, " \
        f"{row.source}."


def days(period: Period) -> str:
    """The days of a period in words."""
    return f"{formats.day(period.first)} to {formats.day(period.last)}"


# Periods


def crediting(own: Period, credited: Sequence[Period], registered: date) -> Check:
    """That all days lie in one crediting period, and none before registration."""
    if own.first < registered:
        return Check(
            "crediting", False, f"It begins before the registration of {formats.day(registered)}."
        )
    for number, each in enumerate(credited, start=1):
        if each.first <= own.first and own.last <= each.last:
            return Check("crediting", True, f"Crediting period {number}: {days(each)}.")
    listed = "; ".join(days(each) for each in credited) or "none"
    return Check("crediting", False, f"{days(own)} lies in no crediting period: {listed}.")


def overlap(own: Period, others: Mapping[int, Period]) -> Check:
    """That no other monitoring period counts one of its days."""
    twice = [number for number, each in others.items() if own.overlaps(each)]
    if twice:
        named = ", ".join(str(number) for number in twice)
        return Check("overlap", False, f"Days of it are counted in monitoring period {named} too.")
    return Check("overlap", True, "No other monitoring period has a day of it.")


def gap(own: Period, before: Sequence[Period], begins: date) -> Check:
    """That it begins on the day after the period before, the first where crediting begins."""
    due = max((each.last for each in before), default=begins - ONE_DAY) + ONE_DAY
    if own.first <= due:
        return Check("gap", True, f"It begins on {formats.day(own.first)}, as is due.")
    missing = Period(due, own.first - ONE_DAY)
    return Check("gap", False, f"{days(missing)} is in no monitoring period ({missing.days} days).")


def last_day(own: Period, last: date | None) -> Check:
    """That no day is later than the last whose reductions count; None: there is no such day."""
    if last is None:
        return Check("last_day", True, "Demonstration rules know no last day.")
    word = f"The last day whose reductions count is {formats.day(last)}."
    return Check("last_day", own.last <= last, word)


def forward(waiting: Sequence[str]) -> Check:
    """That every forward action request inherited is closed."""
    if not waiting:
        return Check("forward", True, "None is open.")
    return Check("forward", False, f"Not closed: {', '.join(waiting)}.")


# Figures


def figures(differing: int, compared: int) -> Check:
    """That claim and recalculation agree everywhere."""
    if not differing:
        return Check("figures", True, f"All {compared} figures agree.")
    return Check("figures", False, f"{differing} of {compared} figures differ.")


def estimate(
    achieved: Mapping[str, int], estimated: Fraction, most: Parameter, factor: Fraction
) -> Check:
    """That what was claimed and recalculated is not above the estimate for the same days."""
    if estimated <= 0:
        return Check("estimate", None, "The design document states no estimate for these days.")
    highest = max(achieved.values())
    said = "; ".join(f"{what} {formats.tonnes(amount)} t" for what, amount in achieved.items())
    part = shown(Fraction(round(1000 * highest / estimated), 10))
    words = f"{said}; estimated {shown(_cents(estimated))} t: {part} % of the estimate."
    return Check("estimate", highest <= factor * estimated, words, sourced(most))


def _cents(value: Fraction) -> Fraction:
    return Fraction(round(100 * value), 100)


@dataclass(frozen=True, slots=True)
class Activity:
    """A measured amount a day: here, and the least and most of earlier periods."""

    symbol: str
    unit: str
    here: Fraction
    lowest: Fraction
    highest: Fraction

    def in_line(self, factor: Fraction) -> bool:
        """Whether it is within the factor of what was measured before."""
        return self.lowest / factor <= self.here <= self.highest * factor


def history(found: Sequence[Activity], beyond: Parameter, factor: Fraction) -> Check:
    """That what was measured a day is in line with earlier periods of the project."""
    if not found:
        return Check("history", None, "The project has no earlier monitoring report.")
    odd = [
        f"{each.symbol}: {shown(_cents(each.here))} {each.unit} a day, before "
        f"{shown(_cents(each.lowest))} to {shown(_cents(each.highest))}"
        for each in found if not each.in_line(factor)
    ]
    words = f"{'; '.join(odd)}." if odd else "Every measured amount a day is in line with them."
    return Check("history", not odd, words, sourced(beyond))


# Limits of scale


@dataclass(frozen=True, slots=True)
class Year:
    """A year of crediting: reductions of all periods in it, and estimate and reductions of the
    days of this period in it, in tonnes.
    """

    label: str
    total: Fraction
    estimated: Fraction
    own: Fraction


def cap(
    years: Sequence[Year], *, limit: Fraction | None, exceeded: bool, rule: str
) -> tuple[Check, int | None]:
    """The limits of small scale, and the most that can be certified; None: no limit is exceeded.

    Where a limit is exceeded, the reductions of that year are held to the estimate for its days.
    `limit` is in tonnes a year; `exceeded` tells that the type's own limit (a capacity) is.
    """
    over = [each for each in years if exceeded or (limit is not None and each.total > limit)]
    if not over:
        said = "The limit of its type is not exceeded in any year."
        return Check("cap", True, said, rule), None
    most = sum(
        (min(each.own, each.estimated) if each in over else each.own for each in years), Fraction(0)
    )
    whole = floor(most)
    named = ", ".join(f"{each.label} ({formats.tonnes(floor(each.total))} t)" for each in over)
    met = all(each.own <= each.estimated for each in over)
    words = f"The limit of its type is exceeded: {named}. At most {formats.tonnes(whole)} t."
    return Check("cap", met, words, rule), whole
