"""Nobody takes an offer off the market by opening orders and not paying (reliability, M11)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from offsets import actions, errors, queries
from offsets.models import Offer, Order
from tests.offsets.conftest import Shop

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
Nothing = Callable[[], AbstractContextManager[None]]
SHARE = 20  # of 100 tonnes, at a share of 0.20


def squat(shop: Shop, offer: Offer, quantity: int) -> Order:
    """An order of a fresh browser that is not signed in."""
    return actions.start_order(
        at=shop.at, offer_id=offer.pk, quantity=quantity, price_version=offer.price_version,
        order_key=uuid4(), buyer=uuid4().hex, anonymous=True,
    )


def ask(client: Client, offer: Offer, quantity: int) -> Any:
    sent = {"offer": offer.pk, "quantity": quantity, "price_version": offer.price_version}
    return client.post("/orders/new/", sent)


def test_browsers_that_forget_their_cookies_hold_the_share_and_no_more(offer: Offer) -> None:
    answers = [ask(Client(), offer, 3) for _ in range(12)]
    assert [a.status_code for a in answers] == [302] * 6 + [422] * 6
    assert "at most 2 tonnes can be held" in answers[-1].content.decode()
    assert queries.held(offer, Order.objects.first().started_at) == 18  # type: ignore[union-attr]


def test_a_refused_order_leaves_nothing(
    shop: Shop, offer: Offer, nothing_written: Nothing
) -> None:
    squat(shop, offer, SHARE)
    with nothing_written(), pytest.raises(errors.TooManyHeld, match="no more tonnes"):
        squat(shop, offer, 1)


def test_who_signs_in_may_take_all_that_is_left(
    shop: Shop, offer: Offer, sign_in: Callable[..., Client]
) -> None:
    squat(shop, offer, SHARE)
    signed_in = sign_in(Client(), shop.cast.buyer)
    assert ask(signed_in, offer, 81).status_code == 422
    assert ask(signed_in, offer, 80).status_code == 302


def test_what_is_paid_or_given_up_or_over_counts_no_more(shop: Shop, offer: Offer) -> None:
    given_up = squat(shop, offer, SHARE)
    actions.cancel_order(at=shop.at, order_id=given_up.pk)
    squat(shop, offer, SHARE)
    shop.at += timedelta(minutes=20)
    last = squat(shop, offer, SHARE)
    with pytest.raises(errors.TooManyHeld):
        squat(shop, offer, 1)
    assert last.anonymous


def panel(shop: Shop, *, anonymous: bool) -> dict[str, object]:
    return queries.offers_of(shop.project, shop.at, anonymous=anonymous)[0]


def test_the_panel_offers_a_guest_what_the_cap_allows(
    shop: Shop, offer: Offer, client: Client, sign_in: Callable[..., Client]
) -> None:
    assert (panel(shop, anonymous=True)["max"], panel(shop, anonymous=False)["max"]) == (20, 100)
    squat(shop, offer, 15)
    page = client.get("/projects/99204/").content.decode()
    assert 'max="5"' in page and "at most 5 t can be held" in page
    assert "/accounts/login/?next=%2Fprojects%2F99204%2F" in page
    asking = client.get("/orders/new/", {"offer": offer.pk}).content.decode()
    assert "at most 5 t can be held" in asking and "Sign in to take more" in asking
    assert ask(client, offer, 5).status_code == 302, "what is offered can be had"
    signed_in = sign_in(Client(), shop.cast.buyer)
    for path in ("/projects/99204/", f"/orders/new/?offer={offer.pk}"):
        assert "Without signing in" not in signed_in.get(path).content.decode()


def test_the_panel_says_when_nothing_can_be_held_without_signing_in(
    shop: Shop, offer: Offer, client: Client
) -> None:
    squat(shop, offer, SHARE)
    page = client.get("/projects/99204/").content.decode()
    assert "nothing can be held at the moment" in page and "Sign in to take more" in page


def test_the_panel_caps_nobody_where_the_cap_is_not_the_limit(shop: Shop, offer: Offer) -> None:
    shop.order(offer, 85)
    assert panel(shop, anonymous=True).get("most_note") is None
    assert panel(shop, anonymous=True)["max"] == 15
