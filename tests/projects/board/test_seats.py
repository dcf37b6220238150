"""Ten seats, each with a member and an alternate: who speaks for a seat, once, and who presides."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from cdm_portal.identity import actions as identity
from cdm_portal.identity import queries as people
from cdm_portal.identity.models import Membership
from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import SYSTEM, Actor, Role
from projects.board import actions, queries
from projects.board.errors import (
    AlreadyAbsent,
    AlreadyAsked,
    AlreadyVoted,
    ChairRules,
    Recused,
    SeatSpoken,
    TakesSides,
)
from projects.board.models import Objection, Request, ReviewRequest, Vote
from projects.board.procedure import State
from projects.lifecycle import NotNow
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import fresh

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]
VOTED = on(2013, 12, 2)


def vote(actor: Actor, request: Request, ruling: str = "register") -> Vote:
    """Somebody votes."""
    return actions.vote(actor=actor, at=VOTED, request_id=request.pk, ruling=ruling)


def absent(cast: Cast, request: Request, seat: int) -> None:
    """The secretariat records that the member of a seat is absent."""
    actions.record_absence(
        actor=cast.secretariat, at=VOTED, request_id=request.pk, seat_number=seat
    )


def recused(actor: Actor, request: Request) -> None:
    """Somebody declares a conflict."""
    actions.recuse(actor=actor, at=VOTED, request_id=request.pk, reason="My ministry's project.")


def test_the_alternate_votes_only_in_the_member_s_place_and_the_seat_once(
    cast: Cast, nothing_written: Nothing
) -> None:
    request, members, alternates = story.at_the_vote(cast), cast.board, cast.alternates
    with nothing_written(), pytest.raises(SeatSpoken, match="seat 1 is there"):
        vote(alternates[0], request)
    absent(cast, request, 1)
    with nothing_written(), pytest.raises(SeatSpoken, match="recorded absent"):
        vote(members[0], request)
    assert vote(alternates[0], request).seat_number == 1
    with nothing_written(), pytest.raises(AlreadyVoted):
        vote(alternates[0], request, "reject")
    recused(members[1], request)
    assert vote(alternates[1], request).seat_number == 2
    vote(members[2], request)
    with nothing_written(), pytest.raises(SeatSpoken):
        vote(alternates[2], request)
    with nothing_written(), pytest.raises(AlreadyVoted):
        absent(cast, request, 3)
    count = queries.tally(request, VOTED)
    assert (count.eligible, count.cast, count.quorum) == (10, 3, 7)


def test_a_seat_whose_member_and_alternate_have_a_conflict_is_silent(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.at_the_vote(cast)
    recused(cast.alternates[4], request)
    recused(cast.board[4], request)
    for actor in (cast.board[4], cast.alternates[4]):
        with nothing_written(), pytest.raises(Recused):
            vote(actor, request)
    assert queries.tally(request, VOTED).eligible == 9


def test_a_vacant_seat_is_spoken_for_by_its_alternate(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.at_the_vote(cast)
    alternate = cast.alternates[9]
    Membership.objects.filter(seat_number=10, alternate=False).update(valid_to=date(2013, 11, 30))
    with nothing_written(), pytest.raises(Forbidden, match="no seat"):
        vote(cast.board[9], request)
    assert vote(alternate, request).seat_number == 10


def test_only_the_secretariat_records_an_absence_of_a_member_who_is_there(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.published(cast)
    seat = {"at": VOTED, "request_id": request.pk}
    for actor, number, refusal in (
        (cast.board[0], 1, Forbidden), (cast.rit, 1, Forbidden), (cast.secretariat, 11, Invalid),
    ):
        with nothing_written(), pytest.raises(refusal):
            actions.record_absence(actor=actor, seat_number=number, **seat)
    absent(cast, request, 1)
    with nothing_written(), pytest.raises(AlreadyAbsent):
        absent(cast, request, 1)
    actions.close_windows(at=story.CLOSES)
    with nothing_written(), pytest.raises(NotNow):
        absent(cast, request, 2)


def test_member_and_alternate_are_one_seat_for_a_request_for_review(
    cast: Cast, nothing_written: Nothing
) -> None:
    request, alternates = story.published(cast), cast.alternates
    with nothing_written(), pytest.raises(SeatSpoken):
        story.asks(request, alternates[0])
    story.asks(request, cast.board[0])
    absent(cast, request, 1)
    with nothing_written(), pytest.raises(AlreadyAsked):
        story.asks(request, alternates[0])
    absent(cast, request, 2)
    story.asks(request, alternates[1])
    assert queries.members_asking(request) == 2
    assert fresh(request).state == State.PUBLISHED
    story.asks(request, cast.board[2])
    assert fresh(request).state == State.REVIEW_REQUESTED


def test_the_chair_rules_else_the_vice_chair_in_person(
    cast: Cast, nothing_written: Nothing
) -> None:
    request, alternates = story.at_the_vote(cast), cast.alternates
    story.voted(cast, request, register=0)
    for seat in (3, 4, 5, 6, 7, 8, 9):
        vote(cast.board[seat], request)

    def rule(actor: Actor) -> object:
        return actions.rule(actor=actor, at=VOTED, request_id=request.pk, reasons="Agreed.")

    for actor, refusal in (
        (cast.board[1], ChairRules), (cast.secretariat, Forbidden), (alternates[0], SeatSpoken),
        (cast.rit, Forbidden),
    ):
        with nothing_written(), pytest.raises(refusal):
            rule(actor)
    recused(cast.board[0], request)
    with nothing_written(), pytest.raises(ChairRules, match="Member 2"):
        rule(alternates[0])
    absent(cast, request, 2)
    with nothing_written(), pytest.raises(ChairRules, match="Member 3"):
        rule(cast.board[3])
    rule(cast.board[2])
    assert fresh(request).state == State.APPROVED


def test_the_database_refuses_who_does_not_speak_for_the_seat_whoever_writes(cast: Cast) -> None:
    request, alternates = story.at_the_vote(cast), cast.alternates
    absent(cast, request, 2)
    vote(cast.board[0], request)

    def refused(words: str, actor: Actor, seat: int, at: object = VOTED) -> None:
        row = Vote(request=request, person_id=actor.person_id, name="X", ruling="reject",
                   seat_number=seat, at=at)  # fmt: skip
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            row.save(force_insert=True)

    refused("do not sit", cast.board[4], 4)
    refused("do not sit", cast.auditor, 4)
    refused("does not decide", cast.rit, 4)
    refused("recorded absent", cast.board[1], 2)
    refused("alternate is silent", alternates[3], 4)
    recused(cast.board[2], request)
    recused(alternates[2], request)
    refused("declared a conflict", cast.board[2], 3)
    refused("declared a conflict", alternates[2], 3)
    with pytest.raises(DatabaseError, match="do not sit"), transaction.atomic():
        ReviewRequest.objects.create(
            request=story.published(cast), person_id=cast.board[0].person_id, name="X",
            seat_number=2, grounds=["baseline"], reasons="Why", at=story.ASKED,
        )
    with pytest.raises(DatabaseError, match="in time only"), transaction.atomic():
        Objection.objects.create(
            request=request, person_id=cast.board[3].person_id, name="X", seat_number=4,
            reasons="Why", at=VOTED,
        )
    story.voted(cast, request, register=0)
    for member in cast.board[3:9]:
        vote(member, request)
    actions.rule(actor=cast.board[0], at=VOTED, request_id=request.pk, reasons="Agreed.")
    refused("at the vote", cast.board[9], 10)


def test_who_assessed_does_not_decide_and_who_asked_does_not_assess(
    cast: Cast, nothing_written: Nothing
) -> None:
    def hat(member: Actor) -> Actor:
        return people.actor(identity.grant_role(
            actor=SYSTEM, at=VOTED, person_id=member.person_id or 0, role=Role.RIT,
            organisation_id=cast.rit.organisation_id or 0, valid_from=date(2013, 1, 1),
        ))

    request = story.under_review(cast)
    expert = {"at": VOTED, "request_id": request.pk, "reasons": "So."}
    asking = hat(cast.board[0])
    with nothing_written(), pytest.raises(TakesSides):
        actions.assess(actor=asking, recommendation="register", **expert)
    actions.assess(actor=hat(cast.board[9]), recommendation="register", **expert)
    actions.assess(actor=cast.secretariat, recommendation="register", **expert)
    with nothing_written(), pytest.raises(TakesSides):
        actions.object_to(actor=cast.board[9], **expert)
    actions.object_to(actor=cast.board[8], **expert)
    with nothing_written(), pytest.raises(TakesSides):
        vote(cast.board[9], request)
    assert not queries.own_part(request, cast.board[8], VOTED).sides
    assert queries.own_part(request, cast.board[9], VOTED).sides


def test_a_seat_votes_once_by_constraint(cast: Cast) -> None:
    request, stand_in = story.at_the_vote(cast), cast.alternates[0]
    vote(cast.board[0], request)
    Membership.objects.filter(seat_number=1, alternate=False).update(valid_to=date(2013, 12, 2))
    later = VOTED + timedelta(days=1)
    with pytest.raises(AlreadyVoted):
        actions.vote(actor=stand_in, at=later, request_id=request.pk, ruling="reject")
    with pytest.raises(DatabaseError, match="one_vote_of_a_seat"), transaction.atomic():
        Vote.objects.create(
            request=request, person_id=stand_in.person_id, name="X", ruling="reject",
            seat_number=1, at=later,
        )


def test_a_role_on_the_board_is_a_free_seat_of_ten(cast: Cast, nothing_written: Nothing) -> None:
    office = cast.board[0].organisation_id or 0
    person = identity.register_person(
        actor=SYSTEM, at=VOTED, name="New", email="new@example.org", password=None
    ).person_id
    wrong: tuple[tuple[Role, int | None, bool], ...] = (
        (Role.BOARD, None, False), (Role.BOARD, 0, False), (Role.BOARD, 11, False),
        (Role.BOARD, 1, False),
    )
    for role, number, alternate in wrong:
        with nothing_written(), pytest.raises(Invalid) as refused:
            identity.grant_role(
                actor=SYSTEM, at=VOTED, person_id=person, organisation_id=office, role=role,
                valid_from=VOTED.date(), seat_number=number, alternate=alternate,
            )
        assert list(refused.value.errors) == ["seat_number"]
    with nothing_written(), pytest.raises(Invalid):
        identity.grant_role(
            actor=SYSTEM, at=VOTED, person_id=person, role=Role.SECRETARIAT, seat_number=1,
            organisation_id=cast.secretariat.organisation_id or 0, valid_from=VOTED.date(),
        )
    made = identity.grant_role(
        actor=SYSTEM, at=VOTED, person_id=person, organisation_id=office, role=Role.BOARD,
        valid_from=VOTED.date(), seat_number=1, alternate=True,
    )
    assert (made.seat_number, made.alternate) == (1, True)
