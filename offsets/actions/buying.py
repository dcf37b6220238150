"""The buyer's side: holding units, giving a name, going back, running out of time."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from cdm_portal import formats, parameters
from cdm_portal.formats import tonnes
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid
from cdm_portal.values import SYSTEM, Actor
from offsets import locks, pricing, queries
from offsets.actions.holding import Wanted, attach, drop_hold, hold, share_out
from offsets.actions.paying import begin_payment
from offsets.errors import HoldEnded, KeyReused, OfferNotOpen, OrderNotOpen, PriceChanged
from offsets.models import BasketItem, Offer, Order, OrderLine, PaymentAttempt
from offsets.values import GUEST, Item
from offsets.wording import fault, name_fault


def start_order(
    *,
    at: datetime,
    offer_id: int,
    quantity: int,
    price_version: int,
    order_key: UUID,
    anonymous: bool,
    buyer: str = "",
) -> Order:
    """Hold whole tonnes of one offer: `order_items` with one item."""
    return order_items(
        actor=GUEST, at=at, items=[Item(offer_id, quantity, price_version)], order_key=order_key,
        anonymous=anonymous, buyer=buyer,
    )


def order_items(
    *,
    actor: Actor,
    at: datetime,
    items: Sequence[Item],
    order_key: UUID,
    anonymous: bool,
    buyer: str = "",
    from_basket: bool = False,
) -> Order:
    """Hold whole tonnes of one or several offers, each once, at the prices that the buyer saw: all
    or none, in one order.

    The same key answers the same order. A browser (`buyer`) has one open order: another one
    replaces it, and asking for the same again answers the one there is. Raises Invalid,
    UnknownOffer, OfferNotOpen, PriceChanged, TooFewLeft, TooManyHeld, KeyReused; each says by its
    fields which items it means.

    `anonymous` orders hold only their share of a lot together, however many browsers ask.
    """
    _ask_quantities(items, at)
    with transaction.atomic(), parameters.one_moment():
        locks.buyer(*filter(None, (str(order_key), buyer)))
        known, earlier = queries.begun(order_key, buyer)
        if known is not None:
            return _same(known, items)
        if earlier is not None:
            earlier = locks.order(earlier.pk)
        wanted = _wanted(items)
        if earlier is not None:
            if _repeats(earlier, wanted, at):
                return earlier
            _expire(earlier, GUEST, at)
        lines = share_out(at=at, wanted=wanted, anonymous=anonymous)
        order = _begin(actor, lines, order_key, buyer, at, anonymous=anonymous)
        if from_basket:
            BasketItem.objects.filter(buyer_key=buyer).update(order=order)
        hold(at=at, lines=lines, until=order.held_until)  # last: it locks the lots
    return order


def _begin(
    actor: Actor, lines: list[OrderLine], key: UUID, buyer: str, at: datetime, *, anonymous: bool
) -> Order:
    order = Order(
        code=f"ord_{uuid4().hex}", order_key=key, buyer_key=buyer, anonymous=anonymous,
        quantity=sum(line.quantity for line in lines), total=_total(lines), started_at=at,
        held_until=_until(at),
    )
    order.save(force_insert=True)
    attach(order=order, lines=lines)
    record("offsets.start_order", actor=actor, subject=order, at=at,
           project=queries.only_project(line.offer for line in lines),
           facts={"offers": sorted({line.offer_id for line in lines}), "tonnes": order.quantity})
    return order


def give_details(
    *,
    at: datetime,
    order_id: int,
    name: str,
    public: bool,
    email: str,
    reason: str,
    on_behalf: bool = False,
    reference: str = "",
) -> Order:
    """Say whose emissions it is for. Name and reason are printed; nothing else leaves the order.

    Raises Invalid by field, OrderNotOpen once payment has begun.
    """
    cleaned = {"name": name.strip(), "email": email.strip(), "reason": reason.strip(),
               "reference": reference.strip()}
    _ask_details(cleaned, at)
    with transaction.atomic():
        order = locks.order(order_id)
        if order.state not in {Order.State.CHECKOUT, Order.State.FAILED} and not _cut_off(order):
            raise OrderNotOpen("Payment of this order has begun; its details stay as they are.")
        order.beneficiary_name = cleaned["name"]
        order.email, order.reason = cleaned["email"], cleaned["reason"]
        order.reference = cleaned["reference"] if on_behalf else ""
        order.name_public, order.on_behalf = public, on_behalf
        order.save(update_fields=[
            "beneficiary_name", "email", "reason", "reference", "name_public", "on_behalf",
        ])
    return order


def check_out(
    *, actor: Actor, at: datetime, order_id: int, provider: str, agreed_total: Decimal,
    name: str, public: bool, email: str, reason: str, on_behalf: bool = False, reference: str = "",
    agreed_currency: str = "",
) -> PaymentAttempt:
    """Give the details and begin to pay, in one step: what the button of the checkout does.

    `actor` is whoever sits at the browser; a buyer needs no account. Raises what the two parts
    raise, PriceChanged when the buyer agreed to another total or currency, and HoldEnded for an
    order that ran out of time or was replaced by another one.
    """
    with transaction.atomic():
        order = locks.order(order_id)
        if order.state == Order.State.EXPIRED:
            raise HoldEnded("The units of this order are free again. Hold them again to go on.")
        agreed = (agreed_total, agreed_currency or order.currency)
        if agreed != (order.total, order.currency) and order.state in Order.OPEN:
            raise PriceChanged(
                f"The total has changed: it is {formats.money(order.money)}. Look at it once more "
                "before you pay."
            )
        if order.state != Order.State.PAYMENT_PENDING or _cut_off(order):
            give_details(
                at=at, order_id=order_id, name=name, public=public, email=email, reason=reason,
                on_behalf=on_behalf, reference=reference,
            )
    # Outside the transaction: the provider is told only of what stands in the database.
    return begin_payment(at=at, order_id=order_id, provider=provider)


def _cut_off(order: Order) -> bool:
    """Whether its payment was begun here, but nobody was ever sent to pay it."""
    waits = order.state == Order.State.PAYMENT_PENDING
    return waits and not queries.open_attempt(order).page_url


def hold_again(*, actor: Actor, at: datetime, order_id: int) -> Order:
    """Hold the units of an order that ran out of time once more, at the offers' present prices: all
    of them or none.

    Raises OrderNotOpen, OfferNotOpen, TooFewLeft, TooManyHeld.
    """
    with transaction.atomic():
        buyer = queries.order(order_id).buyer_key
        locks.buyer(buyer or str(order_id))
        order = locks.order(order_id)
        if order.held_until <= at:
            _expire(order, actor, at)
        if order.state != Order.State.EXPIRED:
            raise OrderNotOpen("The units of this order are not waiting to be held again.")
        if buyer and queries.open_order(buyer) is not None:
            raise OrderNotOpen("You have another open order; pay it or go back from it first.")
        wanted = _wanted([Item(pk, count, 0) for pk, count in queries.ordered(order).items()])
        lines = share_out(at=at, wanted=wanted, anonymous=order.anonymous)
        order.lines.all().delete()
        order.hold_again()
        order.held_until, order.total = _until(at), _total(lines)
        order.save(update_fields=["state", "held_until", "total"])
        attach(order=order, lines=lines)
        record("offsets.hold_again", actor=actor, subject=order, at=at,
               project=queries.only_project(each.offer for each in wanted))
        hold(at=at, lines=lines, until=order.held_until)
    return order


def cancel_order(*, at: datetime, order_id: int) -> Order:
    """The buyer goes back: the units are free again. Raises OrderNotOpen."""
    with transaction.atomic():
        order = locks.order(order_id)
        if order.state not in Order.OPEN:
            raise OrderNotOpen("This order has gone on; there is nothing to go back from.")
        _expire(order, GUEST, at)
    return order


def expire_orders(*, at: datetime) -> int:
    """Expire every open order whose hold is over, one transaction each; answers how many."""
    ended = Order.objects.filter(state__in=Order.OPEN, held_until__lte=at).order_by("pk")
    count = 0
    for pk in list(ended.values_list("pk", flat=True)):
        with transaction.atomic():
            order = locks.still_open(pk)
            if order is not None and order.held_until <= at:
                _expire(order, SYSTEM, at)
                count += 1
    return count


def _expire(order: Order, actor: Actor, at: datetime) -> None:
    if order.state not in Order.OPEN:
        return
    drop_hold(at=at, order=order)
    order.expire()
    order.save(update_fields=["state"])
    record("offsets.expire_order", actor=actor, subject=order, at=at)


def _wanted(items: Sequence[Item]) -> list[Wanted]:
    """The offers asked for, locked and open, at the prices seen; version 0 takes any price."""
    asked = {item.offer_id: item for item in items}
    offers = locks.offers(asked)
    several = len(offers) > 1
    closed = {
        asked[offer.pk].field: _named(offer, f"This offer is {offer.get_state_display().lower()}.",
                                      several=several)
        for offer in offers if offer.state != Offer.State.LISTED
    }
    if closed:
        raise OfferNotOpen(lines=closed)
    changed = {
        asked[offer.pk].field: _named(offer, _price_words(offer), several=several)
        for offer in offers if asked[offer.pk].price_version not in {0, offer.price_version}
    }
    if changed:
        raise PriceChanged(lines=changed)
    return [
        Wanted(offer, asked[offer.pk].quantity, offer.price, asked[offer.pk].field)
        for offer in offers
    ]


def _named(offer: Offer, words: str, *, several: bool) -> str:
    return f"{offer.project.title}: {words}" if several else words


def _price_words(offer: Offer) -> str:
    return (
        f"The participant has changed the price: it is now US${offer.price} a tonne. "
        "Confirm to go on with it."
    )


def _same(order: Order, items: Sequence[Item]) -> Order:
    if queries.ordered(order) != {item.offer_id: item.quantity for item in items}:
        raise KeyReused("This order was begun with another offer or quantity.")
    return order


def _repeats(earlier: Order, wanted: Sequence[Wanted], at: datetime) -> bool:
    if earlier.state not in Order.OPEN or earlier.held_until <= at:
        return False
    prices = {each.offer.pk: each.price for each in wanted}
    lines = list(earlier.lines.all())
    held: Counter[int] = Counter()
    for line in lines:
        held[line.offer_id] += line.quantity
    return held == {each.offer.pk: each.quantity for each in wanted} and all(
        line.unit_price == prices[line.offer_id] for line in lines
    )


def _total(lines: Iterable[OrderLine]) -> Decimal:
    return pricing.bill((line.unit_price, line.quantity) for line in lines).total.amount


def _until(at: datetime) -> datetime:
    return at + timedelta(minutes=parameters.number("hold_minutes", at.date()))


def _ask_quantities(items: Sequence[Item], at: datetime) -> None:
    most = parameters.number("order_max_tonnes", at.date())
    if not items:
        raise Invalid({"": ["Ask for at least 1 whole tonne."]})
    if len({item.offer_id for item in items}) < len(items):
        raise Invalid({"": ["Name each offer once."]})
    if none := [item.field for item in items if item.quantity < 1]:
        raise Invalid({field: ["Ask for at least 1 whole tonne."] for field in none})
    if sum(item.quantity for item in items) > most:
        raise Invalid.of(items[0].field, f"One order takes at most {tonnes(most)} tonnes.")


def _ask_details(given: dict[str, str], at: datetime) -> None:
    errors: dict[str, list[str]] = {}
    day = at.date()
    longest = {"name": parameters.number("name_max_length", day), "reference": 60, "email": 254,
               "reason": parameters.number("reason_max_length", day)}
    for field, text in given.items():
        ask = name_fault if field == "name" else fault
        if found := ask(text, longest[field]):
            errors[field] = [found]
    try:
        validate_email(given["email"])
    except ValidationError:
        errors["email"] = ["Enter an email address in the form name@example.org"]
    if errors:
        raise Invalid(errors)

