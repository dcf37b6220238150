"""In Chromium: an incomplete request for registration is returned, corrected and registered."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from cdm_portal import clock, record
from cdm_portal.demonstration.office import checklist
from cdm_portal.demonstration.portfolio import Until
from projects.board import actions, tasks
from projects.board.models import Request
from tests import factories
from tests.cast import Cast
from tests.journeys.browser.stage_hands import Stage
from tests.journeys.browser.test_axe import faults

VARIANTS = [(1440, False), (390, True), (1440, True)]
MISSING = "Page 3 of the form is missing."

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "books_balance")]


@pytest.fixture
def stage(browser_page: Any, live_server: Any, cast: Cast, settings: Any, shot: Any) -> Stage:
    """The portal with a browser for the secretariat, the DOE and the public."""
    settings.CDM_DEMONSTRATION = True
    record.begin_demonstration()
    actors = {"doe": cast.doe, "secretariat": cast.secretariat}
    sign_ins = {who: (cast.sign_ins[actor][0].email, "secret") for who, actor in actors.items()}

    def keep(page: Any, name: str) -> Path:
        kept: Path = shot(page, name.replace("journey", "incomplete"))
        return kept

    widths = itertools.cycle(VARIANTS)  # in turn, by who comes first

    def make_page() -> Any:
        width, dark = next(widths)
        return browser_page(width=width, dark=dark)

    return Stage(live_server.url, make_page, sign_ins, keep)


def test_an_incomplete_request_is_returned_corrected_and_registered(
    stage: Stage, cast: Cast
) -> None:
    actions.plan_meeting(
        actor=cast.secretariat, at=clock.now(), number=118, place="Bonn",
        first_date=clock.today().replace(year=clock.today().year + 1),
        last_date=clock.today().replace(year=clock.today().year + 1),
    )
    walk = factories.walk(cast, Until.REGISTRATION_CHECKS, clock.now())
    path = f"/desk/requests/{walk.case.reference}/"
    office = stage.as_("secretariat").go("/desk/").sees("Check completeness")
    office.go(f"{path}check/form/").fill({"met": "no", "reason": MISSING}).submit()
    office.go(path).submit("/do/return/").sees(MISSING).keep("returned")
    auditor = stage.as_("doe").go("/desk/").sees("Returned as incomplete, with reasons.")
    auditor.keep("desk").go(path).sees(MISSING, "Waiting for The DOE").keep("reasons")
    found = faults(auditor, "reasons")
    auditor.fill({"note": "Page 3 is added."}).submit("/do/resubmit/").sees("Completeness check")
    request = Request.objects.get(pk=walk.case.pk)
    assert request.version == 2
    for part, act in (("completeness", "complete"), ("information", "publish")):
        checklist(request.pk, part, cast.secretariat, clock.now())
        office.go(path)
        if act == "publish":
            office.fill({"note": "Complete now."})
        office.submit(f"/do/{act}/")
    office.sees("Window closes").keep("published")
    with office.page.expect_navigation(wait_until="domcontentloaded"):
        office.page.locator('button[name="days"][value="30"]').first.click()
    assert tasks.close_windows() == 1
    guest = stage.as_("guest").go(f"/projects/{walk.project.reference}/")
    guest.sees("Returned as incomplete", MISSING, "Page 3 is added.", "Registered").keep("public")
    found += faults(guest, "public")
    calendar = stage.as_("guest").go("/meetings/118/").sees("Meeting 118", "Bonn").keep("meeting")
    assert found + faults(calendar, "meeting") == []
