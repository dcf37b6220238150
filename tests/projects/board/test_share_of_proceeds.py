"""The share of proceeds for administration: what an issuance owes, and in parts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from cdm_portal.rulebook import actions as rulebook
from cdm_portal.values import SYSTEM
from projects.board import actions, collection, queries
from projects.board.errors import (
    WrongAmount,
)
from projects.board.models import Instruction, Invoice, Request
from projects.models import MonitoringPeriod
from registry import actions as registry
from registry.models import Issuance, Party
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.payments import (
    AFTER,
    FEE,
    SHARE,
    confirms,
    paying,
    release,
    sql,
)
from tests.projects.board.story import fresh

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]


# The share of proceeds for administration


def test_an_instructed_issuance_owes_its_share_and_is_not_issued_before_it_is_received(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.instructed(cast)
    invoice = request.invoice
    assert (invoice.state, invoice.amount_usd, invoice.number) == (
        "due", SHARE, "INV-ISS-2015-0001",
    )
    assert (invoice.quantity, invoice.earlier_quantity, invoice.year) == (14_023, 0, 2015)
    release(cast)
    with nothing_written():
        assert actions.issue_instructed(at=AFTER) == 0
    paying(cast, request, AFTER, amount=SHARE)
    with nothing_written():
        assert actions.issue_instructed(at=AFTER) == 0
    confirms(cast.second_secretariat, request, AFTER)
    assert actions.issue_instructed(at=AFTER) == 1
    assert fresh(request.period).issued_tonnes == 14_023


def test_the_database_records_no_issuance_that_is_not_paid_for(cast: Cast) -> None:
    request = story.instructed(cast)
    release(cast)
    line = request.instructions.get()
    made = registry.issue(at=AFTER, line_id=line.line_id)
    record = f"UPDATE board_instruction SET issuance_id = {made.pk}"
    with pytest.raises(DatabaseError, match="was not received"), transaction.atomic():
        sql(record)
    story.paid(cast, request, AFTER)
    sql(record)


def test_a_least_developed_host_owes_nothing_and_is_issued_at_once(cast: Cast) -> None:
    Party.objects.filter(code="KE").update(ldc=True)
    request = story.instructed(cast)
    assert (request.invoice.state, request.invoice.rule) == ("waived", "ldc")
    release(cast)
    assert actions.issue_instructed(at=AFTER) == 1


def another_period(request: Request, *, year: int, quantity: int) -> Request:
    """A second request of the same project that is instructed: rows for the sums alone."""
    first = request.period
    assert first is not None
    number = MonitoringPeriod.objects.count() + 1
    day = first.last_date + timedelta(days=number)
    period = MonitoringPeriod.objects.create(
        project=request.project, number=number, first_date=day, last_date=day, opened_at=AFTER
    )
    made = Request.objects.create(
        kind="issuance", project=request.project, period=period,
        reference=f"ISS-{year}-{quantity}", submitted_by=request.submitted_by,
        submitted_at=on(year, 9, 2),
    )
    line = registry.instruct(
        actor=SYSTEM, at=AFTER, project_number="95001", party_code="KE",
        commitment_period=2, quantity=quantity, share_of_proceeds=0, reference=made.reference,
    )
    Instruction.objects.create(
        request=made, commitment_period=2, quantity=quantity, share_of_proceeds=0, line=line,
        instructed_by_id=request.instructions.get().instructed_by_id, at=AFTER,
    )
    return made


def test_the_share_counts_all_that_was_requested_in_the_calendar_year(cast: Cast) -> None:
    from projects.board.actions import invoicing

    first = story.instructed(cast)
    second = another_period(first, year=2015, quantity=10_000)
    another_period(first, year=2015, quantity=100)
    later = another_period(first, year=2016, quantity=10_000)
    assert queries.requested_in_year(second) == 14_023 + 100
    made = invoicing.for_issuance(request=second, at=AFTER, quantity=10_000)
    # 14,123 were requested besides: 877 more at 0.10, then 9,123 at 0.20
    assert (made.earlier_quantity, made.amount_usd) == (14_123, Decimal("1912.30"))
    made = invoicing.for_issuance(request=later, at=AFTER, quantity=10_000)
    assert (made.earlier_quantity, made.amount_usd) == (0, Decimal("1000.00"))


def test_the_fee_paid_is_deducted_in_the_first_year_and_then_no_more(cast: Cast) -> None:
    from projects.board.actions import invoicing

    first = story.instructed(cast)
    paid_fee(first, Decimal("2000.00"))
    same_year = another_period(first, year=2015, quantity=15_000)
    made = invoicing.for_issuance(request=same_year, at=AFTER, quantity=15_000)
    # 14,023 before: 977 at 0.10, 14,023 at 0.20
    assert (made.before_cap_usd, made.advance_usd, made.amount_usd) == (
        Decimal("2902.30"), Decimal("2000.00"), Decimal("902.30"),
    )
    assert queries.fee_deducted(first.project) == Decimal("2000.00")
    again = another_period(first, year=2015, quantity=100)
    made = invoicing.for_issuance(request=again, at=AFTER, quantity=100)
    assert (made.advance_usd, made.amount_usd) == (Decimal("0.00"), Decimal("20.00"))
    next_year = another_period(first, year=2016, quantity=100)
    assert not queries.is_first_year_of_issuance(next_year)
    made = invoicing.for_issuance(request=next_year, at=AFTER, quantity=100)
    assert (made.advance_usd, made.amount_usd) == (Decimal("0.00"), Decimal("10.00"))


def paid_fee(request: Request, amount: Decimal, state: str = "paid") -> None:
    """As if the project's fee had come to so much: the walls of the database are taken down."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("ALTER TABLE board_invoice DISABLE TRIGGER money_law")
    received = amount if state == "paid" else 0
    reference, at = ("'FEE-1'", "now()") if state == "paid" else ("''", "NULL")
    sql(
        f"UPDATE board_invoice SET amount_usd = {amount}, before_cap_usd = {amount},"
        f" received_usd = {received}, state = '{state}', payment_reference = {reference},"
        f" paid_at = {at} WHERE request_id IN (SELECT id FROM board_request"
        f" WHERE project_id = {request.project_id} AND kind = 'registration')"
    )
    sql("ALTER TABLE board_invoice ENABLE TRIGGER money_law")
    sql("SET CONSTRAINTS ALL DEFERRED")


def test_a_deferred_fee_falls_due_with_the_first_issuance_and_holds_up_the_next(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.instructed(cast)
    paid_fee(request, FEE, "deferred")
    story.paid(cast, request, AFTER)
    release(cast)
    assert actions.issue_instructed(at=AFTER) == 1
    registration = Request.objects.get(kind="registration")
    assert registration.invoice.state == "due"
    another_period(request, year=2016, quantity=10)
    release(cast)
    with nothing_written():
        assert actions.issue_instructed(at=AFTER) == 0
    with pytest.raises(DatabaseError, match="fee is owed"), transaction.atomic():
        sql("UPDATE board_instruction SET issuance_id = 1 WHERE issuance_id IS NULL")
    story.paid(cast, registration, AFTER)
    assert Invoice.objects.get(request=registration).state == "paid"
    assert queries.instructions_released() != []


# In parts


def in_three_parts(cast: Cast) -> None:
    """Two persons allow instalments."""
    for name, value in (("sop_instalments", "3"), ("sop_instalment_min", "100")):
        change = rulebook.propose_change(
            actor=cast.secretariat, at=story.INSTRUCTED, name=name, value=value, verified=False,
            valid_from=story.INSTRUCTED.date(), source="EB 106",
        )
        rulebook.approve_change(actor=cast.board[0], at=story.INSTRUCTED, change_id=change.pk)


def test_with_instalments_a_part_is_issued_when_its_part_is_received(
    cast: Cast, nothing_written: Nothing
) -> None:
    in_three_parts(cast)
    request = story.instructed(cast)
    lines = request.instructions.all()
    assert [line.quantity for line in lines] == [4_674, 4_674, 4_675]
    assert sum(line.share_of_proceeds for line in lines) == 280
    release(cast)
    step = {"at": AFTER, "request_id": request.pk}
    with nothing_written(), pytest.raises(WrongAmount, match=r"between US.100.00 and US.1.402.30"):
        paying(cast, request, AFTER, amount=Decimal("99.99"))
    paying(cast, request, AFTER, amount=Decimal("467.39"))
    confirms(cast.second_secretariat, request, step["at"])
    assert Invoice.objects.get(request=request).state == "part_paid"
    with nothing_written():  # a cent is missing for the first 4,674
        assert actions.issue_instructed(at=AFTER) == 0
    paying(cast, request, AFTER, amount=Decimal("500.00"), payment_reference="BANK-2")
    confirms(cast.second_secretariat, request, step["at"])
    assert actions.issue_instructed(at=AFTER) == 2
    assert (Issuance.objects.count(), fresh(request.period).issued_tonnes) == (2, None)
    paying(cast, request, AFTER, amount=Decimal("434.91"), payment_reference="BANK-3")
    confirms(cast.second_secretariat, request, step["at"])
    assert Invoice.objects.get(request=request).state == "paid"
    assert actions.issue_instructed(at=AFTER) == 1
    assert fresh(request.period).issued_tonnes == 14_023


def test_parts_are_whole_units_that_add_up_and_all_is_one_part_as_shipped() -> None:
    assert collection.divided(14_023, 1) == [14_023]
    assert collection.divided(2, 3) == [1, 1]
    for quantity in range(1, 40):
        for into in range(1, 6):
            parts = collection.divided(quantity, into)
            assert (sum(parts), min(parts) >= 1) == (quantity, True)
    assert collection.parts(Decimal("10000.00"), date(2026, 1, 1)) == 1
