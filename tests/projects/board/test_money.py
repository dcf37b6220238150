"""Money owed: invoices, payments seen by two persons, their paper and their pages."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal import queues
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
from projects.lifecycle import NotNow
from tests.cast import Cast
from tests.journeys.cdm9851 import on
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
from tests.world import as_if

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]
SignIn = Callable[[Client, Actor], Client]
ONE_DAY = timedelta(days=1)


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


PROVED_UNTIL, PAID_UNTIL = on(2014, 12, 17, 12), on(2015, 1, 6, 12)
"""20 and 40 days after 27 November 2014, the last day of AMS-I.D version 17.0."""


def told(cast: Cast, at: datetime) -> list[tuple[Any, ...]]:
    """What participant and secretariat read of the fee that is due, on their desks."""
    return [
        (item["until"], item.get("late"), "overdue" in item["what"])
        for actor in (cast.participant, cast.secretariat)
        for item in queues.items(queries.queue(actor, at)) if "fee" in item["what"]
    ]


def test_a_fee_has_last_days_and_comes_back_unpaid(
    cast: Cast, sign_in: SignIn, nothing_written: Nothing
) -> None:
    request = fee_due(cast)
    given: dict[str, Any] = {"request_id": request.pk}
    last = datetime(2015, 1, 6, 23, 59, 59, tzinfo=UTC)
    page = sign_in(Client(), cast.participant).get(reverse("board:request", args=[request]))
    assert "Proof of payment" in page.content.decode()
    assert "until 6 January 2015, unverified" in page.content.decode()
    assert told(cast, LATER) == [(last, False, False)] * 2
    for actor in (cast.rival_participant, cast.doe, cast.secretariat):
        with nothing_written(), pytest.raises((Forbidden, NotFound)):
            actions.prove_payment(actor=actor, at=LATER, proof="SWIFT 7", **given)
    with nothing_written(), pytest.raises(NotAwaited, match="17 December 2014"):
        actions.prove_payment(
            actor=cast.participant, at=PROVED_UNTIL + ONE_DAY, proof="SWIFT 7", **given
        )
    with nothing_written(), pytest.raises(NotNow, match="not over"):
        actions.return_unpaid(actor=cast.secretariat, at=PAID_UNTIL, **given)
    late = PAID_UNTIL + ONE_DAY
    assert told(cast, late) == [(last, True, True)] * 2
    with as_if():
        actions.prove_payment(
            actor=cast.participant, at=PROVED_UNTIL, proof="SWIFT 7", **given
        )
        assert told(cast, late) == [(last, False, False)] * 2
        with nothing_written(), pytest.raises(NotNow, match="not over"):
            actions.return_unpaid(actor=cast.secretariat, at=late, **given)
    with nothing_written(), pytest.raises(Forbidden):
        actions.return_unpaid(actor=cast.doe, at=late, **given)
    actions.return_unpaid(actor=cast.secretariat, at=late, **given)
    assert "6 January 2015" in fresh(request).incomplete_reasons
    again = actions.resubmit(actor=cast.doe, at=late, note="The bank was slow.", **given)
    assert (again.state, again.version) == (State.FEE_DUE, 2)
    paying(cast, request, at=late)
    confirms(cast.second_secretariat, request, at=late)
    assert fresh(request).state == State.COMPLETENESS


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
