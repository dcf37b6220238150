"""A guest buys in a real Chromium, with script and without; axe finds nothing in the shop."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from cdm_portal import clock
from offsets import actions, queries
from offsets.models import Order
from tests import axe
from tests.chromium import moves
from tests.offsets import prints
from tests.offsets.conftest import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances"),
]


def faults(page: Any, name: str, shot: Any) -> list[str]:
    """What axe finds on phone and desktop, light and dark, and what is wider; a picture of each."""
    found = []
    for width, scheme in axe.WAYS:
        axe.turn(page, width, scheme)
        found += [f"{name} {width} {scheme}: {fault}" for fault in axe.faults(page)]
        shot(page, f"{name}-{width}-{scheme}")
    return found


def to_the_checkout(page: Any, base: str, shop: Shop) -> Order:
    """Choose 17 tonnes of an offer."""
    shop.at = clock.now()
    offer = shop.offer(100)
    page.goto(f"{base}/orders/new/?offer={offer.pk}")
    page.get_by_label("Tonnes").fill("17")
    with moves(page):
        page.get_by_role("button", name="Continue to payment").click()
    return queries.by_code(page.url.split("/")[4])


@pytest.mark.parametrize("script", [True, False])
def test_a_guest_buys_17_tonnes(
    shop: Shop, live_server: Any, browser_page: Any, shot: Any, script: bool
) -> None:
    page = browser_page(script=script)
    order = to_the_checkout(page, live_server.url, shop)
    page.get_by_label("Name on the certificate").fill("Amina Otieno")
    page.get_by_label("Email for the receipt").fill("amina.otieno@")
    page.get_by_label("Reason for cancelling").fill("Our family’s flights and home energy, 2026")
    page.get_by_role("button", name="Pay US$81.60 and cancel 17 tonnes").click()
    expect(page.get_by_text("Enter an email address in the form")).to_have_count(2)
    expect(page.get_by_label("Name on the certificate")).to_have_value("Amina Otieno")
    shot(page, f"checkout-{'script' if script else 'plain'}")
    page.get_by_label("Email for the receipt").fill("amina@example.org")
    page.get_by_role("button", name="Pay US$81.60 and cancel 17 tonnes").click()
    shot(page, "sandbox")
    page.get_by_role("button", name="Pay", exact=True).click()
    page.get_by_text("Paid. The registry is cancelling the units").wait_for()
    actions.fulfil_paid(at=clock.now())
    prints.print_all(clock.now())
    if not script:
        page.get_by_role("link", name="Reload to see how it stands").click()
    page.get_by_text("17 tonnes are cancelled").wait_for()
    shot(page, f"order-done-{'script' if script else 'plain'}")
    page.get_by_role("link", name="See the certificate").click()
    expect(page.get_by_text("Amina Otieno", exact=True)).to_have_count(1)
    shot(page, "certificate")
    page.get_by_role("link", name="Check it now").click()
    expect(page.get_by_role("heading", name="Genuine: 17 tonnes, cancelled")).to_have_count(1)
    expect(page.get_by_text("name withheld")).to_have_count(1)
    shot(page, "verify")
    assert queries.by_code(order.code).state == Order.State.FULFILLED


def test_axe_finds_nothing_in_the_shop(
    shop: Shop, live_server: Any, browser_page: Any, shot: Any
) -> None:
    page = browser_page()
    order = to_the_checkout(page, live_server.url, shop)
    offer = order.lines.get().offer
    assert faults(page, "checkout", shot) == []
    with moves(page):
        page.get_by_role("button", name="Pay US$81.60").click()
    assert faults(page, "checkout-errors", shot) == []
    attempt = shop.pending(offer, 2)
    certificate = shop.buy(offer, 3)
    prints.print_all(clock.now())
    for path in (
        f"/orders/new/?offer={offer.pk}&quantity=x", f"/pay/sandbox/{attempt.uuid}/",
        f"/orders/{certificate.order.code}/", f"/certificates/{certificate.code}/",
        f"/v/{certificate.code}", "/v/", "/v/wrong", "/cancellations/",
    ):
        page.goto(live_server.url + path)
        assert faults(page, f"shop-{path.split('?')[0].split('/')[1]}", shot) == []


def test_the_order_is_beside_the_form_and_folds_on_phones(
    shop: Shop, live_server: Any, browser_page: Any
) -> None:
    page = browser_page(script=False)
    to_the_checkout(page, live_server.url, shop)
    order, form = page.locator("aside .panel").first, page.locator("#checkout")
    tops = {round(box["y"]) for box in (order.bounding_box(), form.bounding_box())}
    assert len(tops) == 1, "the panels begin on one line"
    beside = page.locator(".tiles.columns .radio").all()
    tiles = {round(tile.bounding_box()["y"]) for tile in beside}
    assert len(tiles) == 1, "the tiles stand side by side"
    fold = page.locator(".order-fold")
    inside = fold.evaluate("fold => fold.children.length")
    assert inside == 1, "what a browser hides in a closed fold, no style sheet shows everywhere"
    expect(page.get_by_text("Platform fee")).to_be_visible()
    expect(fold).not_to_be_visible()
    page.set_viewport_size({"width": 390, "height": 900})
    for shown in (False, True):
        expect(page.get_by_text("Platform fee")).to_be_visible(visible=shown)
        expect(page.get_by_text("Your certificate will look like this")).to_be_visible(
            visible=shown
        )
        fold.locator("summary").click()


def test_axe_finds_nothing_on_the_participants_desk(
    shop: Shop, live_server: Any, browser_page: Any, shot: Any, sign_in: Any, client: Any
) -> None:
    shop.at = clock.now()
    shop.buy(shop.offer(100), 4)
    session = sign_in(client, shop.seller).cookies["sessionid"].value
    page = browser_page()
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    offer = shop.offer(10)
    for path in ("/desk/offers/", "/desk/offers/PDD-09204/new/", f"/desk/offers/{offer.pk}/price/"):
        page.goto(live_server.url + path)
        assert faults(page, f"offers{path.count('/')}", shot) == []
