"""The gate: what a sale costs in counts that a busy machine does not change.

Flushes, bytes of WAL, statements and buffers, on a cluster as durable as PostgreSQL is by default.
Times are no test; `manage.py bench registry` reports them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.benchmarks import variants as v
from tests.benchmarks.cluster import Ground, ground, wrong
from tests.benchmarks.drivers import Length, Slice, slice_of, statements_per_call

BY_NAME = {variant.name: variant for variant in v.ALL}


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Ground]:
    """A private cluster with two lots, warm: the first pages of every table and index are there."""
    folder: Path = tmp_path_factory.mktemp("bench")
    with django_db_blocker.unblock(), ground(folder, lots=2) as found:  # type: ignore[attr-defined]
        slice_of(found, BY_NAME[v.SETTLED], 1, Length(calls=40))
        yield found
        assert wrong(found) == []


def measured(place: Ground, name: str, clients: int, calls: int) -> Slice:
    return slice_of(place, BY_NAME[name], clients, Length(calls=calls))


def test_a_sale_is_one_flush_and_at_most_1600_bytes_of_wal(place: Ground) -> None:
    one = measured(place, v.FUNCTION, 1, 3000)
    assert one.sales == 3000
    assert 0.98 <= one.fsyncs_per_sale <= 1.1
    assert 900 <= one.wal_per_sale <= 1600


def test_buyers_of_one_lot_share_a_flush_only_with_early_lock_release(place: Ground) -> None:
    """The second is the control: without it every sale flushes for itself."""
    with slow_disk(place):
        assert measured(place, v.EARLY, 8, 150).fsyncs_per_sale <= 0.5
        assert measured(place, v.FUNCTION, 8, 150).fsyncs_per_sale >= 0.95


@contextmanager
def slow_disk(place: Ground) -> Iterator[None]:
    """Every flush takes 2 ms longer.

    How many buyers meet at a flush depends on how long the disk takes: on a fast one that the rest
    of a test run keeps busy, hardly any. `bench registry` reports the figure of the disk at hand.
    """
    try:
        place.ask("ALTER SYSTEM SET commit_siblings = 0")
        place.ask("ALTER SYSTEM SET commit_delay = 2000")
        place.ask("SELECT pg_reload_conf()")
        yield
    finally:
        place.ask("ALTER SYSTEM RESET commit_delay")
        place.ask("ALTER SYSTEM RESET commit_siblings")
        place.ask("SELECT pg_reload_conf()")


def test_a_batch_of_fifty_is_one_flush_and_fewer_bytes_each(place: Ground) -> None:
    one = measured(place, v.SETTLED, 1, 80)
    assert one.sales == 4000
    assert one.fsyncs_per_sale <= 0.05
    assert one.wal_per_sale <= 1500


@pytest.mark.parametrize(("name", "most"), [(v.VERB, 1), (v.SERVICE, 7), (v.EARLY_SERVICE, 9)])
def test_a_call_from_django_sends_no_more_statements_than_it_needs(
    place: Ground, name: str, most: int
) -> None:
    assert 1 <= statements_per_call(place, BY_NAME[name]) <= most


def test_a_sale_touches_as_many_buffers_after_thousands_as_at_first(place: Ground) -> None:
    first = buffers(place)
    measured(place, v.SETTLED, 1, 60)
    later = buffers(place)
    assert first <= 260, first
    assert later <= first + 30, (first, later)


def buffers(place: Ground) -> int:
    """Of one sale, in a session that has made some before: the least of five."""
    call = "SELECT registry_cancel(%s, 1, 1, %s, %s, NULL, cdm_now())"
    counts = []
    for _ in range(5):
        key = str(uuid.uuid4())
        ((plan,),) = place.ask(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + call, place.lots[1], key, key
        )
        top = plan[0]["Plan"]
        counts.append(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
    return min(counts)
