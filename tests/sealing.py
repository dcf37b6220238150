"""The signer as tests ask it: until all that is written is sealed.

A row waits for every transaction that began before its own and still runs. On a busy machine one
always may: the server's own ANALYZE of a table that has just grown. The signer comes again after
seconds; a test that asked once would go on with less than it wrote.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from registry.transparency import actions, queries

PATIENCE = 60.0  # seconds: longer than any ANALYZE of a test's tables
WRITTEN = (
    "SELECT greatest((SELECT max(xid) FROM registry_transaction),"
    " (SELECT max(xid) FROM registry_issuance), (SELECT max(xid) FROM registry_cancellation))"
    " >= registry_horizon()"
)
RUNNING = (
    "SELECT pid, backend_type, state, query FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_xid IS NOT NULL"
)


def wait_for_writers(seconds: float = PATIENCE) -> None:
    """Return when no running transaction holds a written row back; fails with those that do."""
    deadline = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while True:
            cursor.execute(WRITTEN)
            if not cursor.fetchone()[0]:
                return
            cursor.execute(RUNNING)
            running = cursor.fetchall()
            assert time.monotonic() < deadline, f"not to be sealed yet, for these run: {running}"
            time.sleep(0.05)


Answer = TypeVar("Answer")


def patiently(ask: Callable[[], Answer], seconds: float = PATIENCE) -> Answer:
    """The first answer that is not empty, where something written is to be sealed.

    A transaction of another database that ends while the horizon is read is in doubt, and counts
    (seal.sql): then nothing is sealed yet, and the signer comes again.
    """
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, "nothing was sealed"
        time.sleep(0.05)
    return answer


def seal(*, at: datetime, key: Ed25519PrivateKey, seconds: float = PATIENCE) -> list[int]:
    """The numbers of the heads the signer made to seal everything written: one, as a rule.

    Fails clearly if something written is still not sealed after so many seconds.
    """
    deadline, numbers = time.monotonic() + seconds, list[int]()
    while True:
        wait_for_writers(seconds)
        numbers += actions.seal(at=at, key=key)
        if not (left := queries.backlog().rows):
            return numbers
        assert time.monotonic() < deadline, f"{left} rows are still not sealed"
