"""In Chromium: a negative validation, a DOE suspended mid-case, a finding by keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from cdm_portal import clock, record
from cdm_portal.demonstration.portfolio import Until
from projects.doe import queries
from projects.models import Finding
from tests import factories
from tests.cast import Cast
from tests.journeys.browser.stage_hands import Hands, Stage

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "books_balance")]


@pytest.fixture
def stage(browser_page: Any, live_server: Any, cast: Cast, settings: Any, shot: Any) -> Stage:
    """A portal of the demonstration; everybody has a browser of their own."""
    settings.CDM_DEMONSTRATION = True
    record.begin_demonstration()
    actors = {
        "participant": cast.participant, "doe": cast.doe, "doe2": cast.other_doe,
        "secretariat": cast.secretariat, "board": cast.board[0],
    }
    logins = {who: (cast.sign_ins[actor][0].email, "secret") for who, actor in actors.items()}
    return Stage(live_server.url, browser_page, logins, shot)


def suspend(stage: Stage, entity: str) -> None:
    """The secretariat proposes, the DOE answers, a member of the Board decides."""
    secretariat = stage.as_("secretariat").go("/desk/audits/accreditations/propose/").fill({
        "kind": "suspend", "functions": ["validation"], "scopes": ["1"], "months": "6",
        "reasons": "A spot-check found that no auditor knows solar power.",
    })
    secretariat.page.locator('main select[name="organisation"]').select_option(label=entity)
    secretariat.submit().sees("Hearing of the entity").keep("hearing")
    page = secretariat.page.url.removeprefix(stage.base)
    board = stage.as_("board").go(page).sees("may answer until")
    expect(board.page.locator("main form")).to_have_count(0)
    doe = stage.as_("doe").go("/desk/").sees("You may answer what is proposed.")
    doe.go(page).fill({"text": "Two auditors are being trained."}).submit()
    board.go(page).sees("Two auditors are being trained.").fill(
        {"outcome": "grant", "reasons": "The gap is serious; it can be closed."}
    ).submit().sees("Decided as proposed").keep("suspended")


def test_a_doe_is_suspended_mid_case_and_another_takes_over(stage: Stage, cast: Cast) -> None:
    project = factories.project(cast, Until.FINDINGS_OPEN, clock.now(), key="suspended-mid-case")
    entity = cast.doe.organisation
    suspend(stage, entity)
    guest = stage.as_("guest").go("/operational-entities/").sees("Partly suspended")
    guest.follow(guest.page.get_by_role("link", name=entity).first)
    guest.sees("it can be closed").keep("entity")
    doe = stage.as_("doe").go(f"/desk/audits/{project.name}/validation/")
    doe.sees("cannot request registration").keep("suspended-workspace")
    participant = stage.as_("participant").go(f"/desk/audits/offer/{project.name}/")
    participant.sees(f"{entity}").fill({"notice": f"{entity} is suspended."})
    participant.page.locator("main label").filter(has_text="Second Look").first.click()
    participant.submit().sees("has not answered yet")
    other = stage.as_("doe2").go("/desk/")
    other.follow(other.page.get_by_text(project.title).first)
    other.fill({"no_conflict": True}).submit(button="accept")
    other.go(f"/desk/audits/{project.name}/validation/").submit("/validation/publish/")
    guest.go(f"/projects/{project.name}/").sees("Replaced: ", "is suspended")
    guest.keep("replaced")


def test_a_negative_validation(stage: Stage, cast: Cast) -> None:
    project = factories.project(cast, Until.FINDINGS_OPEN, clock.now(), key="negative")
    doe = stage.as_("doe").go(f"/desk/audits/{project.name}/validation/opinion/")
    doe.sees("A positive opinion is not possible yet").fill({
        "opinion": "negative", "conclusion": "Additionality is not shown.",
    }).keep("negative-opinion").submit().sees("Negative opinion")
    guest = stage.as_("guest").go(f"/projects/{project.name}/")
    guest.sees("Validation negative", "Negative opinion: ", "Additionality is not shown.")
    guest.keep("negative")
    report = guest.page.locator("main a").filter(has_text="Validation report").first
    assert guest.page.request.get(stage.base + report.get_attribute("href")).status == 200
    participant = stage.as_("participant").go(f"/desk/projects/{project.name}/")
    participant.sees("Validation negative").keep("negative-participant")


def tab_to(hands: Hands, wanted: str) -> None:
    """Press Tab until the control that `wanted` names has the focus."""
    for _ in range(120):
        hands.page.keyboard.press("Tab")
        if hands.page.evaluate("w => document.activeElement.matches(w)", wanted):
            return
    raise AssertionError(f"Tab never reaches {wanted} on {hands.page.url}")


def enter(hands: Hands) -> None:
    """Press Enter on what has the focus; the next page must be there."""
    with hands.page.expect_navigation(wait_until="domcontentloaded") as moved:
        hands.page.keyboard.press("Enter")
    assert moved.value.status == 200


def test_a_finding_is_raised_answered_and_closed_by_keyboard_alone(
    stage: Stage, cast: Cast
) -> None:
    project = factories.project(cast, Until.COMMENTS_OPEN, clock.now(), key="keyboard")
    doe = stage.as_("doe").go(f"/desk/audits/{project.name}/validation/")
    tab_to(doe, 'a[href$="/validation/raise/"]')
    enter(doe)
    tab_to(doe, 'input[name="kind"]')
    doe.page.keyboard.press("ArrowUp")  # from the clarification to the corrective action request
    tab_to(doe, 'select[name="section"]')
    doe.page.keyboard.press("ArrowDown")
    tab_to(doe, 'input[name="subject"]')
    doe.page.keyboard.type("Source of the build margin")
    tab_to(doe, 'textarea[name="text"]')
    doe.page.keyboard.type("Name the source.")
    tab_to(doe, 'main button[type="submit"]')
    enter(doe)
    finding = Finding.objects.get(project=project, subject="Source of the build margin")
    assert finding.kind == "CAR"
    participant = stage.as_("participant").go(f"/desk/audits/{project.name}/findings/")
    tab_to(participant, f'textarea[name="f{finding.pk}-text"]')
    participant.page.keyboard.type("The national list.")
    tab_to(participant, f'form[action$="/{finding.pk}/answer/"] button[type="submit"]')
    enter(participant)
    doe.go(f"/desk/audits/{project.name}/validation/?finding={finding.pk}")
    tab_to(doe, 'input[name="assessment"]')
    doe.page.keyboard.press("Space")
    tab_to(doe, 'textarea[name="reason"]')
    doe.page.keyboard.type("Checked against the list.")
    tab_to(doe, 'form[action$="/assess/"] button[type="submit"]')
    enter(doe)
    finding.refresh_from_db()
    assert finding.state == Finding.State.CLOSED


def anchored(doe: Hands, subject: str) -> Finding:
    """Fill in what is left of the form, as keys do, and send it; the finding that it made."""
    tab_to(doe, 'input[name="subject"]')
    doe.page.keyboard.type(subject)
    tab_to(doe, 'textarea[name="text"]')
    doe.page.keyboard.type("Say which.")
    tab_to(doe, 'main button[type="submit"]')
    enter(doe)
    return Finding.objects.get(subject=subject)


def test_a_finding_is_anchored_to_words_selected_or_typed_and_marked_there(
    stage: Stage, cast: Cast
) -> None:
    project = factories.project(cast, Until.COMMENTS_OPEN, clock.now(), key="passages")
    address = f"/desk/audits/{project.name}/validation/"
    doe = stage.as_("doe").go(address)
    words = doe.page.locator('[data-section="general"] dd').first.inner_text().strip()
    doe.page.locator('[data-section="general"] dd').first.dblclick(position={"x": 12, "y": 10})
    doe.follow(doe.page.get_by_text("Raise a finding on these words"))
    first = anchored(doe, "By the mouse")
    assert (first.section, first.passage in words, first.passage != "") == ("general", True, True)
    doe.go(address)
    tab_to(doe, 'a[href$="/validation/raise/"]')
    enter(doe)
    tab_to(doe, 'select[name="section"]')
    doe.page.keyboard.type(dict(queries.anchors(project, None))["general"])
    tab_to(doe, 'input[name="passage"]')
    last = words.split()[-1]
    doe.page.keyboard.type(last)
    second = anchored(doe, "By the keys")
    assert (second.section, second.passage) == ("general", last)
    marks = doe.go(address).page.locator('[data-section="general"] dd mark')
    assert {mark.split("CL")[0].strip() for mark in marks.all_inner_texts()} == {
        first.passage, last
    }
    tab_to(doe, '[data-section="general"] dd mark a')
    enter(doe)
    doe.sees("By the mouse").keep("passages")
