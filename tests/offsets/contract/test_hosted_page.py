"""A guest pays on the payment company's page in Chromium, goes back, chooses again; and what the
secretariat reads when the bank takes the money back.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from cdm_portal import clock
from offsets import actions, queries
from offsets.models import Dispute
from tests.offsets.conftest import Shop
from tests.offsets.contract.harness import StripeHarness
from tests.offsets.fakestripe import FakeStripe
from tests.offsets.test_browser import faults, to_the_checkout

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances"),
]


@pytest.mark.parametrize("script", [False, True])
def test_a_guest_pays_by_card_after_going_back_once(
    shop: Shop, fake: FakeStripe, live_server: Any, browser_page: Any, shot: Any, settings: Any,
    script: bool,
) -> None:
    settings.SITE_URL = live_server.url
    card, page = StripeHarness(shop, fake), browser_page(script=script)
    order = to_the_checkout(page, live_server.url, shop)
    fake.now = shop.at
    ways = page.get_by_role("group", name="How do you want to pay?")
    expect(ways.get_by_role("radio")).to_have_count(2)
    expect(ways.get_by_role("radio", name="Card or wallet")).to_be_checked()
    page.get_by_label("Name on the certificate").fill("Amina Otieno")
    page.get_by_label("Email for the receipt").fill("amina@example.org")
    page.get_by_role("button", name="Pay US$81.60 and cancel 17 tonnes").click()
    page.get_by_role("heading", name="Pay 8160 usd").wait_for()
    page.get_by_role("link", name="Back").click()
    page.get_by_role("button", name="Pay another way").click()
    expect(page.get_by_text("You came back without paying")).to_have_count(1)
    expect(page.get_by_label("Name on the certificate")).to_have_value("Amina Otieno")
    shot(page, f"checkout-ways-{'script' if script else 'plain'}")
    page.get_by_role("button", name="Pay US$81.60 and cancel 17 tonnes").click()
    page.get_by_role("button", name="Pay", exact=True).click()
    page.get_by_text("We are waiting for the payment to be confirmed").wait_for()
    card.deliver_all()
    actions.fulfil_paid(at=shop.at)
    page.goto(f"{live_server.url}/orders/{order.code}/")
    expect(page.get_by_text("17 tonnes are cancelled")).to_have_count(1)
    left, paid = order.attempts.order_by("pk")
    assert (left.state, paid.state, paid.provider) == ("pending", "succeeded", card.slug)
    actions.poll_payments(at=shop.at)
    assert queries.attempt(left.uuid).state == "failed", "its page is closed"


def test_the_secretariat_reads_of_a_chargeback_and_writes_down_how_it_ended(
    shop: Shop, live_server: Any, browser_page: Any, shot: Any, sign_in: Any, client: Any
) -> None:
    shop.at = clock.now()
    bought = shop.buy(shop.offer(100), 17).order
    shop.press(bought.attempts.get(), "back")
    session = sign_in(client, shop.cast.secretariat).cookies["sessionid"].value
    page = browser_page()
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/desk/")
    page.get_by_role("link", name="Look into it").click()
    expect(page.get_by_text("The units are cancelled and stay so")).to_have_count(1)
    page.get_by_role("button", name="Close the dispute").click()
    expect(page.get_by_text("Say how it ended.")).to_have_count(2)
    assert faults(page, "dispute", shot) == []
    page.get_by_label("How it ended").fill("The seller bears the loss.")
    page.get_by_role("button", name="Close the dispute").click()
    expect(page.get_by_text("The seller bears the loss.")).to_have_count(1)
    expect(page.get_by_role("button", name="Close the dispute")).to_have_count(0)
    found = Dispute.objects.get()
    assert (found.closed_by_id, found.note) == (
        shop.cast.secretariat.person_id, "The seller bears the loss.",
    )
    page.goto(f"{live_server.url}/desk/")
    expect(page.get_by_text("went back to a buyer")).to_have_count(0)


def test_axe_finds_nothing_where_ways_of_paying_are_chosen(
    shop: Shop, fake: FakeStripe, live_server: Any, browser_page: Any, shot: Any
) -> None:
    page = browser_page()
    to_the_checkout(page, live_server.url, shop)
    assert faults(page, "ways", shot) == []
