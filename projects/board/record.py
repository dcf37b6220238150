"""The Board's journal: one row for each act upon a request, with the state that it led to."""

from datetime import datetime
from typing import Any

from cdm_portal.journal.record import record as journal
from cdm_portal.values import Actor
from projects.board.models import Request
from projects.board.procedure import State


def record(verb: str, request: Request, actor: Actor, at: datetime, **facts: Any) -> None:
    """Write an act upon a request into the journal, inside the caller's transaction."""
    journal(
        verb, actor=actor, subject=request, at=at, project=request.project.reference,
        facts={"request": request.reference, "state": State(request.state).value, **facts},
    )


def end(request: Request, at: datetime) -> None:
    """Save a request that has reached its end."""
    request.decided_at = at
    request.save(update_fields=["state", "decided_at", "end_reason"])
