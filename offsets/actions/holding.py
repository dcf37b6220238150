"""Units kept for an order: lines over the offer's lots and their exact holds in the registry.

Both are called inside the caller's transaction with the order locked.
"""

from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from cdm_portal.formats import tonnes
from offsets import locks, queries
from offsets.errors import TooFewLeft, TooManyHeld
from offsets.models import Order, OrderLine
from registry import actions as registry_actions
from registry import queries as registry_queries


def hold(
    *, at: datetime, order: Order, offer_id: int, price: Decimal, until: datetime
) -> list[OrderLine]:
    """Keep the order's units until a moment, lowest lots first, as the order's new lines.

    The offer's lock comes first, so that what is free cannot change meanwhile. Raises TooFewLeft
    with how many there are, TooManyHeld when only buyers who signed in may hold so many.
    """
    offer = locks.offer(offer_id)
    left, lines, withheld = order.quantity, [], 0
    for offered in offer.lots.all():
        free = registry_queries.available(offered.lot_id, at)
        may = min(free, queries.guest_share(offered.lot, at)) if order.anonymous else free
        withheld += free - may
        take = min(left, may)
        if take < 1:
            continue
        line = OrderLine(
            order=order, offer=offer, lot_id=offered.lot_id, key=uuid4(), quantity=take,
            unit_price=price,
        )
        registry_actions.hold(
            at=at, lot_id=line.lot_id, quantity=take, order_key=line.key, expires_at=until
        )
        lines.append(line)
        left -= take
        if not left:
            return OrderLine.objects.bulk_create(lines)
    free = order.quantity - left
    if left <= withheld:
        raise TooManyHeld.of("quantity", _share_words(free))
    free += withheld
    message = f"Only {tonnes(free)} tonnes are left of this offer." if free else "All are sold."
    raise TooFewLeft.of("quantity", message)


def _share_words(free: int) -> str:
    can = f"at most {tonnes(free)} tonnes can" if free else "no more tonnes can"
    return (
        f"Without signing in {can} be held of this offer at this moment. Sign in to buy more, "
        "or try again in a few minutes."
    )


def drop_hold(*, at: datetime, order: Order) -> None:
    """Give the order's held units free. Its lines stay, to be held again."""
    for line in order.lines.filter(cancellation=None):
        registry_actions.drop_hold(at=at, order_key=line.key)
