"""Money owed: invoices, payments seen by two persons, their paper and their pages."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal.journal import queries as journal
from cdm_portal.refusals import Forbidden, Invalid, NotFound, Refused
from cdm_portal.values import Actor
from projects.board import actions, bills, queries
from projects.board.errors import (
    AlreadyRecorded,
    NotAwaited,
    ReferenceUsed,
    SamePerson,
    WrongAmount,
    WrongCurrency,
)
from projects.board.models import Invoice, Payment
from projects.board.procedure import State
from tests.cast import Cast
from tests.projects.board import story
from tests.projects.board.payments import (
    AFTER,
    FEE,
    LATER,
    confirms,
    fee_due,
    paying,
    sql,
)
from tests.projects.board.story import LARGE, fresh

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]


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
    assert list(queries.invoices(cast.registry)) == [again]
    for stranger in (cast.dna, cast.rival_participant, cast.buyer, cast.board[0], cast.rit):
        assert list(queries.invoices(stranger)) == []
        assert queries.invoice_of(request, stranger) is None


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
    assert payer.post(confirm, seen).status_code == 403
    shown = second.get(page).content.decode()
    assert confirm in shown and aside in shown and record not in shown
    assert "Confirm the payment" in second.get(reverse("desk")).content.decode()
    assert "I found US$5\u202f700.60, reference BANK-9, of 5 October 2013" in shown
    assert second.post(confirm, seen | {"confirm-seen": ""}).status_code == 422
    assert second.post(confirm, seen).status_code == 302
    assert fresh(request).state == State.COMPLETENESS
    assert confirm not in second.get(page).content.decode()
