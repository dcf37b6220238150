"""axe-core over the demonstration: the public pages, the checkout, a certificate, every desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.management import call_command

from cdm_portal.demonstration import people
from offsets.models import Certificate
from projects.models import Project
from tests import axe
from tests.journeys.browser.stage_hands import Hands, Stage

DESKS = (
    "participant", "dna.ke", "doe", "board", "rit", "secretariat", "registry", "auditor", "buyer",
)

Ways = Sequence[tuple[int, str]]
"""Widths in pixels, each with a colour scheme."""

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "books_balance")]


def faults(hands: Hands, name: str) -> list[str]:
    """What is wrong with the page as it stands."""
    return [f"{name}: {fault}" for fault in axe.faults(hands.page)]


def faults_in_every_way(hands: Hands, name: str, shot: Any, ways: Ways) -> list[str]:
    """What is wrong with the page in those ways; a picture of each."""
    found = []
    for width, scheme in ways:
        axe.turn(hands.page, width, scheme)
        found += faults(hands, f"{name} {width} {scheme}")
        shot(hands.page, f"{name}-{width}-{scheme}")
    return found


def checkout(hands: Hands, number: str) -> None:
    """Begin an order from a project's page."""
    hands.go(f"/projects/{number}/").fill({"quantity": "3"}).submit("/orders/new/")


def test_no_page_has_a_violation(
    browser_page: Any, live_server: Any, settings: Any, shot: Any, full: bool
) -> None:
    """Every page in two ways that differ in width and scheme; in full, phone and desktop in both.

    tests/architecture/test_every_page_axe.py sees every page of every route besides.
    """
    ways = axe.WAYS if full else (axe.WAYS[0], axe.WAYS[-1])
    settings.CDM_DEMONSTRATION = True
    call_command("seed_demo", verbosity=0)
    logins = {local: (people.address(local), people.PASSWORD) for local in DESKS}
    stage = Stage(live_server.url, browser_page, logins)
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
        found += faults_in_every_way(guest.go(path), name, shot, ways)
    checkout(guest, number)
    found += faults_in_every_way(guest, "checkout", shot, ways)
    for local in DESKS:
        found += faults_in_every_way(stage.as_(local).go("/desk/"), f"desk-{local}", shot, ways)
    assert found == []


def test_axe_finds_a_planted_violation(browser_page: Any, live_server: Any) -> None:
    page = browser_page()
    page.goto(live_server.url + "/privacy/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x>')")
    assert any(line.startswith("image-alt") for line in axe.violations(page))
