"""The review window: who may ask, when, how often; and what happens by itself at its end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from cdm_portal.journal import queries as journal
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from projects.board import actions, queries
from projects.board.errors import AlreadyAsked, AlreadyRecused, Recused, TakesSides, WindowClosed
from projects.board.models import Recusal, ReviewRequest
from projects.board.procedure import State
from projects.lifecycle import NotNow, Stage
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import CLOSES, asks, fresh

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]
TICK = timedelta(microseconds=1)


# Asking


def test_two_members_do_not_start_a_review_and_the_third_does_at_once(cast: Cast) -> None:
    request = story.published(cast)
    asks(request, cast.board[0])
    asks(request, cast.board[1])
    assert fresh(request).state == State.PUBLISHED
    asks(request, cast.board[2])
    assert fresh(request).state == State.REVIEW_REQUESTED
    last = journal.of(request).filter(verb="board.request_review").first()
    assert last is not None
    assert last.facts["starts"] is True


def test_one_party_involved_is_enough(cast: Cast) -> None:
    request = story.published(cast)
    asks(request, cast.dna)
    assert fresh(request).state == State.REVIEW_REQUESTED
    assert request.review_requests.get().party_code == "KE"


def test_a_party_that_is_not_involved_knows_of_no_request(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.published(cast)
    with nothing_written(), pytest.raises(NotFound):
        asks(request, cast.foreign_dna)
    with pytest.raises(NotFound):
        queries.by_reference(cast.foreign_dna, request.reference)


@pytest.mark.parametrize("role", ["doe", "participant", "secretariat", "auditor", "rit"])
def test_nobody_else_may_ask(cast: Cast, nothing_written: Nothing, role: str) -> None:
    request = story.published(cast)
    with nothing_written(), pytest.raises(Forbidden):
        asks(request, getattr(cast, role))


def test_a_member_asks_once(cast: Cast, nothing_written: Nothing) -> None:
    request = story.published(cast)
    asks(request, cast.board[0])
    with nothing_written(), pytest.raises(AlreadyAsked):
        asks(request, cast.board[0])


def test_the_constraint_refuses_a_second_request_of_one_person(cast: Cast) -> None:
    request = story.published(cast)
    asks(request, cast.board[0])
    twin = request.review_requests.get()
    twin.pk = None
    with pytest.raises(DatabaseError, match="review_asked_once"), transaction.atomic():
        twin.save(force_insert=True)


def test_the_window_is_exact_at_its_last_moment(cast: Cast, nothing_written: Nothing) -> None:
    request = story.published(cast)
    asks(request, cast.board[0], CLOSES - TICK)
    with nothing_written(), pytest.raises(WindowClosed):
        asks(request, cast.board[1], CLOSES)


def test_no_review_is_asked_for_before_publication(cast: Cast, nothing_written: Nothing) -> None:
    request = story.requested(cast)
    with nothing_written(), pytest.raises(NotNow):
        asks(request, cast.board[0])


@pytest.mark.parametrize(
    ("grounds", "reasons", "field"),
    [([], "Why", "grounds"), (["fraud"], "Why", "grounds"), (["baseline"], "  ", "reasons")],
)
def test_grounds_and_reasons_are_required_and_known(
    cast: Cast, nothing_written: Nothing, grounds: list[str], reasons: str, field: str
) -> None:
    request = story.published(cast)
    with nothing_written(), pytest.raises(Invalid) as refused:
        actions.request_review(
            actor=cast.board[0], at=on(2013, 11, 4), request_id=request.pk, grounds=grounds,
            reasons=reasons,
        )
    assert list(refused.value.errors) == [field]


def test_a_member_who_also_acts_for_the_participant_is_kept_out(
    cast: Cast, nothing_written: Nothing
) -> None:
    from cdm_portal.identity import actions as identity
    from cdm_portal.values import SYSTEM, Role

    request = story.published(cast)
    identity.grant_role(
        actor=SYSTEM, at=on(2013, 11, 1), person_id=cast.board[0].person_id or 0,
        role=Role.PARTICIPANT, organisation_id=cast.participant.organisation_id or 0,
        valid_from=on(2013, 11, 1).date(),
    )
    with nothing_written(), pytest.raises(TakesSides):
        asks(request, cast.board[0])


# Recusal


def test_who_declared_a_conflict_neither_asks_nor_counts(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.published(cast)
    conflict = {"at": on(2013, 11, 4), "request_id": request.pk, "reason": "My ministry's project."}
    for member in cast.board[:2]:
        asks(request, member)
    actions.recuse(actor=cast.board[1], **conflict)
    assert queries.members_asking(request) == 1
    asks(request, cast.board[2])
    assert fresh(request).state == State.PUBLISHED
    with nothing_written(), pytest.raises(AlreadyRecused):
        actions.recuse(actor=cast.board[1], **conflict)
    actions.recuse(actor=cast.board[3], **conflict)
    with nothing_written(), pytest.raises(Recused):
        asks(request, cast.board[3])
    asks(request, cast.board[4])
    assert fresh(request).state == State.REVIEW_REQUESTED


def test_only_members_declare_conflicts_with_a_reason(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.published(cast)
    for actor, reason, refusal in (
        (cast.secretariat, "Mine.", Forbidden), (cast.board[0], "", Invalid),
    ):
        with nothing_written(), pytest.raises(refusal):
            actions.recuse(actor=actor, at=on(2013, 11, 4), request_id=request.pk, reason=reason)


def test_the_database_refuses_a_recused_member_whoever_writes(cast: Cast) -> None:
    request = story.published(cast)
    person = {"person_id": cast.board[0].person_id, "name": "Member"}
    Recusal.objects.create(request=request, reason="Mine.", at=on(2013, 11, 4), **person)
    with pytest.raises(DatabaseError, match="declared a conflict"), transaction.atomic():
        ReviewRequest.objects.create(
            request=request, grounds=["baseline"], reasons="Why", at=on(2013, 11, 4),
            seat_number=1, **person,
        )


def test_the_database_refuses_a_request_outside_the_window_whoever_writes(cast: Cast) -> None:
    request = story.published(cast)
    late = ReviewRequest(
        request=request, person_id=cast.board[0].person_id, name="Member", grounds=["baseline"],
        reasons="Why", seat_number=1, at=CLOSES,
    )
    with pytest.raises(DatabaseError, match="in the window only"), transaction.atomic():
        late.save()


@pytest.mark.parametrize("table", ["reviewrequest", "recusal"])
@pytest.mark.parametrize("verb", ["UPDATE board_{} SET name = 'x'", "DELETE FROM board_{}"])
def test_requests_for_review_and_recusals_stay_as_they_were_made(
    cast: Cast, table: str, verb: str
) -> None:
    refused = pytest.raises(DatabaseError, match="are of record")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


# The end of the window


def test_a_project_is_registered_when_its_window_closes_and_not_a_moment_before(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.published(cast)
    with nothing_written():
        assert actions.close_windows(at=CLOSES - TICK) == 0
    assert actions.close_windows(at=CLOSES + timedelta(hours=5)) == 1
    request = fresh(request)
    project = request.project
    assert (request.state, request.decided_at) == (State.APPROVED, CLOSES)
    assert (project.stage, project.number) == (Stage.MONITORING, "95001")
    assert project.registered_at == story.REQUESTED  # the complete submission's date
    assert project.crediting_first_date is not None
    with nothing_written():
        assert actions.close_windows(at=CLOSES + timedelta(days=1)) == 0


def test_numbers_are_given_without_gap(cast: Cast) -> None:
    first, second = story.published(cast), story.published(cast)
    assert actions.close_windows(at=CLOSES) == 2
    numbers = [fresh(request.project).number for request in (first, second)]
    assert numbers == ["95001", "95002"]


def test_two_requests_for_review_do_not_stop_the_registration(cast: Cast) -> None:
    request = story.published(cast)
    asks(request, cast.board[0])
    asks(request, cast.board[1])
    assert actions.close_windows(at=CLOSES) == 1
    assert fresh(request).state == State.APPROVED


def test_a_review_stops_it(cast: Cast, nothing_written: Nothing) -> None:
    request = story.published(cast)
    asks(request, cast.dna)
    with nothing_written():
        assert actions.close_windows(at=CLOSES) == 0
    assert fresh(request.project).stage == Stage.REGISTRATION


def test_a_request_ends_with_its_case_and_holds_up_no_other(cast: Cast) -> None:
    gone, stays = story.published(cast), story.published(cast)
    story.withdrawn(cast, gone.project, on(2013, 11, 5))
    assert fresh(gone).state == State.WITHDRAWN
    assert actions.close_windows(at=CLOSES) == 1
    assert fresh(stays.project).number == "95001"
    with pytest.raises(NotNow):
        asks(gone, cast.board[0])


def test_a_corrected_number_of_days_is_a_row_of_the_parameters(cast: Cast) -> None:
    from cdm_portal import parameters

    request = story.published(cast)
    days = parameters.number("registration_review_days", story.PUBLISHED.date())
    assert (request.window_closes_at - request.published_at).days == days
