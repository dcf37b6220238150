"""The same races with a wall taken down: each must then fail, or the tests above prove nothing.

Every control changes the functions or keys of a database of its own. With the first wall down the
second one still refuses (no unit is doubled, but the refusal is no clean one); with both down the
books are wrong, and the checks say so.
"""

from __future__ import annotations

import uuid

import pytest
from django.db import DatabaseError, transaction

from registry import actions, errors, invariants, queries
from registry.models import Cancellation
from tests.registry import crowd
from tests.registry.ledger import SELLER, Ledger, at_once, sql
from tests.registry.test_race_blocks import by_offer, by_sale

pytestmark = pytest.mark.usefixtures("ledger_db")

NAIVE_CURSOR = """
UPDATE registry_lot SET next_serial = next_serial + p_quantity
    WHERE id = p_lot AND p_quantity > 0 AND next_serial + p_quantity <= hi + 1"""


def without_cursor() -> None:
    """registry_cancel as a shop would write it: read the cursor, think, write the cursor."""
    ((text,),) = sql("SELECT pg_get_functiondef('registry_cancel'::regproc)")
    assert NAIVE_CURSOR.strip() in text
    seen = (
        "SELECT next_serial + p_quantity INTO v_held FROM registry_lot WHERE id = p_lot;"
        " PERFORM pg_sleep(0.2);"
    )
    naive = f"{seen}\n  UPDATE registry_lot SET next_serial = v_held WHERE id = p_lot"
    sql(text.replace(NAIVE_CURSOR.strip(), naive))
    sql("DROP TRIGGER cursor_forward ON registry_lot")


def test_without_the_cursor_the_chain_refuses_the_second_sale(ledger: Ledger) -> None:
    """First wall down: one of the two meets the key of the chain, which is no clean refusal."""
    take = by_sale(ledger)
    without_cursor()
    results = at_once(2, take)
    assert crowd.said_by_the_database(results) & {"23505", "23503"}, results
    assert len(crowd.unclean(results)) == 1
    assert Cancellation.objects.count() == 1


def test_without_cursor_and_chain_units_are_sold_twice_and_it_is_seen(ledger: Ledger) -> None:
    take = by_sale(ledger)
    without_cursor()
    sql(
        "ALTER TABLE registry_cancellation DROP CONSTRAINT registry_cancellation_s,"
        " DROP CONSTRAINT registry_cancellation_chain"
    )
    results = at_once(2, take)
    assert crowd.unclean(results) == []
    assert sum(c.quantity for c in Cancellation.objects.all()) == 1300
    with pytest.raises(AssertionError):
        crowd.every_serial_has_one_owner(1000)
    assert invariants.problems() != []


def test_without_the_issuances_lock_who_waited_meets_a_shrunk_block(ledger: Ledger) -> None:
    """Two offers out of one block: each finds it free, and the later one's block is no longer."""
    take = by_offer(ledger)
    sql(
        "CREATE OR REPLACE FUNCTION registry_lock_issuances(p_project text) RETURNS bigint[]"
        " LANGUAGE sql AS 'SELECT array_agg(id) FROM registry_issuance'"
    )
    text = sql("SELECT pg_get_functiondef('registry_take'::regproc)")[0][0]
    slow = text.replace("EXIT WHEN v_left = 0;", "EXIT WHEN v_left = 0; PERFORM pg_sleep(0.2);")
    assert slow != text
    sql(slow)
    results = at_once(2, take)
    assert len(crowd.unclean(results)) == 1, results
    crowd.every_serial_has_one_owner(1000)  # the second wall: carve finds no such block


def test_crosswise_locks_do_deadlock(ledger: Ledger) -> None:
    """Two baskets that take two lots in opposite order, by hand, outside the actions' order."""
    lots = [ledger.lot(300), ledger.lot(300)]

    def buy(number: int) -> None:
        with transaction.atomic():
            for lot in lots[:: 1 if number % 2 else -1]:
                ledger.cancelled(lot, 2)
                sql("SELECT pg_sleep(0.2)")

    before = crowd.deadlocks()
    results = at_once(2, buy)
    assert crowd.said_by_the_database(results) == {"40P01"}, results
    assert crowd.deadlocks() > before
    assert queries.cancelled_total() == 4


def test_without_the_key_one_request_is_booked_many_times(ledger: Ledger) -> None:
    """The unique key, and the look at it, are what make a repeated request one request."""
    ledger.issued(1000, 0)
    account, key = ledger.forwarded(1000).pk, uuid.uuid4()
    sql("ALTER TABLE registry_transaction DROP CONSTRAINT registry_transaction_key_key")
    sql(
        "CREATE OR REPLACE FUNCTION registry_booked(p_key uuid, p_request bytea) RETURNS bigint"
        " LANGUAGE sql AS 'SELECT NULL::bigint'"
    )
    results = at_once(8, lambda _: [lot.pk for lot in actions.earmark(
        actor=SELLER, at=ledger.at, account_id=account, project_number="95001", quantity=30,
        commitment_period=2, key=key,
    )])  # fmt: skip
    assert len({str(result) for result in results}) == 8
    assert not any(isinstance(result, DatabaseError | errors.Refused) for result in results)
