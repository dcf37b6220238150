"""The intervals of a monitoring period, and which of them a cell of a time column names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Self

from projects.methodologies.tables import Cell

MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
ONE_DAY = timedelta(days=1)
HALF_A_SECOND = timedelta(milliseconds=500)


class Resolution(StrEnum):
    """How long one reading lasts."""

    MINUTE = "minute"
    QUARTER = "quarter"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


ARTICLES = {
    Resolution.MINUTE: "a minute", Resolution.QUARTER: "a quarter of an hour",
    Resolution.HOUR: "an hour", Resolution.DAY: "a day", Resolution.MONTH: "a month",
}
LONGEST_HOURS = {
    Resolution.MINUTE: Decimal("0.016667"), Resolution.QUARTER: Decimal("0.25"),
    Resolution.HOUR: Decimal(1), Resolution.DAY: Decimal(24), Resolution.MONTH: Decimal(744),
}
"""Rounded up where it is no finite decimal."""
STEPS = {
    Resolution.MINUTE: timedelta(minutes=1), Resolution.QUARTER: timedelta(minutes=15),
    Resolution.HOUR: timedelta(hours=1), Resolution.DAY: timedelta(days=1),
}
"""The length of an interval, where all are equally long."""


@dataclass(frozen=True, slots=True)
class Due:
    """The intervals that a period needs, by their beginnings in UTC.

    A month that the period cuts begins, like any other, on its first day in the period.
    """

    first: date
    last: date
    resolution: Resolution
    zone: timezone
    beginnings: tuple[datetime, ...]
    known: frozenset[datetime]

    @classmethod
    def of(cls, first: date, last: date, resolution: Resolution, zone: timezone) -> Self:
        """All intervals from `first` to `last`, both included, in the standard time `zone`."""
        beginnings = tuple(_beginnings(first, last, resolution, zone))
        return cls(first, last, resolution, zone, beginnings, frozenset(beginnings))

    def beginning(self, cell: Cell) -> datetime:
        """The interval (its beginning in UTC) that a cell names.

        Raises ValueError, in words for a person, for no time, another interval or another period.
        """
        try:
            named = instant_of(cell, self.zone)
            if self.resolution is Resolution.MONTH:
                named = self._month(named)
            beginning = named.astimezone(UTC)
        except OverflowError:
            raise ValueError(f"'{cell}' is outside every calendar") from None
        if beginning in self.known:
            return beginning
        if not self.first <= named.astimezone(self.zone).date() <= self.last:
            raise ValueError(
                f"{self.shown(named)} is outside the period {self.first} to {self.last}"
            )
        raise ValueError(f"{self.shown(named)} is not the beginning of {ARTICLES[self.resolution]}")

    def _month(self, named: datetime) -> datetime:
        """The beginning of the month in the period, if its first day was named."""
        local = named.astimezone(self.zone)
        is_first = local.day == 1 and local.time() == time()
        if is_first and (local.year, local.month) == (self.first.year, self.first.month):
            return datetime.combine(self.first, time(), self.zone)
        return named

    def shown(self, instant: datetime) -> str:
        """An instant in the project's standard time, for a person."""
        return f"{instant.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def written(self, beginning: datetime) -> str:
        """An interval as the time column of a table names it."""
        local = beginning.astimezone(self.zone)
        return (
            f"{local:%Y-%m-%d}" if self.resolution in (Resolution.DAY, Resolution.MONTH)
            else f"{local:%Y-%m-%dT%H:%M}"
        )


def _beginnings(
    first: date, last: date, resolution: Resolution, zone: timezone
) -> Iterator[datetime]:
    instant = datetime.combine(first, time(), zone).astimezone(UTC)
    end = datetime.combine(last, time(), zone).astimezone(UTC) + ONE_DAY
    while instant < end:
        yield instant
        if resolution is Resolution.MONTH:
            local = instant.astimezone(zone).replace(day=1) + timedelta(days=32)
            instant = local.replace(day=1).astimezone(UTC)
        else:
            instant += STEPS[resolution]


def instant_of(cell: Cell, zone: timezone) -> datetime:
    """The moment that a cell tells, in the standard time `zone` where it has none of its own.

    Raises ValueError in words for a person.
    """
    if isinstance(cell, datetime):  # a spreadsheet keeps time as a fraction: even out its noise
        whole = (cell + HALF_A_SECOND).replace(microsecond=0)
        return whole if whole.tzinfo else whole.replace(tzinfo=zone)
    if isinstance(cell, date):
        return datetime.combine(cell, time(), zone)
    if cell is None or cell == "":
        raise ValueError("the time is missing")
    if not isinstance(cell, str):
        raise ValueError(f"'{cell}' is a number, not a date and time")
    text = f"{cell}-01" if MONTH.fullmatch(cell) else cell
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"'{cell[:40]}' is not a date and time: write it like 2013-05-31T14:00"
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)
