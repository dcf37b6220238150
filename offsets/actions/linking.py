"""Whose an order is: links to its address by mail, and orders taken to a desk by them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from cdm_portal import parameters, postal
from cdm_portal.journal.record import record
from cdm_portal.values import Actor
from offsets import locks, personal, receipts
from offsets.actions.mailing import Bag
from offsets.errors import UnprovedAddress
from offsets.models import DataLink, Order, OrderClaim


def ask_data_link(*, actor: Actor, at: datetime, email: str) -> DataLink | None:
    """Note that a link to the orders of an address is to be mailed there, and nowhere else.

    None where no order carries the address, or where a link to it still works: whoever asks learns
    neither, and cannot fill somebody's mailbox.
    """
    with transaction.atomic():
        order = personal.of_address(email.strip()).first()
        return None if order is None else _ask(actor, at, order, DataLink.Purpose.DATA)


def ask_order_link(
    *, actor: Actor, at: datetime, code: str, purpose: DataLink.Purpose
) -> DataLink | None:
    """The same for the address of the order with a code: who knows the code alone gets nothing.

    None also where there is no such order, or no certificate to correct.
    """
    with transaction.atomic():
        order = Order.objects.filter(code=code.strip()).exclude(email="").first()
        correct = purpose == DataLink.Purpose.CORRECT
        if order is None or (correct and order.state != Order.State.FULFILLED):
            return None
        return _ask(actor, at, order, purpose)


def _ask(
    actor: Actor, at: datetime, order: Order, purpose: DataLink.Purpose
) -> DataLink | None:
    locks.buyer(f"{purpose} {order.email.casefold()}")
    if personal.live_link(order, purpose, at) is not None:
        return None
    minutes = parameters.number("data_link_minutes", at.date())
    link = DataLink.objects.create(
        order_id=order.pk, purpose=purpose, asked_at=at, next_try_at=at,
        expires_at=at + timedelta(minutes=minutes),
    )
    record("offsets.ask_data_link", actor=actor, subject=link, at=at)
    return link


def claim_orders(*, actor: Actor, at: datetime, orders: Iterable[int], proved: str) -> int:
    """Put orders at the acting person's desk; answers how many were new. `proved` is the address
    that the person has shown to be theirs: an order with another one is left alone.

    Raises UnprovedAddress without one, or for somebody who is not a person.
    """
    if actor.person_id is None or not proved:
        raise UnprovedAddress("Open the link in the mail first: it shows the address is yours.")
    count = 0
    with transaction.atomic():
        for pk in sorted(orders):
            order = locks.order(pk)
            if order.email.casefold() != proved.casefold():
                continue
            _claim, new = OrderClaim.objects.get_or_create(
                order=order, defaults={"person_id": actor.person_id, "claimed_at": at}
            )
            count += new
        if count:
            record("offsets.claim_orders", actor=actor, subject=order, at=at,
                   facts={"orders": count})
    return count


def send_data_links(*, at: datetime) -> int:
    """Mail every link that is due and nobody else's; answers how many the server took."""
    bag = Bag(locks.next_link, receipts.link, "offsets.send_data_link")
    return postal.send(bag, at=at)
