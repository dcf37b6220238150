"""What follows when a request is granted or turned down: the facts on the landing, in one place."""

from datetime import datetime

from cdm_portal.values import Actor
from projects import lifecycle
from projects.board import locks
from projects.board.models import Request
from projects.board.record import end, record

LAST_HISTORIC_NUMBER = 95_000
"""Projects registered here are numbered from 95001 upward, clear of every published number."""


def grant(*, actor: Actor, at: datetime, request: Request) -> None:
    """Register the project, or let the period's units be issued. Inside the caller's transaction.

    A registered project gets its number; its crediting period stays as the design document has it.
    Registration takes effect on the day on which the complete request was submitted (domain, 2.4,
    from decisions after CMP.6, not compared). Raises NotNow when the case has moved.
    """
    end(request, at)
    period = request.period
    if period is not None:
        period.decision = "issue"
        period.save(update_fields=["decision"])
        record("board.grant_issuance", request, actor, at)
        return
    project = request.project
    project.decision = "register"
    lifecycle.ask(project, "register", actor)
    project.number = str(locks.next_number("project", before_first=LAST_HISTORIC_NUMBER))
    project.registered_at = request.complete_at
    project.register()
    project.save(update_fields=["decision", "number", "registered_at", "stage"])
    record("board.register", request, actor, at, number=project.number)


def reject(*, actor: Actor, at: datetime, request: Request) -> None:
    """End the project or the period. Inside the caller's transaction. Raises NotNow."""
    end(request, at)
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
