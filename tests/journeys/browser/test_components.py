"""A component of a programme in Chromium: drafted, submitted, included, excluded by the Board."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from cdm_portal import clock, record
from projects.programmes.models import Component
from tests.cast import Cast
from tests.journeys.browser.stage_hands import Hands, Stage
from tests.journeys.browser.test_axe import faults
from tests.projects.programmes import story
from tests.uploads.files import pdf

VARIANTS = [(1440, False), (390, True), (390, False), (1440, True)]

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "books_balance")]


@pytest.fixture
def stage(browser_page: Any, live_server: Any, cast: Cast, settings: Any, shot: Any) -> Stage:
    """The portal with a browser for everybody who has a part in a component."""
    settings.CDM_DEMONSTRATION = True
    record.begin_demonstration()
    actors = {
        "participant": cast.participant, "doe": cast.doe, "secretariat": cast.secretariat,
        "board": cast.board[0],
    }
    sign_ins = {who: (cast.sign_ins[actor][0].email, "secret") for who, actor in actors.items()}
    widths = itertools.cycle(VARIANTS)  # in turn, by who comes first

    def make_page() -> Any:
        width, dark = next(widths)
        return browser_page(width=width, dark=dark)

    def keep(page: Any, name: str) -> Path:
        kept: Path = shot(page, name.replace("journey", "component"))
        return kept

    return Stage(live_server.url, make_page, sign_ins, keep)


def test_a_component_is_included_on_its_pages_and_excluded(
    stage: Stage, cast: Cast, tmp_path: Path
) -> None:
    case = story.programme(cast).project
    base = f"/desk/projects/{case.name}/components/"
    owner = drafted(stage.as_("participant").go(base), case)
    found = faults(owner.keep("draft"), "draft")
    made = Component.objects.get(title="Southern shore")
    owner.go(f"/desk/audits/components/{made.pk}/submit/")
    found += faults(owner.fill({"organisation": str(cast.doe.office), "checked": True}), "submit")
    owner.press("Submit").sees("The DOE has it.")
    statement = tmp_path / "statement.pdf"
    statement.write_bytes(pdf())
    auditor = stage.as_("doe").go("/desk/").sees("A component to include or return.")
    auditor.go(f"/desk/audits/components/{made.pk}/").fill({"no_conflict": True})
    auditor.page.set_input_files('[name="file"]', str(statement))
    found += faults(auditor.keep("include"), "include")
    auditor.press("Include it").sees("The component is included and public.")
    public = f"/projects/{case.name}/components/{made.order}/"
    guest = stage.as_("guest").go(public).sees(f"{case.name}-0002", "The stove is new", "Included")
    found += faults(guest.keep("public"), "public")
    office = stage.as_("secretariat").go(f"/desk/requests/components/{made.pk}/exclude/")
    office.fill({"reasons": "Counted elsewhere.", "tonnes": "0"})
    found += faults(office.keep("propose"), "propose")
    office.press("Put it before the Board")
    member = stage.as_("board").go("/desk/").sees("included in error")
    member.go(f"/desk/requests/exclusions/{made.exclusions.get().pk}/")
    member.fill({"outcome": "grant", "reasons": "Included in error."})
    found += faults(member.keep("decide"), "decide")
    member.press("Record the decision").sees("The decision is public.")
    guest.go(public).sees("Excluded", "To be replaced by the DOE", "Counted elsewhere.")
    found += faults(guest.keep("excluded"), "excluded")
    for name, path in {"list": "components/", "project": ""}.items():
        page = guest.go(f"/projects/{case.name}/{path}").sees("Southern shore")
        found += faults(page.keep(name), name)
    assert found == []


def drafted(owner: Hands, case: Any) -> Hands:
    """The coordinating/managing entity begins a component and says everything about it."""
    owner.fill({"title": "Southern shore"}).press("Begin the draft")
    owner.fill({
        "location": "Migori County", "start_date": f"{clock.today():%Y-%m-%d}",
        "crediting_first_date": f"{case.crediting_first_date:%Y-%m-%d}",
        "crediting_last_date": f"{case.crediting_last_date:%Y-%m-%d}",
        "estimated_annual_tonnes": "900", "answer_1": "It is new.", "answer_2": "None does.",
    })
    return owner.press("Save").sees("The draft is saved.", "Submit to a DOE")
