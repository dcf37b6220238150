"""What an order costs. Pure: Decimal money, no Django.

The whole price goes to the participants; the platform takes nothing, and a payment fee is passed on
at cost (domain, 6). The sandbox has none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cdm_portal.values import Money, cents, usd

NONE = usd(0)


@dataclass(frozen=True, slots=True)
class Bill:
    """The three lines that a buyer sees, and their sum."""

    participants: Money
    payment_fee: Money = NONE
    platform_fee: Money = NONE

    @property
    def total(self) -> Money:
        """What the buyer pays."""
        return self.participants + self.payment_fee + self.platform_fee


def line_total(price: Decimal, quantity: int) -> Money:
    """`quantity` tonnes at `price` US dollars each, rounded half up to the cent."""
    return cents(usd(price) * quantity)


def bill(lines: Iterable[tuple[Decimal, int]]) -> Bill:
    """The bill for (price in US dollars, whole tonnes) lines; each line is rounded by itself."""
    return Bill(sum((line_total(price, quantity) for price, quantity in lines), NONE))


def bought_for(amount: Decimal, price: Decimal) -> tuple[int, Money]:
    """The whole tonnes that an amount in US dollars buys at a price, and what is left over."""
    whole = int(amount // price)
    return whole, usd(amount - price * whole)
