"""kill -9 during issuance, at four points of the work: exactly one issuance afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from cdm_portal.journal import queries as journal
from cdm_portal.runtime.testing import address
from projects.board import actions
from projects.board.models import Request
from projects.lifecycle import Stage
from registry import actions as registry
from registry import queries as books
from registry.models import InstructionLine, Issuance
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import fresh

RELEASED = on(2015, 12, 3)

DOOMED = """
import os, signal
import django
django.setup()
from cdm_portal import clock
from projects.board import actions
from projects.board.actions import issuance

def dies(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def after(work):
    def done(*args, **kwargs):
        work(*args, **kwargs)
        dies()
    return done

point = os.environ["DIES"]
if point == "before the registry books":
    issuance.registry.issue = dies
elif point == "after the registry booked":
    issuance.registry.issue = after(issuance.registry.issue)
elif point == "after the facts, before the commit":
    issuance._record_issuance = after(issuance._record_issuance)
actions.issue_instructed(at=clock.now())
dies()
"""

POINTS = {
    "before the registry books": 0,
    "after the registry booked": 0,
    "after the facts, before the commit": 0,
    "after the commit": 1,
}


def released(cast: Cast) -> Request:
    """An instruction that a second person has released."""
    request = story.issuance_granted(cast)
    actions.instruct_issuance(actor=cast.board[0], at=on(2015, 12, 2), request_id=request.pk)
    story.paid(cast, request, RELEASED)
    line = InstructionLine.objects.get()
    registry.release_instruction(actor=cast.registry, at=RELEASED, line_id=line.pk)
    return request


@pytest.mark.usefixtures("transactional_db", "books_balance")
@pytest.mark.parametrize("point", POINTS)
def test_kill_9_anywhere_issues_exactly_once(ledger_db: str, cast: Cast, point: str) -> None:
    request = released(cast)
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "cdm_portal.settings", "DIES": point}
    env["DATABASE_URL"] = address(os.environ["DATABASE_URL"], database=ledger_db)
    died = subprocess.run(
        [sys.executable, "-c", DOOMED], env=env, capture_output=True, text=True, check=False
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert Issuance.objects.count() == POINTS[point]
    assert actions.issue_instructed(at=RELEASED) == 1 - POINTS[point]
    assert actions.issue_instructed(at=RELEASED) == 0
    period = fresh(request.period)
    assert (period.stage, period.issued_tonnes) == (Stage.OFFSETTING, 14_023)
    assert Issuance.objects.count() == 1
    assert books.balance(books.pending_account().pk) == 13_743
    assert journal.of(request).filter(verb="board.record_issuance").count() == 1
