"""Paid by bank transfer: an invoice with a structured reference, and credits that two persons
matched with it.

What this provider knows of a payment stands in the attempt itself: `received` is the sum of its
confirmed credits (`offsets.actions.banking`). Nobody sends messages.
"""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import formats, parameters
from offsets import stock
from offsets.errors import BadEvent, RefundRefused
from offsets.models import Order, PaymentAttempt
from offsets.models.payments import BY_TRANSFER
from offsets.payments.provider import (
    Capabilities,
    Event,
    Instructions,
    PaymentState,
    Status,
)
from offsets.queries import is_waited_for

HOLD = "invoice_hold_days"


class Invoice:
    """An organisation pays by bank transfer, in one sum or in parts."""

    slug = BY_TRANSFER
    test_only = False
    capabilities = Capabilities(refund=False, asynchronous=True, offline=True)
    hold_parameter = HOLD
    form_action = ""

    @property
    def label(self) -> str:
        """Its name at the checkout."""
        return _("Invoice, by bank transfer")

    @property
    def hint(self) -> str:
        """For whom, and what it costs."""
        return _(
            "For organisations that give their reference. The units are held until the day that "
            "the invoice names; no fee is added."
        )

    @property
    def next_step(self) -> str:
        """What follows the button."""
        return _("Next: a page with the account, the reference to quote and the invoice as PDF.")

    def is_on(self) -> bool:
        """Where a bank account is configured."""
        return bool(settings.BANK_IBAN and settings.BANK_HOLDER)

    def why_not(self, order: Order) -> str:
        """It is for organisations; of those who did not sign in, it holds a bounded number."""
        if not (order.on_behalf and order.reference):
            return _(
                "An invoice is made out to an organisation: choose “An organisation's” above and "
                "enter its reference."
            )
        return self._too_many(order, order.started_at) if order.anonymous else ""

    def _too_many(self, order: Order, at: datetime) -> str:
        most = parameters.number("invoice_guest_tonnes", at.date())
        if order.quantity > most:
            return _(
                "Without signing in an invoice can be for at most %(most)s tonnes. Sign in, or pay "
                "another way."
            ) % {"most": formats.tonnes(most)}
        if not stock.guests_may_wait(order, at):
            return _(
                "Invoices of buyers who did not sign in hold their share of this offer already. "
                "Sign in, or pay another way."
            )
        return ""

    def start(self, attempt: PaymentAttempt, at: datetime) -> Instructions:
        """Nobody is told: the page says how to pay."""
        del at
        return Instructions(reverse("offsets:invoice", args=[attempt.uuid]))

    def expire(self, attempt: PaymentAttempt) -> None:
        """A transfer cannot be prevented; what comes late is matched as any other."""
        del attempt

    def parse_event(self, raw: bytes, headers: Mapping[str, str], at: datetime) -> Event | None:
        """No message is ours. Raises BadEvent."""
        del raw, headers, at
        raise BadEvent("Banks send no messages here; statements are imported.")

    def status(self, attempt: PaymentAttempt) -> Status:
        """Paid once the parts reach the amount. When the order waits no longer, what came is all
        that came: a part of it pays for nothing.
        """
        attempt.refresh_from_db(fields=["received", "state"])
        came = attempt.parts
        waits = is_waited_for(attempt)
        if came >= attempt.money or (came.amount and not waits):
            return Status(PaymentState.PAID, came)
        return Status(PaymentState.PENDING if waits else PaymentState.EXPIRED, came)

    def refund(self, attempt: PaymentAttempt) -> str:
        """A person sends it back (`offsets.actions.repaying`). Raises RefundRefused."""
        del attempt
        raise RefundRefused("What came by transfer is sent back by a person.")
