"""Many at once, on real connections: closing windows, the third request for review, issuing."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from cdm_portal.refusals import Refused
from projects.board import actions, queries
from projects.board.procedure import State
from projects.lifecycle import NotNow
from projects.models import Project
from registry import actions as registry
from registry.models import InstructionLine, Issuance
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import CLOSES, asks, fresh

pytestmark = pytest.mark.usefixtures("transactional_db")


def together(*calls: Callable[[], object]) -> list[object]:
    """Every call in a thread and a connection of its own, begun at the same moment."""
    barrier = threading.Barrier(len(calls))
    answers: list[object] = [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(10)
            answers[place] = call()
        except Refused as refusal:
            answers[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_eight_runs_at_once_register_each_project_once(cast: Cast) -> None:
    requests = [story.published(cast) for _ in range(3)]
    counts = together(*[lambda: actions.close_windows(at=CLOSES)] * 8)
    assert sum(int(str(count)) for count in counts) == 3
    numbers = sorted(Project.objects.values_list("number", flat=True))
    assert numbers == ["95001", "95002", "95003"]
    assert {fresh(request).state for request in requests} == {State.APPROVED}


def test_five_third_requests_at_once_change_the_status_once(cast: Cast) -> None:
    request = story.published(cast)
    asks(request, cast.board[0])
    asks(request, cast.board[1])
    members = cast.board[2:7]
    answers = together(*[lambda member=member: asks(request, member) for member in members])
    late = [answer for answer in answers if answer is not None]
    assert (len(late), {type(answer) for answer in late}) == (4, {NotNow})
    assert fresh(request).state == State.REVIEW_REQUESTED
    assert queries.members_asking(request) == 3


def test_three_members_at_once_always_start_the_review(cast: Cast) -> None:
    request = story.published(cast)
    members = cast.board[:3]
    together(*[lambda member=member: asks(request, member) for member in members])
    assert fresh(request).state == State.REVIEW_REQUESTED
    assert queries.members_asking(request) == 3


def test_a_review_and_the_closing_window_leave_one_outcome(cast: Cast) -> None:
    request = story.published(cast)
    in_time = on(2013, 11, 18, 23)
    together(
        lambda: asks(request, cast.dna, in_time), lambda: actions.close_windows(at=CLOSES)
    )
    request = fresh(request)
    outcome = (request.state, request.project.number, request.review_requests.count())
    assert outcome in {(State.APPROVED, "95001", 0), (State.REVIEW_REQUESTED, None, 1)}


def test_eight_runs_at_once_issue_once(cast: Cast) -> None:
    request = story.issuance_granted(cast)
    actions.instruct_issuance(actor=cast.board[0], at=on(2015, 12, 2), request_id=request.pk)
    line = InstructionLine.objects.get()
    registry.release_instruction(actor=cast.registry, at=on(2015, 12, 3), line_id=line.pk)
    counts = together(*[lambda: actions.issue_instructed(at=on(2015, 12, 3))] * 8)
    assert sorted(map(str, counts)) == ["0"] * 7 + ["1"]
    assert Issuance.objects.count() == 1
    assert fresh(request.period).issued_tonnes == 14_023
