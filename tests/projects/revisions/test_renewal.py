"""The renewal of a crediting period, from its draft to monitoring in the renewed period."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from cdm_portal.refusals import NotFound, Refused
from projects import queries as landing
from projects.board import actions as board
from projects.board.errors import TooLate
from projects.board.models import Request
from projects.doe import actions as doe
from projects.doe import standing
from projects.doe.errors import NotAccredited
from projects.lifecycle import NotNow
from projects.models import Project
from projects.participant import actions as participant
from projects.participant import queries, revised
from projects.participant.actions import Wish
from projects.revisions.machine import State
from tests.cast import Cast
from tests.projects.participant import designs
from tests.projects.revisions import story
from tests.projects.revisions.story import DAY

pytestmark = pytest.mark.django_db
Unchanged = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def project(cast: Cast) -> Project:
    """A registered project under demonstration rules, its crediting period renewable."""
    return designs.registered(cast)


def test_a_renewal_lets_monitoring_go_on_after_the_expiry(cast: Cast, project: Project) -> None:
    first = landing.crediting_periods(project)[0]
    story.monitored(cast, project)
    assert "renewal is approved" in _refused_opening(cast, project)
    revision = story.renewed(cast, project)
    project.refresh_from_db()
    before, now = landing.crediting_periods(project)
    assert (before.pk, now.number, now.renewed_by_id) == (first.pk, 2, cast.doe.organisation_id)
    assert now.first_date == first.last_date + DAY
    assert (project.crediting_first_date, project.crediting_last_date) == (
        now.first_date, now.last_date,
    )
    assert now.estimated_annual_tonnes == project.estimated_annual_tonnes
    assert (revision.state, project.design_version) == (State.APPROVED, 2)
    period = participant.open_period(
        actor=cast.participant, at=story.moment(now.first_date), project_id=project.pk,
        first=now.first_date, last=now.first_date + 30 * DAY,
    )
    assert period.number == 2
    assert landing.version_on(project, first.last_date) == 1
    assert landing.version_on(project, now.first_date) == 2


def _refused_opening(cast: Cast, project: Project) -> str:
    first = story.expiry(project) + DAY
    with pytest.raises(NotNow) as refused:
        participant.open_period(
            actor=cast.participant, at=story.moment(first), project_id=project.pk, first=first,
            last=first + 30 * DAY,
        )
    return refused.value.message


def test_the_renewed_document_takes_the_weights_of_later_crediting_periods(
    cast: Cast, project: Project
) -> None:
    story.renewed(cast, project)
    assert queries.version(project, 2).content["crediting_number"] == 2
    assert "crediting_number" not in queries.version(project, 1).content


def test_a_renewal_is_prepared_270_days_before_the_expiry_and_not_before(
    cast: Cast, project: Project, nothing_written: Unchanged
) -> None:
    opens = story.expiry(project) - timedelta(days=270)
    with nothing_written(), pytest.raises(NotNow, match="can be prepared from"):
        participant.start_revision(
            actor=cast.participant, at=story.moment(opens - DAY), project_id=project.pk,
            wish=story.renewal(),
        )
    participant.start_revision(
        actor=cast.participant, at=story.moment(opens), project_id=project.pk,
        wish=story.renewal(),
    )


def test_the_request_is_late_from_24_00_utc_a_year_after_the_expiry(
    cast: Cast, project: Project, nothing_written: Unchanged
) -> None:
    at = story.moment(story.expiry(project) + 300 * DAY)
    revision = story.validated(cast, story.drafted(cast, project, story.renewal(), at), at)
    closes = revised.renewal_closes(story.expiry(project), at.date())
    assert closes is not None
    last = story.expiry(project).replace(year=story.expiry(project).year + 1)
    assert closes.date() == last + DAY
    with nothing_written(), pytest.raises(TooLate, match="within a year"):
        board.request_revision(actor=cast.doe, at=closes, revision_id=revision.pk)
    edge = closes - timedelta(microseconds=1)
    made = board.request_revision(actor=cast.doe, at=edge, revision_id=revision.pk)
    assert (made.kind, made.state) == ("renewal", "completeness_check")


def test_three_members_or_a_party_start_a_review_and_its_ruling_decides(
    cast: Cast, project: Project
) -> None:
    at = story.shortly_before(project)
    request = story.requested(cast, story.drafted(cast, project, story.renewal(), at), at)
    request = story.rejected(cast, request, at)
    revision = story.fresh_revision(request.revision)  # type: ignore[arg-type] # a renewal's
    assert (request.state, revision.state) == ("rejected", State.REJECTED)
    assert len(landing.crediting_periods(project)) == 1
    project.refresh_from_db()
    assert (project.stage, project.design_version) == ("monitoring", 1)


def test_a_withdrawn_request_can_be_made_again(cast: Cast, project: Project) -> None:
    at = story.shortly_before(project)
    request = story.requested(cast, story.drafted(cast, project, story.renewal(), at), at)
    board.withdraw_request(actor=cast.doe, at=at, request_id=request.pk, reason="A wrong form.")
    again = board.request_revision(
        actor=cast.doe, at=at, revision_id=request.revision_id or 0
    )
    assert Request.objects.filter(revision=again.revision).count() == 2


def test_a_fixed_crediting_period_and_a_third_renewal_are_refused(
    cast: Cast, project: Project
) -> None:
    at = story.shortly_before(project)
    project.crediting_kind = "fixed"
    assert "cannot be renewed" in revised.why_not_renew(project, at)
    project.refresh_from_db()
    for _ in range(2):
        story.renewed(cast, project)
        project.refresh_from_db()
    assert len(landing.crediting_periods(project)) == 3
    assert "renewed twice" in revised.why_not_renew(project, story.shortly_before(project))


def test_an_unaccredited_doe_and_a_stranger_take_no_part(
    cast: Cast, project: Project, nothing_written: Unchanged
) -> None:
    at = story.shortly_before(project)
    revision = story.drafted(cast, project, story.renewal(), at)
    with nothing_written(), pytest.raises(NotAccredited, match="not accredited"):
        doe.offer_revision(
            actor=cast.participant, at=at, revision_id=revision.pk,
            organisation_id=cast.unaccredited_doe.organisation_id or 0,
        )
    story.offered(cast, revision, at)
    with nothing_written(), pytest.raises(NotFound):
        doe.accept_revision(
            actor=cast.other_doe, at=at, revision_id=revision.pk, no_conflict=True
        )


def test_the_doe_of_a_renewal_does_not_verify_in_the_renewed_period_of_a_large_project(
    cast: Cast, project: Project
) -> None:
    story.monitored(cast, project)
    story.renewed(cast, project)
    project.refresh_from_db()
    now = landing.crediting_periods(project)[1]
    period = participant.open_period(
        actor=cast.participant, at=story.moment(now.first_date), project_id=project.pk,
        first=now.first_date, last=now.first_date + 30 * DAY,
    )
    Project.objects.filter(pk=project.pk).update(scale="large", validator=None)
    period.refresh_from_db()
    project = period.project
    project.refresh_from_db()
    organisation = cast.organisations["Plumb & Plover Assurance"]
    asked = {"function": "verification", "on": now.first_date}
    before = project.periods.get(number=1)
    renewal = [r for r in standing.obstacles(organisation, project, period=period, **asked)  # type: ignore[arg-type]
               if "renewal" in r]  # fmt: skip
    assert len(renewal) == 1
    assert standing.obstacles(organisation, project, period=before, **asked) == []  # type: ignore[arg-type]
    Project.objects.filter(pk=project.pk).update(scale="small")
    period.project.refresh_from_db()
    assert standing.obstacles(organisation, project, period=period, **asked) == []  # type: ignore[arg-type]


def test_a_second_revision_waits_for_the_first(
    cast: Cast, project: Project, nothing_written: Unchanged
) -> None:
    at = story.shortly_before(project)
    story.drafted(cast, project, story.renewal(), at)
    wish = Wish(kind="correction", reasons="A typing error.", effective_date=at.date())
    with nothing_written(), pytest.raises(Refused, match="one revision at a time"):
        participant.start_revision(
            actor=cast.participant, at=at, project_id=project.pk, wish=wish
        )
