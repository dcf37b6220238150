"""What happens by itself when a review window closes."""

import logging
from datetime import datetime

from django.db import DatabaseError, transaction

from cdm_portal.refusals import Refused
from cdm_portal.values import SYSTEM, Actor
from projects import lifecycle
from projects.board import locks, queries
from projects.board.actions import outcomes
from projects.board.models import Request
from projects.board.procedure import ENDED, State
from projects.board.record import end, record

logger = logging.getLogger(__name__)


def close_windows(*, at: datetime) -> int:
    """Grant every request whose window closed without a review, and end those whose case is gone.

    One transaction each, so that one that fails does not hold up the others; two runs at once close
    each window once. Answers how many this run closed.
    """
    return sum(_close(pk, at) for pk in queries.windows_due(at))


def _close(request_id: int, at: datetime) -> bool:
    try:
        with transaction.atomic():
            request = locks.request(request_id)
            if request.state in ENDED:
                return False  # another run was first
            if not request.case_is_there:
                gone = "The case ended before the request was decided."
                return lapse(actor=SYSTEM, at=at, request=request, reason=gone)
            return _pass(request, at)
    except (Refused, DatabaseError):
        logger.exception("the window of request %s could not be closed", request_id)
        return False


def _pass(request: Request, at: datetime) -> bool:
    """Granted as of the moment at which the window closed, whenever the portal got to it."""
    closed_at = request.window_closes_at
    if request.state != State.PUBLISHED or closed_at is None or closed_at > at:
        return False
    lifecycle.ask(request, "pass_window", SYSTEM)
    request.pass_window()
    outcomes.grant(actor=SYSTEM, at=closed_at, request=request)
    return True


def lapse(*, actor: Actor, at: datetime, request: Request, reason: str) -> bool:
    """End a request, already locked, with its case, whoever ended that. Inside the caller's
    transaction. Raises NotNow once it is decided.
    """
    lifecycle.ask(request, "lapse", SYSTEM)
    request.end_reason = reason
    request.lapse()
    end(request, at)
    outcomes.release(actor=actor, at=at, request=request)
    record("board.lapse_request", request, actor, at)
    return True
