"""A visitor works out a footprint on a phone without script, and lands among the projects."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests import axe

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db")]


def test_kenya_on_a_phone_without_script(live_server: Any, browser_page: Any, shot: Any) -> None:
    page = browser_page(width=390, script=False)
    page.goto(live_server.url)
    page.get_by_role("link", name="Work out my footprint").click()
    page.get_by_text("A household").click()
    page.get_by_label("Country or territory").select_option("Kenya")
    page.get_by_role("button", name="Go to the questions").click()
    page.get_by_label("People in the household").fill("5")
    page.get_by_label("Electricity", exact=False).first.fill("1 200")
    page.get_by_label("Bottled gas (LPG)").fill("60")
    page.get_by_label("Food").select_option("low_meat")
    page.get_by_role("button", name="Work out the footprint").click()
    expect(page.get_by_text("Enter a number with the digits 0 to 9")).to_have_count(2)
    expect(page.get_by_label("Bottled gas (LPG)")).to_have_value("60")
    page.get_by_label("Electricity", exact=False).first.fill("1200")
    page.get_by_role("button", name="Work out the footprint").click()
    # 1200 × 0.08333 + 60 × 2.98463 + 5 × (180.8 + 365 × 4.67 + 26.3) = 9837.3 kg
    expect(page.get_by_role("heading", name="10 tonnes to offset")).to_have_count(1)
    shot(page, "footprint-result-phone")
    page.get_by_role("button", name="Offset 10 tonnes").press("Enter")
    expect(page).to_have_url(f"{live_server.url}/projects/")
    expect(page.get_by_text("Your footprint: 10 tonnes to offset")).to_have_count(1)
    assert Session.objects.get().get_decoded() == {"wanted_tonnes": 10}


def test_axe_finds_nothing_in_the_calculator(
    live_server: Any, browser_page: Any, shot: Any
) -> None:
    page, found = browser_page(), []
    for name, address in (
        ("start", "/footprint/"), ("questions", "/footprint/person/?country=DEU"),
        ("wrong", "/footprint/event/result/?country=DEU&people=x"),
        ("result", "/footprint/household/result/?country=KEN&people=5&electricity=1200&diet=vegan"),
    ):
        page.goto(f"{live_server.url}{address}")
        for width, scheme in axe.WAYS:
            axe.turn(page, width, scheme)
            found += [f"{name} {width} {scheme}: {fault}" for fault in axe.faults(page)]
            shot(page, f"footprint-{name}-{width}-{scheme}")
    assert found == []
