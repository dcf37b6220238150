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
from offsets.errors import BadEvent, UnknownPayment
from offsets.models import PaymentAttempt, SandboxPayment
from offsets.payments import actions as book_actions
from offsets.payments import signing
from offsets.payments.provider import Event, PaymentState, Status
from offsets.values import GUEST

SIGNATURE = "Sandbox-Signature"
STATES = {
    SandboxPayment.State.OPEN.value: PaymentState.PENDING,
    SandboxPayment.State.PAID.value: PaymentState.PAID,
    SandboxPayment.State.DECLINED.value: PaymentState.DECLINED,
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
        "type": f"payment.{payment.state}",
        "payment": str(payment.reference),
    }
    raw = json.dumps(body, sort_keys=True).encode()
    return raw, {SIGNATURE: signing.sign(raw, settings.SANDBOX_SECRET, at)}


class Sandbox:
    """The sandbox behind the interface that every way of paying has."""

    slug = "sandbox"
    test_only = True

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

    def start(self, attempt: PaymentAttempt, at: datetime) -> None:
        """Open a page of the sandbox's book."""
        book_actions.open_payment(actor=GUEST, at=at, attempt=attempt)

    def page_url(self, reference: UUID) -> str:
        """The sandbox's own page."""
        return reverse("offsets:sandbox", args=[reference])

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

    def status(self, reference: UUID) -> Status:
        """What the sandbox's book says now. Raises UnknownPayment."""
        found = book(reference)
        amount = found.amount if found.received is None else found.received
        return Status(STATES[found.state], Money(amount, found.currency))

    def refund(self, reference: UUID) -> str:
        """The reference of the refund: one per payment, whoever asks how often."""
        return f"sandbox-refund-{book(reference).reference}"
