"""What follows when a request is granted or turned down: the facts on the landing, in one place."""

from datetime import datetime

from cdm_portal.values import Actor
from projects import lifecycle
from projects.board import locks
from projects.board.models import Request
from projects.board.record import end, record
from projects.participant import actions as participant
from projects.revisions.machine import State as Revising
from projects.revisions.models import Revision

LAST_HISTORIC_NUMBER = 95_000
"""Projects registered here are numbered from 95001 upward, clear of every published number."""


def grant(*, actor: Actor, at: datetime, request: Request) -> None:
    """Register the project, let the period's units be issued, or register what was revised. Inside
    the caller's transaction.

    A registered project gets its number; its crediting period stays as the design document has it.
    Registration takes effect on the day on which the complete request was submitted (domain, 2.4,
    from decisions after CMP.6, not compared). Raises NotNow when the case has moved.
    """
    end(request, at)
    if request.revision is not None:
        _approve(actor, at, request, request.revision)
    elif request.period is not None:
        request.period.decision = "issue"
        request.period.save(update_fields=["decision"])
        record("board.grant_issuance", request, actor, at)
        for revision in _with(request):
            _approve(actor, at, request, revision)
    else:
        _register(actor, at, request)


def _register(actor: Actor, at: datetime, request: Request) -> None:
    project = request.project
    project.decision = "register"
    lifecycle.ask(project, "register", actor)
    project.number = str(locks.next_number("project", before_first=LAST_HISTORIC_NUMBER))
    project.registered_at = request.complete_at
    project.register()
    project.save(update_fields=["decision", "number", "registered_at", "stage"])
    participant.register_first(
        actor=actor, at=project.registered_at or at, project=project
    )
    record("board.register", request, actor, at, number=project.number)


def reject(*, actor: Actor, at: datetime, request: Request) -> None:
    """End the project, the period or the revision. Inside the caller's transaction. Raises NotNow.

    The changes that go with a request for issuance are rejected with it.
    """
    end(request, at)
    if request.revision is not None:
        _turn_down(actor, at, request, request.revision)
        return
    for revision in _with(request):
        _turn_down(actor, at, request, revision)
    case = request.period or request.project
    case.decision = "reject"
    lifecycle.ask(case, "reject", actor)
    case.reject()
    fields = ["decision", "stage"]
    if request.period is None:
        request.project.ended_at = at
        fields.append("ended_at")
    case.save(update_fields=fields)
    record("board.reject", request, actor, at)


def release(*, actor: Actor, at: datetime, request: Request) -> None:
    """The request was withdrawn or lapsed: what it asked for can be requested again. Inside the
    caller's transaction.
    """
    found = [request.revision] if request.revision is not None else _with(request)
    for revision in found:
        if revision.state != Revising.REQUESTED:
            continue
        lifecycle.ask(revision, "take_back", actor)
        revision.take_back()
        revision.requested_at = None
        revision.save(update_fields=["state", "requested_at"])


def _with(request: Request) -> list[Revision]:
    """The changes that are decided with a request for issuance, which `locks.request` has locked.
    """
    if request.period is None:
        return []
    held = Revision.objects.filter(period=request.period, state=Revising.REQUESTED)
    found = list(held.select_related("doe").order_by("pk"))
    for revision in found:
        revision.project = request.project
    return found


def _approve(actor: Actor, at: datetime, request: Request, revision: Revision) -> None:
    lifecycle.ask(revision, "approve", actor)
    revision.approve()
    revision.decided_at = at
    revision.save(update_fields=["state", "decided_at"])
    participant.put_in_force(actor=actor, at=at, revision=revision)
    record(
        "board.renew" if revision.is_renewal else "board.approve_change", request, actor, at,
        revision=revision.number, kind=revision.kind, design_version=revision.design_version,
        effective=revision.effective_date.isoformat(),
    )


def _turn_down(actor: Actor, at: datetime, request: Request, revision: Revision) -> None:
    lifecycle.ask(revision, "reject", actor)
    revision.reject()
    revision.decided_at = at
    revision.save(update_fields=["state", "decided_at"])
    record("board.reject", request, actor, at, revision=revision.number)
