"""Many browsers at one offer: what there is is sold, and nobody is answered by an error."""

from __future__ import annotations

from http import HTTPStatus
from uuid import uuid4

import pytest
from django.test import Client

from offsets import queries
from tests.offsets.conftest import Shop
from tests.registry.ledger import at_once

pytestmark = pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances")


def test_sixty_four_want_three_of_a_hundred_and_none_meets_a_5xx(shop: Shop) -> None:
    """As guests come, by HTTP, to an offer of which they may hold a fifth, 100 tonnes: 33 are led
    to their order, 31 read that there is no more for them."""
    offer = shop.offer(500)
    form = {"offer": offer.pk, "price_version": offer.price_version, "quantity": "3"}

    def press(number: int) -> int:
        browser = Client(raise_request_exception=False, REMOTE_ADDR=f"10.0.0.{number + 1}")
        answer = browser.post("/orders/new/", form | {"order_key": str(uuid4())})
        return answer.status_code

    results = at_once(64, press)
    assert results.count(HTTPStatus.FOUND) == 33, results
    assert set(results) == {HTTPStatus.FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}
    assert queries.unsold(offer) == 500


def test_one_press_sent_sixty_four_times_is_one_order(shop: Shop) -> None:
    """The same page's key from one browser: every answer leads to the same order."""
    offer = shop.offer(100)
    form = {"offer": offer.pk, "price_version": offer.price_version, "quantity": "3",
            "order_key": str(uuid4())}  # fmt: skip

    def press(number: int) -> tuple[int, str]:
        answer = Client(raise_request_exception=False).post("/orders/new/", form)
        return answer.status_code, answer.headers.get("Location", "")

    results = at_once(64, press)
    assert len(set(map(str, results))) == 1, set(map(str, results))
    assert results[0][0] == HTTPStatus.FOUND  # type: ignore[index]
