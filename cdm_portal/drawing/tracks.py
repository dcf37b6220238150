"""The data of the tracker and of the review window, from plain facts."""

from collections.abc import Collection, Mapping, Sequence
from typing import TypedDict


class StageStep(TypedDict):
    """One of the eight stages as `components/tracker.html` shows it."""

    name: str
    actor: str
    note: str
    state: str


class WindowDay(TypedDict):
    """One day of a window as `components/review_window.html` shows it."""

    number: int
    state: str
    flag: bool
    shown: bool


def stages(
    names: Sequence[str],
    current: int,
    actors: Mapping[int, str] | None = None,
    notes: Mapping[int, str] | None = None,
) -> list[StageStep]:
    """Steps for the tracker; stages count from 1, `current` may be one past the end."""
    return [
        {
            "name": name,
            "actor": (actors or {}).get(number, ""),
            "note": (notes or {}).get(number, ""),
            "state": "done" if number < current else "now" if number == current else "todo",
        }
        for number, name in enumerate(names, 1)
    ]


def window_days(total: int, day: int, flagged: Collection[int] = ()) -> list[WindowDay]:
    """The days of a window of `total`, seen on its `day` (from 1; 0 before, total + 1 after)."""
    return [
        {
            "number": number,
            "state": "past" if number < day else "now" if number == day else "future",
            "flag": number in flagged,
            "shown": number in {1, 7, 14, day, total},
        }
        for number in range(1, total + 1)
    ]
