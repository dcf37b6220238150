"""What an import has to book: the two reports, whole and checked, less what the ledger has."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from registry.errors import SerialsTaken, UnknownParty
from registry.importing import queries
from registry.importing.checking import BrokenChain, against_issuances, in_serial_order
from registry.importing.remarks import Kind, Remark
from registry.importing.reports import Booking, Report

Request = tuple[str, str, int, int]
"""Party, project number, units and commitment period of a row of the list of requests."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Rows to be booked, in the order in which they are; and rows that cannot be."""

    issuances: list[Booking]
    cancellations: list[Booking]
    refused: list[Remark]


def plan(issuances: Report, cancellations: Report) -> Plan:
    """Check both reports, whole, before anything is booked.

    Raises BrokenChain, UnknownParty, SerialsTaken.
    """
    ordered = in_serial_order(issuances)
    _parties(issuances, ordered)
    known = queries.hashes()
    new = [booking for booking in ordered if booking.sha256 not in known]
    _goes_on(issuances, new)
    checked = against_issuances(cancellations, ordered)
    return Plan(new, queries.not_cancelled(checked.bookable), checked.refused)


def _parties(report: Report, ordered: list[Booking]) -> None:
    codes = {booking.party for booking in ordered}
    if strange := sorted(codes - queries.parties()):
        row = next(b.row for b in report.bookings if b.party == strange[0])
        raise UnknownParty(f"{report.name}, row {row}: the registry does not know the Party "
                           f"{strange[0]}.")  # fmt: skip
    if own := queries.parties_of_their_own(codes):
        raise SerialsTaken(
            f"{', '.join(own)}: this registry has issuances of its own there, so their serials are "
            "taken. Import into a registry without them (`up --no-demo`, or another data folder)."
        )


def _goes_on(report: Report, new: list[Booking]) -> None:
    """What is new of a Party must begin where the ledger stands."""
    nexts = queries.next_serials()
    for booking in new:
        if booking.lo != nexts[booking.party]:
            raise BrokenChain(
                f"{report.name}, row {booking.row}: serial {booking.lo} of {booking.party} was "
                f"imported before with other content; the next is {nexts[booking.party]}."
            )
        nexts[booking.party] = booking.hi + 1


def without_request(report: Report, requests: Iterable[Request]) -> list[Remark]:
    """Issuances that the list of requests does not have: the report is the ledger."""
    listed = Counter(requests)
    found = []
    for booking in report.bookings:
        said = (booking.party, booking.project, booking.quantity, booking.period)
        listed[said] -= 1
        if listed[said] < 0:
            found.append(
                Remark(report.name, booking.row, Kind.NOTED, "the list of requests for issuance "
                       "has no such row; booked all the same", "Project number", booking.project)
            )  # fmt: skip
    return found
