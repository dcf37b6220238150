"""What a provider says and what it does to an order: forwards only, once, for the exact sum."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from cdm_portal.values import SYSTEM, Money, usd
from offsets import actions, errors, invariants, queries
from offsets.models import MoneyEntry, Order, PaymentAttempt, ProviderEvent, SandboxPayment
from offsets.payments import bank, sandbox, signing, webhooks
from offsets.payments.provider import PaymentState, Status
from offsets.values import GUEST
from registry.models import Cancellation
from tests.offsets.conftest import Shop

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
Nothing = Callable[[], AbstractContextManager[None]]


def message(
    shop: Shop, attempt: PaymentAttempt, button: str = "pay"
) -> tuple[bytes, dict[str, str]]:
    """The sandbox's next signed message, not yet delivered."""
    payment = bank.actions.press(actor=GUEST, at=shop.at, reference=attempt.uuid, button=button)
    return sandbox.message(payment, shop.at)


def test_a_paid_order_waits_for_its_cancellation(shop: Shop) -> None:
    offer = shop.offer(100)
    order = shop.press(shop.pending(offer, 17), "pay")
    assert (order.state, order.paid_at) == (Order.State.PAID, shop.at)
    assert queries.held(offer, shop.at + timedelta(days=30)) == 17, "kept until they are cancelled"
    entry = MoneyEntry.objects.get()
    assert (entry.debit, entry.credit, entry.amount) == ("provider", "buyer", Decimal("81.60"))


def test_a_declined_payment_can_be_tried_again(shop: Shop) -> None:
    attempt = shop.pending(shop.offer(100), 17)
    order = shop.press(attempt, "decline")
    assert (order.state, order.note[:24]) == (Order.State.FAILED, "The payment was declined")
    again = actions.begin_payment(at=shop.at, order_id=order.pk, provider="sandbox")
    assert again.uuid != attempt.uuid
    assert shop.press(again, "pay").state == Order.State.PAID


@pytest.mark.parametrize("button", ["wrong"])
def test_a_wrong_amount_cancels_nothing_and_is_due_back(shop: Shop, button: str) -> None:
    attempt = shop.pending(shop.offer(100), 17)
    order = shop.press(attempt, button)
    attempt = queries.attempt(attempt.uuid)
    assert (order.state, attempt.state) == (Order.State.FAILED, "refund_due")
    assert attempt.received == Decimal("82.60")
    assert "US$82.60 goes back" in order.note
    assert actions.fulfil_paid(at=shop.at) == 0
    assert Cancellation.objects.count() == 0
    again = actions.begin_payment(at=shop.at, order_id=order.pk, provider="sandbox")
    assert shop.press(again, "pay").state == Order.State.PAID


def test_another_currency_is_another_amount(shop: Shop) -> None:
    attempt = shop.pending(shop.offer(100), 17)
    status = Status(PaymentState.PAID, Money(attempt.amount, "INR"))
    actions.apply_status(at=shop.at, reference=attempt.uuid, status=status)
    assert queries.order(attempt.order_id).state == Order.State.FAILED
    assert queries.attempt(attempt.uuid).received_currency == "INR"


def test_paying_later_changes_nothing_yet(shop: Shop) -> None:
    attempt = shop.pending(shop.offer(100), 17)
    assert shop.press(attempt, "later").state == Order.State.PAYMENT_PENDING
    assert ProviderEvent.objects.count() == 0
    assert shop.press(attempt, "pay").state == Order.State.PAID


def test_the_event_sent_twice_has_one_effect(shop: Shop) -> None:
    order = shop.press(shop.pending(shop.offer(100), 17), "twice")
    assert order.state == Order.State.PAID
    assert (ProviderEvent.objects.count(), MoneyEntry.objects.count()) == (1, 1)


@pytest.mark.parametrize("times", [2, 20])
def test_a_repeated_message_is_answered_and_changes_nothing(
    shop: Shop, nothing_written: Nothing, times: int
) -> None:
    raw, headers = message(shop, shop.pending(shop.offer(100), 17))
    assert webhooks.receive("sandbox", raw, headers, shop.at) is True
    with nothing_written():
        for _ in range(times):
            assert webhooks.receive("sandbox", raw, headers, shop.at) is False


TAMPERS: dict[str, Callable[[bytes, str, datetime], tuple[bytes, str]]] = {
    "no signature": lambda raw, head, at: (raw, ""),
    "half a signature": lambda raw, head, at: (raw, head[:-1]),
    "no time": lambda raw, head, at: (raw, head.split(",")[1]),
    "another time": lambda raw, head, at: (raw, head.replace("t=1", "t=2", 1)),
    "a word for a time": lambda raw, head, at: (raw, "t=now," + head.split(",")[1]),
    "a letter changed": lambda raw, head, at: (raw.replace(b"paid", b"Paid"), head),
    "a space added": lambda raw, head, at: (raw + b" ", head),
    "another payment": lambda raw, head, at: (
        json.dumps({**json.loads(raw), "payment": str(uuid4())}).encode(), head),
    "another secret": lambda raw, head, at: (raw, signing.sign(raw, "guessed", at)),
    "too old": lambda raw, head, at: (
        raw, signing.sign(raw, settings.SANDBOX_SECRET, at - timedelta(seconds=301))),
    "from the future": lambda raw, head, at: (
        raw, signing.sign(raw, settings.SANDBOX_SECRET, at + timedelta(seconds=301))),
    "not JSON": lambda raw, head, at: (
        b"paid!", signing.sign(b"paid!", settings.SANDBOX_SECRET, at)),
    "JSON of another shape": lambda raw, head, at: (
        b"[1]", signing.sign(b"[1]", settings.SANDBOX_SECRET, at)),
    "not text": lambda raw, head, at: (
        b"\xff", signing.sign(b"\xff", settings.SANDBOX_SECRET, at)),
}


@pytest.mark.parametrize("tamper", TAMPERS)
def test_a_forged_or_altered_message_is_refused(
    shop: Shop, nothing_written: Nothing, tamper: str
) -> None:
    raw, headers = message(shop, shop.pending(shop.offer(100), 17))
    forged, header = TAMPERS[tamper](raw, headers[sandbox.SIGNATURE], shop.at)
    with nothing_written(), pytest.raises(errors.BadEvent) as refused:
        webhooks.receive("sandbox", forged, {sandbox.SIGNATURE: header}, shop.at)
    assert refused.value.status == 400


def test_a_message_is_good_for_three_hundred_seconds(shop: Shop) -> None:
    raw, headers = message(shop, shop.pending(shop.offer(100), 17))
    edge = shop.at + timedelta(seconds=300)
    assert signing.TOLERANCE.total_seconds() == 300
    assert webhooks.receive("sandbox", raw, headers, edge) is True


def test_a_signed_message_about_nothing_is_refused(shop: Shop, nothing_written: Nothing) -> None:
    unknown = SandboxPayment(reference=uuid4(), state="paid", events=1)
    raw, headers = sandbox.message(unknown, shop.at)
    with nothing_written(), pytest.raises(errors.UnknownPayment):
        webhooks.receive("sandbox", raw, headers, shop.at)


def test_what_a_message_claims_is_not_believed(shop: Shop) -> None:
    """The provider is asked: a signed "paid" about an open payment pays for nothing."""
    attempt = shop.pending(shop.offer(100), 17)
    raw, headers = sandbox.message(
        SandboxPayment(reference=attempt.uuid, state="paid", events=9), shop.at
    )
    assert webhooks.receive("sandbox", raw, headers, shop.at) is True
    assert queries.order(attempt.order_id).state == Order.State.PAYMENT_PENDING


@pytest.mark.parametrize("order_of_arrival", list(itertools.permutations(range(4))))
def test_messages_in_any_order_end_the_same(
    shop: Shop, order_of_arrival: tuple[int, ...]
) -> None:
    attempt = shop.pending(shop.offer(100), 17)
    sent = [message(shop, attempt, button) for button in ("later", "decline", "pay", "decline")]
    for place in order_of_arrival:
        webhooks.receive("sandbox", *sent[place], shop.at)
    assert queries.order(attempt.order_id).state == Order.State.PAID
    assert queries.attempt(attempt.uuid).state == "succeeded"


@pytest.mark.parametrize(
    "words", list(itertools.permutations([PaymentState.PENDING, PaymentState.DECLINED,
                                          PaymentState.PAID]))
)
def test_the_providers_words_in_any_order_end_paid(
    shop: Shop, words: tuple[PaymentState, ...]
) -> None:
    attempt = shop.pending(shop.offer(100), 17)
    for word in words:
        actions.apply_status(
            at=shop.at, reference=attempt.uuid, status=Status(word, attempt.money)
        )
    assert queries.order(attempt.order_id).state == Order.State.PAID
    assert MoneyEntry.objects.count() == 1


def test_paying_twice_cancels_once(shop: Shop) -> None:
    offer = shop.offer(100)
    first = shop.pending(offer, 17)
    shop.press(first, "decline")
    second = actions.begin_payment(at=shop.at, order_id=first.order_id, provider="sandbox")
    assert shop.press(second, "pay").state == Order.State.PAID
    late = Status(PaymentState.PAID, first.money)
    actions.apply_status(at=shop.at, reference=first.uuid, status=late)
    assert queries.attempt(first.uuid).state == "refund_due"
    assert actions.fulfil_paid(at=shop.at) == 1
    assert [row.quantity for row in Cancellation.objects.filter(kind="c")] == [17]
    assert actions.refund_owed(actor=SYSTEM, at=shop.at) == 1
    assert queries.order(first.order_id).state == Order.State.FULFILLED
    assert invariants.balance_of_account("refund") == usd(0)


def test_paid_after_the_hold_ran_out_is_held_again_if_there_are_units(shop: Shop) -> None:
    offer = shop.offer(20)
    attempt = shop.pending(offer, 17)
    late = shop.at + timedelta(hours=1)
    actions.expire_orders(at=late)
    order = shop.press(attempt, "pay", late)
    assert order.state == Order.State.PAID
    actions.fulfil_paid(at=late)
    assert queries.order(order.pk).state == Order.State.FULFILLED


def test_paid_after_the_units_are_gone_is_refunded(shop: Shop) -> None:
    offer = shop.offer(20)
    attempt = shop.pending(offer, 17)
    late = shop.at + timedelta(hours=1)
    actions.expire_orders(at=late)
    actions.start_order(
        at=late, offer_id=offer.pk, quantity=4, price_version=1, order_key=uuid4(),
        anonymous=False,
    )
    order = shop.press(attempt, "pay", late)
    assert order.state == Order.State.REFUND_DUE
    assert actions.fulfil_paid(at=late) == 0
    assert Cancellation.objects.count() == 0
    assert actions.refund_owed(actor=SYSTEM, at=late) == 1
    assert queries.order(order.pk).state == Order.State.REFUNDED
    assert queries.attempt(attempt.uuid).refund_reference.startswith("sandbox-refund-")
    assert actions.refund_owed(actor=SYSTEM, at=late) == 0


def test_the_sandbox_can_be_switched_off(
    shop: Shop, settings: pytest.FixtureRequest, nothing_written: Nothing
) -> None:
    attempt = shop.pending(shop.offer(20), 1)
    raw, headers = message(shop, attempt)
    settings.ALLOW_SANDBOX = False  # type: ignore[attr-defined]
    with nothing_written():
        for refused in (
            lambda: webhooks.receive("sandbox", raw, headers, shop.at),
            lambda: bank.settle(at=shop.at, reference=attempt.uuid, button="pay"),
            lambda: actions.begin_payment(
                at=shop.at, order_id=attempt.order_id, provider="sandbox"
            ),
        ):
            with pytest.raises(errors.ProviderOff):
                refused()


def test_an_order_is_paid_by_one_attempt_whoever_writes(shop: Shop) -> None:
    """The second wall: the constraint order_paid_once refuses even a hand that skips the code."""
    first = shop.pending(shop.offer(20), 1)
    shop.press(first, "pay")
    with pytest.raises(DatabaseError, match="order_paid_once"), transaction.atomic():
        PaymentAttempt.objects.create(
            uuid=uuid4(), order_id=first.order_id, provider="sandbox", amount=first.amount,
            received=first.amount, received_currency="USD", state="succeeded", started_at=shop.at,
        )


@pytest.mark.parametrize("table", ["offsets_providerevent", "offsets_moneyentry"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_messages_and_money_are_of_record(shop: Shop, table: str, verb: str) -> None:
    shop.press(shop.pending(shop.offer(20), 1), "pay")
    with (
        pytest.raises(DatabaseError, match="of record"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(verb.format(table))
