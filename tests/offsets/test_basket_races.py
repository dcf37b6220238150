"""Baskets of the same projects in opposite order, at once: no deadlock, all lines or none.

Real connections, real commits. The negative control locks the same lots in the order in which they
were asked for: the database has to end one of two.
"""

from __future__ import annotations

import threading
from collections import Counter
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction

from offsets import actions, errors, queries
from offsets.models import Order, OrderLine
from offsets.values import GUEST, Item
from registry.models import Lot
from tests.offsets.conftest import Shop
from tests.offsets.several import two_offers
from tests.offsets.test_races import at_once

pytestmark = pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances")
THREADS = 32


def test_baskets_in_opposite_order_hold_exactly_what_there_is(shop: Shop) -> None:
    offers = two_offers(shop)

    def order(number: int) -> object:
        items = [Item(offer.pk, 5, offer.price_version) for offer in offers]
        return actions.order_items(
            actor=GUEST, at=shop.at, items=items[:: 1 if number % 2 else -1], order_key=uuid4(),
            anonymous=False, buyer=uuid4().hex,
        )

    results = at_once(THREADS, order)
    assert sum(isinstance(result, Order) for result in results) == 20
    refused = Counter(type(result) for result in results if not isinstance(result, Order))
    assert refused == {errors.TooFewLeft: 12}
    assert [queries.held(offer, shop.at) for offer in offers] == [100, 100]
    assert OrderLine.objects.count() == 40, "no order has one line alone"


def test_lots_locked_as_they_were_asked_for_wait_for_each_other(shop: Shop) -> None:
    """The negative control: the same two lots, each buyer's first one first."""
    two_offers(shop)
    lots = list(Lot.objects.order_by("pk").values_list("pk", flat=True))
    both_have_one = threading.Barrier(2)

    def naive(number: int) -> str:
        with transaction.atomic(), connection.cursor() as cursor:
            for place, lot in enumerate(lots[:: 1 if number else -1]):
                cursor.execute("SELECT FROM registry_lot WHERE id = %s FOR UPDATE", [lot])
                if place == 0:
                    both_have_one.wait()
        return "held"

    results = at_once(2, naive)
    assert Counter(type(result) for result in results) == {str: 1, OperationalError: 1}
