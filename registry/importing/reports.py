"""Rows of the registry's two published reports, read strictly: what has another form is refused.

A row's hash covers what it says, not where it stands, so that a later edition of the same report
knows the row again. Times are printed without a zone and taken as UTC (unverified).
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from registry.importing.remarks import Kind, Remark
from registry.importing.sheets import Layout, Row, UnreadableFile, Value, rows
from registry.serials import LARGEST_SERIAL, UNIT_TYPES

T = TypeVar("T")

ISSUANCES = Layout("CDM registry's issuance report", {
    "completed": "Completion date", "type": "Transaction type", "status": "Status",
    "serials": "SERIAL RANGE", "unit": "Unit Type", "period": "CP", "party": "PARTY CODE",
    "project": "Project number", "total": "Total",
})  # fmt: skip
CANCELLATIONS = Layout("CDM registry's cancellation report", {
    "completed": "Completion Date", "type": "Transaction Type", "serials": "Serial Range",
    "project": "Project Identifier", "status": "Status", "period": "CP (Commitment Period)",
    "unit": "Unit", "total": "Total", "platform": "VCP (From Voluntary Cancellation Platform)",
})  # fmt: skip

CODES = {name: code for code, name in UNIT_TYPES.items()}
SERIALS = re.compile(r"([0-9]{1,15}) - ([0-9]{1,15})")
IDENTIFIER = re.compile(r"([A-Z]{2})-([0-9]{1,7})")
SUM = re.compile(r"=SUM\(([A-Z]+)([0-9]+):\1([0-9]+)\)")


@dataclass(frozen=True, slots=True)
class Booking:
    """A completed transaction of either report: serials `lo` to `hi` of a Party, both included."""

    row: int
    completed: datetime
    party: str
    lo: int
    hi: int
    unit: str
    period: int
    project: str
    platform: bool | None = None
    """Whether a cancellation went through the online platform; None for an issuance."""

    @property
    def quantity(self) -> int:
        """How many units, at least one."""
        return self.hi - self.lo + 1

    @property
    def unit_type(self) -> int | None:
        """The code of the unit's type, None for units that the CDM registry does not issue."""
        return CODES.get(self.unit)

    @property
    def sha256(self) -> bytes:
        """The row's hash, over everything that it says."""
        said = [
            "cancellation" if self.platform is not None else "issuance", self.completed.isoformat(),
            self.party, self.lo, self.hi, self.unit, self.period, self.project, self.platform,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said).encode()).digest()

    @property
    def key(self) -> UUID:
        """The idempotency key that its booking gets: of version 8, made of the hash.

        The first 48 bits are the time, so that neighbours in time are neighbours in the index.
        """
        moment = int(self.completed.timestamp()).to_bytes(6, "big")
        raw = bytearray(moment + self.sha256[:10])
        raw[6] = raw[6] & 0x0F | 0x80
        raw[8] = raw[8] & 0x3F | 0x80
        return UUID(bytes=bytes(raw))


@dataclass(frozen=True, slots=True)
class Report:
    """A report as read: its bookings in the order of the sheet."""

    name: str
    sha256: str
    bookings: tuple[Booking, ...]


class MalformedReport(UnreadableFile):
    """Rows of a report do not have the form that the registry prints; `remarks` names each."""

    code = "malformed_report"

    def __init__(self, name: str, remarks: list[Remark]) -> None:
        first = "; ".join(f"row {r.row}, “{r.column}”: {r.reason}" for r in remarks[:3])
        more = f" … and {len(remarks) - 3} more" if len(remarks) > 3 else ""
        super().__init__(f"{name} cannot be imported: {first}{more}.")
        self.remarks = remarks


class _Unusable(ValueError):
    """A cell that does not have its form: the column, and why."""


def read_issuances(path: Path, sha256: str) -> Report:
    """The issuance report. It must end with its row of totals, which must count its rows.

    Raises UnreadableFile, MalformedReport.
    """
    total: dict[str, Value] = {}
    bookings = _bookings(path, ISSUANCES, _issuance, total)
    if not total:
        raise UnreadableFile(
            f"{path.name} does not end with its row “Total”: it seems to be cut off."
        )
    return Report(path.name, sha256, tuple(bookings))


def read_cancellations(path: Path, sha256: str) -> Report:
    """The cancellation report; a row of totals is not needed, but must be right if it is there.

    Raises UnreadableFile, MalformedReport.
    """
    return Report(path.name, sha256, tuple(_bookings(path, CANCELLATIONS, _cancellation, {})))


def _bookings(
    path: Path, layout: Layout, read: Callable[[int, Row], Booking], total: dict[str, Value]
) -> list[Booking]:
    found: list[Booking] = []
    wrong: list[Remark] = []
    for number, row in rows(path, layout):
        if total:
            wrong.append(_remark(path, layout, number, "completed", "a row behind the total", row))
        elif _is_total(row):
            total |= row
            faults = _miscounted(row["total"], found) if not wrong else ()
            wrong += [_remark(path, layout, number, "total", fault, row) for fault in faults]
        else:
            try:
                found.append(read(number, row))
            except _Unusable as unusable:
                word, reason = unusable.args
                wrong.append(_remark(path, layout, number, word, reason, row))
    if wrong:
        raise MalformedReport(path.name, wrong)
    return found


def _remark(path: Path, layout: Layout, number: int, word: str, reason: str, row: Row) -> Remark:
    return Remark(
        path.name, number, Kind.REFUSED, reason, layout.columns[word], str(row[word] or "")
    )


def _is_total(row: Row) -> bool:
    """Whether a row closes the report: `Total` where a date should be, or no transaction type."""
    first = row["completed"]
    return isinstance(first, str) and first.strip().casefold() == "total"


def _miscounted(total: Value, found: list[Booking]) -> Iterator[str]:
    units = sum(booking.quantity for booking in found)
    if isinstance(total, int) and total != units:
        yield f"the total is {total}, the rows add up to {units}"
    formula = SUM.fullmatch(total) if isinstance(total, str) else None
    if formula and (first_and_last := (int(formula[2]), int(formula[3]))) != (
        stands := (found[0].row, found[-1].row) if found else (0, 0)
    ):
        yield (
            f"the total counts rows {first_and_last[0]} to {first_and_last[1]}, "
            f"the report has rows {stands[0]} to {stands[1]}"
        )


def _issuance(number: int, row: Row) -> Booking:
    _exactly(row, "type", "Issuance (1)")
    lo, hi = _serials(row)
    unit = _text(row, "unit")
    if unit not in CODES:
        raise _Unusable("unit", f"the CDM registry issues {', '.join(CODES)}, not {unit or 'this'}")
    return Booking(
        number, _moment(row), _matched(row, "party", re.compile(r"([A-Z]{2})"))[0], lo, hi, unit,
        _period(row), _matched(row, "project", re.compile(r"([0-9]{1,7})"))[0],
    )  # fmt: skip


def _cancellation(number: int, row: Row) -> Booking:
    _exactly(row, "type", "Cancellation (4)")
    lo, hi = _serials(row)
    party, project = _matched(row, "project", IDENTIFIER)
    platform = _text(row, "platform")
    if platform not in {"Yes", "No"}:
        raise _Unusable("platform", "neither Yes nor No")
    return Booking(
        number, _moment(row), party, lo, hi, _text(row, "unit"), _period(row), project,
        platform == "Yes",
    )  # fmt: skip


def _serials(row: Row) -> tuple[int, int]:
    """The first and the last serial; the status and the total must agree."""
    _exactly(row, "status", "4 - Completed")
    first, last = _matched(row, "serials", SERIALS)
    lo, hi = int(first), int(last)
    if not 1 <= lo <= hi <= LARGEST_SERIAL:
        raise _Unusable("serials", "not a block of serials")
    total = row["total"]
    if isinstance(total, bool) or not isinstance(total, int):
        raise _Unusable("total", "not a whole number")
    if total != hi - lo + 1:
        raise _Unusable("total", f"the serials are {hi - lo + 1} units")
    return lo, hi


def _moment(row: Row) -> datetime:
    moment = row["completed"]
    if not isinstance(moment, datetime):
        raise _Unusable("completed", "not a date with its time")
    return moment.replace(tzinfo=UTC)


def _period(row: Row) -> int:
    return int(_matched(row, "period", re.compile(r"([12])"))[0])


def _text(row: Row, word: str) -> str:
    cell = row[word]
    return cell.strip() if isinstance(cell, str) else ""


def _matched(row: Row, word: str, form: re.Pattern[str]) -> tuple[str, ...]:
    match = form.fullmatch(_text(row, word))
    if match is None:
        raise _Unusable(word, "not as the registry prints it")
    return match.groups()


def _exactly(row: Row, word: str, wanted: str) -> None:
    if _text(row, word) != wanted:
        raise _Unusable(word, f"not “{wanted}”")
