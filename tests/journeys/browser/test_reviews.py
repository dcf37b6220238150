"""Two reviews in Chromium: one by three members that ends in corrections and a registered project,
one by a Party that ends, without an objection, in an issuance that is refused.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from cdm_portal import clock, record
from cdm_portal.demonstration.portfolio import Until
from projects.board import actions, tasks
from projects.board.models import Request
from projects.lifecycle import Stage as CycleStage
from tests import factories
from tests.cast import Cast
from tests.journeys.browser.stage_hands import Hands, Stage
from tests.journeys.browser.test_axe import faults

VARIANTS = [(1440, False), (390, True), (1440, True), (390, False)]
PUBLISHED_YESTERDAY = 848
"""The day of the walk from which certification and both checks end the day before today."""

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "books_balance")]


@pytest.fixture
def stage(browser_page: Any, live_server: Any, cast: Cast, settings: Any, shot: Any) -> Stage:
    """The portal with a browser for everybody who has a part in a review."""
    settings.CDM_DEMONSTRATION = True
    record.begin_demonstration()
    actors = {
        "doe": cast.doe, "participant": cast.participant, "dna": cast.dna,
        "secretariat": cast.secretariat, "rit": cast.rit,
        "chair": cast.board[0], "board2": cast.board[1], "board3": cast.board[2],
    }
    sign_ins = {who: (cast.sign_ins[actor][0].email, "secret") for who, actor in actors.items()}

    def keep(page: Any, name: str) -> Path:
        kept: Path = shot(page, name.replace("journey", "review"))
        return kept

    widths = itertools.cycle(VARIANTS)  # in turn, by who comes first

    def make_page() -> Any:
        width, dark = next(widths)
        return browser_page(width=width, dark=dark)

    return Stage(live_server.url, make_page, sign_ins, keep)


def tab_to(hands: Hands, wanted: str) -> None:
    """Press the tabulator until the element in focus is the one that is wanted."""
    for _ in range(200):
        hands.page.keyboard.press("Tab")
        if hands.page.evaluate(f"document.activeElement.matches('{wanted}')"):
            return
    raise AssertionError(f"the keyboard does not reach {wanted} on {hands.page.url}")


def vote_by_keyboard(hands: Hands, path: str, steps_down: int) -> None:
    """Open the case and cast a vote without a mouse: so many rulings below the first."""
    hands.go(path)
    tab_to(hands, '[name="vote-ruling"]')
    hands.page.keyboard.press("Space")
    for _ in range(steps_down):
        hands.page.keyboard.press("ArrowDown")
    tab_to(hands, 'form[action$="/do/vote/"] button')
    with hands.page.expect_navigation(wait_until="domcontentloaded"):
        hands.page.keyboard.press("Enter")
    hands.sees("Your vote is recorded.")


def assess(stage: Stage, path: str, who: str, recommendation: str, reasons: str) -> Hands:
    """An assessment is found on the desk and filed on the page of the request."""
    hands = stage.as_(who).go("/desk/").sees("Assess the request")
    return hands.go(path).fill(
        {"assess-recommendation": recommendation, "assess-reasons": reasons}
    ).submit("/do/assess/")


def test_three_members_ask_and_the_project_is_registered_after_corrections(
    stage: Stage, cast: Cast
) -> None:
    walk = factories.walk(cast, Until.REGISTRATION_WINDOW, clock.now())  # one member has asked
    path = f"/desk/requests/{walk.case.reference}/"
    for who in ("chair", "board3"):
        hands = stage.as_(who).go(path).fill({
            "review-grounds": ["additionality"], "review-reasons": "Two plants are left out.",
        }).submit("/do/review/")  # fmt: skip
    hands.sees("Review requested").keep("requested")
    office = stage.as_("secretariat").go(path)
    office.fill({"scope-scope": "Common practice."}).submit("/do/scope/")
    for who in ("participant", "doe"):
        side = stage.as_(who).go("/desk/").sees("Reply to the review").go(path)
        side.fill({"reply-text": f"Both plants differ, says the {who}."}).submit("/do/reply/")
    side.sees("Both plants differ, says the participant.").keep("replied")
    assess(stage, path, "secretariat", "register", "Both plants are of another kind.")
    expert = stage.as_("rit").go(path).sees("Filed").keep("to-assess")
    assert "of another kind" not in expert.text()
    assess(stage, path, "rit", "correct", "The analysis has to name them.")
    expert.sees("Both plants are of another kind.", "so the Board votes").keep("assessed")
    found = faults(expert, "assessed")
    found += faults(stage.as_("board3").go(path).keep("ballot"), "ballot")
    for who in ("chair", "board2", "board3"):
        vote_by_keyboard(stage.as_(who), path, steps_down=1)
    for member in cast.board[3:8]:
        actions.vote(
            actor=member, at=clock.now(), request_id=walk.case.pk, ruling="correct"
        )
    chair = stage.as_("chair").go("/desk/").sees("Publish the ruling").go(path)
    chair.fill({"rule-reasons": "Name the two plants."}).submit("/do/rule/")
    chair.sees("Corrections required", "RUL-").keep("ruled")
    stage.as_("doe").go(path).fill({"note": "Both are named."}).submit("/do/resubmit/")
    office.go(path).submit("/do/accept/").sees("Granted")
    guest = stage.as_("guest").go(f"/projects/{walk.project.reference}/")
    guest.sees("Registered", "Two plants are left out.", "The analysis has to name them.",
               "Name the two plants.").keep("public")  # fmt: skip
    assert found + faults(guest, "public") == []
    assert walk.case.votes.filter(ruling="correct").count() == 8


def test_an_issuance_is_refused_as_both_assessments_propose(stage: Stage, cast: Cast) -> None:
    walk = factories.walk(cast, Until.VERIFYING, clock.now())
    walk.after = PUBLISHED_YESTERDAY
    walk.certify()
    case = Request.objects.get(pk=walk.case.pk)
    assert case.period is not None
    path = f"/desk/requests/{case.reference}/"
    party = stage.as_("dna").go("/desk/")
    party.go(path).fill({
        "review-grounds": ["incompetence"], "review-reasons": "The meters were not sealed.",
    }).submit("/do/review/")  # fmt: skip
    office = stage.as_("secretariat").go(path)
    office.fill({"scope-scope": "The seals of both meters."}).submit("/do/scope/")
    for side in (cast.participant, cast.other_doe):
        actions.reply(actor=side, at=clock.now(), request_id=case.pk, text="They were sealed.")
    assess(stage, path, "secretariat", "reject", "No seal is on record.")
    expert = assess(stage, path, "rit", "reject", "The DOE did not look at the seals.")
    member = stage.as_("board2").go("/desk/").sees("Read the assessments")
    found = faults(member.go(path).sees("Proposed decision: Reject", "Object").keep("proposed"),
                   "proposed")  # fmt: skip
    with expert.page.expect_navigation(wait_until="domcontentloaded"):
        expert.page.locator('button[name="days"][value="30"]').first.click()
    assert tasks.adopt_unopposed() == 1
    member.go(path).sees("Rejected", "without objection", "No vote: nobody objected")
    guest = stage.as_("guest").go(f"/projects/{walk.project.number or walk.project.reference}/")
    guest.sees("The meters were not sealed.", "No seal is on record.", "Ruling: Reject.")
    assert found + faults(guest.keep("refused"), "refused") == []
    case.period.refresh_from_db()
    assert case.period.stage == CycleStage.REJECTED
