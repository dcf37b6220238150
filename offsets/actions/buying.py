"""The buyer's side: holding units, giving a name, going back, running out of time."""

import re
import unicodedata
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from cdm_portal import parameters
from cdm_portal.formats import tonnes
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid
from cdm_portal.values import SYSTEM, Actor
from offsets import locks, pricing, queries
from offsets.actions.holding import drop_hold, hold
from offsets.actions.paying import begin_payment
from offsets.errors import KeyReused, OfferNotOpen, OrderNotOpen, PriceChanged
from offsets.models import Offer, Order, OrderLine, PaymentAttempt
from offsets.values import GUEST

INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
JOINERS = "\u200c\u200d"
"""Invisible, but spelling in Persian and several Indian languages."""


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
    """Hold whole tonnes of an offer for a buyer at the price that they saw.

    The same key answers the same order. A browser (`buyer`) has one open order: another one
    replaces it, and asking for the same again answers the one there is. Raises Invalid,
    OfferNotOpen, PriceChanged, TooFewLeft, TooManyHeld, KeyReused.

    `anonymous` orders hold only their share of a lot together, however many browsers ask.
    """
    _ask_quantity(quantity, at)
    with transaction.atomic():
        locks.buyer(str(order_key))
        known = queries.by_key(order_key)
        if known is not None:
            return _same(known, offer_id, quantity)
        offer = _open_offer(offer_id, price_version)
        if buyer:
            locks.buyer(buyer)
            earlier = queries.open_order(buyer)
            if earlier is not None and _repeats(earlier, offer, quantity, at):
                return earlier
            if earlier is not None:
                _expire(locks.order(earlier.pk), GUEST, at)
        return _begin(offer, quantity, order_key, buyer, at, anonymous=anonymous)


def _begin(
    offer: Offer, quantity: int, key: UUID, buyer: str, at: datetime, *, anonymous: bool
) -> Order:
    order = Order.objects.create(
        code=f"ord_{uuid4().hex}", order_key=key, buyer_key=buyer, quantity=quantity,
        anonymous=anonymous,
        total=pricing.line_total(offer.price, quantity).amount, started_at=at,
        held_until=_until(at),
    )
    lines = hold(
        at=at, order=order, offer_id=offer.pk, price=offer.price, until=order.held_until
    )
    _price(order, lines)
    record("offsets.start_order", actor=GUEST, subject=order, at=at,
           project=offer.project.reference, facts={"offer": offer.pk, "tonnes": quantity})
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
        if order.state not in {Order.State.CHECKOUT, Order.State.FAILED}:
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
) -> PaymentAttempt:
    """Give the details and begin to pay, in one step: what the button of the checkout does.

    `actor` is whoever sits at the browser; a buyer needs no account. Raises what the two parts
    raise, and PriceChanged when the buyer agreed to another total.
    """
    with transaction.atomic():
        order = locks.order(order_id)
        if order.total != agreed_total and order.state in Order.OPEN:
            raise PriceChanged("The total has changed. Look at it once more before you pay.")
        if order.state != Order.State.PAYMENT_PENDING:
            give_details(
                at=at, order_id=order_id, name=name, public=public, email=email, reason=reason,
                on_behalf=on_behalf, reference=reference,
            )
        return begin_payment(at=at, order_id=order_id, provider=provider)


def hold_again(*, actor: Actor, at: datetime, order_id: int) -> Order:
    """Hold the units of an order that ran out of time once more, at the offer's present price.

    Raises OrderNotOpen, OfferNotOpen, TooFewLeft.
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
        offer = _open_offer(queries.offer_of(order).pk, None)
        order.lines.all().delete()
        order.hold_again()
        order.held_until = _until(at)
        lines = hold(
            at=at, order=order, offer_id=offer.pk, price=offer.price, until=order.held_until
        )
        order.save(update_fields=["state", "held_until"])
        _price(order, lines)
        record("offsets.hold_again", actor=actor, subject=order, at=at,
               project=offer.project.reference)
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


def _open_offer(offer_id: int, price_version: int | None) -> Offer:
    offer = queries.offer(offer_id)
    if offer.state != Offer.State.LISTED:
        raise OfferNotOpen(f"This offer is {offer.get_state_display().lower()}.", field="quantity")
    if price_version is not None and offer.price_version != price_version:
        raise PriceChanged(
            f"The participant has changed the price: it is now US${offer.price} a tonne. "
            "Confirm to go on with it.", field="quantity",
        )
    return offer


def _same(order: Order, offer_id: int, quantity: int) -> Order:
    if queries.offer_of(order).pk != offer_id or order.quantity != quantity:
        raise KeyReused("This order was begun with another offer or quantity.")
    return order


def _repeats(earlier: Order, offer: Offer, quantity: int, at: datetime) -> bool:
    return (
        queries.offer_of(earlier).pk == offer.pk
        and earlier.quantity == quantity
        and earlier.held_until > at
        and all(line.unit_price == offer.price for line in earlier.lines.all())
    )


def _price(order: Order, lines: list[OrderLine]) -> None:
    order.total = pricing.bill((line.unit_price, line.quantity) for line in lines).total.amount
    order.save(update_fields=["total"])


def _until(at: datetime) -> datetime:
    return at + timedelta(minutes=parameters.number("hold_minutes", at.date()))


def _ask_quantity(quantity: int, at: datetime) -> None:
    most = parameters.number("order_max_tonnes", at.date())
    if quantity < 1:
        raise Invalid.of("quantity", "Ask for at least 1 whole tonne.")
    if quantity > most:
        raise Invalid.of("quantity", f"One order takes at most {tonnes(most)} tonnes.")


def _ask_details(given: dict[str, str], at: datetime) -> None:
    errors: dict[str, list[str]] = {}
    longest = {"name": 120, "reference": 60, "email": 254,
               "reason": parameters.number("reason_max_length", at.date())}
    if not given["name"]:
        errors["name"] = ["Enter the name to print on the certificate."]
    for field, text in given.items():
        if len(text) > longest[field]:
            errors[field] = [f"Use at most {longest[field]} characters; this has {len(text)}."]
        elif any(unicodedata.category(c) in INVISIBLE for c in text if c not in JOINERS):
            errors[field] = ["Line breaks and invisible characters cannot be printed."]
    if "name" not in errors and not re.search(r"\w", given["name"]):
        errors["name"] = ["A name has at least one letter or digit."]
    try:
        validate_email(given["email"])
    except ValidationError:
        errors["email"] = ["Enter an email address in the form name@example.org"]
    if errors:
        raise Invalid(errors)

