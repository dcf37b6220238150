"""What a row of the import costs does not grow with the rows before it, whatever the counts of
PostgreSQL said when it began."""

from __future__ import annotations

import os
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection, connections

from cdm_portal.runtime import testing
from tests.importing.books import Files
from tests.importing.test_killed import many

ROWS, MOST = 2000, 300
"""Cancellations, and the most entries of the two tables and their indexes that each may read."""
READ = """
SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables
WHERE relname IN ('registry_lot', 'registry_cancellation')"""


def read() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(READ)
        return int(cursor.fetchone()[0])


def said_to_be_empty(database: str) -> None:
    """As after a batch that was killed: pages are there, and the counts say that no row is."""
    server = psycopg2.connect(
        testing.address(os.environ["DATABASE_URL"], role="cdm_admin", database=database)
    )
    with server, server.cursor() as cursor:
        for name in ("registry_lot", "registry_cancellation"):
            cursor.execute(f"ALTER TABLE {name} SET (autovacuum_enabled = off)")
            cursor.execute(
                "UPDATE pg_class SET relpages = 5, reltuples = 0 WHERE relname = %s", [name]
            )
    server.close()


@pytest.fixture
def files_of_many(files: Files) -> dict[str, Any]:
    return dict(many(files, ROWS))


def test_a_cancellation_reads_no_more_after_many(
    ledger_db: str, files_of_many: dict[str, Any]
) -> None:
    said_to_be_empty(ledger_db)
    connections.close_all()
    before = read()
    call_command("import_unfccc", verbosity=0, **files_of_many)
    each = (read() - before) / ROWS
    print(f"{each:.1f} entries for each cancellation")
    assert each <= MOST
