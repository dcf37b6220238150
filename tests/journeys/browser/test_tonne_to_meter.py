"""A faulty file of readings becomes a tonne on a certificate, and a visitor finds the meter's row.

The participant's, the DOE's and the visitor's scenes are played in Chromium with a real worker;
what lies between them goes by the actions. The visitor comes twice: by the mouse on a desk, and by
the keyboard alone on a phone at night.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cdm_portal import clock, record
from cdm_portal.demonstration import audits
from cdm_portal.demonstration.portfolio import Until
from cdm_portal.demonstration.walk import Walk
from cdm_portal.values import Actor
from offsets.models import Certificate
from projects.board import actions as board_actions
from projects.doe import actions as doe_actions
from projects.participant import actions as participant_actions
from projects.participant import queries
from tests import factories, workers
from tests.cast import Cast
from tests.journeys.browser import faulty_meter
from tests.journeys.browser.stage_hands import Hands, Stage
from tests.journeys.browser.test_axe import faults

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "books_balance")]

IMPORT = "projects.participant.tasks.import_waiting"
RECOMPUTE = "projects.doe.tasks.recompute_waiting"
TREATMENTS = {
    "has a comma": "point", "has a unit of its own": "convert", "is in summer time": "shift",
    "was given before": "least", "rolled over": "roll",
}
KINDS = 9
SHOWN = (
    "is in summer time", "was given before", "rolled over", "has a comma", "has a unit of its own",
    "is not a number", "is negative", "is more than the plant can deliver", "26 rows",
    "Row 2 2025-01-01T01:00", "Row 47 0.0015 MWh", "Row 57 no reading", "Row 72 1.5", "Row 96 9",
)
"""What is said of the faulty file, and some of its rows."""
CLAIMED, CERTIFIED = 265, 261
SALES = (("Amina Otieno", "Our winter", 3, True),)


def monitoring(cast: Cast, now: datetime) -> Walk:
    """A registered project with an open period of four days."""
    factories.holding_account(cast, now)
    walk = factories.walk(
        cast, Until.REGISTERED, now, price="4.80", title="Turkana solar park, 12 MW", sales=SALES,
    )
    first = queries.next_first_day(walk.project)
    walk.period = participant_actions.open_period(
        actor=cast.participant, at=now, project_id=walk.project.pk, first=first,
        last=first + timedelta(days=3),
    )
    return walk


def engage(cast: Cast, walk: Walk) -> None:
    """The second DOE takes the verification on."""
    at = clock.now()
    engagement = doe_actions.offer_engagement(
        actor=cast.participant, at=at, project_id=walk.project.pk, period_id=walk.period.pk,
        organisation_id=cast.other_doe.office,
    )
    doe_actions.accept_engagement(
        actor=cast.other_doe, at=at, engagement_id=engagement.pk, no_conflict=True
    )


def sell(cast: Cast, walk: Walk) -> str:
    """Issuance, forwarding, an offer, an order; the code of its certificate."""
    walk.case = board_actions.request_issuance(
        actor=cast.other_doe, at=clock.now(), period_id=walk.period.pk
    )
    record.advance_clock(days=90)
    walk.after = (clock.now() - walk.began).days - 100
    walk._check(walk.case, walk.after + 12)  # the next two steps of the walk's own story
    walk.instruct()
    walk.issue()
    walk.offer()
    return str(Certificate.objects.get().code)


class Readings:
    """The participant's scene: a faulty file, mended and submitted."""

    def __init__(self, hands: Hands, walk: Walk, ring: Callable[[str], None]) -> None:
        self.hands, self.ring = hands, ring
        self.page = f"/desk/projects/{walk.project.name}/periods/1/"
        self.first: date = walk.period.first_date

    def play(self) -> list[str]:
        """Until the report is frozen; what axe found on the way."""
        self.send("logger.csv", faulty_meter.faulty(self.first)).sees(*SHOWN).keep("faults")
        found = faults(self.hands, "faults")
        assert len(self.treat()) == KINDS
        self.hands.waits_for("Readings that count").sees("logger.csv").keep("treated")
        self.send("mended.csv", faulty_meter.mended(self.first)).keep("still-rolled-over")
        [left] = self.treat()
        assert "rolled over" in left
        self.hands.waits_for("What this file changed").sees("mended.csv")
        for fold in self.hands.page.locator("#readings summary").all():
            fold.click()
        self.hands.sees("EG_export: 1 reading differs", "EG_import: 7 readings differ",
                        "the sum was 465 MWh and is 470 MWh").keep("mended")
        found += faults(self.hands, "mended")
        self.hands.fill({"reason": "The logger lost an hour."}).submit("/gaps/")
        self.hands.press("Preview the report").sees(f"{CLAIMED} t").keep("report")
        self.hands.press("Freeze and submit").sees("is frozen").keep("submitted")
        return found

    def send(self, name: str, table: bytes) -> Hands:
        """Upload a table to be treated fault by fault; the worker checks it."""
        self.hands.go(self.page).fill({"resolution": "hour", "treat": True})
        self.hands.page.locator('main input[type="file"]').first.set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": table}
        )
        self.hands.press("Upload").sees("The file is kept.")
        self.ring(IMPORT)
        return self.hands.waits_for("Choose what to do")

    def treat(self) -> list[str]:
        """Choose a treatment for each fault shown; what was said of them."""
        said = []
        for group in self.hands.page.locator("#import fieldset").all():
            said.append(" ".join(group.locator("legend").inner_text().split()))
            choice = next((c for key, c in TREATMENTS.items() if key in said[-1]), "leave_out")
            group.locator(f'[value="{choice}"]').check()
        self.hands.fill({"reason": "The logger ran in summer time."}).submit("/treat/")
        self.ring(IMPORT)
        return said


def audit(
    hands: Hands, auditor: Actor, walk: Walk, ring: Callable[[str], None]
) -> list[str]:
    """The DOE publishes the report, sees what became of the readings, certifies less."""
    page = f"/desk/audits/{walk.project.name}/1/"
    hands.go("/desk/")
    hands.follow(hands.page.get_by_text(walk.project.title).first)
    hands.go(page).submit("/1/publish/")
    ring(RECOMPUTE)
    hands.go(page).waits_for("figures agree").sees(
        "rolled over", "Row 61 997000", "add its full turn", "The logger ran in summer time.",
        "EG_export: 1 reading differs", "EG_import: 7 readings differ",
        "counts as zero", "counts as the highest reading", "The logger lost an hour.",
    ).keep("seen-by-the-doe")
    found = faults(hands, "seen-by-the-doe")
    audits.settle(auditor, clock.now(), walk.period)
    hands.go(page).press("Certify the amount").fill({
        "tonnes_2": str(CERTIFIED),
        "statement": "We do not take the hour that was found again: its paper is not signed.",
    }).keep("certifies-less").press("Sign and certify")
    hands.sees("Certified").keep("certified")
    return found


def follow(hands: Hands, selector: str) -> None:
    """Click a link."""
    with hands.page.expect_navigation(wait_until="domcontentloaded"):
        hands.page.locator(f"main {selector}").first.click()


def follow_by_keyboard(hands: Hands, selector: str) -> None:
    """Go on by the tabulator until the link is in focus, then enter."""
    for _ in range(200):
        hands.page.keyboard.press("Tab")
        if hands.page.evaluate("s => document.activeElement.matches(s)", selector):
            break
    else:
        raise AssertionError(f"the keyboard does not reach {selector} on {hands.page.url}")
    with hands.page.expect_navigation(wait_until="domcontentloaded"):
        hands.page.keyboard.press("Enter")


def visit(hands: Hands, code: str, go: Callable[[Hands, str], None], name: str) -> list[str]:
    """From the certificate over the serial number and the steps to the row of the meter's file."""
    hands.go(f"/certificates/{code}/").sees("Amina Otieno", "3").keep(f"{name}-certificate")
    go(hands, "a.serial-link")
    hands.sees("cancelled for good", "How this tonne was made").keep(f"{name}-serial")
    go(hands, 'a[href$="/calculation/"]')
    hands.sees(
        f"{CERTIFIED} t", f"{CLAIMED} t", "certified less than was claimed", "rolled over",
    ).keep(f"{name}-tonne")
    found = faults(hands, f"{name}-tonne")
    go(hands, '.calc-inputs a[href$="/readings/EG_export/"]')
    row = hands.page.locator("#row-61")
    assert " ".join(row.inner_text().split()) == "61 2025-01-03 11:00 5 000 kWh"
    hands.sees("Readings of EG_export", "mended.csv", "470 MWh").keep(f"{name}-row")
    return found + faults(hands, f"{name}-row")


def test_a_visitor_comes_from_a_certificate_to_the_row_of_a_file_that_was_mended(
    browser_page: Any, live_server: Any, cast: Cast, settings: Any, shot: Any, tmp_path: Path,
    ledger_db: str,
) -> None:
    settings.CDM_DEMONSTRATION = True
    record.begin_demonstration()
    walk = monitoring(cast, clock.now())
    sign_ins = {
        who: (cast.sign_ins[actor][0].email, "secret")
        for who, actor in {"participant": cast.participant, "doe": cast.other_doe}.items()
    }

    def keep(page: Any, name: str) -> Any:
        return shot(page, name.replace("journey", "tonne"))

    stage = Stage(live_server.url, browser_page, sign_ins, keep)
    with (
        workers.broker(tmp_path) as broker,
        workers.worker(broker, ledger_db, tmp_path / "worker.log"),
    ):
        ring = workers.bell(broker)
        found = Readings(stage.as_("participant"), walk, ring).play()
        engage(cast, walk)
        found += audit(stage.as_("doe"), cast.other_doe, walk, ring)
    walk.period.refresh_from_db()
    assert (walk.period.claimed_tonnes, walk.period.certified_tonnes) == (CLAIMED, CERTIFIED)
    code = sell(cast, walk)
    found += visit(stage.as_("guest"), code, follow, "visitor")
    phone = Stage(live_server.url, lambda: browser_page(width=390, dark=True), {}, keep)
    phone.taken = stage.taken
    found += visit(phone.as_("guest"), code, follow_by_keyboard, "phone")
    assert found == []
