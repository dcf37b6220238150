"""Holding units, naming somebody, going back, running out of time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from cdm_portal.refusals import Invalid
from offsets import actions, errors, queries
from offsets.models import Order
from offsets.values import GUEST
from registry.models import Hold
from tests.offsets.conftest import DETAILS, Shop

pytestmark = pytest.mark.usefixtures("db", "books_balance")
Nothing = Callable[[], AbstractContextManager[None]]
MINUTES = timedelta(minutes=1)


def test_an_order_holds_its_units_for_twenty_minutes(shop: Shop) -> None:
    offer = shop.offer(100)
    order = shop.order(offer, 17)
    assert (order.state, order.quantity, order.total) == ("checkout", 17, Decimal("81.60"))
    assert order.held_until == shop.at + 20 * MINUTES
    assert queries.offer_with_tonnes(offer.pk, shop.at).available == 83
    assert queries.offer_with_tonnes(offer.pk, shop.at + 20 * MINUTES).available == 100
    assert order.code.startswith("ord_") and len(order.code) == 36


@pytest.mark.parametrize("quantity", [0, -1, 10**7 + 1, 10**12])
def test_quantities_nobody_can_buy_are_refused(
    shop: Shop, nothing_written: Nothing, quantity: int
) -> None:
    offer = shop.offer(100)
    with nothing_written(), pytest.raises(Invalid) as refused:
        shop.order(offer, quantity)
    assert list(refused.value.errors) == ["quantity"]


def test_more_than_is_left_is_refused_with_what_there_is(
    shop: Shop, nothing_written: Nothing
) -> None:
    offer = shop.offer(100)
    shop.order(offer, 60)
    with nothing_written(), pytest.raises(errors.TooFewLeft, match="Only 40 tonnes are left"):
        shop.order(offer, 41)
    shop.order(offer, 40)
    with nothing_written(), pytest.raises(errors.TooFewLeft, match="All are sold"):
        shop.order(offer, 1)


def test_the_same_key_answers_the_same_order(shop: Shop) -> None:
    offer, key = shop.offer(100), uuid4()
    ask = {"at": shop.at, "offer_id": offer.pk, "price_version": 1, "order_key": key,
           "anonymous": False}
    first = actions.start_order(quantity=3, **ask)
    assert actions.start_order(quantity=3, **ask) == first
    assert queries.held(offer, shop.at) == 3
    with pytest.raises(errors.KeyReused):
        actions.start_order(quantity=4, **ask)


def test_a_browser_has_one_open_order(shop: Shop) -> None:
    offer = shop.offer(100)
    first = shop.order(offer, 60, buyer="b1")
    assert shop.order(offer, 60, buyer="b1") == first, "asking for the same again is no new order"
    second = shop.order(offer, 70, buyer="b1")
    assert queries.order(first.pk).state == Order.State.EXPIRED
    assert queries.held(offer, shop.at) == 70
    assert shop.order(offer, 30, buyer="b2").pk != second.pk


def test_asking_for_too_much_keeps_the_open_order(shop: Shop) -> None:
    offer = shop.offer(100)
    first = shop.order(offer, 60, buyer="b1")
    with pytest.raises(errors.TooFewLeft):
        shop.order(offer, 101, buyer="b1")
    assert queries.order(first.pk).state == Order.State.CHECKOUT
    assert queries.held(offer, shop.at) == 60


def test_going_back_frees_the_units(shop: Shop) -> None:
    offer = shop.offer(100)
    order = shop.order(offer, 60)
    assert actions.cancel_order(at=shop.at, order_id=order.pk).state == Order.State.EXPIRED
    assert Hold.objects.count() == 0
    with pytest.raises(errors.OrderNotOpen):
        actions.cancel_order(at=shop.at, order_id=order.pk)


def test_orders_expire_when_their_time_is_over(shop: Shop) -> None:
    offer = shop.offer(100)
    order, attempt = shop.order(offer, 60), shop.pending(offer, 5)
    paid = shop.press(shop.pending(offer, 2), "pay")
    assert actions.expire_orders(at=shop.at + 19 * MINUTES) == 0
    assert actions.expire_orders(at=shop.at + 20 * MINUTES) == 2
    assert {queries.order(pk).state for pk in (order.pk, attempt.order_id)} == {"expired"}
    assert queries.order(paid.pk).state == Order.State.PAID
    assert queries.held(offer, shop.at) == 2
    assert actions.expire_orders(at=shop.at + 21 * MINUTES) == 0


def test_an_expired_order_can_be_held_again_with_what_was_typed(shop: Shop) -> None:
    offer = shop.offer(100)
    attempt = shop.pending(offer, 60)
    later = shop.at + 21 * MINUTES
    actions.expire_orders(at=later)
    actions.change_price(
        actor=shop.seller, at=later, offer_id=offer.pk, price=Decimal("5.00")
    )
    again = actions.hold_again(actor=GUEST, at=later, order_id=attempt.order_id)
    assert (again.state, again.total) == (Order.State.CHECKOUT, Decimal("300.00"))
    assert again.beneficiary_name == "Amina Otieno"
    assert queries.held(offer, later) == 60


def test_units_that_are_gone_are_not_held_again(shop: Shop, nothing_written: Nothing) -> None:
    offer = shop.offer(100)
    order = shop.order(offer, 60)
    later = shop.at + 21 * MINUTES
    actions.expire_orders(at=later)
    actions.start_order(
        at=later, offer_id=offer.pk, quantity=50, price_version=1, order_key=uuid4(),
        anonymous=False,
    )
    with nothing_written(), pytest.raises(errors.TooFewLeft, match="Only 50 tonnes"):
        actions.hold_again(actor=GUEST, at=later, order_id=order.pk)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "   ", "Enter the name"),
        ("name", "…!", "at least one letter"),
        ("name", "A" * 201, "at most 200"),
        ("name", "Amina\nOtieno", "invisible characters"),
        ("name", "Amina \u202egro.live", "invisible characters"),
        ("reason", "R" * 141, "at most 140 characters; this has 141"),
        ("reason", "two\u2028lines", "invisible characters"),
        ("email", "amina.otieno@", "name@example.org"),
        ("email", "", "name@example.org"),
    ],
)
def test_details_that_cannot_be_printed_are_refused_beside_their_field(
    shop: Shop, nothing_written: Nothing, field: str, value: str, message: str
) -> None:
    order = shop.order(shop.offer(10), 1)
    details = DETAILS | {field: value}
    with nothing_written(), pytest.raises(Invalid) as refused:
        actions.give_details(at=shop.at, order_id=order.pk, **details)  # type: ignore[arg-type]
    assert list(refused.value.errors) == [field]
    assert message in refused.value.errors[field][0]


def test_names_of_every_script_are_taken(shop: Shop) -> None:
    order = shop.order(shop.offer(10), 1)
    for name in ("李文", "أمينة", "می‌خواهم", "Иван", "Nguyễn Văn Ốc", "O'Neil & Sons <b>"):
        details = DETAILS | {"name": name}
        given = actions.give_details(at=shop.at, order_id=order.pk, **details)  # type: ignore[arg-type]
        assert given.beneficiary_name == name


def test_nobody_pays_without_a_name_or_after_time(shop: Shop, nothing_written: Nothing) -> None:
    order = shop.order(shop.offer(10), 1)
    with nothing_written(), pytest.raises(errors.OrderNotOpen, match="whose emissions"):
        actions.begin_payment(at=shop.at, order_id=order.pk, provider="sandbox")
    actions.give_details(at=shop.at, order_id=order.pk, **DETAILS)  # type: ignore[arg-type]
    with nothing_written(), pytest.raises(errors.HoldEnded):
        actions.begin_payment(at=order.held_until, order_id=order.pk, provider="sandbox")
    with nothing_written(), pytest.raises(errors.ProviderOff):
        actions.begin_payment(at=shop.at, order_id=order.pk, provider="card")


def test_a_total_that_the_buyer_did_not_see_is_not_paid(
    shop: Shop, nothing_written: Nothing
) -> None:
    order = shop.order(shop.offer(10), 2)
    with nothing_written(), pytest.raises(errors.PriceChanged):
        actions.check_out(
            actor=GUEST, at=shop.at, order_id=order.pk, provider="sandbox",
            agreed_total=Decimal("4.80"), **DETAILS,  # type: ignore[arg-type]
        )


def test_going_to_pay_twice_is_one_attempt(shop: Shop) -> None:
    attempt = shop.pending(shop.offer(10), 2)
    again = actions.begin_payment(at=shop.at, order_id=attempt.order_id, provider="sandbox")
    assert again == attempt
