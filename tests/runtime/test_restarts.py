"""When a dead child comes back: 1, 2, 4 … seconds, and not for ever."""

from __future__ import annotations

from cdm_portal.runtime.restarts import Restarts


def test_each_death_in_a_row_doubles_the_wait() -> None:
    restarts = Restarts()
    waits = [restarts.after_death(started=at, died=at + 1) for at in (0.0, 2.0, 5.0, 10.0)]
    assert waits == [1, 2, 4, 8]


def test_the_fifth_death_within_two_minutes_gives_up() -> None:
    restarts = Restarts()
    for at in (0.0, 10.0, 20.0, 30.0):
        assert restarts.after_death(started=at, died=at + 1) is not None
    assert restarts.after_death(started=40.0, died=119.0) is None


def test_deaths_more_than_two_minutes_apart_never_give_up() -> None:
    restarts = Restarts()
    waits = [restarts.after_death(started=at, died=at + 31) for at in range(0, 400, 40)]
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30, 30, 30]


def test_a_minute_of_life_starts_the_count_again() -> None:
    restarts = Restarts()
    assert restarts.after_death(started=0, died=1) == 1
    assert restarts.after_death(started=2, died=3) == 2
    assert restarts.after_death(started=5, died=65) == 1
