"""The two reports held against each other and against the ledger, before anything is booked."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cdm_portal.refusals import Refused
from registry.importing.remarks import Kind, Remark
from registry.importing.reports import Booking, Report


class BrokenChain(Refused):
    """A Party's issuances in the report have a gap or overlap: rows are missing or doubled."""

    code = "broken_chain"


def in_serial_order(report: Report) -> list[Booking]:
    """The issuances by Party and serial; time has nothing to do with it (18 Parties differ).

    Raises BrokenChain unless each Party's serials begin at 1 and have neither gap nor overlap.
    """
    ordered = sorted(report.bookings, key=lambda b: (b.party, b.lo))
    faults: list[str] = []
    expected: dict[str, int] = defaultdict(lambda: 1)
    for booking in ordered:
        wanted = expected[booking.party]
        if booking.lo > wanted:
            faults.append(f"{booking.party}: serials {wanted} to {booking.lo - 1} are missing "
                          f"before row {booking.row}")  # fmt: skip
        elif booking.lo < wanted:
            faults.append(f"{booking.party}: row {booking.row} begins at serial {booking.lo}, "
                          f"which another row issued")  # fmt: skip
        expected[booking.party] = max(wanted, booking.hi + 1)
    if faults:
        more = f" … and {len(faults) - 3} more" if len(faults) > 3 else ""
        raise BrokenChain(f"{report.name} is not whole: {'; '.join(faults[:3])}{more}.")
    return ordered


@dataclass(frozen=True, slots=True)
class Sorted:
    """Cancellations that can be booked, and a remark for each that cannot."""

    bookable: list[Booking]
    refused: list[Remark]


def against_issuances(report: Report, issuances: Sequence[Booking]) -> Sorted:
    """Which cancellations lie inside one issuance of the same Party, project, unit and period, and
    overlap no other. `issuances` stand in serial order.
    """
    within = _Issued(issuances)
    last: dict[str, Booking] = {}
    found = Sorted([], [])
    for booking in sorted(report.bookings, key=lambda b: (b.party, b.lo, b.row)):
        before = last.get(booking.party)
        reason = within.fault(booking)
        if not reason and before is not None and booking.lo <= before.hi:
            reason = f"row {before.row} cancels some of these units already"
        if reason:
            found.refused.append(
                Remark(report.name, booking.row, Kind.REFUSED, reason, "Serial Range",
                       f"{booking.party}-{booking.project} {booking.lo} - {booking.hi}")
            )  # fmt: skip
        else:
            last[booking.party] = booking
            found.bookable.append(booking)
    found.bookable.sort(key=lambda b: (b.completed, b.row))
    return found


class _Issued:
    """The issuances of each Party, to be asked which of them made a serial."""

    def __init__(self, issuances: Iterable[Booking]) -> None:
        self.rows: Mapping[str, list[Booking]] = defaultdict(list)
        for issuance in issuances:
            self.rows[issuance.party].append(issuance)
        self.begins = {party: [i.lo for i in rows] for party, rows in self.rows.items()}

    def fault(self, booking: Booking) -> str:
        """Why a cancellation cannot be one of units that these issuances made; empty if it can."""
        if booking.unit_type is None:
            return (f"{booking.quantity} units of type {booking.unit}, which the CDM registry does "
                    "not issue: a foreign unit, kept apart from CERs")  # fmt: skip
        place = bisect_right(self.begins.get(booking.party, []), booking.lo) - 1
        issuance = self.rows[booking.party][place] if place >= 0 else None
        if issuance is None or not issuance.lo <= booking.lo <= booking.hi <= issuance.hi:
            return "no issuance of the report made all of these units"
        said = (booking.project, booking.unit, booking.period)
        issued = (issuance.project, issuance.unit, issuance.period)
        if said != issued:
            return (f"row {issuance.row} of the issuance report made these units for project "
                    f"{issued[0]} as {issued[1]} of commitment period {issued[2]}")  # fmt: skip
        return ""
