"""Handing mails over to a mail server, outside every transaction, one row at a time.

A row is claimed and committed, its mail is handed over, the answer is written down. So no row is
lost, and a mail repeats only if its mailer died, or the connection broke, between the mail server's
work and the note of its answer (decisions, 32). Nothing here logs an address: what a mail server
answers may hold one.
"""

import contextlib
import logging
import smtplib
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

logger = logging.getLogger(__name__)

Message = EmailMessage

CLAIM = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT + 30)
"""How long a row is one mailer's alone: longer than a mailer lives."""

SOON = timedelta(minutes=1)
LATER = timedelta(hours=1)
FOR_GOOD = 500  # an SMTP reply from 500 on will not change (RFC 5321, 4.2.1)


class Waiting(Protocol):
    """What a row that asks for a mail has."""

    pk: int
    tries: int


W = TypeVar("W", bound=Waiting)


class Mailbag(Protocol[W]):
    """Where the rows come from and where the answers go; each method is a transaction of its own.
    """

    def claim(self, after: int, at: datetime) -> W | None:
        """The next row that is due, claimed until `at` + CLAIM, its try counted."""

    def message(self, row: W) -> Message | None:
        """The mail of a row; None when there is nobody to tell any more."""

    def end(self, row: W, at: datetime, *, taken: bool) -> None:
        """Note that the server took the mail, or that it never will."""

    def postpone(self, row: W, until: datetime) -> None:
        """Note when to try again."""


def send(bag: Mailbag[W], *, at: datetime) -> int:
    """Send every mail that is due and nobody else's; answers how many the server took.

    A mail server that is away ends the round: the rows wait, and it is tried every minute.
    """
    last, count = 0, 0
    while (row := bag.claim(last, at)) is not None:
        last = row.pk
        connection = get_connection()
        try:
            connection.open()
        except OSError as error:
            _postpone(bag, row, at + SOON, error)
            return count
        count += _deliver(bag, row, connection, at)
        with contextlib.suppress(OSError):  # its answer is noted; the farewell changes nothing
            connection.close()
    return count


def _deliver(bag: Mailbag[W], row: W, connection: BaseEmailBackend, at: datetime) -> bool:
    """Hand one mail over; answers whether the server took it."""
    message = bag.message(row)
    if message is None:
        return _refuse(bag, row, at)
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as refused:
        if all(code >= FOR_GOOD for code, _text in refused.recipients.values()):
            return _refuse(bag, row, at)
        _postpone(bag, row, at + _wait(row.tries), refused)
        return False
    except (OSError, ValueError) as error:  # one that cannot be sent must not hold up the others
        _postpone(bag, row, at + _wait(row.tries), error)
        return False
    bag.end(row, at, taken=True)
    return True


def _refuse(bag: Mailbag[W], row: W, at: datetime) -> bool:
    bag.end(row, at, taken=False)
    logger.error("%s %s cannot be delivered", type(row).__name__.lower(), row.pk)
    return False


def _wait(tries: int) -> timedelta:
    """A minute after the first try, then twice as long each time, at most an hour."""
    return min(SOON * (1 << min(tries - 1, 6)), LATER)


def _postpone(bag: Mailbag[W], row: W, until: datetime, error: Exception) -> None:
    bag.postpone(row, until)
    logger.warning("%s %s waits: %s", type(row).__name__.lower(), row.pk, type(error).__name__)


def message_id(key: object) -> str:
    """The Message-ID of a row's mail: always the same, so that a repetition can be told."""
    host = settings.SITE_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    return f"<{key}@{host}>"
