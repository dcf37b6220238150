"""Money owed: invoices, payments seen by two persons, and nothing issued before it is received."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal.journal import queries as journal
from cdm_portal.refusals import Forbidden, Invalid, NotFound, Refused
from cdm_portal.rulebook import actions as rulebook
from cdm_portal.values import SYSTEM, Actor
from projects.board import actions, bills, collection, queries
from projects.board.errors import (
    AlreadyRecorded,
    NotAwaited,
    ReferenceUsed,
    SamePerson,
    WrongAmount,
    WrongCurrency,
)
from projects.board.models import Instruction, Invoice, Payment, Request
from projects.board.procedure import State
from projects.models import MonitoringPeriod
from registry import actions as registry
from registry.models import InstructionLine, Issuance, Party
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import LARGE, fresh

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]
LATER = on(2013, 10, 5)
FEE = Decimal("5700.60")
SHARE = Decimal("1402.30")  # 0.10 USD for each of 14,023 CERs
AFTER = on(2015, 12, 4)


def fee_due(cast: Cast) -> Request:
    """A large project in a host with ten registered ones: the fee comes first."""
    story.host_with(10)
    return story.requested(cast, mwh=LARGE)


def paying(cast: Cast, request: Request, at: Any = LATER, **changes: Any) -> Payment:
    """One person records a payment of the whole fee, but for the changes."""
    given = {
        "actor": cast.secretariat, "at": at, "request_id": request.pk, "amount": FEE,
        "currency": "USD", "payment_reference": "BANK-1", "received_on": at.date(),
    }
    return actions.record_payment(**(given | changes))


def confirms(actor: Actor, request: Request, at: Any = LATER) -> Payment:
    """Somebody confirms the payment that was recorded last."""
    last = Payment.objects.filter(invoice__request=request).last()
    return actions.confirm_payment(
        actor=actor, at=at, request_id=request.pk, payment_id=last.pk if last else 0
    )


def release(cast: Cast) -> None:
    """A second person releases every line."""
    for line in InstructionLine.objects.filter(releaser=None):
        registry.release_instruction(actor=cast.registry, at=AFTER, line_id=line.pk)


# Two persons


def test_a_payment_counts_once_another_person_has_confirmed_it(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = fee_due(cast)
    payment = paying(cast, request)
    assert (payment.state, payment.recorded_by_id) == ("recorded", cast.secretariat.person_id)
    assert (fresh(request).state, request.invoice.state) == (State.FEE_DUE, "due")
    with nothing_written(), pytest.raises(SamePerson):
        confirms(cast.secretariat, request)
    with nothing_written(), pytest.raises(AlreadyRecorded):
        paying(cast, request, actor=cast.second_secretariat, payment_reference="BANK-2")
    confirms(cast.second_secretariat, request)
    request, invoice = fresh(request), Invoice.objects.get(request=request)
    assert (request.state, request.complete_at) == (State.COMPLETENESS, LATER)
    assert (invoice.state, invoice.received_usd, invoice.payment_reference) == (
        "paid", FEE, "BANK-1",
    )
    verbs = journal.of(request).filter(verb__contains="payment").values_list("verb", flat=True)
    assert sorted(verbs) == ["board.confirm_payment", "board.record_payment"]
    with nothing_written(), pytest.raises(NotAwaited):
        confirms(cast.secretariat, request)


def test_what_does_not_fit_is_refused_with_the_reason_beside_its_field(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = fee_due(cast)
    said: dict[str, tuple[type[Invalid], dict[str, Any], str]] = {
        "too little": (WrongAmount, {"amount": FEE - Decimal("0.01")}, "amount"),
        "too much": (WrongAmount, {"amount": FEE + Decimal("0.01")}, "amount"),
        "nothing": (WrongAmount, {"amount": Decimal(0)}, "amount"),
        "less than nothing": (WrongAmount, {"amount": -FEE}, "amount"),
        "euros": (WrongCurrency, {"currency": "EUR"}, "currency"),
        "no reference": (Invalid, {"payment_reference": "  "}, "payment_reference"),
        "tomorrow": (Invalid, {"received_on": LATER.date() + timedelta(days=1)}, "received_on"),
    }
    for refusal, changes, field in said.values():
        with nothing_written(), pytest.raises(refusal) as refused:
            paying(cast, request, **changes)
        assert list(refused.value.errors) == [field]
    with nothing_written(), pytest.raises(WrongAmount, match=r"US.5.700.60 is owed, to the cent"):
        paying(cast, request, amount=Decimal("0.01"))


def test_only_the_secretariat_has_to_do_with_payments(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = fee_due(cast)
    paying(cast, request)
    step = {"at": LATER, "request_id": request.pk}
    for actor, refusal in (
        (cast.participant, Forbidden), (cast.doe, Forbidden), (cast.board[0], Forbidden),
        (cast.auditor, Forbidden), (cast.rival_participant, NotFound), (cast.buyer, NotFound),
    ):
        with nothing_written(), pytest.raises(refusal):
            paying(cast, request, actor=actor)
        with nothing_written(), pytest.raises(refusal):
            confirms(actor, request)
        with nothing_written(), pytest.raises(refusal):
            actions.set_payment_aside(actor=actor, reason="No.", **step)


def test_a_payment_counts_for_one_request_only(cast: Cast, nothing_written: Nothing) -> None:
    first = story.paid(cast, fee_due(cast), LATER)
    reference = Payment.objects.get(invoice__request=first).reference
    second = story.requested(cast, mwh=LARGE)
    for spelling in (reference, reference.lower(), f"  {reference} "):
        with nothing_written(), pytest.raises(ReferenceUsed) as refused:
            paying(cast, second, payment_reference=spelling)
        assert list(refused.value.errors) == ["payment_reference"]


def test_what_was_set_aside_may_be_recorded_anew_and_by_the_same_reference(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = fee_due(cast)
    paying(cast, request)
    step = {"at": LATER, "request_id": request.pk}
    with nothing_written(), pytest.raises(Invalid):
        actions.set_payment_aside(actor=cast.second_secretariat, reason=" ", **step)
    actions.set_payment_aside(actor=cast.secretariat, reason="Another project's.", **step)
    assert (fresh(request).state, Payment.objects.get().state) == (State.FEE_DUE, "refused")
    with nothing_written(), pytest.raises(NotAwaited):
        confirms(cast.second_secretariat, request, step["at"])
    set_aside = Payment.objects.get()
    paying(cast, request, actor=cast.second_secretariat)
    with nothing_written(), pytest.raises(NotAwaited, match="look at it first"):
        actions.confirm_payment(actor=cast.secretariat, payment_id=set_aside.pk, **step)
    confirms(cast.secretariat, request, step["at"])
    assert fresh(request).state == State.COMPLETENESS


def test_no_money_is_taken_that_is_not_awaited(cast: Cast, nothing_written: Nothing) -> None:
    waived = story.requested(cast)
    with nothing_written(), pytest.raises(NotAwaited):
        paying(cast, waived, amount=Decimal(0))
    withdrawn = fee_due(cast)
    actions.withdraw_request(
        actor=cast.doe, at=LATER, request_id=withdrawn.pk, reason="A page was missing."
    )
    with nothing_written(), pytest.raises(NotAwaited):
        paying(cast, withdrawn)


def test_the_database_knows_two_persons_and_no_money_that_nobody_confirmed(cast: Cast) -> None:
    request = fee_due(cast)
    payment = paying(cast, request)
    own = f"decided_by_id = {cast.secretariat.person_id}, decided_at = now(), decided_name = 'x'"
    for statement, wall in (
        (f"UPDATE board_payment SET state = 'confirmed', {own}", "payment_has_two_persons"),
        ("UPDATE board_payment SET state = 'confirmed'", "decided_payment_names_who"),
        ("UPDATE board_payment SET amount_usd = 1", "stays as it was recorded"),
        ("DELETE FROM board_payment", "stays as it was recorded"),
        ("UPDATE board_invoice SET state = 'part_paid', received_usd = 5", "confirmed count"),
        ("UPDATE board_invoice SET amount_usd = 0.01", "stays as it was made"),
        ("UPDATE board_invoice SET state = 'waived'", "no way from due to waived"),
    ):
        with pytest.raises(DatabaseError, match=wall), transaction.atomic():
            sql(statement)
    confirms(cast.second_secretariat, request)
    for statement in ("UPDATE board_payment SET reason = 'x'", "DELETE FROM board_payment"):
        with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
            sql(statement)
    assert fresh(payment).state == "confirmed"


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


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


# The paper


def test_the_invoice_is_a_paper_of_which_only_those_concerned_know(cast: Cast) -> None:
    request = story.instructed(cast)
    found = queries.invoice_of(request, cast.participant)
    assert found is not None
    assert dict(map(tuple, bills.rows(found))) == {
        "CERs to be issued": "14\u202f023", "Requested earlier in 2015": "0 CERs",
        "Share of proceeds": "US$1\u202f402.30", "Less registration fee paid": "US$0.00",
        "Amount due": "US$1\u202f402.30 (USD)",
    }
    paper = bills.paper(found)
    assert paper.startswith(b"%PDF-1.7")
    story.paid(cast, request, AFTER)
    again = queries.invoice_of(request, cast.secretariat)
    assert again is not None and again.state == "paid"
    assert bills.paper(again) == paper
    assert queries.invoice_of(request, cast.dna) is None
    assert list(queries.invoices(cast.participant)) == [again]
    for stranger in (cast.dna, cast.rival_participant, cast.buyer, cast.registry):
        assert list(queries.invoices(stranger)) == []


def test_every_refusal_of_money_has_a_code_of_its_own() -> None:
    refusals: list[type[Refused]] = [
        AlreadyRecorded, NotAwaited, ReferenceUsed, SamePerson, WrongAmount, WrongCurrency,
    ]
    assert len({refusal.code for refusal in refusals}) == len(refusals)


# The pages


def test_two_persons_take_a_payment_on_the_page_and_the_participant_reads_the_invoice(
    cast: Cast, sign_in: Callable[[Client, Actor], Client]
) -> None:
    request = fee_due(cast)
    page = reverse("board:request", args=[request.reference])
    first, second = sign_in(Client(), cast.secretariat), sign_in(Client(), cast.second_secretariat)
    payer = sign_in(Client(), cast.participant)
    assert "is due: quote INV-REG-2013-0001" in payer.get(reverse("desk")).content.decode()
    assert "US$5\u202f700.60" in payer.get(reverse("board:money")).content.decode()
    paper = payer.get(reverse("board:invoice", args=[request.reference]))
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-1.7")
    record, confirm, aside = (
        reverse("board:act", args=[request.reference, slug])
        for slug in ("payment", "confirm", "aside")
    )
    typed = {
        "payment-amount": "5700.6", "payment-currency": "eur",
        "payment-payment_reference": "BANK-9", "payment-received_on": "2013-10-05",
    }
    refused = first.post(record, typed)
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "The invoice is in USD" in shown and 'value="BANK-9"' in shown
    assert first.post(record, typed | {"payment-currency": "usd"}).status_code == 302
    assert confirm not in first.get(page).content.decode()
    seen = {"confirm-payment_id": str(Payment.objects.get().pk), "confirm-seen": "on"}
    assert first.post(confirm, seen).status_code == 403
    assert payer.post(confirm, seen).status_code == 404
    shown = second.get(page).content.decode()
    assert confirm in shown and aside in shown and record not in shown
    assert "Confirm the payment" in second.get(reverse("desk")).content.decode()
    assert "I found US$5\u202f700.60, reference BANK-9, of 5 October 2013" in shown
    assert second.post(confirm, seen | {"confirm-seen": ""}).status_code == 422
    assert second.post(confirm, seen).status_code == 302
    assert fresh(request).state == State.COMPLETENESS
    assert confirm not in second.get(page).content.decode()
