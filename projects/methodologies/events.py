"""What happened at a plant in a monitoring period: outages of meters, stops, a flare that was off.

An event has a beginning and an end; it explains the readings that are missing between the two.
Pure: a list is checked row by row, and one with an error is not used at all.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

from cdm_portal.values import Period
from projects.methodologies import intervals, listed
from projects.methodologies.listed import Lines
from projects.methodologies.readings import Gap
from projects.methodologies.tables import Cell, Table, UnreadableFile

NEEDED = ("kind", "begin", "end")
ALLOWED = ("parameter", "note")
LONGEST_NOTE = 300
MOST = 2_000
ONE_DAY = timedelta(days=1)


class Kind(StrEnum):
    """What happened."""

    METER_OUTAGE = "meter_outage"
    PLANT_STOP = "plant_stop"
    FLARE_OFF = "flare_off"
    OTHER = "other"


LABELS = {
    Kind.METER_OUTAGE: "Outage of a meter",
    Kind.PLANT_STOP: "Stop of the plant",
    Kind.FLARE_OFF: "Flare off",
    Kind.OTHER: "Something else",
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something between two moments (UTC); `symbol` empty: it concerns every parameter.

    `row` is that of the file, 0 for one that was typed.
    """

    kind: Kind
    symbol: str
    begins: datetime
    ends: datetime
    note: str
    row: int = 0

    @property
    def said(self) -> str:
        """The event in words."""
        return f"{LABELS[self.kind]}: {self.note}" if self.note else LABELS[self.kind]

    def concerns(self, symbol: str) -> bool:
        """Whether it tells of a parameter."""
        return self.symbol in ("", symbol)

    def overlaps(self, other: "Event") -> bool:
        """Whether the two tell the same kind of thing of one parameter at one moment."""
        same = (self.kind, self.symbol) == (other.kind, other.symbol)
        return same and self.begins < other.ends and other.begins < self.ends


@dataclass(frozen=True, slots=True)
class Within:
    """What an event must be: in the days of a period, of a parameter of its plan."""

    days: Period
    zone: timezone
    symbols: Collection[str]

    @property
    def first(self) -> datetime:
        """The moment at which the period begins."""
        return intervals.instant_of(self.days.first, self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The moment at which it ends."""
        return intervals.instant_of(self.days.last, self.zone).astimezone(UTC) + ONE_DAY


def parse(table: Table, within: Within) -> tuple[Event, ...]:
    """The events of a table. Raises UnreadableFile, UnusableRows with every error."""
    where = listed.places(table, NEEDED, ALLOWED)
    if len(table.rows) > MOST:
        raise UnreadableFile(f"The list has more than {MOST:,} rows.")
    lines, found = Lines(), []
    for row in table.rows:
        lines.row = row.number
        lines.cells = {
            name: row.cells[place] if place < len(row.cells) else None
            for name, place in where.items()
        }
        if event := _event(lines, within):
            found.append(event)
    check(found, within, lines)
    return tuple(found)


def _event(lines: Lines, within: Within) -> Event | None:
    kind = lines.read("kind", _kind)
    begins = lines.read("begin", lambda cell: moment(cell, within))
    ends = lines.read("end", lambda cell: moment(cell, within))
    symbol, note = lines.read("parameter", listed.text), lines.read("note", _note)
    if kind is None or begins is None or ends is None or symbol is None or note is None:
        return None
    return Event(kind, symbol, begins, ends, note, lines.row)


def _kind(cell: Cell) -> Kind:
    said = listed.text(cell).lower().replace(" ", "_").replace("-", "_")
    if said not in set(Kind):
        raise ValueError(f"'{said}' is none of {', '.join(Kind)}")
    return Kind(said)


def moment(cell: Cell, within: Within) -> datetime:
    """A moment in UTC; the project's standard time where it has no zone. Raises ValueError."""
    try:
        return intervals.instant_of(cell, within.zone).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"'{cell}' is outside every calendar") from None


def _note(cell: Cell) -> str:
    said = listed.text(cell)
    if len(said) > LONGEST_NOTE:
        raise ValueError(f"has more than {LONGEST_NOTE} characters")
    return said


def check(found: Sequence[Event], within: Within, lines: Lines | None = None) -> None:
    """Pass, or raise UnusableRows: an end before its beginning, a moment outside the period, a
    parameter that is not monitored, the same kind of event twice at once.
    """
    told = lines or Lines()
    for event in found:
        told.row = event.row
        if event.ends <= event.begins:
            told.report("end", "the event ends before it begins")
        if not within.first <= event.begins < within.end:
            told.report("begin", f"is outside the period {within.days.first} to "
                                 f"{within.days.last}")
        elif not event.ends <= within.end:
            told.report("end", f"is outside the period {within.days.first} to {within.days.last}")
        if event.symbol and event.symbol not in within.symbols:
            told.report("parameter", f"'{event.symbol}' is not in the monitoring plan")
    _overlapping(found, told)
    told.settle()


def _overlapping(found: Sequence[Event], told: Lines) -> None:
    last: dict[tuple[Kind, str], Event] = {}
    for event in sorted(found, key=lambda each: (each.begins, each.row)):
        before = last.get((event.kind, event.symbol))
        if before is not None and event.overlaps(before):
            other = f"the event of row {before.row}" if before.row else "an event that was typed"
            told.report("begin", f"overlaps {other}", event.row)
        if before is None or event.ends > before.ends:
            last[event.kind, event.symbol] = event


def explaining(gap: Gap, found: Iterable[Event], step: timedelta) -> tuple[Event, ...]:
    """The events that together cover a gap from its first moment to its last; none if they do not.

    `step` is the length of one interval.
    """
    reached, end, covering = gap.first, gap.last + step, []
    for event in sorted(found, key=lambda each: each.begins):
        if event.concerns(gap.symbol) and event.begins <= reached < min(event.ends, end):
            covering.append(event)
            reached = event.ends
    return tuple(covering) if reached >= end else ()
