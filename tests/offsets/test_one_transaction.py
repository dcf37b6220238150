"""Fulfilment is one transaction: a failure of the database at any step leaves nothing behind.

Nothing is mocked: another connection holds a table on which fulfilment must wait, until the lock
timeout of the database ends the statement; everything before it was already written.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import psycopg2
import pytest
from django.db import OperationalError, connection
from django.test import Client

from offsets import actions, queries
from offsets.models import Certificate, Order
from registry.models import Cancellation
from tests.offsets.conftest import Shop

pytestmark = pytest.mark.usefixtures("ledger_db", "books_balance", "money_balances")
Nothing = Callable[[], contextlib.AbstractContextManager[None]]

STEPS = {
    "registry_cancellation": "before the cancellation",
    "registry_posting": "between cancellation and posting",
    "offsets_moneyentry": "between the line and the money",
    "offsets_certificate": "between the money and the certificate",
    "journal_entry": "before the journal",
}
"""Tables that fulfilment writes, each held from before its first row."""


@contextlib.contextmanager
def write_locked(table: str) -> Iterator[None]:
    """Nobody else writes to a table meanwhile; who tries gives up soon. Reading goes on."""
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    holder = psycopg2.connect(**parameters)
    try:
        with holder.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{table}" IN EXCLUSIVE MODE')
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        yield
    finally:
        holder.rollback()
        holder.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


@pytest.mark.parametrize("table", STEPS, ids=[step.replace(" ", "-") for step in STEPS.values()])
def test_a_failure_between_two_steps_leaves_nothing_and_the_next_try_does_all(
    shop: Shop, nothing_written: Nothing, table: str
) -> None:
    order = shop.press(shop.pending(shop.offer(100), 17), "pay")
    with nothing_written(), write_locked(table), pytest.raises(OperationalError, match="timeout"):
        actions.fulfil(at=shop.at, order_id=order.pk)
    assert queries.order(order.pk).state == Order.State.PAID
    actions.fulfil(at=shop.at, order_id=order.pk)
    assert queries.order(order.pk).state == Order.State.FULFILLED
    assert (Certificate.objects.count(), Cancellation.objects.count()) == (1, 1)


def test_who_waits_too_long_for_others_is_asked_to_try_again(
    shop: Shop, nothing_written: Nothing
) -> None:
    offer = shop.offer(100)
    sent = {"offer": offer.pk, "quantity": 3, "price_version": offer.price_version}
    with nothing_written(), write_locked("offsets_order"):
        answer = Client(raise_request_exception=False).post("/orders/new/", sent)
    assert answer.status_code == 503
    assert "Try again in a moment" in answer.content.decode()
