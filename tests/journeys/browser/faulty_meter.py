"""A meter's file as loggers write them, full of faults, and the same file mended by its owner.

Four days of hours. The export is a counter of six digits, the import a plain column.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

HOURS = 96
HEAD = "timestamp;EG_export [kWh] (counter);EG_import [kWh]"
CHANGE = 26  # the hour of standard time from which the logger has left summer time
ROLLS_IN = 59  # the counter passes 999,999 in this hour
LOST, FOUND_AGAIN = (80, 81), 80
WRITTEN = {
    40: "1,5", 45: "0.0015 MWh", 50: "99999999", 52: "-3", 55: "no reading",
}
"""Cells of the import that are no plain number of kilowatt-hours, by the hour."""


def _state(hour: int) -> int:
    """The counter at the beginning of an hour: 5,000 kWh in each."""
    return (702_000 + 5_000 * hour) % 1_000_000


def _row(first: date, label: int, hour: int, used: str) -> str:
    moment = datetime.combine(first, datetime.min.time()) + timedelta(hours=label)
    return f"{moment:%Y-%m-%dT%H:%M};{_state(hour)};{used}"


def faulty(first: date) -> bytes:
    """In summer time up to the change, two units, a comma, impossible values, a double, a gap."""
    rows = [
        _row(first, hour + (hour < CHANGE), hour, WRITTEN.get(hour, "1.5"))
        for hour in range(HOURS) if hour not in LOST
    ]
    again = _row(first, 70, 70, "9")
    return "\n".join([HEAD, *rows, again, f"{_row(first, HOURS, HOURS, '')}\n"]).encode()


def mended(first: date) -> bytes:
    """Standard time, one unit, one of the lost hours found again; the counter rolled over."""
    rows = [
        _row(first, hour, hour, "2.5" if hour in WRITTEN else "1.5")
        for hour in range(HOURS) if hour not in LOST or hour == FOUND_AGAIN
    ]
    return "\n".join([HEAD, *rows, f"{_row(first, HOURS, HOURS, '')}\n"]).encode()
