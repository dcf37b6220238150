"""A co-benefit report in Chromium: a criterion saved while it is typed, by keyboard, on a phone and
without script; then checked by a DOE; every page without a fault of accessibility.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from cdm_portal import clock
from cobenefits import actions, queries
from cobenefits.models import Line, Said, TypedBenefit
from tests.axe import violations
from tests.cast import Cast
from tests.cobenefits import story

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db")]
STATUS = "[data-autosave-status]"


@pytest.fixture
def signed_in(
    browser_page: Any, live_server: Any, client: Client, sign_in: Callable[[Client, Any], Client]
) -> Callable[..., Any]:
    """A browser in which somebody is signed in."""

    def make(actor: Any, **kwargs: Any) -> Any:
        cookie = sign_in(client, actor).cookies[settings.SESSION_COOKIE_NAME].value
        made = browser_page(**kwargs)
        made.context.add_cookies([{
            "name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url,
        }])
        return made

    return make


def test_a_criterion_is_saved_while_it_is_typed_and_without_script(
    signed_in: Any, live_server: Any, cast: Cast, shot: Any
) -> None:
    project = story.public(cast, clock.now())
    own = f"{live_server.url}/desk/cobenefits/{project.reference}/"
    page = signed_in(cast.participant, width=390)
    page.goto(own)
    page.get_by_role("link", name="Jobs").press("Enter")
    page.get_by_label("Level of the benefit").select_option("high")
    page.locator("[name=text]").fill("Two shifts.")
    page.locator(STATUS).filter(has_text="Saved at ").wait_for()
    page.get_by_text("Long-term jobs", exact=False).first.press("Enter")
    page.locator("[name=long_term_applicable][value=yes]").press("Space")
    page.locator("[name=long_term_quantity]").fill("many")
    page.locator(STATUS).filter(has_text="Not saved. Quantity: Enter a number").wait_for()
    assert Line.objects.get().text == "Two shifts." and TypedBenefit.objects.count() == 1
    page.goto("about:blank")
    page.goto(f"{own}section/jobs/")
    expect(page.locator("[name=long_term_quantity]")).to_have_value("many")
    assert violations(page) == []
    shot(page, "section-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    plain = signed_in(cast.participant, width=390, script=False)
    plain.goto(f"{own}section/jobs/")
    plain.locator("[name=long_term_quantity]").fill("46.5")
    plain.locator("[name=long_term_level]").select_option("none")
    plain.locator("[name=long_term_text]").fill("In upkeep.")
    plain.get_by_role("button", name="Save", exact=True).click()
    plain.get_by_text("“Jobs” is saved.").wait_for()
    assert str(Said.objects.get().quantity) == "46.500000"
    assert not TypedBenefit.objects.exists()
    plain.goto(own)
    plain.get_by_role("button", name="Hand in the report").click()
    plain.get_by_text("The secretariat has the report.").wait_for()


def test_a_doe_checks_it_and_everybody_sees_the_badge(
    signed_in: Any, browser_page: Any, live_server: Any, cast: Cast, shot: Any
) -> None:
    at = clock.now()
    project = story.public(cast, at)
    story.published(cast, project, at, story.MORE)
    actions.ask_check(
        actor=cast.participant, at=at, project_id=project.pk, organisation_id=cast.doe.office
    )
    page = signed_in(cast.doe)
    page.goto(f"{live_server.url}/desk/cobenefits/{project.reference}/check/")
    assert violations(page) == []
    page.get_by_label("We have no conflict of interest").check()
    page.get_by_role("button", name="Take the check on").click()
    for key in ("air", "jobs"):
        page.locator(f"[name={key}_outcome][value=confirmed]").check()
        page.locator(f"[name={key}_text]").fill("Seen on site.")
    page.get_by_label("Statement").fill("It holds.")
    shot(page, "check-desktop")
    assert violations(page) == []
    page.get_by_role("button", name="Publish the statement").click()
    page.get_by_text("Checked by a DOE on").first.wait_for()
    assert queries.checked([project.pk])
    seen = {
        "public": f"/projects/{project.reference}/cobenefits/", "asked": "/cobenefits/asked/",
        "compare": f"/cobenefits/compare/?project={project.reference}",
        "project": f"/projects/{project.reference}/",
    }
    for name, url in seen.items():
        for width, dark in ((390, False), (1440, True)):
            visitor = browser_page(width=width, dark=dark)
            visitor.goto(f"{live_server.url}{url}")
            assert violations(visitor) == [], (name, width)
            assert visitor.evaluate("document.documentElement.scrollWidth") <= width, name
            shot(visitor, f"{name}-{width}")


def test_the_other_pages_of_a_report_are_without_fault(
    signed_in: Any, live_server: Any, cast: Cast, shot: Any
) -> None:
    at = clock.now()
    project = story.public(cast, at)
    story.published(cast, project, at, story.MORE)
    own = f"/desk/cobenefits/{project.reference}/"
    pages = {
        "report": (cast.participant, own), "ask": (cast.participant, f"{own}ask/"),
        "evidence": (cast.participant, f"{own}evidence/"),
        "extra": (cast.participant, f"{own}section/safeguards/"),
        "indicators": (cast.secretariat, "/desk/cobenefit-indicators/?section=jobs&key=income"),
    }
    for name, (actor, url) in pages.items():
        for width, dark in ((390, True), (1440, False)):
            page = signed_in(actor, width=width, dark=dark)
            page.goto(f"{live_server.url}{url}")
            assert violations(page) == [], (name, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            shot(page, f"{name}-{width}")
