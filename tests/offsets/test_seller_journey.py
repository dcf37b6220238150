"""A seller's year in a real Chromium, with script and without: issued units are offered, priced
anew, paused and listed again; a guest buys; two persons pay the seller, who sees it. axe finds
nothing where money is recorded and seen; the other pages are looked at with all addresses.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from cdm_portal import clock
from cdm_portal.values import Actor
from offsets import actions
from offsets.models import Payout
from tests.chromium import moves
from tests.offsets.conftest import Shop
from tests.offsets.test_browser import faults

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances"),
]
WAYS = [(True, 1440), (False, 390)]


@pytest.fixture
def office(live_server: Any, browser_page: Any, sign_in: Any) -> Any:
    """A browser in which somebody of the cast is signed in."""

    def open_for(actor: Actor, *, script: bool = True, width: int = 1440) -> Any:
        session = sign_in(Client(), actor).cookies["sessionid"].value
        page = browser_page(script=script, width=width)
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return open_for


def press(page: Any, name: str) -> None:
    """A button that leads to another page."""
    with moves(page):
        page.get_by_role("button", name=name).first.click()


def put_on_sale(page: Any, base: str) -> None:
    """List an offer, change its price, pause it and list it again."""
    page.goto(f"{base}/desk/offers/PDD-09204/new/")
    page.get_by_label("Tonnes").fill("100")
    page.get_by_label("Price per tonne").fill("4.80")
    press(page, "List the offer")
    page.get_by_role("link", name="Change price").click()
    page.get_by_label("New price per tonne").fill("5.25")
    press(page, "Change the price")
    press(page, "Pause")
    expect(page.get_by_text("The offer is paused.")).to_be_visible()
    press(page, "List again")
    expect(page.get_by_text("The offer is listed again.")).to_be_visible()


def buy(page: Any, base: str, shop: Shop) -> None:
    """A guest reads what is known of the units and buys five tonnes, with a public reason."""
    page.goto(base + reverse("project", args=[shop.project.name]))
    expect(page.get_by_role("heading", name="Before you buy")).to_be_visible()
    expect(page.get_by_text("permanent: they never expire")).to_be_visible()
    page.get_by_label("Tonnes").first.fill("5")
    press(page, "Continue to payment")
    page.get_by_label("Name on the certificate").fill("Amina Otieno")
    page.get_by_label("Email for the receipt").fill("amina@example.org")
    page.get_by_label("Reason for cancelling").fill("Our family’s flights, 2026")
    page.get_by_label("Show my name and reason", exact=False).check()
    press(page, "Pay US$26.25 and cancel 5 tonnes")
    with moves(page):
        page.get_by_role("button", name="Pay", exact=True).click()
    page.get_by_text("Paid. The registry is cancelling the units").wait_for()
    actions.fulfil_paid(at=clock.now())


def record(page: Any, base: str) -> None:
    """The first person of the secretariat records a transfer, with a slip at first."""
    page.goto(f"{base}/desk/payouts/")
    page.get_by_role("link", name="Record a payout").click()
    page.get_by_label("The bank's reference").fill("OUT-2026-17")
    page.get_by_label("Ziwa Nne", exact=False).fill("26.26")
    press(page, "I have sent it")
    expect(page.get_by_text("At most US$26.25 can be sent").first).to_be_visible()
    expect(page.get_by_label("The bank's reference")).to_have_value("OUT-2026-17")
    page.get_by_label("Ziwa Nne", exact=False).fill("26.25")
    press(page, "I have sent it")
    expect(page.get_by_role("button", name="I found it on the account")).to_be_disabled()


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_a_seller_offers_sells_and_is_paid(
    shop: Shop, live_server: Any, office: Any, browser_page: Any, shot: Any, script: bool,
    width: int,
) -> None:
    shop.at, base = clock.now(), live_server.url
    seller = office(shop.seller, script=script, width=width)
    put_on_sale(seller, base)
    shot(seller, f"offers-{width}")
    buy(browser_page(script=script, width=width), base, shop)
    seller.goto(f"{base}/desk/offers/sales/")
    expect(seller.get_by_text("Our family’s flights, 2026")).to_be_visible()
    expect(seller.get_by_text("Nothing was sent yet.")).to_be_visible()
    record(office(shop.cast.secretariat, script=script, width=width), base)
    second = office(shop.cast.second_secretariat, script=script, width=width)
    second.goto(f"{base}/desk/")
    second.get_by_role("link", name="Confirm the payout").click()
    press(second, "I found it on the account")
    expect(second.get_by_text("The payout is booked.")).to_be_visible()
    seller.reload()
    expect(seller.get_by_text("OUT-2026-17")).to_be_visible()
    expect(seller.get_by_text("US$0.00").first).to_be_visible()
    shot(seller, f"sales-paid-{width}")
    assert Payout.objects.get().state == Payout.State.PAID


def test_axe_finds_nothing_where_money_is_paid_out(
    shop: Shop, live_server: Any, office: Any, shot: Any
) -> None:
    shop.at, base, cast = clock.now(), live_server.url, shop.cast
    offer = shop.offer(100)
    shop.buy(offer, 5)
    first = office(cast.secretariat)
    made = actions.propose_payout(
        actor=cast.secretariat, at=shop.at, seller_id=offer.seller_id,
        amounts={offer.project_id: offer.price}, bank_reference="OUT-1", sent_on=shop.at.date(),
    )
    first.goto(f"{base}/desk/payouts/to/{offer.seller_id}/")
    press(first, "I have sent it")
    assert faults(first, "payout-errors", shot) == []
    actions.confirm_payout(actor=cast.second_secretariat, at=shop.at, payout_id=made.pk)
    seller = office(shop.seller)
    seller.goto(f"{base}/desk/offers/sales/")
    assert faults(seller, "seller-sales", shot) == []
