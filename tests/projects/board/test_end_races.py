"""A withdrawal races the closed window and the ruling, on real connections: one of them wins."""

from __future__ import annotations

from typing import Any

import pytest

from projects.board import actions
from projects.board.models import Ruling, Withdrawal
from projects.board.procedure import State
from projects.lifecycle import NotNow, Stage
from projects.models import Project
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import CLOSES, fresh
from tests.projects.board.test_races import together

pytestmark = pytest.mark.usefixtures("transactional_db")


def filing(cast: Cast, project: Project) -> dict[str, Any]:
    """The withdrawal is asked for; what the DOE files it with."""
    actions.ask_withdrawal(
        actor=cast.participant, at=on(2013, 11, 5), project_id=project.pk, reason="Sold."
    )
    return {
        "actor": cast.doe, "at": on(2013, 11, 6), "project_id": project.pk, "statement": "Ended.",
    }


def test_a_withdrawal_and_the_closing_window_leave_one_outcome(cast: Cast) -> None:
    requests = [story.published(cast) for _ in range(3)]
    given = [filing(cast, request.project) for request in requests]
    together(
        *[lambda each=each: actions.file_withdrawal(**each) for each in given],
        lambda: actions.close_windows(at=CLOSES), lambda: actions.close_windows(at=CLOSES),
    )
    whole = {
        (State.WITHDRAWN, Stage.WITHDRAWN, None, Withdrawal.State.FILED),
        (State.APPROVED, Stage.MONITORING, "registered", Withdrawal.State.ASKED),
    }
    for request in map(fresh, requests):
        project = request.project
        number = "registered" if project.number else None
        ended = (request.state, project.stage, number, project.withdrawals.get().state)
        assert ended in whole


def test_a_withdrawal_never_overtakes_the_ruling(cast: Cast) -> None:
    request = story.under_review(cast)
    given = filing(cast, request.project)
    story.assessed(cast, request, at=on(2013, 11, 6))
    story.voted(cast, request, reject=10)
    refused, ruled = together(
        lambda: actions.file_withdrawal(**given),
        lambda: actions.rule(
            actor=cast.board[0], at=on(2013, 12, 3), request_id=request.pk, reasons="So."
        ),
    )
    assert isinstance(refused, NotNow)
    assert isinstance(ruled, Ruling)
    project = fresh(request.project)
    assert (project.stage, project.withdrawals.get().state) == (Stage.REJECTED, "asked")


def test_a_withdrawal_and_the_last_assessment_leave_one_outcome(cast: Cast) -> None:
    request = story.under_review(cast)
    given = filing(cast, request.project)
    assess: dict[str, Any] = {
        "at": on(2013, 11, 6), "request_id": request.pk, "recommendation": "register",
        "reasons": "It holds.",
    }
    actions.assess(actor=cast.secretariat, **assess)
    together(
        lambda: actions.file_withdrawal(**given), lambda: actions.assess(actor=cast.rit, **assess)
    )
    request = fresh(request)
    assert (request.state, request.project.stage) in {
        (State.WITHDRAWN, Stage.WITHDRAWN), (State.PROPOSED, Stage.REGISTRATION),
    }
