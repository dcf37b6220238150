"""Units kept for an order: its lines over the offers' lots and their exact holds in the registry.

All are called inside the caller's transaction, which ends with a refusal. The offers are locked
before what is free is counted, so that it cannot become less meanwhile; the lots are locked last,
lowest first, by the one statement that holds them all or none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from cdm_portal.formats import tonnes
from cdm_portal.values import SYSTEM
from offsets import locks, stock
from offsets.errors import TooFewLeft, TooManyHeld
from offsets.models import Offer, Order, OrderLine
from registry import actions as registry_actions


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whole tonnes of a locked offer, at a price in US dollars a tonne; `field` as in Item."""

    offer: Offer
    quantity: int
    price: Decimal
    field: str = "quantity"


def share_out(*, at: datetime, wanted: Sequence[Wanted], anonymous: bool) -> list[OrderLine]:
    """Lines, not kept yet, over what is free of the offers, lowest lots first.

    Raises TooFewLeft with how many there are, TooManyHeld when only buyers who signed in may hold
    so many; with a sentence for each offer concerned.
    """
    lots = stock.free_lots([each.offer.pk for each in wanted], at)
    lines: list[OrderLine] = []
    few: dict[str, list[str]] = {}
    capped: dict[str, list[str]] = {}
    for each in wanted:
        own = [lot for lot in lots if lot.offer_id == each.offer.pk]
        free = sum(lot.free for lot in own)
        may = sum(lot.guests for lot in own) if anonymous else free
        name = f"{each.offer.project.title}: " if len(wanted) > 1 else ""
        if each.quantity > free:
            few[each.field] = [name + _few_words(free)]
        elif each.quantity > may:
            capped[each.field] = [name + _share_words(may)]
        else:
            lines += _lines(each, own, anonymous=anonymous)
    if few:
        raise TooFewLeft(few | capped)
    if capped:
        raise TooManyHeld(capped)
    return lines


def _lines(wanted: Wanted, lots: Iterable[stock.FreeLot], *, anonymous: bool) -> list[OrderLine]:
    left, lines = wanted.quantity, []
    for lot in lots:
        take = min(left, lot.guests if anonymous else lot.free)
        if take:
            lines.append(OrderLine(
                offer=wanted.offer, lot_id=lot.lot_id, key=uuid4(), quantity=take,
                unit_price=wanted.price,
            ))
        left -= take
    return lines


def hold(*, at: datetime, lines: Iterable[OrderLine], until: datetime) -> None:
    """Keep the units of some lines until a moment. The last statement of its transaction."""
    registry_actions.hold_all(
        actor=SYSTEM, at=at, expires_at=until,
        holds=[(line.lot_id, line.quantity, line.key) for line in lines],
    )


def keep(*, at: datetime, order: Order, until: datetime) -> None:
    """Hold all units of a paid order once more, at the prices that were paid, in case the first
    hold is over. No cap: a paid order takes nothing off the market by waiting.

    Raises TooFewLeft, or the registry's refusal, when the units of any line are gone.
    """
    drop_hold(at=at, order=order)
    paid: dict[int, tuple[int, Decimal]] = {}
    for line in order.lines.all():
        paid[line.offer_id] = (paid.get(line.offer_id, (0,))[0] + line.quantity, line.unit_price)
    wanted = [Wanted(offer, *paid[offer.pk]) for offer in locks.offers(paid)]
    order.lines.all().delete()
    lines = share_out(at=at, wanted=wanted, anonymous=False)
    attach(order=order, lines=lines)
    hold(at=at, lines=lines, until=until)


def attach(*, order: Order, lines: Iterable[OrderLine]) -> None:
    """Keep lines as the lines of an order."""
    made = list(lines)
    for line in made:
        line.order = order
    OrderLine.objects.bulk_create(made)


def drop_hold(*, at: datetime, order: Order) -> None:
    """Give the order's held units free. Its lines stay, to be held again."""
    for line in order.lines.filter(cancellation=None):
        registry_actions.drop_hold(at=at, order_key=line.key)


def _few_words(free: int) -> str:
    return f"Only {tonnes(free)} tonnes are left of this offer." if free else "All are sold."


def _share_words(free: int) -> str:
    can = f"at most {tonnes(free)} tonnes can" if free else "no more tonnes can"
    return (
        f"Without signing in {can} be held of this offer at this moment. Sign in to buy more, "
        "or try again in a few minutes."
    )
