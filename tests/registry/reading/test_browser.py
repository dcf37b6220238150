"""In a real Chromium: a visitor finds one unit's life, an auditor takes along a project's
cancellations. With script and without, in light and dark, on a phone and on a desk."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from registry import actions
from tests import axe
from tests.cast import Cast
from tests.registry.ledger import Ledger

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "books_balance")]
PROJECT = "3335"


@pytest.fixture
def history(ledger: Ledger, cast: Cast) -> Ledger:
    """A project whose units were forwarded, offered and sold in three steps; and another one."""
    account = ledger.account(cast.participant.organisation_id)
    ledger.issued(56_900, 1_138, project_number=PROJECT)
    ledger.forwarded(20_000, account, project_number=PROJECT)
    (lot,) = actions.earmark(
        actor=cast.participant, at=ledger.at, account_id=account.pk, project_number=PROJECT,
        quantity=15_000, commitment_period=2,
    )
    for quantity in (120, 12, 250):
        ledger.cancelled(lot, quantity, buyer=0)
    ledger.issued(500, 0, project_number="95002")
    ledger.forwarded(500, account, project_number="95002")
    other = actions.earmark(
        actor=cast.participant, at=ledger.at, account_id=account.pk, project_number="95002",
        quantity=500, commitment_period=2,
    )
    ledger.cancelled(other[0], 33, buyer=0)
    return ledger


@pytest.mark.parametrize(
    ("width", "dark", "script"), [(1440, False, True), (390, True, False)]
)  # fmt: skip
def test_a_visitor_finds_the_life_of_one_unit(
    width: int, dark: bool, script: bool, history: Ledger, live_server: Any, browser_page: Any,
    shot: Any,
) -> None:
    page = browser_page(width=width, dark=dark, script=script)
    page.goto(live_server.url + "/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Registry").click()
    box = page.get_by_role("searchbox")
    box.fill(f"KE-5-127-2-2-0-{PROJECT}")
    box.press("Enter")
    page.get_by_text("number 7 of these 12").wait_for()
    expect(page.get_by_role("heading", level=1)).to_have_text("12 units, cancelled for good")
    told = page.get_by_role("region", name="Movements of these units").inner_text()
    for step in ("Issued", "Forwarded", "Offered", "Cancelled, voluntary"):
        assert step in told
    expect(page.get_by_text("No unit is missing and none is counted twice.")).to_be_visible()
    picture = page.get_by_role("region", name="Family of this block")
    expect(picture).to_contain_text("56\u202f900")
    shot(page, f"unit-{width}")
    box = page.get_by_role("searchbox")
    box.fill("KE-140-127")
    page.get_by_role("button", name="Find").click()
    page.get_by_text("140 to 127 runs backwards").wait_for()
    expect(page.get_by_role("searchbox")).to_have_value("KE-140-127")
    shot(page, f"unit-not-found-{width}")
    page.get_by_role("link", name="KE-127-140").click()
    page.get_by_text("No unit is missing").wait_for()
    expect(page.get_by_role("heading", level=1)).to_have_text("12 units, cancelled for good")


def test_an_auditor_takes_along_all_cancellations_of_a_project(
    history: Ledger, cast: Cast, sign_in: Any, client: Client, live_server: Any, browser_page: Any,
    shot: Any, tmp_path: Path,
) -> None:
    page = browser_page()
    sign_in(client, cast.auditor)
    page.context.add_cookies([{
        "name": settings.SESSION_COOKIE_NAME, "url": live_server.url,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
    }])  # fmt: skip
    page.goto(live_server.url + reverse("admin:index"))
    page.get_by_role("link", name="Cancellations", exact=True).first.click()
    page.locator("#searchbar").fill(PROJECT)
    page.locator("#changelist-search input[type=submit]").click()
    page.get_by_role("link", name="Export all 3 rows (CSV)").wait_for()
    expect(page.locator("#result_list tbody tr")).to_have_count(3)
    shot(page, "auditor-cancellations")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Export all 3 rows (CSV)").click()
    target = tmp_path / "cancellations.csv"
    coming.value.save_as(target)
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["serial"], row["quantity"]) for row in rows] == [
        (f"KE-5-133-382-2-2-0-{PROJECT}", "250"), (f"KE-5-121-132-2-2-0-{PROJECT}", "12"),
        (f"KE-5-1-120-2-2-0-{PROJECT}", "120"),
    ]  # fmt: skip


def test_no_page_of_the_registry_has_a_violation(
    history: Ledger, live_server: Any, browser_page: Any
) -> None:
    page = browser_page()
    found = []
    for path in (
        "/registry/", "/registry/issuances/", "/registry/cancellations/?project=x",
        "/registry/totals/?by=party", "/registry/totals/?by=year", "/registry/blocks/",
        "/registry/blocks/?q=nothing", f"/registry/blocks/?q={PROJECT}", "/registry/blocks/?q=130",
        "/registry/blocks/?q=KE-127", "/registry/blocks/?q=KE-16000",
        "/registry/blocks/?q=KE-1-56900",
    ):  # fmt: skip
        page.goto(live_server.url + path)
        for way in ((390, "dark"), (1440, "light")):
            axe.turn(page, *way)
            found += [f"{path} {way}: {fault}" for fault in axe.faults(page)]
    assert found == []
