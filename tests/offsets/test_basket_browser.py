"""A visitor buys of two projects in one order, in a real Chromium: desktop, phone, no script."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from cdm_portal import clock
from offsets import actions
from tests import axe
from tests.offsets.conftest import Shop
from tests.offsets.prints import print_all
from tests.offsets.several import two_offers

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances"),
]
WAYS = {"desktop": (1440, True), "phone": (390, True), "phone-plain": (390, False)}


def fits(page: Any) -> bool:
    """Whether the page is no wider than its window."""
    wide: int = page.evaluate("() => document.documentElement.scrollWidth")
    return wide <= page.viewport_size["width"]


def from_the_calculator(page: Any, base: str) -> None:
    """The footprint of a household in Kenya leads to the catalogue with 10 tonnes in mind."""
    page.goto(f"{base}/footprint/household/?country=KEN")
    page.get_by_label("People in the household").fill("5")
    page.get_by_label("Electricity", exact=False).first.fill("1200")
    page.get_by_label("Bottled gas (LPG)").fill("60")
    page.get_by_label("Food").select_option("low_meat")
    page.get_by_role("button", name="Work out the footprint").click()
    page.get_by_role("button", name="Offset 10 tonnes").click()
    page.get_by_text("Your footprint: 10 tonnes to offset").wait_for()


def to_the_basket(page: Any, base: str) -> None:
    """10 tonnes of the wind farm from its card, and what US$50 buys of the stoves."""
    page.goto(f"{base}/projects/")
    page.get_by_label("Tonnes of Pavanpur Ridge wind farm").fill("10")
    page.get_by_role("button", name="Add Pavanpur Ridge wind farm to the basket").click()
    page.get_by_text("10 tonnes of Pavanpur Ridge wind farm are in your basket.").wait_for()
    page.goto(f"{base}/projects/99204/")
    page.get_by_text("Choose by an amount of money").click()
    page.get_by_label("Amount", exact=True).fill("50")
    page.keyboard.press("Enter")
    page.get_by_text("US$50.00 buys 10 tonnes").wait_for()
    expect(page.get_by_text("US$2.00 is left over and not charged.")).to_have_count(1)


@pytest.mark.parametrize("way", WAYS)
def test_a_visitor_buys_of_two_projects(
    shop: Shop, live_server: Any, browser_page: Any, shot: Any, way: str
) -> None:
    width, script = WAYS[way]
    shop.at = clock.now()
    two_offers(shop)
    page = browser_page(width=width, script=script)
    from_the_calculator(page, live_server.url)
    to_the_basket(page, live_server.url)
    expect(page.get_by_role("link", name="Basket 2 in it")).to_have_count(1)
    assert fits(page)
    shot(page, f"basket-{way}")
    page.get_by_label("Tonnes · Ziwa Nne improved cookstoves programme").fill("12")
    page.keyboard.press("Enter")
    page.get_by_text("US$77.10").first.wait_for()
    expect(page.get_by_role("button", name="Remove"), "Enter takes no line out").to_have_count(2)
    page.get_by_role("button", name="Go to checkout").click()
    page.get_by_label("Name on the certificate").fill("Amina Otieno")
    page.get_by_label("Email for the receipt").fill("amina@example.org")
    assert fits(page)
    shot(page, f"basket-checkout-{way}")
    page.get_by_role("button", name="Pay US$77.10 and cancel 22 tonnes").click()
    page.get_by_role("button", name="Pay", exact=True).click()
    page.get_by_text("Paid. The registry is cancelling the units").wait_for()
    actions.fulfil_paid(at=clock.now())
    print_all(clock.now())
    if not script:
        page.get_by_role("link", name="Reload to see how it stands").click()
    page.get_by_text("22 tonnes are cancelled").wait_for()
    page.get_by_role("link", name="See the certificate").click()
    for project in ("99204", "99205"):
        expect(page.get_by_text(f"Kenya · {project}")).to_have_count(1)
    shot(page, f"basket-certificate-{way}")
    page.get_by_role("link", name="Check it now").click()
    expect(page.get_by_role("heading", name="Genuine: 22 tonnes, cancelled")).to_have_count(1)
    empty = page.get_by_role("link", name="Basket", exact=True)
    expect(empty, "it is empty again").to_have_count(1)


def test_axe_finds_nothing_and_no_basket_is_wider_than_its_window(
    shop: Shop, live_server: Any, browser_page: Any, shot: Any
) -> None:
    shop.at = clock.now()
    stoves, _wind = two_offers(shop)
    page = browser_page()
    page.goto(f"{live_server.url}/basket/")
    page.get_by_text("Nothing is in your basket").wait_for()
    to_the_basket(page, live_server.url)
    shown = {
        "basket": lambda: None,
        "basket-wrong": lambda: (
            page.get_by_label("Tonnes · Ziwa").fill("1.5"), page.keyboard.press("Enter"),
            page.get_by_text("Only whole tonnes").first.wait_for()),
        "basket-add": lambda: page.goto(f"{live_server.url}/basket/add/?offer={stoves.pk}"),
        "catalogue": lambda: page.goto(f"{live_server.url}/projects/"),
        "project": lambda: page.goto(f"{live_server.url}/projects/99204/"),
    }
    faults = []
    for name, go in shown.items():
        go()
        for width, scheme in axe.WAYS:
            axe.turn(page, width, scheme)
            faults += [f"{name} {width} {scheme}: {fault}" for fault in axe.faults(page)]
            shot(page, f"{name}-{width}-{scheme}")
    assert faults == []
