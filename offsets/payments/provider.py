"""What a way of paying has to offer (reliability, 5). Types only: no database, no network.

A provider never touches an order: it sends the buyer somewhere, reads its own messages and says
what it knows of a payment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from cdm_portal.values import Money
from offsets.models import Order, PaymentAttempt


class PaymentState(StrEnum):
    """What a provider knows of a payment."""

    PENDING = "pending"
    DECLINED = "declined"
    EXPIRED = "expired"  # nobody paid while it could be paid
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a way of paying can do by itself."""

    refund: bool  # gives money back when it is asked; else a person sends it back
    asynchronous: bool  # money may come hours or days after the buyer went to pay
    offline: bool  # the buyer pays elsewhere, from what a page of ours says


@dataclass(frozen=True, slots=True)
class Redirect:
    """The buyer goes on to a page where the attempt is paid. `reference` is the provider's own."""

    url: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Instructions:
    """The buyer goes on to a page of ours that says how to pay. `reference` is what is quoted."""

    url: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Reversal:
    """Money that went back to the buyer without our asking, or did not though we asked.

    `kind` is "chargeback" (by the buyer's bank), "refund" (by hand, at the provider) or "failed" (a
    refund of ours that the provider took on and could not carry out); `outcome` is "open", "won"
    (the money is here again) or "lost".
    """

    reference: str
    kind: str
    money: Money
    reason: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Status:
    """The provider's present word on one payment, read from the provider itself."""

    state: PaymentState
    money: Money
    reversals: tuple[Reversal, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """A message whose signature held: which payment to look at. What it claims decides nothing."""

    event_id: str
    kind: str
    reference: UUID
    body: str


class PaymentProvider(Protocol):
    """One way of paying.

    `hold_parameter` names the rule parameter with the minutes for which units are held once the
    buyer goes to pay; empty: no longer than the checkout holds them.
    """

    slug: str
    test_only: bool
    capabilities: Capabilities
    hold_parameter: str

    @property
    def label(self) -> str:
        """Its name at the checkout."""

    @property
    def hint(self) -> str:
        """What it means for the buyer, with its fee."""

    @property
    def next_step(self) -> str:
        """What follows the button."""

    @property
    def form_action(self) -> str:
        """The foreign origin to which the checkout's form leads; empty for a page of ours."""

    def is_on(self) -> bool:
        """Whether it is configured here; what was begun with it goes on while it is."""

    def why_not(self, order: Order) -> str:
        """Why this order cannot be paid so, in words for the buyer; empty if it can."""

    def start(self, attempt: PaymentAttempt, at: datetime) -> Redirect | Instructions:
        """Tell the provider what is to be paid: asked again, it answers the same.

        Called outside any transaction of ours. What it sends follows from the attempt alone, which
        may be paid until its `closes_at`. Raises ProviderDown.
        """

    def expire(self, attempt: PaymentAttempt) -> None:
        """Let nobody pay the attempt any more, if it can still be prevented. Raises ProviderDown.
        """

    def parse_event(self, raw: bytes, headers: Mapping[str, str], at: datetime) -> Event | None:
        """The event in a raw message; None when it is signed but no matter of ours.

        Raises BadEvent if forged, altered, old or unreadable, UnknownPayment if the payment is not
        one of this portal.
        """

    def status(self, attempt: PaymentAttempt) -> Status:
        """What the provider knows of a payment now. Raises UnknownPayment, ProviderDown."""

    def refund(self, attempt: PaymentAttempt) -> str:
        """Give back what was received, once however often it is asked; answers its reference.

        Only where `capabilities.refund`. Raises ProviderDown, RefundRefused.
        """
