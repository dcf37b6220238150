"""What can be wrong in a series of readings, and what a participant may choose to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

from projects.methodologies import intervals
from projects.methodologies.intervals import Resolution
from projects.methodologies.readings import Column, Gap

SHOWN_ROWS = 200
"""How many rows of one kind of fault are kept with their text; all are counted."""


class Fault(StrEnum):
    """A kind of fault of rows or cells."""

    TIME = "time"
    WIDE = "wide"
    BETWEEN = "between"
    OUTSIDE = "outside"
    SUMMER = "summer"
    DOUBLE = "double"
    COMMA = "comma"
    OWN_UNIT = "own_unit"
    FORMULA = "formula"
    NOT_A_NUMBER = "not_a_number"
    TOO_FINE = "too_fine"
    NEGATIVE = "negative"
    ROLLED = "rolled"
    IMPLAUSIBLE = "implausible"
    OUTLYING = "outlying"


class Choice(StrEnum):
    """A treatment. What is left out becomes a gap, filled against the claim once accepted."""

    LEAVE_OUT = "leave_out"
    FIRST = "first"
    LAST = "last"
    LEAST = "least"
    SHIFT = "shift"
    POINT = "point"
    CONVERT = "convert"
    CUT = "cut"
    ROLL = "roll"
    KEEP = "keep"


SAID = {
    Fault.TIME: "is not a date and time",
    Fault.WIDE: "has more cells beside it than the header: a comma as decimal sign parts a number",
    Fault.BETWEEN: "is not the beginning of an interval",
    Fault.OUTSIDE: "is outside the period",
    Fault.SUMMER: "is in summer time: an hour is skipped or told twice",
    Fault.DOUBLE: "was given before",
    Fault.COMMA: "has a comma as decimal sign",
    Fault.OWN_UNIT: "has a unit of its own",
    Fault.FORMULA: "is a formula, not a value",
    Fault.NOT_A_NUMBER: "is not a number",
    Fault.TOO_FINE: "has more than twelve decimals",
    Fault.NEGATIVE: "is negative",
    Fault.ROLLED: "is less than the reading before it: the counter rolled over or was exchanged",
    Fault.IMPLAUSIBLE: "is more than the plant can deliver in that time",
    Fault.OUTLYING: "is far above the other readings",
}

OFFERS: Mapping[Fault, tuple[Choice, ...]] = {
    Fault.TIME: (Choice.LEAVE_OUT,),
    Fault.WIDE: (Choice.LEAVE_OUT,),
    Fault.BETWEEN: (Choice.LEAVE_OUT,),
    Fault.OUTSIDE: (Choice.LEAVE_OUT,),
    Fault.SUMMER: (Choice.SHIFT, Choice.LEAVE_OUT),
    Fault.DOUBLE: (Choice.LEAST, Choice.FIRST, Choice.LAST, Choice.LEAVE_OUT),
    Fault.COMMA: (Choice.POINT, Choice.LEAVE_OUT),
    Fault.OWN_UNIT: (Choice.CONVERT, Choice.LEAVE_OUT),
    Fault.FORMULA: (Choice.LEAVE_OUT,),
    Fault.NOT_A_NUMBER: (Choice.LEAVE_OUT,),
    Fault.TOO_FINE: (Choice.CUT, Choice.LEAVE_OUT),
    Fault.NEGATIVE: (Choice.LEAVE_OUT,),
    Fault.ROLLED: (Choice.ROLL, Choice.LEAVE_OUT),
    Fault.IMPLAUSIBLE: (Choice.LEAVE_OUT,),
    Fault.OUTLYING: (Choice.KEEP, Choice.LEAVE_OUT),
}
"""The treatments on offer for each kind of fault, the one to begin with first."""

DOES = {
    Choice.LEAVE_OUT: "Leave them out: each becomes a gap",
    Choice.FIRST: "Keep the first of each",
    Choice.LAST: "Keep the last of each",
    Choice.LEAST: "Keep the one that claims least",
    Choice.SHIFT: "Bring them back to standard time",
    Choice.POINT: "Read the comma as the decimal sign",
    Choice.CONVERT: "Convert each from its own unit",
    Choice.CUT: "Cut off after twelve decimals",
    Choice.ROLL: "The counter rolled over: add its full turn",
    Choice.KEEP: "Keep them: they are right",
}


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A faulty row as numbered in the file, and the text that stands there."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class FaultGroup:
    """All faults of one kind in one column; `rows` holds the first ones, `count` tells of all."""

    fault: Fault
    column: str
    count: int
    rows: tuple[FaultRow, ...]

    @property
    def key(self) -> str:
        """What a treatment is chosen for: this fault, in this column, in so many places."""
        return f"{self.fault}@{self.column}+{self.count}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a series must be: columns of a period, in equal intervals of the standard time."""

    columns: tuple[Column, ...]
    first: date
    last: date
    resolution: Resolution
    zone: timezone
    mapping: Mapping[str, str]

    @property
    def begins(self) -> datetime:
        """The beginning of the first interval in UTC, without a zone, as the engine counts."""
        midnight = datetime(self.first.year, self.first.month, self.first.day)  # noqa: DTZ001
        return midnight - (self.zone.utcoffset(None) or timedelta())

    @property
    def step(self) -> timedelta:
        """The length of one interval."""
        return intervals.STEPS[self.resolution]

    @property
    def slots(self) -> int:
        """How many intervals the period has."""
        return ((self.last - self.first).days + 1) * (timedelta(days=1) // self.step)

    def at(self, slot: int) -> datetime:
        """The beginning of an interval in UTC."""
        return self.begins.replace(tzinfo=UTC) + slot * self.step


@dataclass(frozen=True, slots=True)
class Block:
    """Some consecutive intervals of a parameter: whole numbers of 10^-`decimals` of `unit`.

    `amounts` and `rows` are as long as the block; None stands for a missing reading.
    """

    symbol: str
    unit: str
    first_slot: int
    decimals: int
    amounts: tuple[int | None, ...]
    rows: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One column as read: its unit as given, how fine it is, how many readings it has."""

    symbol: str
    header: str
    unit: str
    decimals: int
    count: int
    largest: Decimal


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to. `open` waits for a treatment; `treated` was found and treated."""

    open: tuple[FaultGroup, ...]
    treated: tuple[tuple[FaultGroup, Choice], ...]
    gaps: tuple[Gap, ...]
    found: tuple[Found, ...]
    row_count: int
    notes: tuple[str, ...] = ()
