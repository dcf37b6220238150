"""Values of the shop. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from cdm_portal.values import Actor, Role

GUEST = Actor(person_id=None, name="A guest of the shop", role=Role.BUYER)
"""Whoever buys without signing in: nobody needs an account to cancel a tonne."""


@dataclass(frozen=True, slots=True)
class Item:
    """Whole tonnes of one offer that a buyer asks for, at the price that they saw.

    `field` is the form's field beside which a refusal of it belongs.
    """

    offer_id: int
    quantity: int
    price_version: int
    field: str = "quantity"


@dataclass(frozen=True, slots=True)
class Ask:
    """How much of an offer goes into a basket: `tonnes`, or what an `amount` in USD buys."""

    tonnes: int = 0
    amount: Decimal | None = None
    field: str = "quantity"
