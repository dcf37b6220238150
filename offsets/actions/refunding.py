"""Money that goes back: what paid for nothing, and never anything that paid for cancelled units."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Refused
from cdm_portal.values import Actor, Money
from offsets import locks, queries
from offsets import record as books
from offsets.actions.holding import drop_hold
from offsets.errors import OrderNotOpen
from offsets.models import Order, PaymentAttempt
from offsets.payments import providers

logger = logging.getLogger(__name__)
State = PaymentAttempt.State


def refund_owed(*, actor: Actor, at: datetime) -> int:
    """Have the providers give back what is due back; answers how many did.

    The provider is asked between two transactions, under a key that makes it give back once: what
    is lost on the way is asked again at the next call. One that refuses, is away or leaves it to a
    person keeps its payment due back and holds up no other; so does what the buyer's bank took back
    already, of which the secretariat reads in the dispute.
    """
    waiting = PaymentAttempt.objects.filter(state=State.REFUND_DUE).order_by("pk")
    count = 0
    for reference in list(waiting.values_list("uuid", flat=True)):
        attempt = queries.attempt(reference)
        try:
            provider = providers.known(attempt.provider)
            if not provider.capabilities.refund or queries.is_taken_back(attempt):
                continue
            refunded = provider.refund(attempt)
        except Refused as refusal:
            logger.warning("payment %s is not given back yet: %s", reference, refusal.message)
            continue
        count += _give_back(actor, reference, refunded, at)
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


def _give_back(actor: Actor, reference: UUID, refunded: str, at: datetime) -> bool:
    with transaction.atomic():
        attempt = locks.attempt(reference)
        if attempt.state != State.REFUND_DUE:
            return False
        order = locks.order(attempt.order_id)
        attempt.state, attempt.refund_reference = State.REFUNDED, refunded
        attempt.save(update_fields=["state", "refund_reference"])
        if attempt.received:
            books.given_back(order, attempt, Money(attempt.received, attempt.received_currency), at)
        if order.state == Order.State.REFUND_DUE:
            order.refund()
            order.save(update_fields=["state"])
        record("offsets.refund", actor=actor, subject=order, at=at)
    return True
