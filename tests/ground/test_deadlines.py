"""Deadlines of whole days to 24:00 UTC, against a table made by hand with a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cdm_portal import deadlines

TICK = timedelta(microseconds=1)

# Opened at, days, last day. Made by counting in a calendar, not by the code under test.
TABLE = [
    # the hour of opening does not matter: day 1 is the day after
    ("2026-11-04T00:00:00+00:00", 28, "2026-12-02"),
    ("2026-11-04T15:30:00+00:00", 28, "2026-12-02"),
    ("2026-11-04T23:59:59.999999+00:00", 28, "2026-12-02"),
    ("2026-11-05T00:00:00+00:00", 28, "2026-12-03"),
    # 7 days: the completeness check
    ("2023-02-20T09:00:00+00:00", 7, "2023-02-27"),
    ("2023-02-21T09:00:00+00:00", 7, "2023-02-28"),
    ("2023-02-22T09:00:00+00:00", 7, "2023-03-01"),
    ("2024-02-22T09:00:00+00:00", 7, "2024-02-29"),
    ("2024-02-23T09:00:00+00:00", 7, "2024-03-01"),
    ("2024-02-29T09:00:00+00:00", 7, "2024-03-07"),
    ("2013-12-25T09:00:00+00:00", 7, "2014-01-01"),
    ("2013-12-31T23:59:59+00:00", 7, "2014-01-07"),
    # 14 days
    ("2024-02-15T12:00:00+00:00", 14, "2024-02-29"),
    ("2023-02-15T12:00:00+00:00", 14, "2023-03-01"),
    ("2019-12-18T12:00:00+00:00", 14, "2020-01-01"),
    ("2020-02-29T00:00:00+00:00", 14, "2020-03-14"),
    # 23 days: the information and reporting check
    ("2024-02-06T08:00:00+00:00", 23, "2024-02-29"),
    ("2024-02-07T08:00:00+00:00", 23, "2024-03-01"),
    ("2025-02-06T08:00:00+00:00", 23, "2025-03-01"),
    ("2012-12-08T08:00:00+00:00", 23, "2012-12-31"),
    ("2012-12-09T08:00:00+00:00", 23, "2013-01-01"),
    # 28 days: the review window
    ("2024-02-01T09:00:00+00:00", 28, "2024-02-29"),
    ("2024-02-02T09:00:00+00:00", 28, "2024-03-01"),
    ("2023-02-01T09:00:00+00:00", 28, "2023-03-01"),
    ("2023-01-31T09:00:00+00:00", 28, "2023-02-28"),
    ("2020-12-04T09:00:00+00:00", 28, "2021-01-01"),
    ("2013-10-21T15:00:00+00:00", 28, "2013-11-18"),
    # 30 days: public comments
    ("2024-01-30T18:00:00+00:00", 30, "2024-02-29"),
    ("2023-01-30T18:00:00+00:00", 30, "2023-03-01"),
    ("2024-02-29T18:00:00+00:00", 30, "2024-03-30"),
    ("2026-12-02T18:00:00+00:00", 30, "2027-01-01"),
    # no leap day in 2100, one in 2000
    ("2100-02-15T09:00:00+00:00", 14, "2100-03-01"),
    ("2000-02-15T09:00:00+00:00", 14, "2000-02-29"),
    # days are those of UTC, wherever the moment was written
    ("2026-11-04T23:30:00-03:00", 28, "2026-12-03"),
    ("2026-11-05T01:30:00+03:00", 28, "2026-12-02"),
    ("2024-02-29T23:00:00-05:00", 7, "2024-03-08"),
    ("2024-03-01T05:29:59+05:30", 7, "2024-03-07"),
    ("2025-12-31T20:00:00-04:00", 30, "2026-01-31"),
    ("2026-01-01T13:00:00+14:00", 30, "2026-01-30"),
    # no days at all: to the end of the day itself
    ("2026-11-04T15:30:00+00:00", 0, "2026-11-04"),
]


def test_forty_windows_end_at_the_last_moment_of_their_last_day() -> None:
    assert len(TABLE) == 40
    for opened, days, last in TABLE:
        due = deadlines.due_at(datetime.fromisoformat(opened), days)
        said = date.fromisoformat(last)
        assert due == datetime(said.year, said.month, said.day, tzinfo=UTC) + timedelta(days=1)
        assert deadlines.last_day(due) == said, (opened, days)
        assert deadlines.in_time(due - TICK, due), (opened, days)
        assert not deadlines.in_time(due, due), (opened, days)
        assert deadlines.day_number(datetime.fromisoformat(opened), due - TICK) == days


def test_the_edge_is_the_same_moment_in_every_time_zone() -> None:
    due = deadlines.due_at(datetime.fromisoformat("2024-02-01T09:00:00+00:00"), 28)
    assert deadlines.in_time(datetime.fromisoformat("2024-02-29T18:59:59.999999-05:00"), due)
    assert not deadlines.in_time(datetime.fromisoformat("2024-02-29T19:00:00-05:00"), due)
    assert not deadlines.in_time(datetime.fromisoformat("2024-03-01T14:00:00+14:00"), due)
    assert deadlines.last_day(datetime.fromisoformat("2024-02-29T19:00:00-05:00")) == date(
        2024, 2, 29
    )


def test_a_moment_without_a_time_zone_and_negative_days_are_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        deadlines.due_at(datetime.fromisoformat("2024-02-01T09:00:00"), 28)
    with pytest.raises(ValueError, match="-1 days"):
        deadlines.due_at(datetime.fromisoformat("2024-02-01T09:00:00+00:00"), -1)
