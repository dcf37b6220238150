"""When imported tCERs and lCERs expire: the report does not say, so the rule is applied.

A tCER expires at the end of the commitment period after the one for which it was issued, an lCER
at the end of its project's crediting period. Both UNVERIFIED, from general knowledge of decision
5/CMP.1; every such row is in the import's report.
"""

from collections.abc import Mapping
from datetime import date

from cdm_portal import parameters
from registry.importing.remarks import Kind, Remark
from registry.importing.reports import Booking, Report


def expires_on(booking: Booking, crediting_ends: Mapping[str, date]) -> date | None:
    """The last day on which its units are valid; None for CERs, which never expire.

    `crediting_ends` are the last days of the projects' crediting periods, by project number.
    Without one, an lCER is given the day that a tCER of its period has.
    """
    if booking.unit == "CER":
        return None
    if booking.unit == "lCER" and booking.project in crediting_ends:
        return crediting_ends[booking.project]
    name = f"commitment_period_{booking.period + 1}_last_year"
    return date(parameters.number(name, booking.completed.date()), 12, 31)


def expiries(report: Report, crediting_ends: Mapping[str, date]) -> list[Remark]:
    """A remark for every row of units that expire, since the report does not say when."""
    return [
        Remark(report.name, row.row, Kind.CORRECTED, "the report prints no day of expiry; set by "
               "the rule, which is unverified", "Unit Type", row.unit, str(day))
        for row in report.bookings
        if (day := expires_on(row, crediting_ends)) is not None
    ]  # fmt: skip
