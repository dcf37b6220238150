"""Cancelling what was paid: whole, once, and never undone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from cdm_portal.journal import queries as journal_queries
from offsets import actions, errors, queries
from offsets.certificates import facts
from offsets.models import Certificate, MoneyEntry, Order
from registry import actions as registry_actions
from registry import queries as registry_queries
from registry.models import Cancellation
from tests.offsets.conftest import Shop

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
Nothing = Callable[[], AbstractContextManager[None]]


def test_a_paid_order_is_cancelled_certified_and_journalled(shop: Shop) -> None:
    offer = shop.offer(100)
    order = shop.press(shop.pending(offer, 17), "pay")
    assert actions.fulfil_paid(at=shop.at) == 1
    order = queries.order(order.pk)
    assert (order.state, order.fulfilled_at) == (Order.State.FULFILLED, shop.at)
    certificate = order.certificate
    assert (certificate.tonnes, certificate.sandbox) == (17, True)
    assert certificate.number == f"VC-2024-{certificate.number[-7:]}"
    [line] = facts.lines(certificate)
    [part] = line.parts
    assert str(part.serial) == "KE-5-1-17-2-2-0-99204"
    assert registry_queries.cancelled_total() == 17 == queries.cancelled_total()
    earned = MoneyEntry.objects.get(credit="participant")
    assert (earned.amount, earned.participant_id) == (Decimal("81.60"), offer.seller_id)
    verbs = {entry.verb for entry in journal_queries.of(order)}
    assert verbs >= {"offsets.start_order", "offsets.begin_payment", "offsets.confirm_payment",
                     "offsets.fulfil"}
    assert "Amina" not in str([entry.facts for entry in journal_queries.of(order)])


def test_fulfilling_again_answers_the_same_certificate(
    shop: Shop, nothing_written: Nothing
) -> None:
    certificate = shop.buy(shop.offer(100), 17)
    with nothing_written():
        assert actions.fulfil(at=shop.at, order_id=certificate.order_id) == certificate
        assert actions.fulfil_paid(at=shop.at) == 0


@pytest.mark.parametrize("state", ["checkout", "payment_pending", "failed"])
def test_what_is_not_paid_is_not_cancelled(
    shop: Shop, nothing_written: Nothing, state: str
) -> None:
    offer = shop.offer(100)
    order = shop.order(offer, 1)
    if state != "checkout":
        attempt = shop.pending(offer, 1)
        order = shop.press(attempt, "decline" if state == "failed" else "later")
    assert order.state == state
    with nothing_written(), pytest.raises(errors.OrderNotOpen):
        actions.fulfil(at=shop.at, order_id=order.pk)


def test_a_refusal_of_the_registry_leaves_nothing_and_the_money_is_due_back(shop: Shop) -> None:
    offer = shop.offer(100)
    order = shop.press(shop.pending(offer, 17), "pay")
    registry_actions.freeze(
        actor=shop.cast.registry, at=shop.at, reason="A test", account_id=shop.account.pk
    )
    assert actions.fulfil_paid(at=shop.at) == 0
    order = queries.order(order.pk)
    assert order.state == Order.State.REFUND_DUE
    assert (Certificate.objects.count(), Cancellation.objects.count()) == (0, 0)
    assert queries.attempt(order.attempts.get().uuid).state == "refund_due"


def test_one_bad_order_does_not_hold_up_the_others(shop: Shop) -> None:
    shop.issue(100)
    first, second = shop.offer(1000), shop.offer(100)
    bad = shop.press(shop.pending(first, 3), "pay")
    good = shop.press(shop.pending(second, 4), "pay")
    block = bad.lines.get().lot.block
    assert block is not None
    registry_actions.freeze(
        actor=shop.cast.registry, at=shop.at, reason="A test", block_id=block.pk
    )
    assert actions.fulfil_paid(at=shop.at) == 1
    assert queries.order(bad.pk).state == Order.State.REFUND_DUE
    assert queries.order(good.pk).state == Order.State.FULFILLED


SQL = {
    "state back": "UPDATE offsets_order SET state = 'checkout' WHERE id = {order}",
    "refund after": "UPDATE offsets_order SET state = 'refund_due' WHERE id = {order}",
    "another name": "UPDATE offsets_order SET beneficiary_name = 'X' WHERE id = {order}",
    "another reason": "UPDATE offsets_order SET reason = 'X' WHERE id = {order}",
    "order gone": "DELETE FROM offsets_order WHERE id = {order}",
    "line smaller": "UPDATE offsets_orderline SET quantity = 1 WHERE order_id = {order}",
    "line let go": "UPDATE offsets_orderline SET cancellation_id = NULL WHERE order_id = {order}",
    "line gone": "DELETE FROM offsets_orderline WHERE order_id = {order}",
    "more tonnes": "UPDATE offsets_certificate SET tonnes = 18 WHERE order_id = {order}",
    "another code": "UPDATE offsets_certificate SET code = '00000000000' WHERE order_id = {order}",
    "certificate gone": "DELETE FROM offsets_certificate WHERE order_id = {order}",
    "orders emptied": "TRUNCATE offsets_order CASCADE",
    "certificates emptied": "TRUNCATE offsets_certificate CASCADE",
}


@pytest.mark.parametrize("change", SQL)
def test_a_fulfilled_order_is_of_record_whoever_writes(shop: Shop, change: str) -> None:
    certificate = shop.buy(shop.offer(100), 17)
    with (
        pytest.raises(DatabaseError, match=r"stays as|of record|never deleted|no way"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(SQL[change].format(order=certificate.order_id))


def test_a_line_cannot_name_anothers_cancellation(shop: Shop) -> None:
    offer = shop.offer(100)
    other = shop.buy(offer, 17).order.lines.get()
    mine = shop.order(offer, 17).lines.get()
    with (
        pytest.raises(DatabaseError, match="another order, lot or quantity"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE offsets_orderline SET cancellation_id = %s WHERE id = %s",
            [other.cancellation_id, mine.pk],
        )


def test_an_order_cannot_be_fulfilled_by_writing_so(shop: Shop) -> None:
    order = shop.press(shop.pending(shop.offer(100), 17), "pay")
    with (
        pytest.raises(DatabaseError, match="its cancellations, its money"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE offsets_order SET state = 'fulfilled', fulfilled_at = cdm_now() WHERE id = %s",
            [order.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
