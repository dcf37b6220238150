"""The basket of a browser: put in, change, take out. Nothing is held and no price is kept for it.

Nothing of it goes into the journal: until it is an order, it is a visitor's own affair.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from cdm_portal import formats, parameters
from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor, usd
from offsets import locks, pricing, queries
from offsets.errors import OfferNotOpen, TooFewLeft
from offsets.models import BasketItem, Offer
from offsets.values import Ask


def put_in_basket(
    *, actor: Actor, at: datetime, buyer: str, offer_id: int, ask: Ask, key: UUID | None = None
) -> BasketItem:
    """Put tonnes of an offer into a browser's basket, besides those that are in it already.

    The same key (of the page on which it was pressed) puts in once. Raises UnknownOffer,
    OfferNotOpen, TooFewLeft when the offer has not so many, Invalid.
    """
    del actor  # whoever sits at the browser
    with transaction.atomic():
        locks.buyer(buyer)
        offer = queries.offer(offer_id)
        if offer.state != Offer.State.LISTED:
            words = f"This offer is {offer.get_state_display().lower()}."
            raise OfferNotOpen(words, field=ask.field)
        BasketItem.objects.filter(buyer_key=buyer).exclude(queries.still_in_basket()).delete()
        there = BasketItem.objects.filter(buyer_key=buyer, offer=offer).first()
        if there is not None and key is not None and there.added_key == key:
            return there
        before = there.quantity if there else 0
        item = there or BasketItem(buyer_key=buyer, offer=offer)
        _set(item, offer, ask, before, at)
        item.added_key = key
        item.save()
    return item


def change_basket(
    *, actor: Actor, at: datetime, buyer: str, asks: Mapping[int, Ask], without: int | None = None
) -> list[BasketItem]:
    """Ask for other tonnes of the offers that are in the basket, by offer, and take one out.

    Answers the items that were changed. Offers that are in the basket no more are passed over.
    Raises TooFewLeft, Invalid; then nothing is changed.
    """
    del actor
    changed = []
    with transaction.atomic():
        locks.buyer(buyer)
        mine = BasketItem.objects.filter(buyer_key=buyer)
        if without is not None:
            mine.filter(offer_id=without).delete()
        for item in mine.filter(offer__in=asks).select_related("offer"):
            ask = asks[item.offer_id]
            if ask.amount is None and ask.tonnes == item.quantity:
                continue
            _set(item, item.offer, ask, 0, at)
            item.save()
            changed.append(item)
    return changed


def drop_baskets(*, actor: Actor, at: datetime) -> int:
    """Forget baskets that nobody has changed for long; answers how many items went."""
    del actor
    before = at - timedelta(days=parameters.number("basket_days", at.date()))
    return BasketItem.objects.filter(changed_at__lt=before).delete()[0]


def _set(item: BasketItem, offer: Offer, ask: Ask, before: int, at: datetime) -> None:
    more = ask.tonnes if ask.amount is None else _bought(offer, ask.amount, ask.field)
    if more < 1:
        raise Invalid.of(ask.field, "Ask for at least 1 whole tonne.")
    most = parameters.number("order_max_tonnes", at.date())
    if before + more > most:
        words = f"One order takes at most {formats.tonnes(most)} tonnes."
        raise Invalid.of(ask.field, words)
    there = queries.unsold(offer)
    if before + more > there:
        already = f" {formats.tonnes(before)} are in your basket already." if before else ""
        raise TooFewLeft.of(
            ask.field, f"Only {formats.tonnes(there)} tonnes are left of this offer.{already}"
        )
    item.quantity, item.order, item.changed_at = before + more, None, at
    item.amount = None if before else ask.amount


def _bought(offer: Offer, amount: Decimal, field: str) -> int:
    whole, _over = pricing.bought_for(amount, offer.price)
    if whole < 1:
        raise Invalid.of(
            field, f"{formats.money(usd(amount))} buys no whole tonne: one costs "
            f"{formats.usd(offer.price)}."
        )
    return whole
