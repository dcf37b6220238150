"""Reviews: the scope, the votes, the ruling with its reasons, and corrections."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from cdm_portal.refusals import Forbidden, Invalid, NotFound
from projects.board import actions, queries, sheets
from projects.board.errors import AlreadyVoted, NotCarried, Recused
from projects.board.models import Request, Vote
from projects.board.procedure import State
from projects.lifecycle import NotNow, Stage
from projects.models import Document
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import fresh, voted

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]
RULED = on(2013, 12, 3)


def rule(cast: Cast, request: Request, **changed: object) -> object:
    """The Chair publishes the ruling."""
    values = {
        "actor": cast.board[0], "at": RULED, "request_id": request.pk,
        "reasons": "The analysis was completed.",
    }
    return actions.rule(**{**values, **changed})


def vote(cast: Cast, request: Request, member: int, ruling: str = "register") -> object:
    """One member votes."""
    return actions.vote(
        actor=cast.board[member], at=on(2013, 12, 2), request_id=request.pk, ruling=ruling
    )


def test_votes_are_taken_only_once_the_request_is_assessed(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.published(cast)
    with nothing_written(), pytest.raises(NotNow):
        vote(cast, request, 0)
    request = story.under_review(cast, request)
    with nothing_written(), pytest.raises(NotNow):
        vote(cast, request, 0)
    request = story.assessed(cast, request)
    vote(cast, request, 0)


def test_the_secretariat_alone_opens_the_review_with_a_scope(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.published(cast)
    story.asks(request, cast.dna)
    scope = {"at": on(2013, 11, 5), "request_id": request.pk}
    with nothing_written(), pytest.raises(Forbidden):
        actions.open_review(actor=cast.board[0], scope="All of it.", **scope)
    with nothing_written(), pytest.raises(Invalid):
        actions.open_review(actor=cast.secretariat, scope="", **scope)
    assert actions.open_review(
        actor=cast.secretariat, scope="All of it.", **scope
    ).state == State.UNDER_REVIEW


def test_a_member_votes_once_and_others_not_at_all(cast: Cast, nothing_written: Nothing) -> None:
    request = story.at_the_vote(cast)
    vote(cast, request, 0)
    with nothing_written(), pytest.raises(AlreadyVoted):
        vote(cast, request, 0, "reject")
    with nothing_written(), pytest.raises(Invalid):
        vote(cast, request, 1, "issue")
    for actor, refusal in (
        (cast.secretariat, Forbidden), (cast.dna, Forbidden), (cast.foreign_dna, NotFound),
        (cast.doe, Forbidden),
    ):
        with nothing_written(), pytest.raises(refusal):
            actions.vote(actor=actor, at=RULED, request_id=request.pk, ruling="register")


def test_the_constraint_refuses_a_second_vote_of_one_person(cast: Cast) -> None:
    request = story.at_the_vote(cast)
    vote(cast, request, 0)
    twin = request.votes.get()
    twin.pk = None
    with pytest.raises(DatabaseError, match="voted_once"), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.parametrize(
    "statement", ["UPDATE board_vote SET ruling = 'reject'", "DELETE FROM board_vote",
                  "TRUNCATE board_vote CASCADE", "UPDATE board_ruling SET reasons = 'x'",
                  "DELETE FROM board_ruling"],
)
def test_votes_and_rulings_stay_as_they_were_made(cast: Cast, statement: str) -> None:
    refused = pytest.raises(DatabaseError, match="are of record")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_takes_no_vote_outside_a_review_whoever_writes(cast: Cast) -> None:
    request = story.published(cast)
    refused = pytest.raises(DatabaseError, match="only while the request is at the vote")
    with refused, transaction.atomic():
        Vote.objects.create(
            request=request, person_id=cast.board[0].person_id, name="M", ruling="register",
            seat_number=1, at=RULED,
        )


def test_a_recused_member_does_not_vote_and_is_not_counted(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.at_the_vote(cast)
    actions.recuse(
        actor=cast.board[9], at=RULED, request_id=request.pk, reason="My ministry's project."
    )
    with nothing_written(), pytest.raises(Recused):
        vote(cast, request, 9)
    count = queries.tally(request, RULED)
    assert (count.eligible, count.quorum, queries.needed_if_all_vote(count, RULED)) == (9, 6, 7)
    vote(cast, request, 0)
    with nothing_written(), pytest.raises(AlreadyVoted):
        actions.recuse(actor=cast.board[0], at=RULED, request_id=request.pk, reason="Late.")
    with nothing_written(), pytest.raises(Recused):
        rule(cast, request, actor=cast.board[9])


@pytest.mark.parametrize(
    ("votes", "why"),
    [
        ({"register": 6}, "6 of 10 members voted; a ruling needs 7"),
        ({"register": 5, "reject": 2}, "No ruling has 6 of the 7 votes cast"),
        ({}, "0 of 10 members voted"),
    ],
)
def test_there_is_no_ruling_without_the_votes(
    cast: Cast, nothing_written: Nothing, votes: dict[str, int], why: str
) -> None:
    request = story.at_the_vote(cast)
    voted(cast, request, **votes)
    with nothing_written(), pytest.raises(NotCarried, match=why):
        rule(cast, request)


def test_a_carried_ruling_registers_and_publishes_its_reasons(cast: Cast) -> None:
    request = story.at_the_vote(cast)
    voted(cast, request, register=6, reject=2)
    ruling = rule(cast, request)
    request = fresh(request)
    assert (request.state, request.decided_at) == (State.APPROVED, RULED)
    assert fresh(request.project).number == "95001"
    assert (ruling.number, ruling.votes_for, ruling.cast, ruling.eligible, ruling.consensus) == (
        "RUL-2013-0001", 6, 8, 10, False,
    )
    paper = Document.objects.get(kind="ruling")
    assert (paper.public, paper.filename) == (True, "RUL-2013-0001.pdf")
    event = next(e for e in queries.public_history(request.project) if "Ruling" in e["text"])
    assert event["detail"] == "The analysis was completed."


def test_a_ruling_against_ends_the_project(cast: Cast, nothing_written: Nothing) -> None:
    request = story.at_the_vote(cast)
    voted(cast, request, reject=8)
    with nothing_written(), pytest.raises(Invalid):
        rule(cast, request, reasons=" ")
    with nothing_written(), pytest.raises(Forbidden):
        rule(cast, request, actor=cast.doe)
    assert rule(cast, request, actor=cast.board[0]).consensus is True
    project = fresh(request.project)
    assert (project.stage, project.number, project.ended_at) == (Stage.REJECTED, None, RULED)
    assert fresh(request).state == State.REJECTED
    with nothing_written(), pytest.raises(NotNow):
        rule(cast, request)


def test_corrections_are_compared_with_the_ruling_before_registration(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.at_the_vote(cast)
    voted(cast, request, correct=10)
    rule(cast, request)
    assert fresh(request).state == State.CORRECTIONS
    step = {"at": on(2013, 12, 10), "request_id": request.pk}
    with nothing_written(), pytest.raises(NotNow):
        actions.accept_corrections(actor=cast.secretariat, **step)
    actions.resubmit(actor=cast.doe, note="Table 4 completed.", **step)
    assert (fresh(request).state, fresh(request).version) == (State.CORRECTED, 2)
    with nothing_written(), pytest.raises(Forbidden):
        actions.accept_corrections(actor=cast.doe, **step)
    actions.return_corrections(actor=cast.secretariat, reason="Table 5 is missing.", **step)
    actions.resubmit(actor=cast.doe, note="Table 5 completed.", **step)
    actions.accept_corrections(actor=cast.secretariat, **step)
    assert fresh(request.project).stage == Stage.MONITORING
    assert fresh(request.project).registered_at == story.REQUESTED


def test_only_board_and_secretariat_may_know_how_members_voted(cast: Cast) -> None:
    request = story.at_the_vote(cast)
    voted(cast, request, register=8)
    rule(cast, request)
    shown = str(queries.public_history(request.project))
    assert "votes" not in shown
    assert cast.board[7].name not in shown


def test_votes_are_the_boards_and_auditors_until_the_ruling(cast: Cast) -> None:
    request = story.at_the_vote(cast)
    voted(cast, request, register=8)

    def readers() -> set[str]:
        everybody = (
            cast.board[0], cast.auditor, cast.secretariat, cast.rit, cast.doe, cast.dna,
            cast.participant,
        )
        now = fresh(request)
        return {
            str(actor.role) for actor in everybody
            if any(r["votes"] is not None for r in sheets.votes(now, actor, RULED)["rulings"])
        }

    assert readers() == {"board_member", "auditor"}
    rule(cast, request)
    assert readers() == {"board_member", "auditor", "secretariat"}
