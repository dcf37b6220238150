"""Time in the life of a project: crediting periods, monitoring periods, commitment periods.

A border of commitment periods parts the units, a border of potentials the arithmetic alone.

Pure arithmetic on calendar days; both ends of a period belong to it. The last day of
reductions that count is a rule parameter and is passed in; None means the demonstration rules,
under which later reductions belong to the second commitment period (decision 3).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cdm_portal import parameters
from cdm_portal.refusals import Invalid
from cdm_portal.values import Period
from projects.methodologies import gwp

LAST_DAY_OF_FIRST_COMMITMENT_PERIOD = parameters.day("first_period_ends")
ONE_DAY = timedelta(days=1)


class Crediting(StrEnum):
    """The two kinds of crediting period, chosen in the design document."""

    FIXED = "fixed"
    RENEWABLE = "renewable"

    @property
    def longest_years(self) -> int:
        """How many years one such period may last."""
        return int(parameters.constant(f"{self}_crediting_years"))

    @property
    def most_periods(self) -> int:
        """How many such periods one project may have."""
        most = parameters.constant("renewable_crediting_periods")
        return 1 if self is Crediting.FIXED else int(most)


class PeriodRefused(Invalid):
    """A period breaks a rule about time; the message says which."""

    code = "period_refused"


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a monitoring period that lies in one commitment period, and under one set of
    global warming potentials (`gwp.set_on`); None where no potential enters.
    """

    period: Period
    commitment_period: int
    potentials: int | None = None


def commitment_period(day: date, *, last_er_date: date | None) -> int:
    """1 up to the border of the commitment periods, 2 after it.

    Raises PeriodRefused for a day after `last_er_date`.
    """
    if last_er_date is not None and day > last_er_date:
        raise PeriodRefused.of(
            "last",
            f"Reductions after {last_er_date:%d %B %Y} do not count; {day:%d %B %Y} does so.",
        )
    return 1 if day <= LAST_DAY_OF_FIRST_COMMITMENT_PERIOD else 2


def split(
    period: Period, *, last_er_date: date | None, with_potentials: bool
) -> tuple[Share, ...]:
    """The period cut at the border of the commitment periods; nothing lost, nothing twice.

    Where potentials enter it is cut wherever another set begins too: the date of the reductions
    picks the set. Raises PeriodRefused if it runs beyond `last_er_date`.
    """
    commitment_period(period.last, last_er_date=last_er_date)
    borders = {LAST_DAY_OF_FIRST_COMMITMENT_PERIOD + ONE_DAY}
    if with_potentials:
        borders |= set(gwp.BORDERS.values())
    firsts = [period.first, *sorted(day for day in borders if period.first < day <= period.last)]
    lasts = [*(day - ONE_DAY for day in firsts[1:]), period.last]
    return tuple(
        Share(
            Period(first, last),
            commitment_period(first, last_er_date=last_er_date),
            gwp.set_on(first) if with_potentials else None,
        )
        for first, last in zip(firsts, lasts, strict=True)
    )


def years_later(day: date, years: int) -> date:
    """The same calendar day some years on; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def longest(first: date, kind: Crediting) -> Period:
    """The longest crediting period of this kind that begins on `first`."""
    return Period(first, years_later(first, kind.longest_years) - ONE_DAY)


def check_crediting_period(period: Period, kind: Crediting, *, number: int = 1) -> None:
    """Pass, or raise PeriodRefused for a period too long, or one too many of its kind."""
    if period.last > longest(period.first, kind).last:
        raise PeriodRefused.of(
            "last", f"A {kind} crediting period lasts at most {kind.longest_years} years."
        )
    if not 1 <= number <= kind.most_periods:
        again = "cannot be renewed" if kind is Crediting.FIXED else "can be renewed twice"
        raise PeriodRefused.of("number", f"A {kind} crediting period {again}.")


def crediting_years(period: Period) -> Iterator[Period]:
    """The years of a crediting period, each from the anniversary of its first day."""
    first, number = period.first, 1
    while first <= period.last:
        following = years_later(period.first, number)
        yield Period(first, min(following - ONE_DAY, period.last))
        first, number = following, number + 1


def next_first_day(crediting: Period, previous: Period | None) -> date:
    """The only day on which the next monitoring period may begin."""
    return previous.last + ONE_DAY if previous else crediting.first


def check_monitoring_period(
    period: Period, *, crediting: Period, previous: Period | None, last_er_date: date | None
) -> None:
    """Pass, or raise PeriodRefused: inside the crediting period, right after the one before.

    That periods are consecutive is unverified for single projects, from general knowledge.
    """
    due = next_first_day(crediting, previous)
    if previous and period.overlaps(previous):
        raise PeriodRefused.of(
            "first",
            f"The period overlaps the one up to {previous.last:%d %B %Y}: "
            f"it must begin on {due:%d %B %Y}.",
        )
    if period.first != due:
        raise PeriodRefused.of(
            "first", f"Periods follow each other without a gap: this one begins on {due:%d %B %Y}."
        )
    if not crediting.contains(period):
        raise PeriodRefused.of("last", f"The crediting period ends on {crediting.last:%d %B %Y}.")
    commitment_period(period.last, last_er_date=last_er_date)
