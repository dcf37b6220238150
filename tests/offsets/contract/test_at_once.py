"""One message by many hands at the same moment, and the database gone in the middle of it."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connection, connections, transaction

from offsets import actions, locks
from offsets.models import MoneyEntry
from tests.offsets.contract.harness import Harness
from tests.offsets.contract.standing import cancelled, stands
from tests.offsets.test_races import at_once

pytestmark = pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances")
PATIENCE = 60.0  # seconds
WAITING = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'"""


def test_one_message_by_four_hands_has_one_effect(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    at_once(4, lambda _n: way.deliver(way.raws[-1]))
    assert (stands(attempt), MoneyEntry.objects.count()) == (("paid", "succeeded"), 1)
    at_once(3, lambda _n: actions.fulfil_paid(at=way.at))
    assert (cancelled(), way.kept()) == ([17], 1)


def kill_who_waits() -> None:
    """End the sessions of the database that wait for a lock, as its restart would.

    Asked inside a transaction, who waits is told as it was when first asked, unless forgotten.
    """
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            pids = [pid for (pid,) in cursor.fetchall()]
            if pids:
                cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) pid", [pids])
                return
            assert time.monotonic() < deadline, "nobody waits for the lock"
            time.sleep(0.02)


def test_the_database_ends_in_the_middle_and_the_message_comes_again(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    ended: list[Any] = []

    def deliver() -> None:
        try:
            way.deliver(way.raws[-1])
        except Exception as error:
            ended.append(error)
        finally:
            connections.close_all()

    with transaction.atomic():
        locks.attempt(attempt.uuid)  # whoever books has to wait here
        thread = threading.Thread(target=deliver)
        thread.start()
        kill_who_waits()
        thread.join(timeout=60)
    assert len(ended) == 1 and MoneyEntry.objects.count() == 0
    assert stands(attempt) == ("payment_pending", "pending")
    way.deliver(way.raws[-1])
    assert (stands(attempt), MoneyEntry.objects.count()) == (("paid", "succeeded"), 1)
