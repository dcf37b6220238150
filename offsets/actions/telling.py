"""Telling buyers by mail that their units are cancelled, outside every transaction."""

from datetime import datetime

from django.db import transaction

from cdm_portal import postal
from cdm_portal.journal.record import record
from cdm_portal.values import SYSTEM
from offsets import locks, receipts
from offsets.models import Order, Receipt


def ask_receipt(*, at: datetime, order: Order) -> Receipt:
    """Note that the buyer is to be told, inside the transaction that fulfils the order."""
    return Receipt.objects.create(order=order, next_try_at=at)


def send_receipts(*, at: datetime) -> int:
    """Send every receipt that is due and nobody else's; answers how many the server took."""
    return postal.send(_Receipts(), at=at)


class _Receipts:
    """The receipts as a bag of mails."""

    def claim(self, after: int, at: datetime) -> Receipt | None:
        with transaction.atomic():
            receipt = locks.next_receipt(after, at)
            if receipt is not None:
                receipt.tries += 1
                receipt.next_try_at = at + postal.CLAIM
                receipt.save(update_fields=["tries", "next_try_at"])
        return receipt

    def message(self, receipt: Receipt) -> postal.Message | None:
        # without an address: erased since
        return receipts.message(receipt) if receipt.order.email else None

    def end(self, receipt: Receipt, at: datetime, *, taken: bool) -> None:
        with transaction.atomic():
            receipt.state = Receipt.State.SENT if taken else Receipt.State.REFUSED
            receipt.ended_at = at
            receipt.save(update_fields=["state", "ended_at"])
            record("offsets.send_receipt", actor=SYSTEM, subject=receipt, at=at,
                   facts={"state": str(receipt.state), "tries": receipt.tries})

    def postpone(self, receipt: Receipt, until: datetime) -> None:
        with transaction.atomic():
            receipt.next_try_at = until
            receipt.save(update_fields=["next_try_at"])
