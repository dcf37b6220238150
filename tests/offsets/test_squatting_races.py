"""The guests' share of a lot under load: together they never hold more of it.

Real connections, real commits. The negative control counts and then holds without a lock: under
the same load it goes past the share.
"""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from offsets import actions, errors, queries
from offsets.models import Offer, Order
from tests.offsets.conftest import Shop
from tests.offsets.test_races import at_once

pytestmark = pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances")
GUESTS = 32
SHARE = 20  # of 100 tonnes, at a share of 0.20


def hold_until_refused(shop: Shop, offer: Offer) -> int:
    """One tonne after the other, each time as a browser that nobody has seen before."""
    held = 0
    while True:
        try:
            actions.start_order(
                at=shop.at, offer_id=offer.pk, quantity=1, price_version=offer.price_version,
                order_key=uuid4(), buyer=uuid4().hex, anonymous=True,
            )
        except errors.TooManyHeld:
            return held
        held += 1


def test_guests_at_once_hold_their_share_and_no_more(shop: Shop) -> None:
    offer = shop.offer(100)
    results = at_once(GUESTS, lambda number: hold_until_refused(shop, offer))
    assert [r for r in results if isinstance(r, Exception)] == []
    assert sum(n for n in results if isinstance(n, int)) == SHARE
    assert queries.held(offer, shop.at) == SHARE == Order.objects.filter(anonymous=True).count()
    shop.order(offer, 100 - SHARE)  # somebody who signed in takes all the rest


def test_guests_at_once_share_what_is_left_of_two_lots(shop: Shop) -> None:
    shop.issue(50)
    offer = shop.offer(1050)  # a lot of 1,000 and one of 50: shares of 200 and 10
    results = at_once(GUESTS, lambda number: actions.start_order(
        at=shop.at, offer_id=offer.pk, quantity=15, price_version=1, order_key=uuid4(),
        buyer=uuid4().hex, anonymous=True,
    ))
    refused = [r for r in results if not isinstance(r, Order)]
    assert {type(r) for r in refused} == {errors.TooManyHeld}
    assert queries.held(offer, shop.at) == 14 * 15 == 210


def test_a_count_without_the_lock_goes_past_the_share(shop: Shop) -> None:
    """The negative control: the same question and the same hold, with nothing held between."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_hold (id serial)")

    def naive(number: int) -> int:
        held = 0
        with connection.cursor() as cursor:
            while True:
                cursor.execute("SELECT count(*) FROM naive_hold")
                if cursor.fetchone()[0] >= SHARE:
                    return held
                cursor.execute("INSERT INTO naive_hold DEFAULT VALUES")
                held += 1

    assert sum(n for n in at_once(GUESTS, naive) if isinstance(n, int)) > SHARE
