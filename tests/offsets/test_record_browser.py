"""The public record and a buyer's own pages in a real Chromium: axe finds nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cdm_portal import clock
from offsets import actions, personal
from offsets.models import CancelledEntry
from tests.offsets.conftest import Shop
from tests.offsets.test_browser import faults

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances"),
]


def test_axe_finds_nothing_in_the_record_and_on_a_buyers_own_pages(
    shop: Shop, live_server: Any, browser_page: Any, shot: Any, sign_in: Any
) -> None:
    shop.at = clock.now()
    offer = shop.offer(100)
    shop.buy(offer, 17, name="Brasserie du Lac", on_behalf=True)
    made = shop.buy(offer, 3, name="Amina Otieno", public=False)
    link = actions.ask_data_link(
        actor=shop.cast.buyer, at=clock.now(), email=made.order.email
    )
    assert link is not None
    actions.claim_orders(actor=shop.cast.buyer, at=shop.at, orders=[made.order_id],
                         proved=made.order.email)
    key = CancelledEntry.objects.get(quantity=17).organisation
    paths = {
        "record": "/cancellations/?source=shop", "organisation": f"/organisations/{key}/",
        "my-data": "/my-data/", "my-orders": f"/my-data/{personal.token(link)}/",
        "desk-orders": "/desk/orders/", "desk-my-data": "/desk/my-data/",
    }
    signed = sign_in(Client(), shop.cast.buyer).cookies["sessionid"].value
    page = browser_page()
    page.context.add_cookies([
        {"name": "sessionid", "value": signed, "url": live_server.url}
    ])
    found = []
    for name, path in paths.items():
        answer = page.goto(live_server.url + path)
        assert answer.status == 200, path
        found += faults(page, name, shot)
    assert found == []
