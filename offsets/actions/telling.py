"""Telling buyers by mail, outside every transaction, that their units are cancelled, or that
money goes back.
"""

from datetime import datetime

from cdm_portal import postal
from offsets import locks, receipts
from offsets.actions.mailing import Bag
from offsets.models import Order, Receipt


def ask_receipt(*, at: datetime, order: Order) -> Receipt:
    """Note that the buyer is to be told, inside the transaction that fulfils the order."""
    return Receipt.objects.create(order=order, next_try_at=at)


def send_refund_notes(*, at: datetime) -> int:
    """Send every notice of a refund that is due and nobody else's; answers how many the server
    took.
    """
    bag = Bag(locks.next_refund_note, receipts.refund, "offsets.send_refund_note")
    return postal.send(bag, at=at)


def send_receipts(*, at: datetime) -> int:
    """Send every receipt that is due and nobody else's; answers how many the server took."""
    bag = Bag(locks.next_receipt, receipts.message, "offsets.send_receipt")
    return postal.send(bag, at=at)
