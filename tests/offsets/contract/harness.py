"""What the contract needs of a way of paying, beside the interface itself: the other side's hand.

To put a new way under the contract, write a `Harness` for it and name it in `conftest.HARNESSES`.
An act books at the provider and sends nothing: `raws` collects the messages, which the test
delivers when and as often as it likes. Where ways differ, the harness says how; a case that has no
meaning for one stands in its `differs`, with the case that it has instead and the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from moneyed import get_currency

from cdm_portal.refusals import Refused
from cdm_portal.values import SYSTEM, Money, usd
from offsets import actions, errors
from offsets.models import Offer, Order, PaymentAttempt, ProviderEvent, SandboxPayment
from offsets.payments import bank, sandbox, signing, webhooks
from offsets.values import GUEST
from tests.offsets.conftest import DETAILS, Shop
from tests.offsets.fakestripe import FakeStripe

Sent = tuple[bytes, dict[str, str]]
States = tuple[str, str]  # the order's and the attempt's
DUE = usd("81.60")
ENDS: dict[str, States] = {
    "pay": ("paid", "succeeded"), "taken back": ("paid", "succeeded"),
    "wait": ("payment_pending", "pending"), "decline": ("failed", "failed"),
    "too much": ("failed", "refund_due"),
}


class Taken(NamedTuple):
    """What becomes of the wrong money: at once the states, in the end what went back."""

    states: States
    received: Money | None
    back: Money | None
    cancelled: int


class Harness:
    """One way of paying and its other side. `at` is the present of both."""

    slug: str
    header: str = ""
    secret: str = ""
    differs: ClassVar[dict[str, tuple[str, str]]] = {}
    refusal: ClassVar[type[Refused]] = errors.BadEvent  # of what was forged
    ends: ClassVar[dict[str, States]] = ENDS
    declined: ClassVar[tuple[States, str]] = (("failed", "failed"), "declined")
    after_closing: ClassVar[States] = ("expired", "failed")  # paid although it was closed

    def __init__(self, shop: Shop) -> None:
        self.shop, self.raws = shop, list[bytes]()

    @property
    def at(self) -> datetime:
        return self.shop.at

    # The buyer on our side

    def begin(self, offer: Offer, quantity: int = 17) -> PaymentAttempt:
        """A new order whose buyer went to pay."""
        return self.again(self.order(offer, quantity).pk)

    def order(self, offer: Offer, quantity: int = 17) -> Order:
        """A new order whose buyer stands before the button."""
        order = self.shop.order(offer, quantity)
        return actions.give_details(at=self.at, order_id=order.pk, **DETAILS)  # type: ignore[arg-type]

    def again(self, order_id: int) -> PaymentAttempt:
        """The buyer of an order goes to pay."""
        return actions.begin_payment(at=self.at, order_id=order_id, provider=self.slug)

    def later(self, **by: int) -> None:
        """Time passes on both sides."""
        self.shop.at += timedelta(**by)

    # The other side

    def pay(self, attempt: PaymentAttempt, money: Money | None = None) -> None:
        """The whole is paid, or this money instead."""
        raise NotImplementedError

    def decline(self, attempt: PaymentAttempt) -> None:
        """The payment is refused for good."""
        raise NotImplementedError

    def wait(self, attempt: PaymentAttempt) -> None:
        """The buyer did what a buyer can do, the money is not there."""
        raise NotImplementedError

    def arrive(self, attempt: PaymentAttempt) -> None:
        """What was waited for is there."""
        self.pay(attempt)

    def take_back(self, attempt: PaymentAttempt) -> None:
        """The buyer's bank takes back what was paid."""
        raise NotImplementedError

    def refunds(self, attempt: PaymentAttempt) -> list[Money]:
        """What the other side gave back of a payment, by its own books."""
        raise NotImplementedError

    def down(self) -> AbstractContextManager[None]:
        """The other side cannot be reached meanwhile."""
        raise NotImplementedError

    def takes(self, money: Money) -> Taken:
        """What becomes of money that is not what was due."""
        return Taken(("failed", "refund_due"), money, money, 0)

    def give_back(self) -> int:
        """Everybody does their part so that what is due back goes back; how often it did."""
        return actions.refund_owed(actor=SYSTEM, at=self.at)

    def look_again(self) -> None:
        """What no message told is found out."""
        actions.poll_payments(at=self.at)

    # Messages

    def kept(self) -> int:
        """How many messages are kept."""
        return ProviderEvent.objects.count()

    def distinct(self) -> int:
        """How many different messages were sent."""
        return len({json.loads(raw)["id"] for raw in self.raws})

    def six(self, attempt: PaymentAttempt) -> list[bytes]:
        """Six messages about one payment, the last word of which is the same."""
        self.wait(attempt)
        self.arrive(attempt)
        self.take_back(attempt)
        return (self.raws + self.raws[-1:] * 6)[:6]

    def forged(self, raw: bytes, other: PaymentAttempt, dice: Random) -> Sent:
        """A message that was changed on its way and is refused."""
        del dice
        return self.naming(raw, other.uuid) + b" ", self.sign(raw)[1]

    def sign(self, raw: bytes, at: datetime | None = None, secret: str = "") -> Sent:
        """A raw message as it would come over the wire, sent at a moment."""
        head = signing.sign(raw, secret or self.secret, at or self.at)
        return raw, {self.header: head}

    def deliver(self, sent: Sent | bytes) -> bool:
        """A message comes in; whether it was new."""
        raw, headers = self.sign(sent) if isinstance(sent, bytes) else sent
        return webhooks.receive(self.slug, raw, headers, self.at)

    def deliver_all(self) -> None:
        """Everything that was sent comes in, in its order."""
        for raw in self.raws:
            self.deliver(raw)

    def naming(self, raw: bytes, reference: UUID) -> bytes:
        """The message with another payment's name in it."""
        raise NotImplementedError


class SandboxHarness(Harness):
    slug, header = "sandbox", sandbox.SIGNATURE

    def __init__(self, shop: Shop, settings: Any) -> None:
        super().__init__(shop)
        self.secret, self.settings = settings.SANDBOX_SECRET, settings

    def _press(self, attempt: PaymentAttempt, button: str) -> None:
        payment = bank.actions.press(
            actor=GUEST, at=self.at, reference=attempt.uuid, button=button
        )
        if button != "later":
            self.raws.append(sandbox.message(payment, self.at)[0])

    def pay(self, attempt: PaymentAttempt, money: Money | None = None) -> None:
        self._press(attempt, "pay")
        if money is not None:
            SandboxPayment.objects.filter(reference=attempt.uuid).update(
                received=money.amount, currency=str(money.currency)
            )

    def decline(self, attempt: PaymentAttempt) -> None:
        self._press(attempt, "decline")

    def wait(self, attempt: PaymentAttempt) -> None:
        self._press(attempt, "later")

    def take_back(self, attempt: PaymentAttempt) -> None:
        self._press(attempt, "back")

    def refunds(self, attempt: PaymentAttempt) -> list[Money]:
        attempt.refresh_from_db()  # the sandbox's refund is a reference and nothing else
        given = attempt.refund_reference == f"sandbox-refund-{attempt.uuid}"
        return [Money(attempt.received or 0, attempt.received_currency)] * given

    @contextmanager
    def down(self) -> Iterator[None]:
        self.settings.ALLOW_SANDBOX = False
        yield
        self.settings.ALLOW_SANDBOX = True

    def naming(self, raw: bytes, reference: UUID) -> bytes:
        return json.dumps(json.loads(raw) | {"payment": str(reference)}).encode()


class StripeHarness(Harness):
    slug, header, secret = "stripe_checkout", "Stripe-Signature", FakeStripe.secret

    def __init__(self, shop: Shop, fake: FakeStripe) -> None:
        super().__init__(shop)
        self.fake = fake
        fake.now, fake.on_event = shop.at, lambda sent: self.raws.append(sent[0])

    def later(self, **by: int) -> None:
        super().later(**by)
        self.fake.now = self.at

    def _on(
        self, attempt: PaymentAttempt, act: Callable[..., Any], *args: Any
    ) -> None:
        act(attempt.provider_reference, *args)

    def pay(self, attempt: PaymentAttempt, money: Money | None = None) -> None:
        told = ()
        if money is not None:
            told = (int(money.amount * money.currency.sub_unit), str(money.currency).lower())
        self._on(attempt, self.fake.pay, *told)

    def decline(self, attempt: PaymentAttempt) -> None:
        self._on(attempt, self.fake.fail)

    def wait(self, attempt: PaymentAttempt) -> None:
        self._on(attempt, self.fake.wait)

    def arrive(self, attempt: PaymentAttempt) -> None:
        self._on(attempt, self.fake.arrive)

    def take_back(self, attempt: PaymentAttempt) -> None:
        self._on(attempt, self.fake.dispute)

    def refunds(self, attempt: PaymentAttempt) -> list[Money]:
        intent = self.fake.things[attempt.provider_reference]["payment_intent"]
        return [
            Money(one["amount"] / Decimal(get_currency(code).sub_unit), code)
            for one in self.fake.things.values()
            if one["object"] == "refund" and one["payment_intent"] == intent
            for code in [one["currency"].upper()]
        ]

    @contextmanager
    def down(self) -> Iterator[None]:
        self.fake.away = True
        yield
        self.fake.away = False

    def naming(self, raw: bytes, reference: UUID) -> bytes:
        event = json.loads(raw)
        event["data"]["object"]["metadata"] = {"attempt": str(reference)}
        return json.dumps(event).encode()
