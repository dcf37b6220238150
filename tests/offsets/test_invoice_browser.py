"""An organisation pays by invoice in two parts, in a real Chromium, with script and without; the
secretariat imports two statements and a second person confirms; axe finds nothing on the pages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from cdm_portal import clock
from cdm_portal.values import Actor
from offsets import actions, queries
from offsets.models import Order
from tests.chromium import moves
from tests.offsets.bank_files import camt, credit, table
from tests.offsets.conftest import Shop
from tests.offsets.prints import print_all
from tests.offsets.test_browser import faults, to_the_checkout

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances"),
]


@pytest.fixture
def office(live_server: Any, browser_page: Any, sign_in: Any) -> Any:
    """A browser in which somebody of the cast is signed in."""

    def open_for(actor: Actor, *, script: bool = True) -> Any:
        session = sign_in(Client(), actor).cookies["sessionid"].value
        page = browser_page(script=script)
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return open_for


def bring(page: Any, base: str, path: Path, data: bytes) -> None:
    """Import a statement by the form."""
    path.write_bytes(data)
    page.goto(f"{base}/desk/bank/")
    page.get_by_label("Account statement").set_input_files(path)
    page.get_by_role("button", name="Import").click()


def confirm(page: Any, base: str) -> None:
    """Open the match that waits, from one's own desk, and confirm it."""
    page.goto(f"{base}/desk/")
    page.get_by_role("link", name="Confirm the match").first.click()
    page.get_by_role("button", name="Confirm and book the money").click()
    page.get_by_text("The match is confirmed and the money is booked.").wait_for()


def ask_for_an_invoice(page: Any) -> None:
    """Fill the checkout in as an organisation; the first try forgets its reference."""
    page.get_by_label("An organisation's", exact=False).first.check()
    page.get_by_label("Name on the certificate").fill("Kijani Bank Ltd")
    page.get_by_label("Email for the receipt").fill("office@example.org")
    page.get_by_label("Invoice, by bank transfer", exact=False).check()
    page.get_by_role("button", name="Pay US$81.60 and cancel 17 tonnes").click()
    expect(page.get_by_text("An invoice is made out to an organisation").first).to_be_visible()
    expect(page.get_by_label("Name on the certificate")).to_have_value("Kijani Bank Ltd")
    page.get_by_label("Reference of the organisation").fill("PO 2026-114")
    page.get_by_role("button", name="Pay US$81.60 and cancel 17 tonnes").click()
    expect(page.get_by_role("heading", name="Pay by bank transfer")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_an_organisation_pays_by_invoice_in_two_parts(
    shop: Shop, live_server: Any, office: Any, shot: Any, tmp_path: Path, script: bool,
) -> None:
    page, base = office(shop.cast.buyer, script=script), live_server.url
    order = to_the_checkout(page, base, shop)
    ask_for_an_invoice(page)
    paper = page.request.get(f"{page.url}invoice.pdf")
    assert paper.ok and paper.body().startswith(b"%PDF")
    day = clock.now().date()
    first = office(shop.cast.secretariat, script=script)
    second = office(shop.cast.second_secretariat, script=script)
    one, rest = credit(order.pk, "60.00", day=day), credit(order.pk, "21.60", day=day)
    bring(first, base, tmp_path / "one.xml", camt(one))
    first.get_by_text("1 new credit is kept; 1 names an invoice.").wait_for()
    first.get_by_role("link", name="Look at it").click()
    expect(first.get_by_role("button", name="Confirm and book the money")).to_be_disabled()
    confirm(second, base)
    page.reload()
    page.get_by_role("heading", name="US$60.00 of US$81.60 received").wait_for()
    shot(page, f"invoice-part-{script}")
    bring(first, base, tmp_path / "two.csv", table(one, rest))
    confirm(second, base)
    if not script:
        page.reload()
    page.get_by_text("Paid. The registry is cancelling the units").wait_for()
    actions.fulfil_paid(at=clock.now())
    print_all(clock.now())
    page.get_by_role("link", name="The order and its certificate").click()
    page.get_by_role("link", name="See the certificate").click()
    expect(page.get_by_text("Kijani Bank Ltd", exact=True)).to_have_count(1)
    assert queries.by_code(order.code).state == Order.State.FULFILLED


def test_what_is_wrong_is_said_beside_the_field_and_axe_finds_nothing(
    shop: Shop, live_server: Any, office: Any, shot: Any, tmp_path: Path
) -> None:
    page, base = office(shop.cast.buyer), live_server.url
    order = to_the_checkout(page, base, shop)
    ask_for_an_invoice(page)
    assert faults(page, "invoice", shot) == []
    day = clock.now().date()
    first, second = office(shop.cast.secretariat), office(shop.cast.second_secretariat)
    bring(first, base, tmp_path / "bad.xml", camt(credit(1, currency="EUR", day=day)))
    expect(first.get_by_text("Entry 1 is in EUR").first).to_be_visible()
    bring(first, base, tmp_path / "big.csv", b"x" * 10_000_000)
    expect(first.get_by_text("10.0 MB; at most 2 MB").first).to_be_visible()
    assert faults(first, "bank-refused", shot) == []
    bring(first, base, tmp_path / "over.xml", camt(
        credit(order.pk, "90.00", day=day), credit(None, "5.00", day=day, text="For the trees")))
    confirm(second, base)
    assert faults(second, "bank", shot) == []
    second.get_by_role("link", name="Find its invoice").click()
    second.get_by_label("Reference of the invoice").fill("RF00")
    second.get_by_role("button", name="Propose the match").click()
    expect(second.get_by_text("No invoice has this reference").first).to_be_visible()
    assert faults(second, "credit", shot) == []
    give_back(first, second, base, shot)


def give_back(first: Any, second: Any, base: str, shot: Any) -> None:
    """The surplus goes back by four eyes, to the account that it came from."""
    first.goto(f"{base}/desk/")
    first.get_by_role("link", name="Send it back").click()
    expect(first.get_by_label("IBAN")).to_have_value("DE89370400440532013000")
    first.get_by_role("button", name="I have sent it").click()
    expect(first.get_by_text("Enter the bank's reference.").first).to_be_visible()
    assert faults(first, "refund", shot) == []
    first.get_by_label("The bank's reference of the transfer").fill("OUT-1")
    with moves(first):
        first.get_by_role("button", name="I have sent it").click()
    second.goto(f"{base}/desk/")
    with moves(second):
        second.get_by_role("link", name="Confirm the refund").click()
    assert faults(second, "refund-sent", shot) == []
    second.get_by_role("button", name="I found it on the account").click()
    second.get_by_text("The refund is booked.").wait_for()
