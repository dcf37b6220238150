"""Registered projects whose crediting period is renewed, and whose design is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from projects import queries as landing
from projects.board import actions as board
from projects.board import checklist
from projects.board.checklist import Part
from projects.board.models import Request
from projects.doe import actions as doe
from projects.models import MonitoringPeriod, Project
from projects.participant import actions as participant
from projects.participant import queries
from projects.participant.actions import Wish
from projects.revisions.models import Revision
from tests.cast import Cast
from tests.projects.participant import designs

AT = designs.AT
DAY = timedelta(days=1)
YEARLY = {"years": {"1": {"EG_export": "15000", "EG_import": "0"}}}


def moment(day: date) -> datetime:
    """Nine in the morning of a day."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def expiry(project: Project) -> date:
    """The last day of the last crediting period."""
    return landing.crediting_periods(project)[-1].last_date


def shortly_before(project: Project) -> datetime:
    """A hundred days before the crediting period ends."""
    return moment(expiry(project) - 100 * DAY)


def monitored(cast: Cast, project: Project) -> MonitoringPeriod:
    """One monitoring period over what is left of the first crediting period."""
    first = queries.next_first_day(project)
    return participant.open_period(
        actor=cast.participant, at=shortly_before(project), project_id=project.pk, first=first,
        last=expiry(project),
    )


def drafted(cast: Cast, project: Project, wish: Wish, at: datetime) -> Revision:
    """A revision is begun, and what its document needs is written."""
    made = participant.start_revision(
        actor=cast.participant, at=at, project_id=project.pk, wish=wish
    )
    if not made.is_deviation:
        write(cast, project, at, "reductions", YEARLY)
    return made


def write(cast: Cast, project: Project, at: datetime, section: str, values: object) -> None:
    """One section of the revised document."""
    participant.save_section(
        actor=cast.participant, at=at, project_id=project.pk, section=section,
        values=values,  # type: ignore[arg-type] # as a form gives it
    )


def renewal(reasons: str = "The baseline is updated.") -> Wish:
    """What is asked for with a renewal."""
    return Wish(kind="renewal", reasons=reasons)


def offered(cast: Cast, revision: Revision, at: datetime) -> Revision:
    """The DOE is asked."""
    return doe.offer_revision(
        actor=cast.participant, at=at, revision_id=revision.pk,
        organisation_id=cast.doe.organisation_id or 0,
    )


def accepted(cast: Cast, revision: Revision, at: datetime) -> Revision:
    """The DOE has taken the work on."""
    offered(cast, revision, at)
    return doe.accept_revision(
        actor=cast.doe, at=at, revision_id=revision.pk, no_conflict=True
    )


def validated(
    cast: Cast, revision: Revision, at: datetime, *, positive: bool = True
) -> Revision:
    """The DOE has given its opinion."""
    accepted(cast, revision, at)
    return doe.give_revision_opinion(
        actor=cast.doe, at=at, revision_id=revision.pk, positive=positive,
        conclusion="The baseline has been updated and holds.",
    )


def requested(cast: Cast, revision: Revision, at: datetime) -> Request:
    """The DOE has made the request."""
    validated(cast, revision, at)
    return board.request_revision(actor=cast.doe, at=at, revision_id=revision.pk)


def published(cast: Cast, request: Request, at: datetime) -> Request:
    """Both checks are passed; the window is open."""
    for part in Part:
        for item in checklist.items(request.kind, part):
            board.check_item(
                actor=cast.secretariat, at=at, request_id=request.pk, code=item.code, met=True
            )
        if part == Part.COMPLETENESS:
            board.conclude_completeness(actor=cast.secretariat, at=at, request_id=request.pk)
    return board.conclude_information(
        actor=cast.secretariat, at=at, request_id=request.pk, note="Complete and consistent."
    )


def decided(cast: Cast, request: Request, at: datetime) -> Request:
    """The window closed without a review."""
    held = published(cast, request, at)
    assert held.window_closes_at is not None
    assert board.close_windows(at=held.window_closes_at) == 1
    return fresh(request)


def rejected(cast: Cast, request: Request, at: datetime) -> Request:
    """The host's authority asked for a review, and nobody opposed that it rejects."""
    published(cast, request, at)
    board.request_review(
        actor=cast.dna, at=at, request_id=request.pk, grounds=["monitoring_plan"],
        reasons="Old data.",
    )
    board.open_review(actor=cast.secretariat, at=at, request_id=request.pk, scope="The baseline.")
    due = fresh(request).reply_due_at
    assert due is not None
    for actor in (cast.secretariat, cast.rit):
        board.assess(
            actor=actor, at=due, request_id=request.pk, recommendation="reject", reasons="Old."
        )
    closes = fresh(request).objection_closes_at
    assert closes is not None
    assert board.adopt_unopposed(at=closes) == 1
    return fresh(request)


def renewed(cast: Cast, project: Project) -> Revision:
    """The crediting period is renewed before it expires."""
    at = shortly_before(project)
    made = drafted(cast, project, renewal(), at)
    decided(cast, requested(cast, made, at), at)
    return fresh_revision(made)


def fresh(request: Request) -> Request:
    """The request as the database has it now."""
    return Request.objects.get(pk=request.pk)


def fresh_revision(revision: Revision) -> Revision:
    """The revision as the database has it now."""
    return Revision.objects.select_related("project").get(pk=revision.pk)
