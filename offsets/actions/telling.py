"""Telling buyers by mail that their units are cancelled, outside every transaction.

A notice is claimed and committed, the mail is handed over, the answer is written down. So a notice
is never lost, and a mail repeats only if its mailer died, or the connection broke, between the
mail server's work and the note of its answer (decisions, 32). Nothing here logs an address: what a
mail server answers may hold one.
"""

import contextlib
import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.values import SYSTEM
from offsets import locks, receipts
from offsets.models import Order, Receipt

logger = logging.getLogger(__name__)

CLAIM = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT + 30)
"""How long a notice is one mailer's alone: longer than a mailer lives."""

SOON = timedelta(minutes=1)
LATER = timedelta(hours=1)
FOR_GOOD = 500  # an SMTP reply from 500 on will not change (RFC 5321, 4.2.1)


def ask_receipt(*, at: datetime, order: Order) -> Receipt:
    """Note that the buyer is to be told, inside the transaction that fulfils the order."""
    return Receipt.objects.create(order=order, next_try_at=at)


def send_receipts(*, at: datetime) -> int:
    """Send every receipt that is due and nobody else's; answers how many the server took.

    A mail server that is away ends the round: the notices wait, and it is tried every minute.
    """
    last, count = 0, 0
    while (receipt := _claim(last, at)) is not None:
        last = receipt.pk
        connection = get_connection()
        try:
            connection.open()
        except OSError as error:
            _postpone(receipt, at + SOON, error)
            return count
        count += _deliver(receipt, connection, at)
        with contextlib.suppress(OSError):  # its answer is noted; the farewell changes nothing
            connection.close()
    return count


def _claim(after: int, at: datetime) -> Receipt | None:
    with transaction.atomic():
        receipt = locks.next_receipt(after, at)
        if receipt is not None:
            receipt.tries += 1
            receipt.next_try_at = at + CLAIM
            receipt.save(update_fields=["tries", "next_try_at"])
    return receipt


def _deliver(receipt: Receipt, connection: BaseEmailBackend, at: datetime) -> bool:
    """Hand one mail over; answers whether the server took it."""
    if not receipt.order.email:  # erased since: there is nobody to tell
        _end(receipt, Receipt.State.REFUSED, at)
        return False
    try:
        connection.send_messages([receipts.message(receipt)])
    except smtplib.SMTPRecipientsRefused as refused:
        if all(code >= FOR_GOOD for code, _text in refused.recipients.values()):
            _end(receipt, Receipt.State.REFUSED, at)
        else:
            _postpone(receipt, at + _wait(receipt.tries), refused)
        return False
    except (OSError, ValueError) as error:  # one that cannot be sent must not hold up the others
        _postpone(receipt, at + _wait(receipt.tries), error)
        return False
    _end(receipt, Receipt.State.SENT, at)
    return True


def _wait(tries: int) -> timedelta:
    """A minute after the first try, then twice as long each time, at most an hour."""
    return min(SOON * (1 << min(tries - 1, 6)), LATER)


def _end(receipt: Receipt, state: str, at: datetime) -> None:
    with transaction.atomic():
        receipt.state, receipt.ended_at = state, at
        receipt.save(update_fields=["state", "ended_at"])
        record("offsets.send_receipt", actor=SYSTEM, subject=receipt, at=at,
               facts={"state": str(state), "tries": receipt.tries})
    if state == Receipt.State.REFUSED:
        logger.error("receipt %s cannot be delivered", receipt.pk)


def _postpone(receipt: Receipt, until: datetime, error: Exception) -> None:
    with transaction.atomic():
        receipt.next_try_at = until
        receipt.save(update_fields=["next_try_at"])
    logger.warning("receipt %s waits: %s", receipt.pk, type(error).__name__)
