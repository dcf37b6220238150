"""Stage 7: the request, the Board's instruction, the release, and issuance exactly once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from cdm_portal.journal import queries as journal
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from projects.board import actions, tasks
from projects.board.errors import AlreadyInstructed, AlreadyRequested, ChairRules, Recused
from projects.board.models import Invoice, Request
from projects.board.procedure import State
from projects.lifecycle import NotNow, Stage
from projects.models import MonitoringPeriod
from registry import actions as registry
from registry import queries as books
from registry.errors import SamePerson
from registry.models import InstructionLine, Issuance, Party
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance")]
Nothing = Callable[[], contextlib.AbstractContextManager[None]]
INSTRUCTED, RELEASED = on(2015, 12, 2), on(2015, 12, 3)


def released(cast: Cast) -> Request:
    """The share is paid; a second person has released the instruction."""
    request = story.paid(cast, story.instructed(cast), INSTRUCTED)
    for line in InstructionLine.objects.all():
        registry.release_instruction(actor=cast.registry, at=RELEASED, line_id=line.pk)
    return request


def test_a_request_for_issuance_costs_nothing_and_is_checked_alike(cast: Cast) -> None:
    request = story.issuance_requested(cast)
    assert (request.reference, request.state) == ("ISS-2015-0001", State.COMPLETENESS)
    assert (request.fee_usd, Invoice.objects.filter(request=request).exists()) == (None, False)
    assert request.checks.count() == 9
    request = story.passed(cast, request, on(2015, 9, 20))
    assert request.window_closes_at == datetime(2015, 10, 19, tzinfo=UTC)
    actions.close_windows(at=request.window_closes_at)
    period = fresh(request.period)
    assert (fresh(request).state, period.decision, period.stage) == (
        State.APPROVED, "issue", Stage.ISSUANCE,
    )


def test_another_doe_cannot_request_issuance_nor_twice(
    cast: Cast, nothing_written: Nothing
) -> None:
    period = story.certified(cast)
    ask = {"at": on(2015, 9, 2), "period_id": period.pk}
    for stranger in (cast.doe, cast.participant, cast.board[0]):
        with nothing_written(), pytest.raises(NotFound):
            actions.request_issuance(actor=stranger, **ask)
    actions.request_issuance(actor=cast.other_doe, **ask)
    with nothing_written(), pytest.raises(AlreadyRequested):
        actions.request_issuance(actor=cast.other_doe, **ask)


def test_a_review_of_an_issuance_is_about_the_doe_alone(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.passed(cast, story.issuance_requested(cast), on(2015, 9, 20))
    with nothing_written(), pytest.raises(Invalid):
        actions.request_review(
            actor=cast.dna, at=on(2015, 9, 25), request_id=request.pk, grounds=["baseline"],
            reasons="No.",
        )
    story.at_the_vote(cast, request)
    story.voted(cast, request, reject=8)
    actions.rule(
        actor=cast.board[0], at=on(2015, 12, 3), request_id=request.pk, reasons="Incompetence."
    )
    assert fresh(request.period).stage == Stage.REJECTED


def test_the_board_instructs_per_commitment_period_with_two_per_cent(cast: Cast) -> None:
    request = story.instructed(cast)
    instruction = request.instructions.get()
    assert (instruction.commitment_period, instruction.quantity) == (2, 14_023)
    assert instruction.share_of_proceeds == 280  # 2 % of 14,023 is 280.46
    line = instruction.line
    assert (line.project_number, line.party_id, line.reference) == ("95001", "KE", "ISS-2015-0001")
    assert (line.initiator, line.released_at) == (cast.board[0].person_id, None)


def test_a_least_developed_host_gives_no_share(cast: Cast) -> None:
    request = story.issuance_granted(cast)
    Party.objects.filter(code="KE").update(ldc=True)
    [instruction] = actions.instruct_issuance(
        actor=cast.board[0], at=INSTRUCTED, request_id=request.pk
    )
    assert instruction.share_of_proceeds == 0


def test_only_who_presides_instructs_once_and_after_the_window(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.passed(cast, story.issuance_requested(cast), on(2015, 9, 20))
    step = {"at": INSTRUCTED, "request_id": request.pk}
    with nothing_written(), pytest.raises(NotNow):
        actions.instruct_issuance(actor=cast.board[0], **step)
    actions.recuse(actor=cast.board[1], reason="Mine.", **step)
    actions.close_windows(at=on(2015, 12, 1))
    for actor in (cast.secretariat, cast.other_doe, cast.participant):
        with nothing_written(), pytest.raises(Forbidden):
            actions.instruct_issuance(actor=actor, **step)
    with nothing_written(), pytest.raises(Recused):
        actions.instruct_issuance(actor=cast.board[1], **step)
    with nothing_written(), pytest.raises(ChairRules):
        actions.instruct_issuance(actor=cast.board[2], **step)
    actions.instruct_issuance(actor=cast.board[0], **step)
    with nothing_written(), pytest.raises(AlreadyInstructed):
        actions.instruct_issuance(actor=cast.board[0], **step)


def test_nothing_is_issued_before_a_second_person_released_it(
    cast: Cast, nothing_written: Nothing
) -> None:
    from cdm_portal.identity import actions as identity
    from cdm_portal.identity import queries as people
    from cdm_portal.values import SYSTEM, Role

    story.paid(cast, story.instructed(cast), INSTRUCTED)
    with nothing_written():
        assert actions.issue_instructed(at=RELEASED) == 0
    again = people.actor(identity.grant_role(
        actor=SYSTEM, at=INSTRUCTED, person_id=cast.board[0].person_id or 0, role=Role.REGISTRY,
        organisation_id=cast.registry.organisation_id or 0, valid_from=INSTRUCTED.date(),
    ))
    line = InstructionLine.objects.get()
    with nothing_written(), pytest.raises(SamePerson):
        registry.release_instruction(actor=again, at=RELEASED, line_id=line.pk)


def test_a_released_instruction_is_issued_once_and_the_facts_follow(cast: Cast) -> None:
    request = released(cast)
    assert actions.issue_instructed(at=RELEASED) == 1
    assert actions.issue_instructed(at=RELEASED) == 0
    period = fresh(request.period)
    assert (period.stage, period.issued_tonnes, period.issued_at) == (
        Stage.OFFSETTING, 14_023, RELEASED,
    )
    [made] = Issuance.objects.all()
    assert str(made.serial) == "KE-5-1-14023-2-2-0-95001"
    assert request.instructions.get().issuance_id == made.pk
    assert books.balance(books.adaptation_account().pk) == 280
    assert books.balance(books.pending_account().pk) == 13_743
    assert journal.of(request).filter(verb="board.record_issuance").count() == 1


def test_a_run_that_dies_before_its_record_issues_nothing_and_the_next_issues_once(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = released(cast)
    statements: list[str] = []

    def power_cut(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        if sql.startswith('UPDATE "projects_monitoringperiod"'):
            raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with nothing_written(), pytest.raises(KeyboardInterrupt), connection.execute_wrapper(power_cut):
        actions.issue_instructed(at=RELEASED)
    assert any("registry_issue" in sql for sql in statements), "the units were booked before"
    assert Issuance.objects.count() == 0
    assert actions.issue_instructed(at=RELEASED) == 1
    assert (Issuance.objects.count(), fresh(request.period).issued_tonnes) == (1, 14_023)


def test_units_booked_without_the_boards_record_are_recorded_not_issued_again(cast: Cast) -> None:
    request = released(cast)
    line = InstructionLine.objects.get()
    first = registry.issue(at=RELEASED, line_id=line.pk)
    assert fresh(request.period).issued_tonnes is None
    assert actions.issue_instructed(at=RELEASED) == 1
    assert request.instructions.get().issuance_id == first.pk
    assert (Issuance.objects.count(), fresh(request.period).issued_tonnes) == (1, 14_023)


def test_historic_reductions_after_2020_are_not_issued(
    cast: Cast, nothing_written: Nothing
) -> None:
    from datetime import date

    from projects.board.errors import NothingToIssue

    request = story.issuance_granted(cast)
    MonitoringPeriod.objects.filter(pk=request.period_id).update(last_date=date(2021, 1, 1))
    with nothing_written(), pytest.raises(NothingToIssue, match="31 December 2020"):
        actions.instruct_issuance(actor=cast.board[0], at=INSTRUCTED, request_id=request.pk)


def test_the_tasks_have_the_names_that_the_roof_wakes() -> None:
    assert tasks.issue_instructed.name == "projects.board.tasks.issue_instructed"
    assert tasks.close_windows.name == "projects.board.tasks.close_windows"
