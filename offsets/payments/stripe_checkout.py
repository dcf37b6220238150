"""Stripe Checkout: the buyer pays on Stripe's own page, and no card number ever comes near ours.

Off unless STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET are set. Not exercised against live Stripe.
What a message claims decides nothing, and what Stripe answers about a payment counts only if it is
the payment that was asked about: same order, attempt and mode.
"""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import stripe
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from moneyed import CurrencyDoesNotExist, get_currency
from stripe.params import RefundCreateParams
from stripe.params.checkout import SessionCreateParams

from cdm_portal.formats import tonnes
from cdm_portal.values import SYSTEM, Money
from offsets.errors import BadEvent, ProviderDown, UnknownPayment
from offsets.models import Order, PaymentAttempt
from offsets.payments import signing
from offsets.payments.cards import actions
from offsets.payments.cards.line import asking, client
from offsets.payments.provider import (
    Capabilities,
    Event,
    PaymentState,
    Redirect,
    Reversal,
    Status,
)
from offsets.values import GUEST

logger = logging.getLogger(__name__)
SIGNATURE = "Stripe-Signature"
SESSIONS = "checkout.session."
OF_SESSIONS = {"completed", "async_payment_succeeded", "async_payment_failed", "expired"}
OF_MONEY = {
    "charge.refunded", "charge.dispute.created", "charge.dispute.closed", "refund.failed",
}
NOT_GIVEN = {"failed", "canceled"}
OUTCOMES = {"won": "won", "warning_closed": "won", "prevented": "won", "lost": "lost"}
NOT_OURS = "Stripe's answer is about another payment."


class StripeCheckout:
    """Stripe's hosted page behind the interface that every way of paying has."""

    slug = "stripe_checkout"
    test_only = False
    capabilities = Capabilities(refund=True, asynchronous=True, offline=False)
    hold_parameter = "card_hold_minutes"

    @property
    def label(self) -> str:
        """Its name at the checkout."""
        return _("Card or wallet")

    @property
    def hint(self) -> str:
        """What it means for the buyer, with its fee."""
        return _("Paid on the page of Stripe, a payment company; no fee is added to the price.")

    @property
    def next_step(self) -> str:
        """What follows the button."""
        return _("Next: Stripe's page. This portal never sees your card.")

    @property
    def form_action(self) -> str:
        """Stripe's pages, to which the button leads."""
        return str(settings.STRIPE_PAGES)

    def is_on(self) -> bool:
        """Only where both keys are set."""
        return bool(settings.STRIPE_SECRET_KEY and settings.STRIPE_WEBHOOK_SECRET)

    def why_not(self, order: Order) -> str:
        """It takes every order."""
        del order
        return ""

    def start(self, attempt: PaymentAttempt, at: datetime) -> Redirect:
        """Open a session; asked again Stripe answers the same one, for the attempt's uuid is the
        key. Raises ProviderDown.
        """
        session = actions.open_session(
            actor=GUEST, at=at, attempt=attempt.uuid, asked=_session(attempt)
        )
        if not session.url or not session.url.startswith(f"{settings.STRIPE_PAGES}/"):
            raise ProviderDown("Stripe named no page to pay on.")
        return Redirect(session.url, session.id)

    def expire(self, attempt: PaymentAttempt) -> None:
        """Close the session; one that is paid or closed already stays so. Raises ProviderDown."""
        if not attempt.provider_reference:
            return
        with asking():
            try:
                client().v1.checkout.sessions.expire(attempt.provider_reference)
            except stripe.InvalidRequestError as error:
                logger.info("session of %s is closed already: %s", attempt.uuid, error.code)

    def parse_event(self, raw: bytes, headers: Mapping[str, str], at: datetime) -> Event | None:
        """The event in a signed message. Raises BadEvent, UnknownPayment, ProviderDown."""
        try:
            signing.verify(raw, headers.get(SIGNATURE, ""), settings.STRIPE_WEBHOOK_SECRET, at)
            body = json.loads(raw)
            kind, thing = str(body["type"]), dict(body["data"]["object"])
            told = {"id": str(body["id"])[:80], "type": kind[:40], "object": str(thing["id"])[:80]}
            foreign = body["livemode"] is not _live() or body.get("account")
        except (ValueError, KeyError, TypeError) as error:
            raise BadEvent(f"This message was refused: {error}.") from error
        if foreign:
            raise BadEvent("This message is of another account or mode.")
        if kind not in OF_MONEY and kind.removeprefix(SESSIONS) not in OF_SESSIONS:
            return None
        reference = _reference(thing)
        # Of record is only what names the payment: no name, address or card of the buyer.
        body = json.dumps(told | {"attempt": str(reference)}, sort_keys=True)
        return Event(event_id=told["id"], kind=told["type"], reference=reference, body=body)

    def status(self, attempt: PaymentAttempt) -> Status:
        """What Stripe knows of a payment now. Raises UnknownPayment, ProviderDown."""
        if not attempt.provider_reference:
            return Status(PaymentState.PENDING, attempt.money)  # nobody was sent to a page yet
        session = _fetched(attempt)
        paid: Any = session.payment_intent
        if session.payment_status == "paid" and paid:
            return Status(
                PaymentState.PAID, _money(paid.amount_received, paid.currency),
                _reversals(paid, attempt),
            )
        due = _money(session.amount_total or 0, session.currency or "usd")
        if session.status == "expired":
            return Status(PaymentState.EXPIRED, due)
        failed = paid and paid.status in {"requires_payment_method", "canceled"}
        if session.status == "complete" and failed:
            return Status(PaymentState.DECLINED, due)
        return Status(PaymentState.PENDING, due)

    def refund(self, attempt: PaymentAttempt) -> str:
        """Give back what was received, once. Raises ProviderDown, RefundRefused."""
        assert attempt.received is not None
        intent: Any = _fetched(attempt).payment_intent
        earlier = [one for one in _refunds(intent.id) if _attempt_of(one) == str(attempt.uuid)]
        if earlier:
            return earlier[0].id
        params: RefundCreateParams = {
            "payment_intent": intent.id, "metadata": {"attempt": str(attempt.uuid)},
            "amount": _minor(Money(attempt.received, attempt.received_currency)),
        }
        at = attempt.settled_at or attempt.started_at
        made = actions.give_back(actor=SYSTEM, at=at, attempt=attempt.uuid, asked=params)
        return made.id


def _session(attempt: PaymentAttempt) -> SessionCreateParams:
    assert attempt.closes_at is not None
    order = attempt.order
    page = settings.SITE_URL + reverse("offsets:order", args=[order.code])
    named = {"attempt": str(attempt.uuid), "order": order.code}
    return {
        "mode": "payment", "client_reference_id": order.code, "metadata": named,
        "payment_intent_data": {"metadata": named},
        "expires_at": int(attempt.closes_at.timestamp()),
        "success_url": page, "cancel_url": page,
        "line_items": [{
            "quantity": 1,
            "price_data": {
                "currency": attempt.currency.lower(), "unit_amount": _minor(attempt.money),
                "product_data": {
                    "name": _("%(n)s t CO2e, cancelled for good") % {"n": tonnes(order.quantity)},
                },
            },
        }],
    }


def _fetched(attempt: PaymentAttempt) -> stripe.checkout.Session:
    """The attempt's session with its payment and charge, once it is sure to be the attempt's."""
    with asking():
        try:
            session = client().v1.checkout.sessions.retrieve(
                attempt.provider_reference, {"expand": ["payment_intent.latest_charge"]}
            )
        except stripe.InvalidRequestError as error:
            raise UnknownPayment("Stripe knows no such payment.") from error
    named = _attempt_of(session)
    asked = (attempt.provider_reference, attempt.order.code, str(attempt.uuid), _live())
    if (session.id, session.client_reference_id, named, session.livemode) != asked:
        raise UnknownPayment(NOT_OURS)
    return session


def _reversals(intent: Any, attempt: PaymentAttempt) -> tuple[Reversal, ...]:
    """Money that left again without our asking, and refunds of ours that came to nothing."""
    charge, found = intent.latest_charge, []
    if charge is None:
        return ()
    if charge.disputed:
        with asking():
            disputes = client().v1.disputes.list({"payment_intent": intent.id}).data
        found = [
            Reversal(one.id, "chargeback", _money(one.amount, one.currency), one.reason,
                     OUTCOMES.get(one.status, "open"))
            for one in disputes
        ]
    listed = _listed(intent.id) if charge.amount_refunded or attempt.refund_reference else []
    found += [
        Reversal(one.id, "refund", _money(one.amount, one.currency), one.reason or "", "lost")
        for one in listed if one.status not in NOT_GIVEN and not _attempt_of(one)
    ]
    found += [
        Reversal(one.id, "failed", _money(one.amount, one.currency), one.failure_reason or "",
                 "open")
        for one in listed if one.status in NOT_GIVEN and one.id == attempt.refund_reference
    ]
    return tuple(found)


def _refunds(intent: str) -> list[stripe.Refund]:
    return [one for one in _listed(intent) if one.status not in NOT_GIVEN]


def _listed(intent: str) -> list[stripe.Refund]:
    with asking():
        return client().v1.refunds.list({"payment_intent": intent, "limit": 100}).data


def _attempt_of(thing: stripe.checkout.Session | stripe.PaymentIntent | stripe.Refund) -> str:
    """The attempt that we named when we made it; empty if somebody else did."""
    named = thing.metadata
    return named["attempt"] if named is not None and "attempt" in named else ""


def _reference(thing: Mapping[str, Any]) -> UUID:
    """The attempt of which an event's object speaks. Raises UnknownPayment, ProviderDown."""
    named = str((thing.get("metadata") or {}).get("attempt", ""))
    if not named and thing.get("payment_intent"):
        with asking():
            try:
                intent = client().v1.payment_intents.retrieve(str(thing["payment_intent"]))
            except stripe.InvalidRequestError as error:
                raise UnknownPayment("Stripe knows no such payment.") from error
        named = _attempt_of(intent)
    try:
        return UUID(named)
    except ValueError as error:
        raise UnknownPayment("There is no such payment.") from error


def _live() -> bool:
    """Whether the key moves real money."""
    return "_live_" in settings.STRIPE_SECRET_KEY


def _minor(money: Money) -> int:
    """An amount in the smallest unit of its currency, as Stripe counts: whole, or AssertionError.
    """
    exact = money.amount * money.currency.sub_unit
    assert exact == int(exact)
    return int(exact)


def _money(minor: int, code: str) -> Money:
    """Stripe's amount as money. Raises UnknownPayment for a currency that nobody knows."""
    try:
        currency = get_currency(code.upper())
    except CurrencyDoesNotExist as error:
        raise UnknownPayment(NOT_OURS) from error
    return Money(Decimal(minor) / currency.sub_unit, currency)
