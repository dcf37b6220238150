"""Mails to buyers that wait in rows of their own, as a bag that `postal` sends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db import transaction

from cdm_portal import postal
from cdm_portal.journal.record import record
from cdm_portal.values import SYSTEM
from offsets.models import DataLink, Receipt, RefundNote

Mail = TypeVar("Mail", DataLink, Receipt, RefundNote)


@dataclass(frozen=True, slots=True)
class Bag(Generic[Mail]):
    """Rows of one kind: `next_due` locks the next one that is due, `written` makes its mail, `verb`
    names its end in the journal. A row whose order has no address any more was erased since.
    """

    next_due: Callable[[int, datetime], Mail | None]
    written: Callable[[Mail], postal.Message]
    verb: str

    def claim(self, after: int, at: datetime) -> Mail | None:
        """The next mail that is due, kept from others while it is being sent."""
        with transaction.atomic():
            mail = self.next_due(after, at)
            if mail is not None:
                mail.tries += 1
                mail.next_try_at = at + postal.CLAIM
                mail.save(update_fields=["tries", "next_try_at"])
        return mail

    def message(self, mail: Mail) -> postal.Message | None:
        """What is sent; None for an order without an address."""
        return self.written(mail) if mail.order.email else None

    def end(self, mail: Mail, at: datetime, *, taken: bool) -> None:
        """The server took it, or nobody will."""
        with transaction.atomic():
            mail.state = mail.State.SENT if taken else mail.State.REFUSED
            mail.ended_at = at
            mail.save(update_fields=["state", "ended_at"])
            record(self.verb, actor=SYSTEM, subject=mail, at=at,
                   facts={"state": str(mail.state), "tries": mail.tries})

    def postpone(self, mail: Mail, until: datetime) -> None:
        """It is tried again then."""
        with transaction.atomic():
            mail.next_try_at = until
            mail.save(update_fields=["next_try_at"])
