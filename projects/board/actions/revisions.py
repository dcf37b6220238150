"""The DOE's request for a renewal of the crediting period, or for a post-registration change.

No fee is charged: the domain reference names none for either.
"""

from datetime import datetime

from django.db import transaction

from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from projects import lifecycle, locks
from projects.board import queries
from projects.board.actions import opening
from projects.board.errors import TooLate
from projects.board.models import Request
from projects.board.record import record
from projects.doe import revisions as auditors
from projects.doe import standing
from projects.doe.standing import Act
from projects.lifecycle import NotNow
from projects.models import MonitoringPeriod
from projects.participant import actions as participant
from projects.revisions.machine import State
from projects.revisions.models import Revision


def request_revision(*, actor: Actor, at: datetime, revision_id: int) -> Request:
    """The DOE that validated it requests the renewal, or the change by prior approval.

    A renewal is requested at most a year after the expiry of the crediting period. The revised
    design document becomes public. Raises NotFound for another DOE, NotNow, TooLate, BothSides,
    NotInStanding.
    """
    with transaction.atomic():
        revision = locks.revision(revision_id)
        if actor.role != Role.DOE or revision.doe_id != actor.organisation_id:
            raise NotFound("There is no such revision.")
        standing.refuse_both_sides(actor, revision.project, at.date())
        if reason := queries.why_not_request_revision(revision, at):
            raise (TooLate if revision.is_renewal else NotNow)(reason)
        auditors.require_standing(Act.REQUEST_REVISION, revision, at.date())
        _mark(revision, actor, at)
        kind = Request.Kind.RENEWAL if revision.is_renewal else Request.Kind.CHANGE
        request = opening.open_request(kind, revision.project, actor, at, revision=revision)
        opening.begin_without_fee(request, at)
        participant.publish_version(actor=actor, at=at, revision=revision)
        record(
            "board.request_revision", request, actor, at, revision=revision.number,
            kind=revision.kind,
        )
    return request


def request_with(*, period: MonitoringPeriod, actor: Actor, at: datetime) -> None:
    """The changes on the issuance track go with the request for issuance of their period. Inside
    the caller's transaction.
    """
    for revision in locks.revisions_with(period):
        if revision.state != State.POSITIVE:
            continue
        revision.project, revision.period = period.project, period
        _mark(revision, actor, at)
        participant.publish_version(actor=actor, at=at, revision=revision)


def _mark(revision: Revision, actor: Actor, at: datetime) -> None:
    lifecycle.ask(revision, "request", actor)
    revision.request()
    revision.requested_at = at
    revision.save(update_fields=["state", "requested_at"])
