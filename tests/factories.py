"""Objects brought to a state by the actions: the demonstration's walk, with the tests' cast."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from cdm_portal.demonstration.portfolio import PORTFOLIO, Sketch, Until
from cdm_portal.demonstration.walk import Walk
from cdm_portal.identity.models import Organisation
from cdm_portal.values import Actor
from offsets import actions as shop
from offsets.models import Offer, Order
from offsets.payments import bank
from projects.models import Project
from registry import actions as registry_actions
from registry import queries as registry_queries
from registry.errors import AccountExists
from tests import banking
from tests.cast import Cast

SOLAR = replace(
    PORTFOLIO[0], key="test-solar", title="Test solar park, 12 MW", owner="Ziwa Sun Limited",
    sales=(), benefits={},
)


class CastPeople:
    """The tests' cast under the names that the walk asks for."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.actors: dict[str, Actor] = {
            "participant": cast.participant, "dna.ke": cast.dna, "doe": cast.doe,
            "doe2": cast.other_doe, "secretariat": cast.secretariat, "rit": cast.rit,
            "secretariat2": cast.second_secretariat, "registry": cast.registry,
            "registry2": cast.registry_second, "auditor": cast.auditor, "buyer": cast.buyer,
            **{f"board{n or ''}": member for n, member in zip(
                [0, *range(2, 11)], cast.board, strict=True)},
        }
        self.offices: dict[str, Organisation] = cast.organisations

    def actor(self, local: str) -> Actor:
        """Somebody of the cast."""
        return self.actors[local]


def walk(cast: Cast, until: Until, now: datetime, **changes: Any) -> Walk:
    """A fictional project walked to a stage; `changes` are fields of its sketch."""
    sketch: Sketch = replace(SOLAR, until=until, **changes)
    made = Walk(CastPeople(cast), sketch, now)  # type: ignore[arg-type] # the cast stands in
    if until >= Until.ISSUED:
        holding_account(cast, now)
    made.go()
    made.project.refresh_from_db()
    return made


def project(cast: Cast, until: Until, now: datetime, **changes: Any) -> Project:
    """The project alone."""
    return walk(cast, until, now, **changes).project


def holding_account(cast: Cast, at: datetime) -> int:
    """The participant's holding account, opened once."""
    try:
        return registry_actions.open_account(
            actor=cast.registry, at=at, kind=121, party_code="KE",
            holder_id=cast.participant.organisation_id, name=cast.participant.organisation,
        ).pk
    except AccountExists:
        account = registry_queries.account_for(cast.participant.organisation_id, "KE")
        return account.pk


def order(offer: Offer, tonnes: int, key: UUID, at: datetime) -> Order:
    """A guest's order with its details given, units held."""
    made = shop.start_order(
        at=at, offer_id=offer.pk, quantity=tonnes, price_version=offer.price_version,
        order_key=key, buyer=str(key), anonymous=False,
    )
    return shop.give_details(
        at=at, order_id=made.pk, name="Amina Otieno", public=True, email="amina@example.org",
        reason="Our winter", on_behalf=False, reference="",
    )


def orders(offer: Offer, cast: Cast, at: datetime) -> Order:
    """A guest's order of 4 tonnes, and what the bank account has brought."""
    banking.everything(cast, offer, at)
    return order(offer, 4, uuid5(NAMESPACE_URL, "world"), at)


def pay(made: Order, at: datetime, *, button: str = "pay") -> None:
    """Pay it in the sandbox, whose signed message confirms."""
    attempt = shop.begin_payment(at=at, order_id=made.pk, provider="sandbox")
    bank.settle(at=at, reference=attempt.uuid, button=button)
