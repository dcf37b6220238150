"""A buyer makes a key in a real Chromium, without script too; axe finds nothing on the API's pages.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from cdm_portal import clock
from offsets.keys import TOKEN
from offsets.models import ApiKey
from tests.offsets.conftest import Shop
from tests.offsets.programs import Program
from tests.offsets.test_browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db")]


@pytest.mark.parametrize("script", [True, False])
def test_a_buyer_makes_a_key_and_revokes_it(
    shop: Shop, live_server: Any, browser_page: Any, shot: Any, sign_in: Any, script: bool
) -> None:
    shop.at = clock.now()
    Program(shop).get("offers/")
    page = browser_page(script=script)
    session = sign_in(Client(), shop.cast.buyer).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/desk/api-keys/")
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("Name the program that will use the key.")).to_have_count(2)
    page.get_by_label("What is it for?").fill("Monthly bookkeeping")
    page.get_by_role("button", name="Make the key").click()
    token = page.locator("[data-copy-source]").inner_text()
    assert TOKEN.fullmatch(token) and ApiKey.objects.count() == 2
    if script:
        assert faults(page, "api-keys", shot) == []
    page.get_by_role("button", name="Revoke Monthly bookkeeping").click()
    page.get_by_text("Monthly bookkeeping is revoked.").wait_for()
    assert token not in page.content()
    assert ApiKey.objects.filter(revoked_at=None).count() == 1
    if script:
        page.goto(f"{live_server.url}/api/")
        assert faults(page, "api-start", shot) == []
