"""The style guide in a real browser: no violation, nothing too wide, no fault, no other host."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from cdm_portal.pages import styleguide_samples
from tests import axe

pytestmark = pytest.mark.browser


def opened(page: Any, address: str) -> tuple[list[str], list[str]]:
    """Opens an address; answers the errors of its console and the hosts that it asked."""
    errors: list[str] = []
    hosts: list[str] = []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("request", lambda r: hosts.append(urlsplit(r.url).netloc))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return errors, hosts


def test_axe_finds_nothing(live_server: Any, browser_page: Any, shot: Any) -> None:
    page = browser_page()
    opened(page, f"{live_server.url}/styleguide/")
    for width, scheme in axe.WAYS:
        axe.turn(page, width, scheme)
        assert axe.violations(page) == [], (width, scheme)
        shot(page, f"styleguide-{width}-{scheme}")


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_is_wider_than_the_window_and_nothing_fails(
    live_server: Any, browser_page: Any, width: int
) -> None:
    page = browser_page(width=width)
    errors, hosts = opened(page, f"{live_server.url}/styleguide/")
    assert errors == []
    assert set(hosts) == {urlsplit(live_server.url).netloc}
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_is_whole_without_script(live_server: Any, browser_page: Any) -> None:
    page = browser_page(script=False)
    opened(page, f"{live_server.url}/styleguide/")
    expect(page.locator("[data-stepper] button:visible")).to_have_count(0)
    expect(page.locator("[data-theme-switch]:visible")).to_have_count(0)
    names = page.locator("ol.track").first.locator("b").all_text_contents()
    assert [re.split(r",", name)[0] for name in names] == list(styleguide_samples.STAGES)


def test_the_keyboard_skips_to_the_content(live_server: Any, browser_page: Any) -> None:
    page = browser_page()
    opened(page, f"{live_server.url}/accessibility/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_an_error_summary_takes_the_focus_and_leads_to_its_field(
    live_server: Any, browser_page: Any
) -> None:
    page = browser_page()
    opened(page, f"{live_server.url}/styleguide/")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.locator(".errsum a").first.click()
    assert page.evaluate("document.activeElement.id") == "bad_email"


def test_the_stepper_counts_and_the_theme_is_kept(live_server: Any, browser_page: Any) -> None:
    page = browser_page()
    opened(page, f"{live_server.url}/styleguide/")
    page.locator("#quantity").locator("xpath=following-sibling::button").click()
    expect(page.locator("#quantity")).to_have_value("13")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for _ in ("light", "dark"):
        page.locator("[data-theme-switch]").click()
    page.reload()
    assert page.evaluate("document.documentElement.className") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
