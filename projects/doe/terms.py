"""Terms in calendar months and years, counted from a day."""

import calendar
from datetime import date, timedelta

YEAR = 12


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    index = day.month - 1 + months
    year, month = day.year + index // YEAR, index % YEAR + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_day(first: date, years: int) -> date:
    """The last day of a term of so many years, the first day included."""
    return months_after(first, years * YEAR) - timedelta(days=1)
