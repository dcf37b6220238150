"""Cases brought to the Board's desk by everybody's own actions, on dates of 2013 to 2015."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from cdm_portal.demonstration import audits, voice
from cdm_portal.demonstration.office import take_what_is_owed
from cdm_portal.values import Actor
from projects.board import actions as board
from projects.board.models import Request
from projects.board.procedure import State
from projects.dna import actions as dna
from projects.dna.models import Letter
from projects.doe import actions as doe
from projects.models import MonitoringPeriod, Project
from projects.participant import actions as participant
from tests.cast import Cast
from tests.journeys import cdm9851
from tests.journeys.cdm9851 import on

R = TypeVar("R", bound=Model)
REQUESTED = on(2013, 10, 1)
PUBLISHED = on(2013, 10, 21, 15)
LAST_DAY = date(2013, 11, 18)
CLOSES = datetime(2013, 11, 19, tzinfo=PUBLISHED.tzinfo)
ASKED = on(2013, 11, 4)
INSTRUCTED = on(2015, 12, 2)
SMALL, LARGE = "15580", "40000"  # MWh a year: 14,023 t, below the threshold, and 36,003 t


def designed(
    cast: Cast, *, mwh: str = SMALL, owner: Actor | None = None, others: Sequence[int] = ()
) -> Project:
    """A frozen design document of Ziwa Sun Limited in Kenya, `others` taking part."""
    owner = owner or cast.participant
    project = participant.start_design(
        actor=owner, at=on(2013, 2, 1), title="Ziwa solar", party_code="KE",
        rules=Project.Rules.HISTORIC,
    )
    sections = cdm9851.sections(owner.organisation_id or 0)
    sections["reductions"]["years"]["1"]["EG_export"] = mwh
    sections["participants"]["organisation_ids"] += list(others)
    for name, values in sections.items():
        participant.save_section(
            actor=owner, at=on(2013, 3, 1), project_id=project.pk, section=name, values=values
        )
    participant.submit_design(actor=owner, at=on(2013, 4, 10), project_id=project.pk)
    return fresh(project)


def letter_asked(cast: Cast) -> Letter:
    """The host Party is asked for its letter."""
    project = designed(cast)
    return dna.request_letter(actor=cast.participant, at=on(2013, 4, 12), project_id=project.pk)


def validated(cast: Cast, *, mwh: str = SMALL) -> Project:
    """The letter is issued and the DOE's opinion is positive."""
    project = designed(cast, mwh=mwh)
    owner, auditor = cast.participant, cast.doe
    letter = dna.request_letter(actor=owner, at=on(2013, 4, 12), project_id=project.pk)
    dna.issue_letter(
        actor=cast.dna, at=on(2013, 5, 2), letter_id=letter.pk, ratified=True, voluntary=True,
        sustainable_development=True, organisation_ids=[owner.organisation_id or 0],
    )
    engagement = doe.offer_engagement(
        actor=owner, at=on(2013, 5, 2), project_id=project.pk,
        organisation_id=auditor.organisation_id or 0,
    )
    doe.accept_engagement(
        actor=auditor, at=on(2013, 5, 3), engagement_id=engagement.pk, no_conflict=True,
    )
    doe.publish_design(actor=auditor, at=on(2013, 5, 4), project_id=project.pk)
    voice.settle(owner, on(2013, 8, 1), project)
    doe.give_opinion(
        actor=auditor, at=on(2013, 9, 1), project_id=project.pk, positive=True,
        conclusion="The design meets the requirements.",
    )
    return fresh(project)


def requested(cast: Cast, *, mwh: str = SMALL) -> Request:
    """Registration is requested."""
    return board.request_registration(
        actor=cast.doe, at=REQUESTED, project_id=validated(cast, mwh=mwh).pk
    )


def checked(cast: Cast, request: Request, part: str) -> None:
    """Every item of one check is met."""
    for check in request.checks.filter(stage=part, version=fresh(request).version):
        board.check_item(
            actor=cast.secretariat, at=on(2013, 10, 2), request_id=request.pk, code=check.code,
            met=True,
        )


def passed(cast: Cast, request: Request, at: datetime = PUBLISHED) -> Request:
    """Both checks are passed; the request is published."""
    checked(cast, request, "completeness")
    board.conclude_completeness(actor=cast.secretariat, at=at, request_id=request.pk)
    checked(cast, request, "information")
    board.conclude_information(
        actor=cast.secretariat, at=at, request_id=request.pk, note="Complete and consistent."
    )
    return fresh(request)


def published(cast: Cast, *, mwh: str = SMALL) -> Request:
    """The request for registration is in its review window."""
    return passed(cast, requested(cast, mwh=mwh))


def asks(request: Request, actor: Actor, at: datetime = ASKED) -> None:
    """Somebody asks for a review."""
    ground = "additionality" if request.is_registration else "incompetence"
    board.request_review(
        actor=actor, at=at, request_id=request.pk, grounds=[ground],
        reasons="The common practice analysis leaves out two plants.",
    )


def under_review(cast: Cast, request: Request | None = None) -> Request:
    """Three members asked; the secretariat opened the review; both sides replied to it."""
    request = review_opened(cast, request)
    replied(cast, request)
    return fresh(request)


def review_opened(cast: Cast, request: Request | None = None) -> Request:
    """Three members asked; the secretariat opened the review, 14 days after publication."""
    request = request or published(cast)
    at = (request.published_at or PUBLISHED) + timedelta(days=14)
    for member in cast.board[:3]:
        asks(request, member, at)
    return review_opened_of(cast, request)


def review_opened_of(cast: Cast, request: Request) -> Request:
    """The secretariat opens the review that was asked for."""
    at = (request.published_at or PUBLISHED) + timedelta(days=14)
    board.open_review(
        actor=cast.secretariat, at=at, request_id=request.pk, scope="Common practice."
    )
    return fresh(request)


def replied(cast: Cast, request: Request, at: datetime | None = None) -> None:
    """The participant and the DOE that made the request reply on the day of the opening."""
    at = at or (request.published_at or PUBLISHED) + timedelta(days=14)
    auditor = cast.doe if request.submitted_by_id == cast.doe.office else cast.other_doe
    for actor in (cast.participant, auditor):
        board.reply(
            actor=actor, at=at, request_id=request.pk, text="Both plants are of another kind."
        )


def assessed(
    cast: Cast, request: Request, ours: str = "", theirs: str = "reject", *,
    at: datetime | None = None,
) -> Request:
    """The secretariat and the expert file their assessments; by default the two differ."""
    at = at or (request.published_at or PUBLISHED) + timedelta(days=21)
    ours = ours or ("register" if request.is_registration else "issue")
    for actor, recommended in ((cast.secretariat, ours), (cast.rit, theirs)):
        board.assess(
            actor=actor, at=at, request_id=request.pk, recommendation=recommended,
            reasons=f"{actor.name} finds so.",
        )
    return fresh(request)


def at_the_vote(cast: Cast, request: Request | None = None) -> Request:
    """Three members asked and the assessments differ, so the Board votes."""
    return assessed(cast, under_review(cast, request))


def proposed(cast: Cast, outcome: str = "register", request: Request | None = None) -> Request:
    """Both assessments recommend the same; members may object to 2 December 2013, 24:00."""
    return assessed(cast, under_review(cast, request), outcome, outcome)


def voted(cast: Cast, request: Request, **votes: int) -> None:
    """So many members vote for each ruling, in the order of their seats."""
    members = iter(cast.board)
    for ruling, count in votes.items():
        for _ in range(count):
            board.vote(
                actor=next(members), at=on(2013, 12, 2), request_id=request.pk, ruling=ruling
            )


def registered(cast: Cast) -> Project:
    """Registered by the closed window."""
    request = published(cast)
    assert board.close_windows(at=CLOSES) == 1
    return fresh(request.project)


def withdrawn(cast: Cast, project: Project, at: datetime) -> Project:
    """The participant asks and the DOE files the withdrawal."""
    given: dict[str, Any] = {"at": at, "project_id": project.pk}
    board.ask_withdrawal(actor=cast.participant, reason="No finance.", **given)
    board.file_withdrawal(actor=cast.doe, statement="The contract has ended.", **given)
    return fresh(project)


def rejected(cast: Cast) -> Request:
    """The Board votes against the registration."""
    request = at_the_vote(cast)
    voted(cast, request, reject=10)
    board.rule(
        actor=cast.board[0], at=on(2013, 12, 3), request_id=request.pk, reasons="Not additional."
    )
    return fresh(request)


def monthly_readings() -> bytes:
    """Twelve readings that add up to 15,580 MWh."""
    months = [*(f"2014-{m:02}-01" for m in range(7, 13)), *(f"2015-{m:02}-01" for m in range(1, 7))]
    rows = [f"{month},{1302 if month.endswith('06-01') else 1298},0" for month in months]
    return "\n".join(["timestamp,EG_export [MWh],EG_import [MWh]", *rows]).encode() + b"\n"


def certified(cast: Cast) -> MonitoringPeriod:
    """A year is reported, recomputed and certified: 14,023 t in commitment period 2."""
    project = registered(cast)
    owner, auditor = cast.participant, cast.other_doe
    period = participant.open_period(
        actor=owner, at=on(2015, 7, 1), project_id=project.pk, first=cdm9851.FIRST,
        last=cdm9851.LAST,
    )
    participant.upload_readings(
        actor=owner, at=on(2015, 7, 2), period_id=period.pk, filename="year.csv",
        data=monthly_readings(), resolution="month",
    )
    participant.report_monitoring(actor=owner, at=on(2015, 7, 10), period_id=period.pk)
    engagement = doe.offer_engagement(
        actor=owner, at=on(2015, 7, 12), project_id=project.pk, period_id=period.pk,
        organisation_id=auditor.organisation_id or 0,
    )
    doe.accept_engagement(
        actor=auditor, at=on(2015, 7, 14), engagement_id=engagement.pk, no_conflict=True,
    )
    doe.open_verification(actor=auditor, at=on(2015, 7, 15), period_id=period.pk)
    doe.recompute(at=on(2015, 7, 15), run_id=period.verification.runs.get().pk)
    audits.settle(auditor, on(2015, 8, 1), period)
    doe.certify(
        actor=auditor, at=on(2015, 9, 1), period_id=period.pk,
        tonnes_by_period={2: cdm9851.REGISTERED_ESTIMATE}, statement="I certify this amount.",
    )
    return fresh(period)


def issuance_requested(cast: Cast) -> Request:
    """Issuance is requested for the certified amount."""
    period = certified(cast)
    return board.request_issuance(actor=cast.other_doe, at=on(2015, 9, 2), period_id=period.pk)


def issuance_granted(cast: Cast) -> Request:
    """The window for the issuance closed without a review."""
    request = passed(cast, issuance_requested(cast), on(2015, 9, 20))
    board.close_windows(at=on(2015, 12, 1))
    request = fresh(request)
    assert request.state == State.APPROVED
    return request


def paid(cast: Cast, request: Request, at: datetime) -> Request:
    """What is owed for a request is recorded by one person and confirmed by another."""
    take_what_is_owed(request.pk, cast.secretariat, cast.second_secretariat, at)
    return fresh(request)


def instructed(cast: Cast, at: datetime = INSTRUCTED) -> Request:
    """The Board has instructed the registry; the share of proceeds is invoiced."""
    request = issuance_granted(cast)
    board.instruct_issuance(actor=cast.board[0], at=at, request_id=request.pk)
    return fresh(request)


def host_with(projects: int, party_code: str = "KE") -> None:
    """So many other registered projects in a host: rows for the count alone."""
    with connection.cursor() as cursor:
        for number in range(projects):
            cursor.execute(
                "INSERT INTO projects_project (reference, number, rules, fictional, owner_id,"
                " party_code, title, summary, sector, scale, methodology, methodology_version,"
                " location, crediting_kind, opinion, decision, stage, registered_at, created_at)"
                " SELECT %s, %s, 'historic', true, o.id, %s, 'Counted', '', '', '', '', '', '', '',"
                " '', '', 'design', now(), now() FROM identity_organisation o LIMIT 1",
                [f"COUNT-{number}", f"C{number}", party_code],
            )


def fresh(row: R) -> R:
    """The row as the database has it now."""
    return type(row)._default_manager.get(pk=row.pk)
