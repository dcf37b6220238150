"""The whole way of a year of minutes, from the file sent to the claim: `test --full` alone.

`manage.py bench readings` prints the same beside ten years, on a durable cluster of its own.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cdm_portal.runtime.testing import address
from tests.benchmarks import whole_way
from tests.benchmarks.readings import DAYS_OF_A_YEAR, MOST_MB, WITHIN_SECONDS
from tests.cast import Cast


def test_a_year_of_minutes_is_imported_checked_and_computed(
    ledger_db: str, cast: Cast, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """On a loaded machine only the seconds of the processor can be held to the limit."""
    if not request.config.getoption("--full"):
        pytest.skip("a measurement: test --full")
    there = address(os.environ["DATABASE_URL"], database=ledger_db)
    way = whole_way.sent(cast, tmp_path, years=1, ending="csv")
    row = whole_way.measured(way, there)
    for line in whole_way.table([row]):
        print(line)
    print(row)
    assert row["values"] == len(whole_way.GIVEN) * DAYS_OF_A_YEAR * 1_440
    assert float(str(row["processor"])) < WITHIN_SECONDS
    assert int(str(row["peak_mb"])) < MOST_MB
    assert len(row["progress"]) > 3  # type: ignore[arg-type] # a list of per cents
