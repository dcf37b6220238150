"""Windows of whole days, counted from the day after and ending at 24:00 UTC of the last day. Pure.
"""

from datetime import UTC, date, datetime, time, timedelta


def closes_at(opened_at: datetime, days: int) -> datetime:
    """24:00 UTC of the last of so many calendar days: the first moment that is too late."""
    last = opened_at.astimezone(UTC).date() + timedelta(days=days)
    return datetime.combine(last + timedelta(days=1), time.min, tzinfo=UTC)


def last_day(closing: datetime) -> date:
    """The day at whose end a window closes."""
    return (closing.astimezone(UTC) - timedelta(microseconds=1)).date()


def day_number(opened_at: datetime, at: datetime) -> int:
    """Which day of the window it is: 0 on the day of opening, 1 on the day after."""
    return (at.astimezone(UTC).date() - opened_at.astimezone(UTC).date()).days
