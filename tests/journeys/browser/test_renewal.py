"""A crediting period is renewed in Chromium, each role in turn, from the draft to the first
monitoring period in the renewed crediting period.
"""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cdm_portal import clock, record
from projects import queries as landing
from projects.board import tasks
from projects.models import MonitoringPeriod
from tests.cast import Cast
from tests.journeys.browser.stage_hands import Stage
from tests.journeys.browser.story import Story
from tests.journeys.browser.test_axe import faults
from tests.projects.participant import designs
from tests.projects.revisions import story

VARIANTS = [(1440, False), (390, True), (1440, True), (390, False)]
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "books_balance")]


@pytest.fixture
def stage(browser_page: Any, live_server: Any, cast: Cast, settings: Any, shot: Any) -> Stage:
    """The portal with a browser for everybody who has a part in a renewal."""
    settings.CDM_DEMONSTRATION = True
    record.begin_demonstration()
    actors = {
        "participant": cast.participant, "doe": cast.doe, "secretariat": cast.secretariat,
        "board": cast.board[0],
    }
    sign_ins = {who: (cast.sign_ins[actor][0].email, "secret") for who, actor in actors.items()}

    def keep(page: Any, name: str) -> Path:
        kept: Path = shot(page, name.replace("journey", "renewal"))
        return kept

    widths = itertools.cycle(VARIANTS)

    def make_page() -> Any:
        width, dark = next(widths)
        return browser_page(width=width, dark=dark)

    return Stage(live_server.url, make_page, sign_ins, keep)


def test_a_renewal_from_its_draft_to_monitoring_in_the_renewed_period(
    stage: Stage, cast: Cast
) -> None:
    now = clock.now()
    ahead = story.expiry(designs.registered(cast, designs.AT)) - designs.AT.date()
    project = designs.registered(cast, now - ahead + timedelta(days=100))
    story.monitored(cast, project)
    expiry, name = story.expiry(project), project.name
    participant, doe = stage.as_("participant"), stage.as_("doe")

    participant.go(f"/desk/projects/{name}/").sees("Renew the crediting period")
    participant.go(f"/desk/projects/{name}/revisions/new/").keep("begin")
    found = faults(participant, "begin")
    participant.fill({"kind": "renewal", "reasons": "The baseline is updated."}).submit()
    participant.sees("Renewal of the crediting period", "Draft").keep("draft")
    participant.go(f"/desk/projects/{name}/design/reductions/")
    participant.fill({"y1_EG_export": "15000", "y1_EG_import": "0"}).submit()
    participant.go(f"/desk/projects/{name}/design/").sees("It is frozen when you ask a DOE")
    participant.go(f"/desk/audits/offer/{name}/revisions/1/").keep("ask-a-doe")
    found += faults(participant, "ask-a-doe")
    participant.page.locator("main label").filter(has_text="Plumb").first.click()
    participant.submit().sees("Waiting for the DOE to accept")

    doe.go("/desk/").sees("Renewal of the crediting period: it asks you to validate it.")
    doe.go(f"/desk/audits/{name}/revisions/1/").fill({"no_conflict": True}).submit(button="accept")
    doe.fill({"opinion": "positive", "conclusion": "The baseline is updated and holds."})
    found += faults(doe.keep("opinion"), "opinion")
    doe.submit(button="opinion").sees("Positive opinion")
    doe.go(f"/desk/requests/revision/{name}/1/").keep("request").submit()
    path = doe.page.url.removeprefix(stage.base)

    scenes = Story(stage, clock.today(), lambda _name: None)
    scenes.checked(path, "renewal")
    board = stage.as_("board").go(path).sees("Review window", "Renewal of the crediting period")
    found += faults(board.keep("review-window"), "review-window")
    scenes.advance(board, 30)
    assert tasks.close_windows() == 1

    guest = stage.as_("guest").go(f"/projects/{name}/").sees("Crediting period renewed")
    found += faults(guest.keep("renewed"), "renewed")
    first = expiry + timedelta(days=1)
    participant.go(f"/desk/projects/{name}/periods/new/").fill({
        "first": first.isoformat(), "last": (first + timedelta(days=30)).isoformat(),
    }).submit()
    participant.keep("monitoring-goes-on")
    period = MonitoringPeriod.objects.get(project=project, first_date=first)
    credited = landing.crediting_on(project, period.first_date)
    assert credited is not None
    assert (credited.number, period.number) == (2, 2)
    assert found == []
