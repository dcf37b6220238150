"""What a browser's basket says now: its lines at the offers' present prices, and what is free.

Read from the offers each time; nothing that a form sends decides a price or a sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from cdm_portal.values import Money, usd
from offsets import pricing, queries, stock
from offsets.models import BasketItem, Offer, Order, OrderLine


@dataclass(frozen=True, slots=True)
class BasketLine:
    """Tonnes of one offer at its present price. `free` tonnes could be held now, `may` of them by
    this buyer; what this browser's own open order holds counts as free."""

    offer: Offer
    country: str
    quantity: int
    free: int
    may: int
    amount: Decimal | None = None

    @property
    def listed(self) -> bool:
        """Whether it can be bought at all."""
        return bool(self.offer.state == Offer.State.LISTED)

    @property
    def total(self) -> Money:
        """What it costs now; a line that cannot be bought costs nothing."""
        return pricing.line_total(self.offer.price, self.quantity) if self.listed else usd(0)

    @property
    def over(self) -> Money | None:
        """What is left of the amount that the buyer said; below zero when the price has risen."""
        return None if self.amount is None else usd(self.amount) - self.total


@dataclass(frozen=True, slots=True)
class Basket:
    """All lines, and their sums."""

    lines: list[BasketLine]

    @property
    def tonnes(self) -> int:
        """The tonnes of the lines that can be bought."""
        return sum(line.quantity for line in self.lines if line.listed)

    @property
    def total(self) -> Money:
        """What they cost, at the present prices."""
        return sum((line.total for line in self.lines), usd(0))


def items_of(buyer: str) -> list[BasketItem]:
    """What a browser's basket has in it, with offers and projects."""
    if not buyer:
        return []
    mine = BasketItem.objects.filter(queries.still_in_basket(), buyer_key=buyer)
    return list(mine.select_related("offer__project"))


def read(items: Sequence[BasketItem], buyer: str, at: datetime, *, anonymous: bool) -> Basket:
    """The basket of a browser from its items. Three statements, however many lines."""
    if not items:
        return Basket([])
    offers = [item.offer_id for item in items]
    lots = stock.free_lots(offers, at)
    own = _own(buyer, at)
    names = queries.countries(item.offer.project for item in items)
    made = []
    for item in items:
        mine = [lot for lot in lots if lot.offer_id == item.offer_id]
        held = own.get(item.offer_id, 0)
        free = sum(lot.free for lot in mine)
        may = sum(lot.guests for lot in mine) if anonymous else free
        made.append(BasketLine(
            item.offer, names[item.offer.project.party_code], item.quantity, free + held,
            may + held, item.amount,
        ))
    return Basket(made)


def _own(buyer: str, at: datetime) -> dict[int, int]:
    """What the open order of this browser holds, by offer: another order would free it first."""
    held = OrderLine.objects.filter(
        order__state__in=Order.OPEN, order__buyer_key=buyer, order__held_until__gt=at
    )
    summed = held.order_by().values("offer_id").annotate(n=Sum("quantity"))
    return {each["offer_id"]: int(each["n"]) for each in summed}
