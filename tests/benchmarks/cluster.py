"""A cluster of the harness's own: durable as PostgreSQL is by default, migrated, with lots to sell.

Nothing in it trades safety for speed. What is set beside the defaults only keeps a slice's
neighbours out of it: no checkpoint and no vacuum begins by itself (the harness does both between).
"""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2
from django.core.management import call_command
from django.db import connection, connections
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, parse_dsn

from cdm_portal import jobs
from cdm_portal.runtime.postgres import Cluster
from cdm_portal.runtime.testing import private_cluster
from registry import actions, invariants, queries
from tests.registry.ledger import PROJECT, SELLER, Ledger

AT = datetime(2024, 3, 4, 9, tzinfo=UTC)
LOT = 1_000_000_000
"""Units in a lot that is sold from: it never ends within a run."""
SPREAD = 64
QUIET = (
    "autovacuum = off", "checkpoint_timeout = '1h'", "min_wal_size = '4GB'",
    "max_wal_size = '8GB'", "log_min_duration_statement = -1",
)  # fmt: skip


@dataclass
class Ground:
    """Where a run happens: the cluster, an administrator's connection, and the lots."""

    cluster: Cluster
    admin: Any
    lots: list[int]

    def ask(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run one statement as the administrator and answer its rows."""
        with self.admin.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return list(cursor.fetchall()) if cursor.description else []

    @property
    def hot(self) -> int:
        """The lot that everybody buys from."""
        return self.lots[0]


@contextlib.contextmanager
def ground(folder: Path, lots: int = SPREAD) -> Iterator[Ground]:
    """Start, migrate and stock a private cluster; stopped and deleted at the end."""
    with migrated(folder) as cluster:
        for setting in QUIET:
            cluster.run_sql("-c", f"ALTER SYSTEM SET {setting}")
        cluster.run_sql("-c", "SELECT pg_reload_conf()")
        cluster.run_sql("-f", Path(__file__).with_name("bench.sql"), database="cdm")
        stocked = stock(lots)
        connections.close_all()
        admin = psycopg2.connect(cluster.url("cdm_admin"))
        admin.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        try:
            yield Ground(cluster, admin, stocked)
        finally:
            admin.close()


@contextlib.contextmanager
def migrated(folder: Path) -> Iterator[Cluster]:
    """A private cluster with the portal's tables, to which the default connection leads."""
    with private_cluster(folder) as cluster:
        jobs.listeners.clear()  # nobody works for this database
        with connected_to(cluster.url("cdm_owner")):
            call_command("migrate", verbosity=0, interactive=False)
            yield cluster


@contextlib.contextmanager
def connected_to(url: str) -> Iterator[None]:
    """Django's default connection leads there meanwhile."""
    given = parse_dsn(url)
    there = {
        "NAME": given["dbname"], "USER": given["user"], "HOST": given["host"],
        "PORT": given.get("port", ""), "PASSWORD": given.get("password", ""),
    }  # fmt: skip
    settings = connections.settings["default"]
    before = {name: settings[name] for name in there}
    named = os.environ.get("DATABASE_URL")
    connections.close_all()
    settings.update(there)
    connection.settings_dict.update(there)
    try:
        yield
    finally:
        connections.close_all()
        settings.update(before)
        connection.settings_dict.update(before)
        if named is not None:
            os.environ["DATABASE_URL"] = named


def stock(count: int) -> list[int]:
    """So many lots of LOT units each, issued, forwarded and put on offer through the verbs."""
    ledger = Ledger(AT)
    account = ledger.account().pk
    ids = []
    for _ in range(count):
        ledger.issued(LOT, 0)
        ledger.forwarded(LOT)
        (lot,) = actions.earmark(
            actor=SELLER, at=AT, account_id=account, project_number=PROJECT, quantity=LOT,
            commitment_period=2, key=uuid.uuid4(),
        )  # fmt: skip
        ids.append(lot.pk)
    assert queries.issued_total() == count * LOT
    return ids


COUNTERS = (
    ("bare: what the counters took is what was sold", """
        SELECT sum(taken) AS taken FROM bench_counter
        HAVING sum(taken) <> (SELECT coalesce(sum(quantity), 0) FROM bench_sale)"""),
    ("orm: the cursor is the sum of the sales", """
        SELECT next_serial FROM bench_lot WHERE next_serial - 1 <>
          (SELECT coalesce(sum(e - s + 1), 0) FROM bench_cancellation)"""),
)  # fmt: skip


def wrong(place: Ground) -> list[str]:
    """What does not hold of the books now: every invariant of the ledger, and the references'."""
    found = [str(problem) for problem in invariants.problems()]
    connections.close_all()  # its processor time belongs to no slice
    return found + [title for title, query in COUNTERS if place.ask(query)]
