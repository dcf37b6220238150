"""A name corrected, a PDF checked, a badge and a statement, in Chromium and without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from playwright.sync_api import expect

from cdm_portal import clock
from cdm_portal.values import Actor
from offsets import actions
from offsets.models import Certificate
from tests.chromium import moves
from tests.offsets import prints
from tests.offsets.conftest import Shop
from tests.offsets.test_browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "books_balance")]
NAME = "أمينة عبد الرحمن 李文 🌱"


def test_an_owner_corrects_checks_shows_and_sums(
    shop: Shop, live_server: Any, browser_page: Any, shot: Any, tmp_path: Path,
    sign_in: Callable[[Client, Actor], Client],
) -> None:
    shop.at = clock.now()
    certificate = prints.of_two_projects(
        shop, shop.offer(100), prints.another_project(shop).offer(50), 17, 5
    )
    prints.print_all(shop.at)
    certificate.refresh_from_db()
    page = browser_page(script=False, width=390)
    corrects(page, live_server.url, certificate)
    checks(page, live_server.url, tmp_path / "certificate.pdf", bytes(certificate.pdf or b""))

    order = certificate.order.code
    page = browser_page()
    page.goto(f"{live_server.url}/orders/{order}/correct/")
    assert faults(page, "prints-ask", shot) == []
    client = sign_in(Client(), shop.cast.buyer)
    actions.claim_orders(
        actor=shop.cast.buyer, at=shop.at, orders=[certificate.order_id],
        proved=certificate.order.email,
    )
    page.context.add_cookies([{
        "name": settings.SESSION_COOKIE_NAME, "url": live_server.url,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
    }])  # fmt: skip
    code = certificate.code
    for number, path in enumerate((
        f"/orders/{order}/correct/", f"/certificates/{code}/", "/v/", f"/v/{code}",
        f"/certificates/{code}/badge/", "/desk/statements/",
        f"/desk/orders/?order={order}", "/privacy/",
    )):
        page.goto(live_server.url + path)
        assert faults(page, f"prints-{number}", shot) == []


def corrects(page: Any, base: str, certificate: Certificate) -> None:
    """By the link that was mailed to the address of the order; the first try gives no reason."""
    page.goto(f"{base}/orders/{certificate.order.code}/")
    page.get_by_role("link", name="Correct the name on the certificate").click()
    page.get_by_role("button", name="Mail the link").click()
    expect(page.get_by_text("a link is on its way there now")).to_have_count(1)
    actions.send_data_links(at=clock.now())
    link = re.search(r"http://[^/\s]+(/orders/\S+)", mail.outbox[-1].body)
    assert link is not None
    page.goto(base + link[1])
    page.get_by_label("Corrected name").fill(NAME)
    with moves(page):
        page.get_by_role("button", name="Issue the certificate again").click()
    expect(page.get_by_label("Corrected name")).to_have_value(NAME)
    page.get_by_label("What was wrong?").fill("Misspelt")
    page.get_by_role("button", name="Issue the certificate again").click()
    expect(page.get_by_text("counts now")).to_have_count(1)
    prints.print_all(clock.now())
    page.get_by_role("link", name=f"{certificate.number}-2").click()
    expect(page.get_by_text(NAME).first).to_be_visible()


def checks(page: Any, base: str, path: Path, pdf: bytes) -> None:
    """The print of before: genuine, and replaced."""
    path.write_bytes(pdf)
    page.goto(f"{base}/v/")
    page.get_by_label("PDF of a certificate").set_input_files(path)
    page.get_by_role("button", name="Check the PDF").click()
    expect(page.get_by_role("heading", name="Signed by us and unchanged")).to_have_count(1)
    expect(page.get_by_text("replaced by")).to_have_count(1)
