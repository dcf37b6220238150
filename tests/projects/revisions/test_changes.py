"""Post-registration changes: by prior approval, and with the request for issuance."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest

from cdm_portal.demonstration.audits import settle
from cdm_portal.refusals import Invalid, Refused
from projects import queries as landing
from projects.board import actions as board
from projects.board.models import Request
from projects.doe import actions as doe
from projects.doe import queries as audits
from projects.doe.errors import NotYet
from projects.doe.queries.facts import case_of_verification
from projects.doe.queries.obstacles import changes_pending
from projects.lifecycle import NotNow
from projects.models import MonitoringPeriod, Project
from projects.participant import actions as participant
from projects.participant import monitoring, queries
from projects.participant.actions import Incomplete, Wish
from projects.revisions.machine import State
from projects.revisions.models import Revision
from tests.cast import Cast
from tests.projects.participant import designs
from tests.projects.revisions import story
from tests.projects.revisions.story import DAY

pytestmark = pytest.mark.django_db
Unchanged = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def opened(cast: Cast) -> tuple[MonitoringPeriod, datetime]:
    """A first monitoring period of a month, and a moment after it."""
    return designs.opened(cast, designs.registered(cast))


def ask(kind: str, on: date | None = None, **more: object) -> Wish:
    """What is asked for."""
    return Wish(kind=kind, reasons="A second meter.", effective_date=on, **more)  # type: ignore[arg-type]


def change(cast: Cast, project: Project, wish: Wish, at: datetime) -> Revision:
    """A change is drafted, with another capacity in its document."""
    made = story.drafted(cast, project, wish, at)
    general = queries.draft(project).content["general"]
    story.write(cast, project, at, "general", general | {"summary": "With a second meter."})
    return made


def test_prior_approval_registers_a_version_that_applies_from_its_day_on(
    cast: Cast, opened: tuple[MonitoringPeriod, datetime], nothing_written: Unchanged
) -> None:
    period, at = opened
    project, following = period.project, period.last_date + DAY
    later = following + 40 * DAY
    made = change(cast, project, ask("plan", later), at)
    request = story.requested(cast, made, at)
    assert (request.kind, request.reference[:4]) == ("change", "PRC-")
    story.decided(cast, request, at)
    project.refresh_from_db()
    assert (project.design_version, project.summary) == (2, "With a second meter.")
    assert [v.effective_date for v in landing.registered_versions(project)][1] == later
    assert monitoring.plan_of(period).design_version == 1
    with nothing_written(), pytest.raises(Invalid, match="A registered change applies"):
        participant.open_period(
            actor=cast.participant, at=at, project_id=project.pk, first=following,
            last=later,
        )
    for first, last in ((following, later - DAY), (later, later + DAY)):
        period = participant.open_period(
            actor=cast.participant, at=at, project_id=project.pk, first=first, last=last
        )
    assert monitoring.plan_of(period).design_version == 2
    assert len(landing.crediting_periods(project)) == 1


def test_the_review_window_rejects_and_the_design_stays(
    cast: Cast, opened: tuple[MonitoringPeriod, datetime]
) -> None:
    period, at = opened
    made = change(cast, period.project, ask("design", period.last_date + DAY), at)
    story.validated(cast, made, at, positive=False)
    made = story.fresh_revision(made)
    assert (made.state, made.decided_at) == (State.NEGATIVE, at)
    assert made.project.design_version == 1
    again = story.drafted(cast, period.project, ask("design", period.last_date + DAY), at)
    assert again.number == 2


def test_a_deviation_ends_and_registers_nothing(
    cast: Cast, opened: tuple[MonitoringPeriod, datetime]
) -> None:
    period, at = opened
    on = period.last_date + DAY
    with pytest.raises(Invalid, match="Until which day"):
        story.drafted(cast, period.project, ask("deviation", on), at)
    made = story.drafted(cast, period.project, ask("deviation", on, last_date=on + 5 * DAY), at)
    story.decided(cast, story.requested(cast, made, at), at)
    assert story.fresh_revision(made).state == State.APPROVED
    assert len(landing.registered_versions(period.project)) == 1


def test_the_start_of_the_crediting_period_moves_while_nothing_is_monitored(cast: Cast) -> None:
    project = designs.registered(cast)
    first = landing.crediting_periods(project)[0]
    at = story.moment(first.first_date)
    made = story.drafted(cast, project, ask("start_date"), at)
    stated = {
        "kind": "renewable", "years": "7", "start_date": project.start_date.isoformat(),
    }
    moved = first.first_date + 60 * DAY
    story.write(cast, project, at, "crediting", stated | {"first_date": moved.isoformat()})
    story.decided(cast, story.requested(cast, made, at), at)
    (now,) = landing.crediting_periods(project)
    assert (now.number, now.version, now.first_date) == (1, 2, moved)
    project.refresh_from_db()
    assert project.crediting_first_date == moved
    designs.opened(cast, project)
    with pytest.raises(NotNow, match="monitored already"):
        participant.start_revision(
            actor=cast.participant, at=at, project_id=project.pk, wish=ask("start_date")
        )


def test_what_a_change_cannot_touch_is_refused_and_kept(
    cast: Cast, opened: tuple[MonitoringPeriod, datetime], nothing_written: Unchanged
) -> None:
    period, at = opened
    project = period.project
    for on, words in (
        (period.first_date + DAY, "under one plan"),
        (landing.crediting_periods(project)[0].last_date + DAY, "no registered crediting"),
        (None, "From which day"),
    ):
        with nothing_written(), pytest.raises(Invalid, match=words):
            participant.start_revision(
                actor=cast.participant, at=at, project_id=project.pk, wish=ask("plan", on)
            )
    made = change(cast, project, ask("plan", period.last_date + DAY), at)
    crediting = queries.draft(project).content["crediting"]
    story.write(cast, project, at, "crediting", crediting | {"years": 6})
    with nothing_written(), pytest.raises(Invalid, match="Crediting period: it ends on"):
        story.offered(cast, made, at)
    story.write(cast, project, at, "crediting", crediting)
    story.write(cast, project, at, "reductions", {"years": {}})
    with nothing_written(), pytest.raises(Incomplete):
        story.offered(cast, made, at)
    with nothing_written(), pytest.raises(Refused, match="frozen when a DOE is asked"):
        participant.submit_design(actor=cast.participant, at=at, project_id=project.pk)


def test_a_pending_change_keeps_its_period_from_being_certified(
    cast: Cast, opened: tuple[MonitoringPeriod, datetime], nothing_written: Unchanged
) -> None:
    period, at = verifying(cast, opened)
    case = case_of_verification(period)
    assert changes_pending(period, case) == []
    made = change(cast, period.project, ask("plan", period.first_date), at)
    with nothing_written(), pytest.raises(NotYet, match="is pending: draft"):
        certify(cast, period, at)
    participant.withdraw_revision(actor=cast.participant, at=at, revision_id=made.pk)
    certify(cast, period, at)


def test_a_change_on_the_issuance_track_is_decided_with_the_issuance(
    cast: Cast, opened: tuple[MonitoringPeriod, datetime], nothing_written: Unchanged
) -> None:
    period, at = verifying(cast, opened)
    wish = ask("plan", track="issuance", period_number=1)
    made = story.validated(cast, change(cast, period.project, wish, at), at)
    with nothing_written(), pytest.raises(NotNow, match="request for issuance"):
        board.request_revision(actor=cast.doe, at=at, revision_id=made.pk)
    with nothing_written(), pytest.raises(NotYet, match="does not follow"):
        certify(cast, period, at)
    participant.report_monitoring(actor=cast.participant, at=at, period_id=period.pk)
    period.refresh_from_db()
    recompute(cast, period, at)
    certify(cast, period, at)
    request = board.request_issuance(actor=cast.other_doe, at=at, period_id=period.pk)
    assert story.fresh_revision(made).state == State.REQUESTED
    story.decided(cast, request, at)
    assert story.fresh_revision(made).state == State.APPROVED
    assert landing.version_on(period.project, period.first_date) == 2
    assert Request.objects.filter(kind="change").count() == 0


def test_the_changes_of_an_issuance_withdrawn_wait_for_the_next(
    cast: Cast, opened: tuple[MonitoringPeriod, datetime]
) -> None:
    period, at = opened
    wish = ask("deviation", track="issuance", period_number=1, last_date=period.last_date)
    made = story.validated(cast, story.drafted(cast, period.project, wish, at), at)
    period, at = verifying(cast, (period, at))
    certify(cast, period, at)
    request = board.request_issuance(actor=cast.other_doe, at=at, period_id=period.pk)
    board.withdraw_request(actor=cast.other_doe, at=at, request_id=request.pk, reason="An error.")
    assert story.fresh_revision(made).state == State.POSITIVE


def verifying(
    cast: Cast, opened: tuple[MonitoringPeriod, datetime]
) -> tuple[MonitoringPeriod, datetime]:
    """The period is reported, another DOE verifies it and has recalculated it."""
    period, at = opened
    designs.uploaded(cast, period, at)
    participant.report_monitoring(actor=cast.participant, at=at, period_id=period.pk)
    asked = doe.offer_engagement(
        actor=cast.participant, at=at, project_id=period.project_id, period_id=period.pk,
        organisation_id=cast.other_doe.organisation_id or 0,
    )
    doe.accept_engagement(
        actor=cast.other_doe, at=at, engagement_id=asked.pk, no_conflict=True
    )
    doe.open_verification(actor=cast.other_doe, at=at, period_id=period.pk)
    doe.recompute(at=at, run_id=period.verification.runs.get().pk)
    period.refresh_from_db()
    settle(cast.other_doe, at, period)
    return period, at + timedelta(hours=1)


def recompute(cast: Cast, period: MonitoringPeriod, at: datetime) -> None:
    """The DOE recalculates the report as it is now."""
    run = audits.last_run(period.verification)
    if run is None or run.report_version != period.report_version:
        run = doe.request_recompute(actor=cast.other_doe, at=at, period_id=period.pk)
    doe.recompute(at=at, run_id=run.pk)
    settle(cast.other_doe, at, period)


def certify(cast: Cast, period: MonitoringPeriod, at: datetime) -> None:
    """The DOE certifies what is claimed."""
    doe.certify(
        actor=cast.other_doe, at=at, period_id=period.pk,
        tonnes_by_period={2: period.claimed_tonnes or 0}, statement="I certify this amount.",
    )
