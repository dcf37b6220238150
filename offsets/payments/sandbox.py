"""The built-in provider: a page of our own, its own book, and really signed messages.

No money moves. It is refused in production unless ALLOW_SANDBOX is set, and everything bought with
it says so (decisions, 24).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal.values import Money
from offsets.errors import BadEvent, RefundRefused, UnknownPayment
from offsets.models import Order, PaymentAttempt, SandboxPayment
from offsets.payments import actions as book_actions
from offsets.payments import signing
from offsets.payments.provider import (
    Capabilities,
    Event,
    PaymentState,
    Redirect,
    Reversal,
    Status,
)
from offsets.values import GUEST

SIGNATURE = "Sandbox-Signature"
STATES = {
    SandboxPayment.State.OPEN.value: PaymentState.PENDING,
    SandboxPayment.State.PAID.value: PaymentState.PAID,
    SandboxPayment.State.DECLINED.value: PaymentState.DECLINED,
    SandboxPayment.State.EXPIRED.value: PaymentState.EXPIRED,
}


def book(reference: UUID) -> SandboxPayment:
    """What the sandbox knows of a payment. Raises UnknownPayment."""
    found = SandboxPayment.objects.filter(reference=reference).first()
    if found is None:
        raise UnknownPayment("The sandbox knows no such payment.")
    return found


def message(payment: SandboxPayment, at: datetime) -> tuple[bytes, dict[str, str]]:
    """The sandbox's next message about a payment: raw body and headers, as a server sends them."""
    body = {
        "id": f"evt_{payment.reference.hex}_{payment.events}",
        "type": f"payment.{'charged_back' if payment.charged_back else payment.state}",
        "payment": str(payment.reference),
    }
    raw = json.dumps(body, sort_keys=True).encode()
    return raw, {SIGNATURE: signing.sign(raw, settings.SANDBOX_SECRET, at)}


class Sandbox:
    """The sandbox behind the interface that every way of paying has."""

    slug = "sandbox"
    test_only = True
    capabilities = Capabilities(refund=True, asynchronous=True, offline=False)
    hold_parameter = ""
    form_action = ""

    @property
    def label(self) -> str:
        """Its name at the checkout."""
        return _("Sandbox payment")

    @property
    def hint(self) -> str:
        """What happens to the money: nothing."""
        return _("No money moves. Units and certificate belong to the sample ledger and say so.")

    @property
    def next_step(self) -> str:
        """What follows the button."""
        return _("Next: the built-in test page, where you choose the outcome.")

    def is_on(self) -> bool:
        """Everywhere but in production, which has to ask for it."""
        return bool(settings.ALLOW_SANDBOX)

    def why_not(self, order: Order) -> str:
        """It takes every order."""
        del order
        return ""

    def start(self, attempt: PaymentAttempt, at: datetime) -> Redirect:
        """Open a page of the sandbox's book."""
        book_actions.open_payment(actor=GUEST, at=at, attempt=attempt)
        return Redirect(reverse("offsets:sandbox", args=[attempt.uuid]))

    def expire(self, attempt: PaymentAttempt) -> None:
        """Close the page of the book; what is paid stays paid."""
        book_actions.close_payment(actor=GUEST, at=attempt.started_at, reference=attempt.uuid)

    def parse_event(self, raw: bytes, headers: Mapping[str, str], at: datetime) -> Event:
        """The event in a signed message. Raises BadEvent."""
        try:
            signing.verify(raw, headers.get(SIGNATURE, ""), settings.SANDBOX_SECRET, at)
            body = json.loads(raw)
            return Event(
                event_id=str(body["id"])[:80], kind=str(body["type"])[:40],
                reference=UUID(str(body["payment"])), body=raw.decode(),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise BadEvent(f"This message was refused: {error}.") from error

    def status(self, attempt: PaymentAttempt) -> Status:
        """What the sandbox's book says now. Raises UnknownPayment."""
        found = book(attempt.uuid)
        amount = found.amount if found.received is None else found.received
        money = Money(amount, found.currency)
        return Status(STATES[found.state], money, _taken_back(found, money))

    def refund(self, attempt: PaymentAttempt) -> str:
        """The reference of the refund: one per payment, whoever asks how often.

        Raises RefundRefused for what the bank took back already.
        """
        found = book(attempt.uuid)
        if found.charged_back:
            raise RefundRefused("The bank took this payment back already.")
        return f"sandbox-refund-{found.reference}"


def _taken_back(payment: SandboxPayment, money: Money) -> tuple[Reversal, ...]:
    if not payment.charged_back:
        return ()
    return (Reversal(f"sandbox-{payment.reference}", "chargeback", money, "fraudulent", "open"),)
