"""Deadlines in whole calendar days: counted from the day after, to 24:00 UTC of the last day. Pure.

The convention is this portal's own reading (domain, 3: "deadline = 24:00 UTC of the last day"). The
moment that closes a window is the first that is too late: a microsecond before it is in time.
"""

from datetime import UTC, date, datetime, time, timedelta


def due_at(opened_at: datetime, days: int) -> datetime:
    """24:00 UTC of the last of so many calendar days: the first moment that is too late.

    Raises ValueError for a negative number of days and for a moment without a time zone.
    """
    if days < 0:
        raise ValueError(f"{days} days cannot be a deadline")
    last = _utc(opened_at).date() + timedelta(days=days)
    return datetime.combine(last + timedelta(days=1), time.min, tzinfo=UTC)


def in_time(at: datetime, due: datetime) -> bool:
    """Whether a moment is before the edge; the edge itself is late."""
    return _utc(at) < _utc(due)


def last_day(due: datetime) -> date:
    """The day at whose end a window closes."""
    return (_utc(due) - timedelta(microseconds=1)).date()


def last_moment(due: datetime) -> datetime:
    """The last second in time, for a list that shows days: it belongs to the last day."""
    return _utc(due) - timedelta(seconds=1)


def day_number(opened_at: datetime, at: datetime) -> int:
    """Which day of the window it is: 0 on the day of opening, 1 on the day after."""
    return (_utc(at).date() - _utc(opened_at).date()).days


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} says no time zone")
    return moment.astimezone(UTC)
