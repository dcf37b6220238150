"""Many at once, on real connections: windows, requests for review, votes, assessments, issuing.

Beside the product's own counting stands the naive one, which reads and then writes: as many at once
make it count too many (the negative control).
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from cdm_portal.journal import queries as journal
from cdm_portal.models import RuleChange
from cdm_portal.refusals import Refused
from cdm_portal.rulebook import actions as rulebook
from projects.board import actions, queries
from projects.board.errors import AlreadyAsked, AlreadyAssessed, AlreadyVoted, SeatSpoken
from projects.board.models import Payment, Request
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
            barrier.wait(60)
            answers[place] = call()
        except Refused as refusal:
            answers[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
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


def test_a_payment_recorded_for_two_requests_at_once_counts_for_one_and_is_confirmed_once(
    cast: Cast,
) -> None:
    story.host_with(10)
    due = [story.requested(cast, mwh=story.LARGE) for _ in range(2)]
    at = on(2013, 10, 5)

    def records(request: Request) -> Callable[[], object]:
        return lambda: actions.record_payment(
            actor=cast.secretariat, at=at, request_id=request.pk, amount=Decimal("5700.60"),
            currency="USD", payment_reference="BANK-1", received_on=at.date(),
        )

    answers = together(*[records(request) for request in due * 2])
    assert sorted(type(answer).__name__ for answer in answers if isinstance(answer, Payment)) == [
        "Payment"
    ]
    assert {type(a).__name__ for a in answers} <= {"Payment", "ReferenceUsed", "AlreadyRecorded"}
    payment = Payment.objects.get()
    answers = together(*[lambda: actions.confirm_payment(
        actor=cast.second_secretariat, at=at, request_id=payment.invoice.request_id,
        payment_id=payment.pk,
    )] * 4)
    assert sorted(type(answer).__name__ for answer in answers) == ["NotAwaited"] * 3 + ["Payment"]
    assert fresh(payment.invoice).received_usd == Decimal("5700.60")


def test_a_change_of_a_rule_proposed_by_many_at_once_waits_once(cast: Cast) -> None:
    at = on(2013, 10, 5)
    answers = together(*[lambda: rulebook.propose_change(
        actor=cast.secretariat, at=at, name="reply_days", value="21", valid_from=at.date(),
        source="A decision", verified=False,
    )] * 6)
    names = sorted(type(answer).__name__ for answer in answers)
    assert names == ["AlreadyProposed"] * 5 + ["RuleChange"]
    change = RuleChange.objects.get()
    answers = together(*[
        lambda member=member: rulebook.approve_change(actor=member, at=at, change_id=change.pk)
        for member in cast.board[:4]
    ])
    names = sorted(type(answer).__name__ for answer in answers)
    assert names == ["AlreadyDecided"] * 3 + ["RuleChange"]


def test_eight_runs_at_once_issue_once(cast: Cast) -> None:
    request = story.issuance_granted(cast)
    actions.instruct_issuance(actor=cast.board[0], at=on(2015, 12, 2), request_id=request.pk)
    story.paid(cast, request, on(2015, 12, 2))
    line = InstructionLine.objects.get()
    registry.release_instruction(actor=cast.registry, at=on(2015, 12, 3), line_id=line.pk)
    counts = together(*[lambda: actions.issue_instructed(at=on(2015, 12, 3))] * 8)
    assert sorted(map(str, counts)) == ["0"] * 7 + ["1"]
    assert Issuance.objects.count() == 1
    assert fresh(request.period).issued_tonnes == 14_023


CROWD = 64


def test_64_requests_for_review_at_once_start_one_review_at_the_third_seat(cast: Cast) -> None:
    """Ten seats, by member and alternate, again and again: three rows, one of which starts it."""
    request = story.published(cast)
    people = cast.board + cast.alternates
    calls = [people[number % len(people)] for number in range(CROWD)]
    answers = together(*[lambda actor=actor: asks(request, actor) for actor in calls])
    refused = Counter(type(answer) for answer in answers if answer is not None)
    assert answers.count(None) == 3
    assert refused.keys() <= {NotNow, AlreadyAsked, SeatSpoken}
    seats = list(request.review_requests.values_list("seat_number", flat=True))
    assert len(set(seats)) == len(seats) == queries.members_asking(request) == 3
    assert fresh(request).state == State.REVIEW_REQUESTED
    entries = journal.of(request).filter(verb="board.request_review")
    assert sorted(entry.facts["starts"] for entry in entries) == [False, False, True]


def test_the_naive_count_of_requests_starts_too_many_reviews(cast: Cast) -> None:
    """The negative control: everybody reads the count before anybody has written."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_request (seat int); CREATE TABLE naive_start (seat int)")
    read = threading.Barrier(CROWD)

    def ask(seat: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), count(*) FILTER (WHERE seat = %s) FROM naive_request",
                           [seat])  # fmt: skip
            asked, mine = cursor.fetchone()
            read.wait(60)
            if asked < 3 and not mine:
                cursor.execute("INSERT INTO naive_request VALUES (%s)", [seat])
            cursor.execute("SELECT count(*) FROM naive_request")
            read.wait(60)
            if asked < 3 <= cursor.fetchone()[0]:
                cursor.execute("INSERT INTO naive_start VALUES (%s)", [seat])

    together(*[lambda seat=number % 10: ask(seat) for number in range(CROWD)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT seat) FROM naive_request")
        assert cursor.fetchone() == (CROWD, 10)
        cursor.execute("SELECT count(*) FROM naive_start")
        assert cursor.fetchone()[0] > 1


def test_64_votes_at_once_are_one_for_each_seat(cast: Cast) -> None:
    request = story.at_the_vote(cast)
    at = on(2013, 12, 2)
    for seat in (1, 2, 3):
        actions.record_absence(
            actor=cast.secretariat, at=at, request_id=request.pk, seat_number=seat
        )
    people = cast.board + cast.alternates
    calls = [people[number % len(people)] for number in range(CROWD)]

    def vote(number: int) -> object:
        ruling = ("register", "reject")[number % 2]
        return actions.vote(
            actor=calls[number], at=at, request_id=request.pk, ruling=ruling
        ).seat_number

    answers = together(*[lambda number=number: vote(number) for number in range(CROWD)])
    counted = [answer for answer in answers if isinstance(answer, int)]
    refused = {type(answer) for answer in answers if not isinstance(answer, int)}
    assert sorted(counted) == list(range(1, 11))
    assert refused == {AlreadyVoted, SeatSpoken}
    alternates = {actor.person_id for actor in cast.alternates[:3]}
    members = {actor.person_id for actor in cast.board[3:]}
    assert set(request.votes.values_list("person_id", flat=True)) == alternates | members
    assert sum(queries.votes_by_ruling(request).values()) == 10


def test_both_sides_assess_many_times_at_once_and_propose_once(cast: Cast) -> None:
    request = story.under_review(cast)

    def assess(number: int) -> object:
        return actions.assess(
            actor=(cast.secretariat, cast.rit)[number % 2], at=on(2013, 11, 11),
            request_id=request.pk, recommendation="register", reasons="It holds.",
        ).side

    answers = together(*[lambda number=number: assess(number) for number in range(16)])
    assert sorted(str(a) for a in answers if isinstance(a, str)) == ["rit", "secretariat"]
    refused = {type(answer) for answer in answers if not isinstance(answer, str)}
    assert refused <= {AlreadyAssessed, NotNow}
    assert fresh(request).state == State.PROPOSED
    assert journal.of(request).filter(verb="board.propose").count() == 1


def test_an_objection_and_the_clock_leave_one_outcome(cast: Cast) -> None:
    request = story.proposed(cast)
    closes = fresh(request).objection_closes_at
    assert closes is not None

    def object_to() -> object:
        return actions.object_to(
            actor=cast.board[3], at=on(2013, 12, 1, 23), request_id=request.pk, reasons="No."
        )

    adopt = [lambda: actions.adopt_unopposed(at=closes)] * 4
    together(object_to, *adopt)
    request = fresh(request)
    outcome = (request.state, hasattr(request, "objection"), hasattr(request, "ruling"))
    assert outcome in {(State.ASSESSED, True, False), (State.APPROVED, False, True)}
    assert fresh(request.project).number == ("95001" if request.state == State.APPROVED else None)
