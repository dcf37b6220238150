"""Calibrations that were late, and what the readings of the days between count then.

The rule is unverified, from general knowledge (domain, 2.5; Guidelines for assessing compliance
with the calibration frequency requirements, EB 52 annex 60): the readings from the day on which a
calibration was due to the day on which it was done are corrected against the claim, by the maximum
permissible error of the meter where the late test found no more, by the error found where it is
beyond. What earns reductions is lessened, what costs them is increased. The readings themselves
stay as they were measured.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cdm_portal.values import Period
from projects.methodologies import units
from projects.methodologies.inputs import Treatment
from projects.methodologies.intervals import ONE_DAY, Resolution
from projects.methodologies.readings import Column

SOURCE = (
    "Guidelines for assessing compliance with the calibration frequency requirements (EB 52 annex "
    "60): unverified, from general knowledge"
)
HUNDRED = Decimal(100)
LATEST = date.max - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Checked:
    """One calibration of a meter; errors in per cent of the reading, that found with its sign.

    The next one is due on `due`, None if the meter was taken out of use on the day of this one.
    """

    ident: int
    symbol: str
    meter: str
    done: date
    due: date | None
    permissible: Decimal
    found: Decimal

    @property
    def error(self) -> Decimal:
        """By how many per cent readings are corrected if this calibration was late."""
        return max(self.permissible, abs(self.found))

    @property
    def beyond(self) -> bool:
        """Whether the error found is beyond what is permitted."""
        return abs(self.found) > self.permissible


@dataclass(frozen=True, slots=True)
class Delay:
    """The days of a period on which a meter's calibration was late, both ends included.

    `test` is the late calibration; None where it is not done yet, and nothing can be corrected.
    """

    symbol: str
    meter: str
    due: date
    days: Period
    test: Checked | None


@dataclass(frozen=True, slots=True)
class Correction:
    """Days whose readings of a parameter are multiplied by `factor`, and the delays that ask it."""

    symbol: str
    days: Period
    error: Decimal
    treatment: Treatment
    delays: tuple[Delay, ...]

    @property
    def factor(self) -> Decimal:
        """What a reading is multiplied by, against the claim."""
        part = self.error / HUNDRED
        return 1 - part if self.treatment is Treatment.ZERO else 1 + part

    @property
    def key(self) -> str:
        """What the participant accepts: these days by this factor, and no others."""
        span = f"{self.days.first:%Y-%m-%d}..{self.days.last:%Y-%m-%d}"
        return f"{self.symbol}@{span}*{units.plain(self.factor)}"


def next_due(done: date, months: int) -> date:
    """The day so many months later; the last day of the month where it has no such day."""
    year, month = divmod(done.year * 12 + done.month - 1 + months, 12)
    return date(year, month + 1, min(done.day, monthrange(year, month + 1)[1]))


def delays(checked: Iterable[Checked], span: Period) -> tuple[Delay, ...]:
    """Every delay of every meter that touches a period, by parameter, meter and day.

    A calibration is late from the day after it was due up to the day on which it was done.
    """
    found: list[Delay] = []
    by_meter: dict[tuple[str, str], list[Checked]] = {}
    for each in sorted(checked, key=lambda one: (one.symbol, one.meter, one.done, one.ident)):
        by_meter.setdefault((each.symbol, each.meter), []).append(each)
    for (symbol, meter), line in by_meter.items():
        for before, test in zip(line, [*line[1:], None], strict=True):
            if before.due is None or before.due >= span.last:
                continue
            first = max(before.due + ONE_DAY, span.first)
            last = min(test.done if test else LATEST, span.last)
            if first <= last:
                found.append(Delay(symbol, meter, before.due, Period(first, last), test))
    return tuple(found)


def overdue(found: Iterable[Delay]) -> tuple[Delay, ...]:
    """The delays that have no end: the calibration is not done yet."""
    return tuple(each for each in found if each.test is None)


def corrections(
    found: Iterable[Delay], columns: Sequence[Column], span: Period, resolution: Resolution
) -> tuple[Correction, ...]:
    """What is corrected in a period, days in a row together; delays without an end are left out.

    Where several meters of a parameter are late at once the largest error counts. A reading of a
    month is corrected as a whole if any of its days is late.
    """
    treatments = {column.symbol: column.treatment for column in columns}
    by_day: dict[str, dict[date, list[Delay]]] = {}
    for delay in found:
        if delay.test is None or delay.symbol not in treatments:
            continue
        for day in _days(delay.days, span, resolution):
            by_day.setdefault(delay.symbol, {}).setdefault(day, []).append(delay)
    return tuple(
        each
        for symbol, days in sorted(by_day.items())
        for each in _runs(symbol, treatments[symbol], days)
    )


def _days(late: Period, span: Period, resolution: Resolution) -> Iterable[date]:
    first, last = late.first, late.last
    if resolution is Resolution.MONTH:
        first = max(first.replace(day=1), span.first)
        last = min((last.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE_DAY, span.last)
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _runs(
    symbol: str, treatment: Treatment, days: Mapping[date, Sequence[Delay]]
) -> Iterable[Correction]:
    """Consecutive days with the same delays and so the same error."""
    run: list[date] = []
    for day in sorted(days):
        if run and (day != run[-1] + ONE_DAY or days[day] != days[run[-1]]):
            yield _correction(symbol, treatment, run, days[run[-1]])
            run = []
        run.append(day)
    if run:
        yield _correction(symbol, treatment, run, days[run[-1]])


def _correction(
    symbol: str, treatment: Treatment, run: Sequence[date], found: Sequence[Delay]
) -> Correction:
    error = max(each.test.error for each in found if each.test)
    return Correction(symbol, Period(run[0], run[-1]), error, treatment, tuple(found))
