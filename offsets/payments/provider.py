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
from offsets.models import PaymentAttempt


class PaymentState(StrEnum):
    """What a provider knows of a payment."""

    PENDING = "pending"
    DECLINED = "declined"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Status:
    """The provider's present word on one payment, read from the provider itself."""

    state: PaymentState
    money: Money


@dataclass(frozen=True, slots=True)
class Event:
    """A message whose signature held: which payment to look at. What it claims decides nothing."""

    event_id: str
    kind: str
    reference: UUID
    body: str


class PaymentProvider(Protocol):
    """One way of paying."""

    slug: str
    test_only: bool

    @property
    def label(self) -> str:
        """Its name at the checkout."""

    @property
    def hint(self) -> str:
        """What it means for the buyer, with its fee."""

    @property
    def next_step(self) -> str:
        """What follows the button, in a line under it."""

    def start(self, attempt: PaymentAttempt, at: datetime) -> None:
        """Tell the provider what is to be paid; once per attempt, however often it is asked."""

    def page_url(self, reference: UUID) -> str:
        """Where the buyer pays the attempt of this reference."""

    def parse_event(self, raw: bytes, headers: Mapping[str, str], at: datetime) -> Event:
        """The event in a raw message. Raises BadEvent if forged, altered, old or unreadable."""

    def status(self, reference: UUID) -> Status:
        """What the provider knows of a payment now. Raises UnknownPayment."""

    def refund(self, reference: UUID) -> str:
        """Give a payment back, once however often it is asked; answers the refund's reference."""
