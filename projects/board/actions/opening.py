"""A request begins: its reference, and the checks once nothing is due first."""

from datetime import datetime

from cdm_portal import deadlines, parameters
from cdm_portal.values import Actor
from projects.board import checklist, locks
from projects.board.models import Check, Request
from projects.models import MonitoringPeriod, Project
from projects.revisions.models import Revision

PREFIX = {
    Request.Kind.REGISTRATION: "REG", Request.Kind.ISSUANCE: "ISS",
    Request.Kind.RENEWAL: "REN", Request.Kind.CHANGE: "PRC",
}


def open_request(
    kind: Request.Kind, project: Project, actor: Actor, at: datetime, *,
    period: MonitoringPeriod | None = None, revision: Revision | None = None,
) -> Request:
    """A new request with its reference, inside the caller's transaction."""
    prefix = PREFIX[kind]
    number = locks.next_number(f"{prefix}-{at.year}")
    assert actor.organisation_id is not None  # a DOE acts for itself
    return Request.objects.create(
        kind=kind, project=project, period=period, revision=revision,
        submitted_by_id=actor.organisation_id, submitted_at=at,
        reference=f"{prefix}-{at.year}-{number:04d}",
    )


def begin_without_fee(request: Request, at: datetime) -> None:
    """Nothing is due first: the checks begin. Inside the caller's transaction."""
    request.begin_checks()
    received(request, at)
    request.save()


def received(request: Request, at: datetime) -> None:
    """Documents and fee are there: the checks begin, and the effective date is fixed."""
    request.complete_at = at
    Check.objects.bulk_create(
        Check(request=request, version=request.version, stage=item.part.value, code=item.code)
        for item in checklist.items(request.kind)
    )
    days = parameters.number("completeness_days", at.date())
    request.check_due_at = deadlines.due_at(at, days)
