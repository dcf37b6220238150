"""A serial among 10,000 blocks and among millions: as many pages but one, as quick but for noise.

`test --full -s` runs it with 12.5 million blocks and judges the times as well; else 200,000 blocks
are counted and not timed.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.db import connection, connections

from registry.queries.finding import block_upto
from tests.benchmarks.reading import load
from tests.ledger_database import copy_database, drop_database

SMALL = (1_000, 10)
LARGE = {False: (1_000, 200), True: (12_500, 1_000)}
ROUNDS = {False: 200, True: 3_000}
MOST_PAGES, MOST_TIMES = 5, 1.3


class Ledger:
    """A superuser's connection to a copy of the database, filled."""

    def __init__(self, name: str, issuances: int, each: int) -> None:
        parameters = connection.get_connection_params() | {"dbname": name, "user": "cdm_admin"}
        parameters.pop("cursor_factory", None)
        self.connection = psycopg2.connect(**parameters)
        self.connection.autocommit = True
        self.cursor = self.connection.cursor()
        load.fill(self.cursor, issuances=issuances, each=each, lean=True)
        self.cursor.execute("SELECT party_id, max(hi) FROM registry_block GROUP BY 1")
        self.ends: list[tuple[str, int]] = self.cursor.fetchall()

    def look_up(self, dice: random.Random, before: str = "") -> tuple[float, list[Any]]:
        """Seconds for one random unit, and the answer's first column of each row."""
        party, end = dice.choice(self.ends)
        serial = dice.randint(1, end)
        sql, values = block_upto(party, serial).query.sql_with_params()
        began = time.perf_counter()
        self.cursor.execute(before + sql, values)
        rows = self.cursor.fetchall()
        seconds = time.perf_counter() - began
        if not before:
            assert len(rows) == 1
        return seconds, [row[0] for row in rows]

    def pages(self, dice: random.Random) -> int:
        """Pages that a look-up touches, the least of three."""
        found = []
        for _ in range(3):
            _, plan = self.look_up(dice, "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ")
            top = plan[0][0]["Plan"]
            found.append(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
        return min(found)


@pytest.fixture
def both(ledger_db: str, full: bool) -> Iterator[tuple[Ledger, Ledger]]:
    """The small and the large ledger, side by side in one server."""
    names = [copy_database(ledger_db), copy_database(ledger_db)]
    made = [
        Ledger(name, *size) for name, size in zip(names, (SMALL, LARGE[full]), strict=True)
    ]  # fmt: skip
    yield made[0], made[1]
    for one in made:
        one.connection.close()
    connections.close_all()
    for name in names:
        drop_database(name)


def test_a_serial_is_found_as_fast_among_millions(
    both: tuple[Ledger, Ledger], full: bool
) -> None:
    dice = random.Random(20240304)
    counts = [max(one.pages(dice) for _ in range(20)) for one in both]
    assert max(counts) <= MOST_PAGES
    times: tuple[list[float], list[float]] = ([], [])
    for one in both:
        for _ in range(ROUNDS[full] // 2):  # both caches warm
            one.look_up(dice)
    for _ in range(ROUNDS[full]):
        for one, taken in zip(both, times, strict=True):
            taken.append(one.look_up(dice)[0])
    small, large = (statistics.median(taken) for taken in times)
    print(
        f"\n{SMALL[0] * SMALL[1]:,} blocks: {counts[0]} pages, p50 {small * 1e6:.0f} µs; "
        f"{LARGE[full][0] * LARGE[full][1]:,} blocks: {counts[1]} pages, p50 {large * 1e6:.0f} µs; "
        f"×{large / small:.2f}"
    )
    if full:
        assert large <= MOST_TIMES * small
