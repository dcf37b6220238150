"""What it costs to read a table grows with the table, and no faster. Counted, not timed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from projects.methodologies.readings import Column, Resolution, template_csv
from tests.projects.methodologies.test_readings import EXPORT, IMPORT, parsed


def year_of(columns: tuple[Column, ...], values: dict[str, str], last: date) -> str:
    return "".join(
        template_csv(
            columns,
            period_first=date(2013, 1, 1),
            period_last=last,
            resolution=Resolution.HOUR,
            values=values,
        )
    )


@contextmanager
def counted_calls() -> Iterator[list[int]]:
    """How many functions are called, in Python and in C: a cost that no neighbour changes."""
    made = [0]

    def called(frame: object, event: str, arg: object) -> None:
        made[0] += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        yield made
    finally:
        sys.setprofile(None)


FOUR = (EXPORT, IMPORT, Column("TEG", "MWh"), Column("FC_diesel", "t"))


def test_a_year_of_hourly_readings_of_four_parameters_costs_four_times_a_quarter() -> None:
    once = {"EG_export": "1.25", "EG_import": "0.01", "TEG": "1.3", "FC_diesel": "0"}
    calls = []
    for last, days in ((date(2013, 3, 31), 90), (date(2013, 12, 31), 365)):
        text = year_of(FOUR, once, last)
        with counted_calls() as made:
            result = parsed(text, columns=FOUR, first=date(2013, 1, 1), last=last)
        calls.append(made[0])
        assert len(result.rows) == 4 * 24 * days
        assert result.problems == ()
        assert result.gaps == ()
    assert calls[1] / calls[0] < 4.1, "the cost grows faster than the table"
