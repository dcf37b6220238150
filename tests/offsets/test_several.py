"""One order of several projects: held, paid, cancelled and refunded as a whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from cdm_portal.refusals import Refused
from offsets import actions, errors, queries
from offsets.certificates import facts
from offsets.models import Certificate, MoneyEntry, Offer, Order, PaymentAttempt
from offsets.values import GUEST, Item
from registry.models import Cancellation, Hold
from tests.offsets.conftest import DETAILS, Shop
from tests.offsets.several import two_offers

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
Nothing = Callable[[], AbstractContextManager[None]]
LATE = timedelta(minutes=21)


@pytest.fixture
def offers(shop: Shop) -> tuple[Offer, Offer]:
    """100 tonnes of each of two projects, of two participants."""
    return two_offers(shop)


def item(offer: Offer, quantity: int, version: int | None = None) -> Item:
    return Item(offer.pk, quantity, version or offer.price_version, f"quantity_{offer.pk}")


def begin(shop: Shop, *items: Item, key: UUID | None = None, **more: Any) -> Order:
    return actions.order_items(
        actor=GUEST, at=more.pop("at", shop.at), items=items, order_key=key or uuid4(),
        **({"anonymous": False} | more),
    )


def to_pay(shop: Shop, order: Order) -> PaymentAttempt:
    actions.give_details(at=shop.at, order_id=order.pk, **DETAILS)  # type: ignore[arg-type]
    return actions.begin_payment(at=shop.at, order_id=order.pk, provider="sandbox")


def test_all_lines_are_held_paid_and_cancelled_for_their_participants(
    shop: Shop, offers: tuple[Offer, Offer]
) -> None:
    stoves, wind = offers
    order = begin(shop, item(wind, 10), item(stoves, 12))
    assert (order.quantity, order.total) == (22, Decimal("77.10"))
    assert (queries.held(stoves, shop.at), queries.held(wind, shop.at)) == (12, 10)
    shop.press(to_pay(shop, order), "pay")
    certificate = actions.fulfil(at=shop.at, order_id=order.pk)
    assert certificate.tonnes == 22
    assert [(line.project.number, line.tonnes) for line in facts.lines(certificate)] == [
        ("99204", 12), ("99205", 10),
    ]
    earned = MoneyEntry.objects.filter(credit="participant").order_by("line__offer")
    assert list(earned.values_list("participant", "amount")) == [
        (stoves.seller_id, Decimal("57.60")), (wind.seller_id, Decimal("19.50")),
    ]
    assert Hold.objects.count() == 0


def paused(shop: Shop, wind: Offer) -> None:
    actions.pause(actor=shop.cast.rival_participant, at=shop.at, offer_id=wind.pk)


def dearer(shop: Shop, wind: Offer) -> None:
    actions.change_price(
        actor=shop.cast.rival_participant, at=shop.at, offer_id=wind.pk, price=Decimal("2.05")
    )


def sold(shop: Shop, wind: Offer) -> None:
    begin(shop, item(wind, 95))


def squatted(shop: Shop, wind: Offer) -> None:
    begin(shop, item(wind, 15), anonymous=True)


CANNOT = {
    "paused": (paused, errors.OfferNotOpen, "Pavanpur Ridge wind farm: This offer is paused"),
    "dearer": (dearer, errors.PriceChanged, r"Pavanpur Ridge wind farm: .* now US\$2.05 a tonne"),
    "sold": (sold, errors.TooFewLeft, "Pavanpur Ridge wind farm: Only 5 tonnes are left"),
    "squatted": (squatted, errors.TooManyHeld, "Pavanpur Ridge wind farm: .* at most 5 tonnes"),
}


@pytest.mark.parametrize("case", CANNOT)
def test_what_one_line_cannot_have_is_said_of_it_and_nothing_is_held(
    shop: Shop, offers: tuple[Offer, Offer], nothing_written: Nothing, case: str
) -> None:
    stoves, wind = offers
    happens, refusal, words = CANNOT[case]
    happens(shop, wind)
    with nothing_written(), pytest.raises(refusal, match=words) as refused:
        begin(shop, item(stoves, 12), item(wind, 10), anonymous=case == "squatted")
    assert list(refused.value.errors) == [f"quantity_{wind.pk}"]
    assert queries.held(stoves, shop.at) == 0


def test_the_same_again_is_the_same_order_and_another_basket_replaces_it(
    shop: Shop, offers: tuple[Offer, Offer], nothing_written: Nothing
) -> None:
    stoves, wind = offers
    key = uuid4()
    first = begin(shop, item(stoves, 3), item(wind, 4), key=key, buyer="b1")
    for again in ({"key": key}, {"key": uuid4()}):
        same = begin(shop, item(wind, 4), item(stoves, 3), buyer="b1", **again)
        assert same == first
    with nothing_written():
        for others in ([item(stoves, 3)], [item(stoves, 3), item(wind, 5)]):
            with pytest.raises(errors.KeyReused):
                begin(shop, *others, key=key, buyer="b1")
        with pytest.raises(Refused, match="each offer once"):
            begin(shop, item(stoves, 3), item(stoves, 4))
    begin(shop, item(stoves, 100), buyer="b1")
    assert queries.order(first.pk).state == Order.State.EXPIRED
    assert (queries.held(stoves, shop.at), queries.held(wind, shop.at)) == (100, 0)


def test_all_lines_are_held_again_at_present_prices_or_none(
    shop: Shop, offers: tuple[Offer, Offer], nothing_written: Nothing
) -> None:
    stoves, wind = offers
    order = begin(shop, item(stoves, 12), item(wind, 10))
    late = shop.at + LATE
    actions.expire_orders(at=late)
    dearer(shop, wind)
    again = actions.hold_again(actor=GUEST, at=late, order_id=order.pk)
    assert (again.state, again.total) == (Order.State.CHECKOUT, Decimal("78.10"))
    assert (queries.held(stoves, late), queries.held(wind, late)) == (12, 10)
    later = late + LATE
    actions.expire_orders(at=later)
    begin(shop, item(wind, 95, 2), at=later)
    with nothing_written(), pytest.raises(errors.TooFewLeft, match="Pavanpur"):
        actions.hold_again(actor=GUEST, at=later, order_id=order.pk)


@pytest.mark.parametrize("gone", [False, True])
def test_a_late_payment_gets_all_units_or_all_its_money_back(
    shop: Shop, offers: tuple[Offer, Offer], gone: bool
) -> None:
    stoves, wind = offers
    order = begin(shop, item(stoves, 12), item(wind, 10), anonymous=True)
    attempt = to_pay(shop, order)
    late = shop.at + LATE
    actions.expire_orders(at=late)
    begin(shop, item(wind, 95 if gone else 90), at=late)
    paid = shop.press(attempt, "pay", late)
    assert queries.held(stoves, late) == (0 if gone else 12)
    actions.fulfil_paid(at=late)
    if not gone:
        assert queries.order(order.pk).state == Order.State.FULFILLED
        return
    assert paid.state == Order.State.REFUND_DUE
    actions.refund_owed(actor=GUEST, at=late)
    assert queries.order(order.pk).state == Order.State.REFUNDED
    assert not Cancellation.objects.exists() and not Certificate.objects.exists()
    assert MoneyEntry.objects.get(debit="refund").amount == Decimal("77.10")
