"""Windows of whole days to 24:00 UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from projects.board import windows


def test_day_one_is_the_day_after_publication_and_day_28_ends_at_midnight() -> None:
    published = datetime(2026, 11, 4, 15, 30, tzinfo=UTC)
    closes = windows.closes_at(published, 28)
    assert closes == datetime(2026, 12, 3, tzinfo=UTC)
    assert windows.last_day(closes) == date(2026, 12, 2)
    assert windows.day_number(published, datetime(2026, 11, 23, 9, tzinfo=UTC)) == 19


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_the_hour_of_publication_does_not_matter(hour: int) -> None:
    published = datetime(2026, 11, 4, hour, 59, tzinfo=UTC)
    assert windows.closes_at(published, 28) == datetime(2026, 12, 3, tzinfo=UTC)


def test_days_are_counted_in_utc_wherever_the_moment_was_written() -> None:
    late = datetime(2026, 11, 4, 23, 30, tzinfo=timezone(timedelta(hours=-3)))  # 5 November in UTC
    assert windows.last_day(windows.closes_at(late, 28)) == date(2026, 12, 3)


def test_a_window_passes_over_a_leap_day() -> None:
    published = datetime(2024, 2, 1, 9, tzinfo=UTC)
    assert windows.last_day(windows.closes_at(published, 28)) == date(2024, 2, 29)
