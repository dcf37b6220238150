"""Nothing on a public page moves while it loads, on a phone and on a desktop.

The scripts are kept back until the page has been painted, as on a slow line: what they change then
is a shift, however quick the machine of the test is.
"""

from __future__ import annotations

from typing import Any

import pytest

from cdm_portal import clock
from registry import actions as registry_actions
from tests.offsets.conftest import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances"),
]
MOST = 0.05
"""Cumulative layout shift: half of what web.dev calls good."""
WATCH = """
localStorage.setItem('theme', 'dark');  // known to the script alone
window.shifts = [];
new PerformanceObserver(list => shifts.push(...list.getEntries().filter(e => !e.hadRecentInput)
    .map(e => [e.value, e.sources.map(s => s.node?.className || s.node?.nodeName).join(' ')])))
  .observe({type: 'layout-shift', buffered: true});
"""
PAINTED = """
new Promise(done => {
  const look = () => performance.getEntriesByName('first-contentful-paint').length
    ? done() : requestAnimationFrame(look);
  look();
})
"""
SETTLED = "new Promise(done => setTimeout(done, 250))"  # and the count-up of a certificate begun


def shifts(page: Any, address: str) -> list[tuple[float, str]]:
    """How far things moved while the page loaded, and which."""
    kept: list[Any] = []
    page.route("**/*.js", lambda route: kept.append(route))  # noqa: PLW0108 - no method is taken
    page.goto(address, wait_until="commit")
    page.evaluate(PAINTED)
    for route in kept:
        route.continue_()
    page.wait_for_load_state("load")
    page.evaluate(SETTLED)
    assert kept, f"no script on {address}"
    return [(round(value, 3), what) for value, what in page.evaluate("shifts")]


def addresses(shop: Shop) -> list[str]:
    """The way from the first page to the check of a certificate."""
    offer = shop.offer(100)
    order, certificate = shop.order(offer, 2), shop.buy(offer, 3)
    return [
        "/", "/projects/", f"/projects/{shop.project.number}/", "/footprint/",
        "/footprint/household/?country=KEN", "/basket/", f"/orders/{order.code}/",
        f"/certificates/{certificate.code}/", f"/v/{certificate.code}",
    ]


def test_nothing_moves_while_a_page_loads(
    shop: Shop, live_server: Any, browser_page: Any, settings: Any
) -> None:
    settings.CDM_DEMONSTRATION = True
    shop.at = clock.now()
    registry_actions.reconcile(at=shop.at)
    found = {}
    paths = addresses(shop)
    for width in (412, 1440):
        page = browser_page(width=width)
        page.emulate_media(reduced_motion="no-preference")
        page.add_init_script(WATCH)
        for path in paths:
            moved = shifts(page, live_server.url + path)
            if sum(value for value, _what in moved) >= MOST:
                found[f"{width} {path}"] = moved
    assert found == {}
