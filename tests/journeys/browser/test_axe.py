"""axe-core over the demonstration: the public pages, the checkout, a certificate, every desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from cdm_portal.demonstration import people
from offsets.models import Certificate
from projects.models import Project
from tests.journeys.browser.stage_hands import Hands, Stage

AXE = next((Path(__file__).parents[2] / "vendor").glob("axe-core-*/axe.min.js"))
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESKS = (
    "participant", "dna.ke", "doe", "board", "rit", "secretariat", "registry", "auditor", "buyer",
)
VARIANTS = [(390, False), (390, True), (1440, False), (1440, True)]

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "books_balance")]


def violations(page: Any) -> list[str]:
    """What axe finds on the page as it stands."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}}).then(r => r.violations)",
        TAGS,
    )
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]


def faults(hands: Hands, name: str) -> list[str]:
    """axe's violations, and whether the page is wider than its window."""
    wide = hands.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    found = violations(hands.page) + (["wider than the window"] if wide else [])
    return [f"{name}: {fault}" for fault in found]


def checkout(hands: Hands, number: str) -> None:
    """Begin an order from a project's page."""
    hands.go(f"/projects/{number}/").fill({"quantity": "3"}).submit("/orders/new/")


@pytest.mark.parametrize(("width", "dark"), VARIANTS)
def test_no_page_has_a_violation(
    width: int, dark: bool, browser_page: Any, live_server: Any, settings: Any, shot: Any
) -> None:
    settings.CDM_DEMONSTRATION = True
    call_command("seed_demo", verbosity=0)
    logins = {local: (people.address(local), people.PASSWORD) for local in DESKS}
    variant = f"{width}-{'dark' if dark else 'light'}"
    stage = Stage(live_server.url, lambda: browser_page(width=width, dark=dark), logins)
    guest = stage.as_("guest")
    number = str(Project.objects.get(title__startswith="Ziwa Nne").number)
    certificate = Certificate.objects.earliest("pk")
    found: list[str] = []
    for name, path in {
        "home": "/", "catalogue": "/projects/?view=table", "project": f"/projects/{number}/",
        "certificate": f"/certificates/{certificate.code}/", "verify": f"/v/{certificate.code}",
        "verify-form": "/v/", "registry": "/registry/", "totals": "/registry/totals/?by=year",
        "search": "/registry/blocks/", "project-units": f"/registry/blocks/?q={number}",
        "unit": "/registry/blocks/?q=KE-1", "issuances": "/registry/issuances/?year=2024",
        "cancelled": "/registry/cancellations/?type=5", "cancellations": "/cancellations/",
        "how": "/how-it-works/", "parameters": "/parameters/",
        "permissions": "/permissions/", "sign-in": "/accounts/login/",
    }.items():
        found += faults(guest.go(path), name)
        shot(guest.page, f"{name}-{variant}")
    checkout(guest, number)
    found += faults(guest, "checkout")
    shot(guest.page, f"checkout-{variant}")
    for local in DESKS:
        found += faults(stage.as_(local).go("/desk/"), f"desk of {local}")
        shot(stage.as_(local).page, f"desk-{local}-{variant}")
    assert found == []


def test_axe_finds_a_planted_violation(browser_page: Any, live_server: Any) -> None:
    page = browser_page()
    page.goto(live_server.url + "/privacy/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x>')")
    assert any(line.startswith("image-alt") for line in violations(page))
