"""`kill -9` of the worker in mid-work: exactly one issuance, one cancellation, one certificate.

No failpoint is built into the product. A second connection holds a lock on which the worker must
wait at a known point of its transaction; there it is killed, the lock is given back, and a new
worker takes what waits.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg2
import pytest
from django.db import connection

from cdm_portal import clock
from cdm_portal.demonstration.portfolio import Until
from offsets.models import Certificate, Offer
from registry import actions as registry_actions
from registry.models import Cancellation, InstructionLine, Issuance, Posting
from tests import factories, workers
from tests.cast import Cast

pytestmark = [pytest.mark.usefixtures("transactional_db", "books_balance")]
KEY = UUID("01900000-0000-7000-8000-00000000000a")
PATIENCE = 40.0


@contextmanager
def blocked(table: str) -> Iterator[Callable[[], bool]]:
    """Hold a table; the yielded question answers whether somebody waits for it."""
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    holder = psycopg2.connect(**parameters)
    try:
        with holder.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{table}" IN ACCESS EXCLUSIVE MODE')
        yield lambda: waits_for(table)
    finally:
        holder.rollback()
        holder.close()


def waits_for(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table]
        )
        return bool(cursor.fetchone()[0])


def until(question: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not question():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.02)


@dataclass
class Scene:
    """The database, the broker and the folder of one test."""

    database: str
    broker: str
    folder: Path

    def kill_while_waiting(self, task: str, table: str) -> None:
        """Let the worker run into the held table and kill it with all its children."""
        log = self.folder / "killed.log"
        with workers.worker(self.broker, self.database, log) as child, blocked(table) as waiting:
            workers.bell(self.broker)(task)
            until(waiting, f"the worker waits for {table}")
            child.signal_group(signal.SIGKILL)

    def finish(self, task: str, done: Callable[[], bool]) -> None:
        """A new worker, rung twice: the message that the dead one left may come again besides."""
        with workers.worker(self.broker, self.database, self.folder / "second.log"):
            for _ in range(2):
                workers.bell(self.broker)(task)
            until(done, "the work is done")
            time.sleep(1.0)


@pytest.fixture
def scene(ledger_db: str, tmp_path: Path) -> Iterator[Scene]:
    with workers.broker(tmp_path) as address:
        yield Scene(ledger_db, address, tmp_path)


@pytest.mark.parametrize(
    "table", ["registry_issuance", "registry_posting", "journal_entry"],
    ids=["before-the-issuance", "between-block-and-posting", "before-the-journal"],
)
def test_a_worker_killed_during_issuance_issues_exactly_once(
    table: str, cast: Cast, scene: Scene
) -> None:
    task = "projects.board.tasks.issue_instructed"
    now = clock.now()
    walk = factories.walk(cast, Until.INSTRUCTED, now)
    walk.pay(now)
    for line in InstructionLine.objects.all():
        registry_actions.release_instruction(actor=cast.registry, at=now, line_id=line.pk)

    scene.kill_while_waiting(task, table)
    assert Issuance.objects.count() == 0

    def issued() -> bool:
        walk.period.refresh_from_db()
        return walk.period.issued_tonnes is not None

    scene.finish(task, issued)
    assert Issuance.objects.count() == 1
    assert walk.period.issued_tonnes == walk.period.certified_tonnes
    assert Issuance.objects.get().serial.quantity == walk.period.certified_tonnes
    assert Posting.objects.count() == 2  # the pending account and the share of proceeds


@pytest.mark.parametrize(
    "table", ["registry_cancellation", "registry_posting", "offsets_certificate"],
    ids=["before-the-cancellation", "between-cancellation-and-posting", "before-the-certificate"],
)
def test_a_worker_killed_during_fulfilment_cancels_exactly_once(
    table: str, cast: Cast, scene: Scene
) -> None:
    task = "offsets.tasks.fulfil_paid"
    now: datetime = clock.now()
    factories.walk(cast, Until.OFFERED, now)
    order = factories.order(Offer.objects.get(), 7, KEY, now)
    factories.pay(order, now)

    scene.kill_while_waiting(task, table)
    assert Cancellation.objects.count() == 0
    assert Certificate.objects.count() == 0

    def fulfilled() -> bool:
        order.refresh_from_db()
        return order.state == "fulfilled"

    scene.finish(task, fulfilled)
    assert [c.quantity for c in Cancellation.objects.filter(kind="c")] == [7]
    assert Certificate.objects.count() == 1
