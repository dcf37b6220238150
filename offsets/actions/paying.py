"""Payment: the one place where what a provider says changes an order (reliability, 5)."""

import logging
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from cdm_portal import formats, parameters
from cdm_portal.journal.record import record
from cdm_portal.refusals import Refused
from cdm_portal.values import SYSTEM, Actor, Money
from offsets import locks, queries
from offsets import record as books
from offsets.actions.disputing import note_reversals
from offsets.actions.holding import drop_hold, keep
from offsets.errors import HoldEnded, NotPayableSo, OrderNotOpen, ProviderDown, UnknownPayment
from offsets.models import Order, PaymentAttempt, ProviderEvent
from offsets.models.payments import BY_TRANSFER
from offsets.payments import providers
from offsets.payments.provider import (
    Event,
    Instructions,
    PaymentProvider,
    PaymentState,
    Redirect,
    Status,
)
from offsets.values import GUEST
from registry import actions as registry_actions

logger = logging.getLogger(__name__)
POLLED = 500
"""So many payments are asked after in one call."""
WATCH_EVERY = timedelta(hours=23)  # it is asked hourly: so no day is left out
FINAL = {
    PaymentAttempt.State.SUCCEEDED, PaymentAttempt.State.REFUND_DUE, PaymentAttempt.State.REFUNDED,
}
NOTHING_OWED = {Order.State.PAID, Order.State.FULFILLED, Order.State.REFUND_DUE,
                Order.State.REFUNDED}
UNPAID = {
    PaymentState.DECLINED: "The payment was declined. No money has moved; you can try again.",
    PaymentState.EXPIRED: "Nobody paid while it could be paid. No money has moved; try again.",
}
NOT_BEGUN = "The payment company could not be reached. No money has moved; try again."


def begin_payment(*, at: datetime, order_id: int, provider: str) -> PaymentAttempt:
    """Go to pay: opens an attempt, or answers the one with this provider that is open already.

    The provider is told between two transactions, so call it inside none. Raises ProviderOff,
    NotPayableSo, OrderNotOpen, HoldEnded when the units are no longer held, or ProviderDown: then
    the order stands at the checkout again, its units still held.
    """
    way = providers.get(provider)
    attempt = _open(way, order_id, at)
    if attempt.page_url:
        return attempt
    try:
        step = way.start(attempt, at)
    except ProviderDown:
        _not_begun(attempt.uuid, at)
        raise
    return _begun(attempt.uuid, step)


def pay_otherwise(*, actor: Actor, at: datetime, order_id: int) -> Order:
    """Come back from a provider without having paid: the order stands at the checkout again.

    The attempt that is left stays open until its provider has closed it (`poll_payments`); paid
    after all it pays for the order, unless another one did. Raises OrderNotOpen.
    """
    with transaction.atomic():
        order = locks.order(order_id)
        if order.state != Order.State.PAYMENT_PENDING:
            raise OrderNotOpen(f"This order is {order.get_state_display().lower()}.")
        order.fail()
        order.note = "You came back without paying. The units are still held for you."
        order.save(update_fields=["state", "note"])
        record("offsets.pay_otherwise", actor=actor, subject=order, at=at)
    return order


def receive_event(*, at: datetime, provider: str, event: Event) -> bool:
    """Take in a signed message: kept once, applied once. Answers False for a repetition.

    What the message claims is not used: the provider is asked what it knows now, so that order and
    age of messages do not matter (reliability, M4 and M5). Nothing is kept while it cannot answer.
    Raises UnknownPayment, ProviderDown.
    """
    attempt = queries.attempt(event.reference)
    if attempt.provider != provider:
        raise UnknownPayment("There is no such payment.")
    if queries.event_is_kept(provider, event.event_id):
        return False
    status = providers.known(provider).status(attempt)
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
        apply_status(at=at, reference=attempt.uuid, status=status)
    return True


def poll_payments(*, at: datetime) -> int:
    """Ask the providers about every payment that is open, longest unasked first; answers how many.

    This finds what a lost message did not tell, and closes attempts that their orders wait for no
    longer. A provider that is away is asked again at the next call.
    """
    return _ask_after(PaymentAttempt.objects.filter(state=PaymentAttempt.State.PENDING), at)


def watch_payments(*, at: datetime) -> int:
    """Ask the providers, once a day, about every payment that was settled not long ago (the rule
    parameter payment_watch_days); answers how many were asked after.

    This finds money that the buyer's bank took back, and refunds that failed, of which a lost
    message did not tell. What came by transfer is told by statements alone.
    """
    since = at - timedelta(days=parameters.number("payment_watch_days", at.date()))
    return _ask_after(
        PaymentAttempt.objects.filter(state__in=FINAL, settled_at__gte=since)
        .filter(Q(checked_at=None) | Q(checked_at__lte=at - WATCH_EVERY))
        .exclude(provider=BY_TRANSFER), at,
    )


def _ask_after(attempts: QuerySet[PaymentAttempt], at: datetime) -> int:
    """Longest unasked first, so many in one call. One that cannot be asked holds up no other."""
    oldest = attempts.order_by(F("checked_at").asc(nulls_first=True), "pk")
    count = 0
    for reference in list(oldest.values_list("uuid", flat=True)[:POLLED]):
        try:
            status = _asked(queries.attempt(reference))
        except Refused as refusal:
            logger.warning("payment %s cannot be asked after: %s", reference, refusal.message)
            continue
        finally:
            PaymentAttempt.objects.filter(uuid=reference).update(checked_at=at)
        apply_status(at=at, reference=reference, status=status)
        count += 1
    return count


def _asked(attempt: PaymentAttempt) -> Status:
    """What the provider says, after it was told to close what nobody waits for."""
    way, waited_for = providers.known(attempt.provider), queries.is_waited_for(attempt)
    if not attempt.page_url and not waited_for:
        return Status(PaymentState.EXPIRED, attempt.money)  # nobody was ever sent to pay it
    status = way.status(attempt)
    if status.state == PaymentState.PENDING and not waited_for:
        way.expire(attempt)
        status = way.status(attempt)
    return status


def apply_status(*, at: datetime, reference: UUID, status: Status) -> PaymentAttempt:
    """Bring attempt and order to what the provider knows. States only move forward.

    Paid in full while the order waits: the units are held for good and the order is paid. Paid
    twice, too little, too much, in another currency, or when the units are gone: the money is due
    back and nothing is cancelled for it.
    """
    with transaction.atomic():
        attempt = locks.attempt(reference)
        order = locks.order(attempt.order_id)
        note_reversals(attempt, status.reversals, at)
        if attempt.state in FINAL or status.state == PaymentState.PENDING:
            return attempt
        if status.state in UNPAID:
            _decline(order, attempt, UNPAID[status.state], at)
        elif status.money != attempt.money or attempt.money != order.money:
            _take_back(order, attempt, status.money, at, "The amount paid is not the amount due.")
        elif order.state in NOTHING_OWED:
            _take_back(order, attempt, status.money, at, "The order was paid before.")
        elif not _keeps_units(order, at):
            _take_back(order, attempt, status.money, at, "The units were gone when it arrived.")
            _give_up(order, at)
        else:
            _confirm(order, attempt, at)
    return attempt


def settle_transfer(*, at: datetime, reference: UUID) -> None:
    """After a credit was booked for an attempt: look at what its provider knows of it now."""
    attempt = queries.attempt(reference)
    status = providers.known(attempt.provider).status(attempt)
    apply_status(at=at, reference=reference, status=status)


def _open(way: PaymentProvider, order_id: int, at: datetime) -> PaymentAttempt:
    """The order's attempt with this provider, opened if there is none; nobody is told of it yet."""
    with transaction.atomic():
        order = locks.order(order_id)
        if order.state == Order.State.PAYMENT_PENDING:
            begun = queries.open_attempt(order)
            if begun.provider == way.slug:
                return begun
        _ask_payable(order, way, at)
        if way.hold_parameter:
            _ask_not_too_often(order, way, at)
            row = parameters.get(way.hold_parameter, at.date())
            holds = timedelta(**{row.unit: parameters.as_number(row)})  # its unit: minutes or days
            _hold_longer(order, at + holds, at)
        attempt = PaymentAttempt.objects.create(
            uuid=uuid4(), order=order, provider=way.slug, amount=order.total,
            currency=order.currency, started_at=at, closes_at=order.held_until,
        )
        if order.state != Order.State.PAYMENT_PENDING:
            order.begin_payment()
        order.note = ""
        order.save(update_fields=["state", "note", "held_until"])
        record("offsets.begin_payment", actor=GUEST, subject=order, at=at,
               facts={"provider": way.slug, "amount_usd": str(order.total)})
    return attempt


def _ask_payable(order: Order, way: PaymentProvider, at: datetime) -> None:
    if order.state not in Order.OPEN:
        raise OrderNotOpen(f"This order is {order.get_state_display().lower()}.")
    if order.held_until <= at:
        raise HoldEnded("The time to pay is over. Hold the units again.")
    if not (order.beneficiary_name and order.email):
        raise OrderNotOpen("The order does not say yet whose emissions it is for.")
    for pk in queries.offer_ids(order) if order.anonymous else ():
        locks.offer(pk)  # guests have caps: what they hold cannot change meanwhile
    if why_not := way.why_not(order):
        raise NotPayableSo(why_not, field="provider")


def _ask_not_too_often(order: Order, way: PaymentProvider, at: datetime) -> None:
    """Whoever goes to pay again and again would keep units off the market for ever. Attempts count
    back to the first one of this hold: the one before it had closed when its next one began.
    """
    count, began = 0, at
    for earlier in order.attempts.filter(provider=way.slug).order_by("-pk"):
        if earlier.closes_at is None or earlier.closes_at <= began:
            break
        count, began = count + 1, earlier.started_at
    if count >= parameters.number("hold_prolongations", at.date()):
        raise NotPayableSo(
            f"Paying this way was begun {count} times and each time held the units longer. Choose "
            "another way, or hold the units again once their time is over.", field="provider",
        )


def _hold_longer(order: Order, until: datetime, at: datetime) -> None:
    """Keep the order's units for as long as this way of paying takes."""
    if until <= order.held_until:
        return
    for line in order.lines.order_by("lot_id"):
        registry_actions.hold(
            at=at, lot_id=line.lot_id, quantity=line.quantity, order_key=line.key, expires_at=until
        )
    order.held_until = until


def _begun(reference: UUID, step: Redirect | Instructions) -> PaymentAttempt:
    with transaction.atomic():
        attempt = locks.attempt(reference)
        attempt.page_url, attempt.provider_reference = step.url, step.reference
        attempt.save(update_fields=["page_url", "provider_reference"])
    return attempt


def _not_begun(reference: UUID, at: datetime) -> None:
    with transaction.atomic():
        attempt = locks.attempt(reference)
        order = locks.order(attempt.order_id)
        if attempt.state == PaymentAttempt.State.PENDING and not attempt.page_url:
            _decline(order, attempt, NOT_BEGUN, at)


def _confirm(order: Order, attempt: PaymentAttempt, at: datetime) -> None:
    _book(order, attempt, attempt.money, PaymentAttempt.State.SUCCEEDED, at)
    order.confirm()
    order.paid_at, order.note = at, ""
    order.save(update_fields=["state", "paid_at", "note"])
    record("offsets.confirm_payment", actor=SYSTEM, subject=order, at=at,
           facts={"provider": attempt.provider, "amount_usd": str(attempt.amount)})


def _book(order: Order, attempt: PaymentAttempt, money: Money, state: str, at: datetime) -> None:
    """Book what a provider took in. By transfer it is booked already, credit by credit."""
    attempt.state, attempt.settled_at = state, at
    attempt.received, attempt.received_currency = money.amount, str(money.currency)
    attempt.save(update_fields=["state", "settled_at", "received", "received_currency"])
    if money.amount > 0 and not attempt.by_transfer:
        books.received(order, attempt, money, at)


def _decline(order: Order, attempt: PaymentAttempt, why: str, at: datetime) -> None:
    if attempt.state == PaymentAttempt.State.FAILED:
        return
    attempt.state, attempt.settled_at = PaymentAttempt.State.FAILED, at
    attempt.save(update_fields=["state", "settled_at"])
    if _waits_for_nothing_else(order, attempt):
        order.fail()
        order.note = why
        order.save(update_fields=["state", "note"])
    record("offsets.decline_payment", actor=SYSTEM, subject=order, at=at)


def _waits_for_nothing_else(order: Order, attempt: PaymentAttempt) -> bool:
    """Whether the order waits for a payment, and this attempt was the last one open."""
    others = order.attempts.filter(state=PaymentAttempt.State.PENDING).exclude(pk=attempt.pk)
    return order.state == Order.State.PAYMENT_PENDING and not others.exists()


def _take_back(
    order: Order, attempt: PaymentAttempt, money: Money, at: datetime, why: str
) -> None:
    """Money came that pays for nothing: it is booked in and due back."""
    _book(order, attempt, money, PaymentAttempt.State.REFUND_DUE, at)
    if money.amount > 0:
        books.owed_back(order, attempt, money, at)
    if _waits_for_nothing_else(order, attempt):
        order.fail()
    order.note = f"A payment of {formats.money(money)} goes back to you. {why}"
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
            keep(at=at, order=order, until=until)
    except Refused:
        return False
    return True
