"""A shop with units in it: issued, forwarded and offered through the product's own actions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from cdm_portal import clock
from cdm_portal.values import Actor
from offsets import actions, invariants, queries
from offsets.models import Certificate, Offer, Order, PaymentAttempt
from offsets.payments import bank
from projects.models import Project
from registry import actions as registry_actions
from registry import queries as registry_queries
from registry.models import Account, Lot
from tests.cast import Cast

DETAILS = {
    "name": "Amina Otieno", "public": True, "email": "amina@example.org",
    "reason": "Our family’s flights and home energy, 2026",
}


@dataclass
class Shop:
    """The participant's project and account, and short ways to bring an order to a state."""

    cast: Cast
    at: datetime
    project: Project
    account: Account

    @property
    def seller(self) -> Actor:
        return self.cast.participant

    def issue(self, quantity: int, commitment_period: int = 2) -> None:
        """Issue so many units, the share of proceeds besides, and forward them all."""
        share = quantity // 49 or 1
        reference = f"TEST-{uuid4().hex[:12]}"
        line = registry_actions.instruct(
            actor=self.cast.board[0], at=self.at, project_number=self.project.number or "",
            party_code="KE", commitment_period=commitment_period, quantity=quantity + share,
            share_of_proceeds=share, reference=reference,
        )
        registry_actions.release_instruction(
            actor=self.cast.secretariat, at=self.at, line_id=line.pk
        )
        registry_actions.issue(at=self.at, line_id=line.pk)
        registry_actions.authorise(
            actor=self.cast.registry, at=self.at, project_number=self.project.number or "",
            holder_id=self.account.holder_id, letter="KE-LoA-1",
        )
        proposal = registry_actions.propose_forwarding(
            actor=self.cast.registry, at=self.at, project_number=self.project.number or "",
            from_account_id=registry_queries.pending_account().pk, to_account_id=self.account.pk,
            quantity=quantity, commitment_period=commitment_period,
        )
        registry_actions.approve_proposal(
            actor=self.cast.registry_second, at=self.at, proposal_id=proposal.pk
        )

    def offer(self, quantity: int = 100, price: str = "4.80") -> Offer:
        return actions.list_offer(
            actor=self.seller, at=self.at, project=self.project, account_id=self.account.pk,
            quantity=quantity, commitment_period=2, price=Decimal(price),
        )

    def order(self, offer: Offer, quantity: int = 1, buyer: str = "") -> Order:
        return actions.start_order(
            at=self.at, offer_id=offer.pk, quantity=quantity, price_version=offer.price_version,
            order_key=uuid4(), buyer=buyer, anonymous=False,
        )

    def pending(self, offer: Offer, quantity: int = 1, **details: object) -> PaymentAttempt:
        """An order whose buyer is on the payment page."""
        order = self.order(offer, quantity)
        actions.give_details(at=self.at, order_id=order.pk, **(DETAILS | details))  # type: ignore[arg-type]
        return actions.begin_payment(at=self.at, order_id=order.pk, provider="sandbox")

    def press(self, attempt: PaymentAttempt, button: str, at: datetime | None = None) -> Order:
        """What the sandbox's page does for a button."""
        bank.settle(at=at or self.at, reference=attempt.uuid, button=button)
        return queries.order(attempt.order_id)

    def buy(self, offer: Offer, quantity: int = 1, **details: object) -> Certificate:
        """From the order to the certificate, without its print."""
        order = self.press(self.pending(offer, quantity, **details), "pay")
        return actions.fulfil(at=self.at, order_id=order.pk)

    def left(self, offer: Offer) -> int:
        return queries.unsold(offer)

    def cursor(self, offer: Offer) -> int:
        return Lot.objects.get(offered__offer=offer).next_serial


@pytest.fixture
def money_balances() -> Iterator[None]:
    """When the test is over, the shop's own books balance."""
    yield
    assert invariants.problems() == []


def opened(cast: Cast, at: datetime) -> Shop:
    """A registered project whose participant holds 1,000 units."""
    organisation = cast.organisations["Ziwa Sun Limited"]
    project = Project.objects.create(
        reference="PDD-09204", number="99204", rules=Project.Rules.DEMONSTRATION, fictional=True,
        owner=organisation, party_code="KE", title="Ziwa Nne improved cookstoves programme",
        sector="stoves", created_at=at, validation_began_at=at, registered_at=at,
    )
    account = registry_actions.open_account(
        actor=cast.registry, at=at, kind=121, party_code="KE", holder_id=organisation.pk,
        name="Ziwa Sun Limited",
    )
    made = Shop(cast, at, project, account)
    made.issue(1000)
    return made


@pytest.fixture
def shop(cast: Cast, at: datetime) -> Shop:
    """A registered project whose participant holds 1,000 units."""
    return opened(cast, at)



@pytest.fixture
def offer(shop: Shop) -> Offer:
    """100 tonnes at US$4.80, listed now: pages read the database's clock."""
    shop.at = clock.now()
    return shop.offer(100)
