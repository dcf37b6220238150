"""Payment: the one place where what a provider says changes an order (reliability, 5)."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from cdm_portal import formats, parameters
from cdm_portal.journal.record import record
from cdm_portal.refusals import Refused
from cdm_portal.values import SYSTEM, Actor, Money
from offsets import locks, queries
from offsets import record as books
from offsets.actions.holding import drop_hold, hold
from offsets.errors import HoldEnded, OrderNotOpen
from offsets.models import Order, PaymentAttempt, ProviderEvent
from offsets.payments import providers
from offsets.payments.provider import Event, PaymentState, Status
from offsets.values import GUEST

FINAL = {
    PaymentAttempt.State.SUCCEEDED, PaymentAttempt.State.REFUND_DUE, PaymentAttempt.State.REFUNDED,
}
NOTHING_OWED = {Order.State.PAID, Order.State.FULFILLED, Order.State.REFUND_DUE,
                Order.State.REFUNDED}


def begin_payment(*, at: datetime, order_id: int, provider: str) -> PaymentAttempt:
    """Go to pay: opens an attempt, or answers the one that is open already.

    Raises ProviderOff, OrderNotOpen, or HoldEnded when the units are no longer held.
    """
    payment_provider = providers.get(provider)
    with transaction.atomic():
        order = locks.order(order_id)
        if order.state == Order.State.PAYMENT_PENDING:
            return queries.open_attempt(order)
        if order.state not in {Order.State.CHECKOUT, Order.State.FAILED}:
            raise OrderNotOpen(f"This order is {order.get_state_display().lower()}.")
        if order.held_until <= at:
            raise HoldEnded("The time to pay is over. Hold the units again.")
        if not (order.beneficiary_name and order.email):
            raise OrderNotOpen("The order does not say yet whose emissions it is for.")
        attempt = PaymentAttempt.objects.create(
            uuid=uuid4(), order=order, provider=provider, amount=order.total,
            currency=order.currency, started_at=at,
        )
        payment_provider.start(attempt, at)
        order.begin_payment()
        order.note = ""
        order.save(update_fields=["state", "note"])
        record("offsets.begin_payment", actor=GUEST, subject=order, at=at,
               facts={"provider": provider, "amount_usd": str(order.total)})
    return attempt


def receive_event(*, at: datetime, provider: str, event: Event) -> bool:
    """Take in a signed message: kept once, applied once. Answers False for a repetition.

    What the message claims is not used: the provider is asked what it knows now, so that order and
    age of messages do not matter (reliability, M4 and M5). Raises UnknownPayment.
    """
    with transaction.atomic():
        attempt = locks.attempt(event.reference)
        try:
            with transaction.atomic():
                ProviderEvent.objects.create(
                    provider=provider, event_id=event.event_id, kind=event.kind, attempt=attempt,
                    body=event.body, received_at=at,
                )
        except IntegrityError:
            return False
        status = providers.get(provider).status(event.reference)
        apply_status(at=at, reference=attempt.uuid, status=status)
    return True


def apply_status(*, at: datetime, reference: UUID, status: Status) -> PaymentAttempt:
    """Bring attempt and order to what the provider knows. States only move forward.

    Paid in full while the order waits: the units are held for good and the order is paid. Paid
    twice, too little, too much, in another currency, or when the units are gone: the money is due
    back and nothing is cancelled for it.
    """
    with transaction.atomic():
        attempt = locks.attempt(reference)
        order = locks.order(attempt.order_id)
        if attempt.state in FINAL or status.state == PaymentState.PENDING:
            return attempt
        if status.state == PaymentState.DECLINED:
            _decline(order, attempt, at)
        elif status.money != attempt.money:
            _take_back(order, attempt, status.money, at, "The amount paid is not the amount due.")
        elif order.state in NOTHING_OWED:
            _take_back(order, attempt, status.money, at, "The order was paid before.")
        elif not _keeps_units(order, at):
            _take_back(order, attempt, status.money, at, "The units were gone when it arrived.")
            _give_up(order, at)
        else:
            _confirm(order, attempt, at)
    return attempt


def refund_owed(*, actor: Actor, at: datetime) -> int:
    """Have the providers give back what is due back, one transaction each; answers how many."""
    waiting = PaymentAttempt.objects.filter(state=PaymentAttempt.State.REFUND_DUE).order_by("pk")
    count = 0
    for reference in list(waiting.values_list("uuid", flat=True)):
        with transaction.atomic():
            attempt = locks.attempt(reference)
            if attempt.state == PaymentAttempt.State.REFUND_DUE:
                _give_back(actor, attempt, at)
                count += 1
    return count


def owe_refund(*, actor: Actor, at: datetime, order_id: int, reason: str) -> Order:
    """A paid order whose units cannot be cancelled is to be refunded; nothing was cancelled."""
    with transaction.atomic():
        paid = queries.paying_attempt(order_id)
        attempt = locks.attempt(paid.uuid)
        order = locks.order(order_id)
        if order.state != Order.State.PAID:
            raise OrderNotOpen("Only a paid order that is not cancelled yet can be refunded.")
        drop_hold(at=at, order=order)
        attempt.state = PaymentAttempt.State.REFUND_DUE
        attempt.save(update_fields=["state"])
        books.owed_back(order, attempt, attempt.money, at)
        order.owe_refund()
        order.note = reason[:300]
        order.save(update_fields=["state", "note"])
        record("offsets.owe_refund", actor=actor, subject=order, at=at)
    return order


def _confirm(order: Order, attempt: PaymentAttempt, at: datetime) -> None:
    attempt.state, attempt.settled_at = PaymentAttempt.State.SUCCEEDED, at
    attempt.received, attempt.received_currency = attempt.amount, attempt.currency
    attempt.save(update_fields=["state", "received", "received_currency", "settled_at"])
    books.received(order, attempt, attempt.money, at)
    order.confirm()
    order.paid_at, order.note = at, ""
    order.save(update_fields=["state", "paid_at", "note"])
    record("offsets.confirm_payment", actor=SYSTEM, subject=order, at=at,
           facts={"provider": attempt.provider, "amount_usd": str(attempt.amount)})


def _decline(order: Order, attempt: PaymentAttempt, at: datetime) -> None:
    attempt.state, attempt.settled_at = PaymentAttempt.State.FAILED, at
    attempt.save(update_fields=["state", "settled_at"])
    if order.state == Order.State.PAYMENT_PENDING:
        order.fail()
        order.note = "The payment was declined. No money has moved; you can try again."
        order.save(update_fields=["state", "note"])
    record("offsets.decline_payment", actor=SYSTEM, subject=order, at=at)


def _take_back(
    order: Order, attempt: PaymentAttempt, money: Money, at: datetime, why: str
) -> None:
    """Money came that pays for nothing: it is booked in and due back."""
    attempt.state, attempt.settled_at = PaymentAttempt.State.REFUND_DUE, at
    attempt.received, attempt.received_currency = money.amount, str(money.currency)
    attempt.save(update_fields=["state", "settled_at", "received", "received_currency"])
    if money.amount > 0:
        books.received(order, attempt, money, at)
        books.owed_back(order, attempt, money, at)
    if order.state == Order.State.PAYMENT_PENDING:
        order.fail()
    order.note = f"A payment of {formats.money(money)} is due back to you. {why}"
    order.save(update_fields=["state", "note"])
    record("offsets.take_back_payment", actor=SYSTEM, subject=order, at=at, facts={"why": why})


def _give_up(order: Order, at: datetime) -> None:
    drop_hold(at=at, order=order)
    order.owe_refund()
    order.save(update_fields=["state"])


def _keeps_units(order: Order, at: datetime) -> bool:
    """Hold the order's units until they are cancelled: again, in case the first hold is over."""
    until = at + timedelta(days=parameters.number("paid_hold_days", at.date()))
    try:
        with transaction.atomic():
            line = order.lines.all()[0]
            drop_hold(at=at, order=order)
            order.lines.all().delete()
            hold(at=at, order=order, offer_id=line.offer_id, price=line.unit_price, until=until)
    except Refused:
        return False
    return True


def _give_back(actor: Actor, attempt: PaymentAttempt, at: datetime) -> None:
    order = locks.order(attempt.order_id)
    attempt.refund_reference = providers.get(attempt.provider).refund(attempt.uuid)
    attempt.state = PaymentAttempt.State.REFUNDED
    attempt.save(update_fields=["state", "refund_reference"])
    if attempt.received:
        books.given_back(order, attempt, Money(attempt.received, attempt.received_currency), at)
    if order.state == Order.State.REFUND_DUE:
        order.refund()
        order.save(update_fields=["state"])
    record("offsets.refund", actor=actor, subject=order, at=at)
