"""After payment: the units are cancelled and certified, exactly once, in one transaction."""

import logging
from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Refused
from cdm_portal.values import SYSTEM
from offsets import codes, locks, queries
from offsets import record as books
from offsets.actions.refunding import owe_refund
from offsets.actions.telling import ask_receipt
from offsets.errors import OrderNotOpen, PaymentTakenBack
from offsets.models import Certificate, Offer, Order
from registry import actions as registry_actions

logger = logging.getLogger(__name__)


def fulfil(*, at: datetime, order_id: int) -> Certificate:
    """Cancel a paid order's units in the registry and certify it; a second call answers the same.

    Cancellations, money due to the participants, certificate, notice of the receipt, order and
    journal are one transaction. Raises OrderNotOpen unless the order is paid, PaymentTakenBack, or
    the registry's refusal.
    """
    with transaction.atomic():
        order = locks.order(order_id)
        if order.state == Order.State.FULFILLED:
            return order.certificate
        if order.state != Order.State.PAID:
            raise OrderNotOpen(f"This order is {order.get_state_display().lower()}.")
        if queries.is_taken_back(queries.paying_attempt(order.pk)):
            raise PaymentTakenBack("The buyer's bank took the payment back. Nothing was cancelled.")
        offers = locks.offers(queries.offer_ids(order))
        seal = books.seal_name(order)
        for line in order.lines.select_related("offer").order_by("lot_id"):
            line.cancellation = registry_actions.cancel(
                actor=SYSTEM, at=at, lot_id=line.lot_id, quantity=line.quantity, buyer=order.pk,
                key=line.key, beneficiary_hmac=seal,
            )
            line.save(update_fields=["cancellation"])
            books.earned(line, at)
        certificate = Certificate.objects.create(
            order=order, code=codes.new(), number=books.certificate_number(at),
            tonnes=order.quantity, issued_at=at, sandbox=queries.paid_in_sandbox(order),
        )
        ask_receipt(at=at, order=order)
        order.fulfil()
        order.fulfilled_at = at
        order.save(update_fields=["state", "fulfilled_at"])
        for offer in offers:
            _end_if_sold_out(offer, at)
        record("offsets.fulfil", actor=SYSTEM, subject=order, at=at,
               project=queries.only_project(offers),
               facts={"certificate": certificate.number, "tonnes": order.quantity})
    return certificate


def fulfil_paid(*, at: datetime) -> int:
    """Fulfil every paid order that nobody else is at, one transaction each; answers how many.

    An order that the registry refuses is due back to its buyer instead; nothing was cancelled.
    """
    last, count = 0, 0
    while True:
        with transaction.atomic():
            order = locks.next_order(Order.State.PAID, last)
            if order is None:
                return count
            last = order.pk
            refusal = _refusal_of(order, at)
            count += refusal is None
        if refusal is not None:
            logger.error("order %s cannot be cancelled: %s", order.code, refusal)
            owe_refund(actor=SYSTEM, at=at, order_id=last, reason=refusal)


def _refusal_of(order: Order, at: datetime) -> str | None:
    try:
        fulfil(at=at, order_id=order.pk)
    except Refused as refused:
        return refused.message
    return None


def _end_if_sold_out(offer: Offer, at: datetime) -> None:
    if queries.unsold(offer) == 0 and offer.state in {Offer.State.LISTED, Offer.State.PAUSED}:
        offer.sell_out()
        offer.ended_at = at
        offer.save(update_fields=["state", "ended_at"])
