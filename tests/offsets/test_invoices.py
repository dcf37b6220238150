"""An organisation pays by transfer: parts add up, two persons match them, the rest goes back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import SYSTEM, usd
from offsets import actions, errors, invariants, invoices, queries, stock
from offsets.banking import desk
from offsets.banking import queries as bank
from offsets.models import BankEntry, BankMatch, MoneyEntry, Order, PaymentAttempt, Refund
from registry.models import Cancellation
from tests.offsets.bank_files import PAYER, camt, credit, table
from tests.offsets.conftest import DETAILS, Shop

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
FIRM = DETAILS | {"name": "Kijani Bank Ltd", "on_behalf": True, "reference": "PO 2026-114"}


def invoiced(shop: Shop, quantity: int = 17, price: str = "4.80") -> PaymentAttempt:
    """An order of an organisation that is to be paid by invoice."""
    order = shop.order(shop.offer(100, price), quantity)
    actions.give_details(at=shop.at, order_id=order.pk, **FIRM)
    return actions.begin_payment(at=shop.at, order_id=order.pk, provider="invoice")


def bring(shop: Shop, *came: dict[str, Any], late: timedelta = timedelta()) -> list[BankMatch]:
    """One person imports a statement; the matches that its references propose."""
    actions.import_statement(
        actor=shop.cast.secretariat, at=shop.at + late, name="today.xml", data=camt(*came)
    )
    return list(bank.proposed().order_by("pk"))


def pay(shop: Shop, *came: dict[str, Any], late: timedelta = timedelta()) -> None:
    """A statement comes in and a second person confirms what it proposes."""
    for match in bring(shop, *came, late=late):
        actions.confirm_match(
            actor=shop.cast.second_secretariat, at=shop.at + late, match_id=match.pk
        )


def send_back(shop: Shop, refund: Refund, reference: str = "OUT-1") -> None:
    """Two persons send money back."""
    actions.propose_refund(
        actor=shop.cast.secretariat, at=shop.at, refund_id=refund.pk, payee_name="Kijani Bank Ltd",
        payee_iban=PAYER, bank_reference=reference,
    )
    actions.confirm_refund(
        actor=shop.cast.second_secretariat, at=shop.at, refund_id=refund.pk
    )


# order amounts: 17 t at 4.80 = 81.60. What comes, what is due back at once, the order's end.
WAYS: dict[str, tuple[list[str], list[str], str, str]] = {
    "in one sum": (["81.60"], [], "paid", "succeeded"),
    "in two parts": (["60.00", "21.60"], [], "paid", "succeeded"),
    "in three parts, to the cent": (["0.01", "81.58", "0.01"], [], "paid", "succeeded"),
    "a cent short": (["81.59"], [], "payment_pending", "pending"),
    "too much at once": (["100.00"], ["18.40"], "paid", "succeeded"),
    "too much in parts": (["60.00", "60.00"], ["38.40"], "paid", "succeeded"),
    "once more after it was paid": (["81.60", "80.00"], ["80.00"], "paid", "succeeded"),
}


@pytest.mark.parametrize("way", WAYS)
def test_parts_add_up_and_what_is_over_is_due_back(shop: Shop, way: str) -> None:
    came, over, order_state, attempt_state = WAYS[way]
    attempt = invoiced(shop)
    for n, amount in enumerate(came):
        pay(shop, credit(attempt.order_id, amount, bank=f"BK-{n}"))
        assert invariants.problems() == []
    attempt = queries.attempt(attempt.uuid)
    assert (attempt.order.state, attempt.state) == (order_state, attempt_state)
    assert [str(each.amount) for each in Refund.objects.all()] == over
    assert attempt.received == min(sum(map(Decimal, came)), attempt.amount)
    if order_state == "paid":
        assert actions.fulfil_paid(at=shop.at) == 1
        assert [row.quantity for row in Cancellation.objects.filter(kind="c")] == [17]
    assert invariants.balance_of_account("refund") == usd(sum(map(Decimal, over)))


def test_the_units_are_held_for_days_and_the_page_says_how_much_came(shop: Shop) -> None:
    attempt = invoiced(shop)
    assert attempt.order.held_until - shop.at == timedelta(days=10)
    assert actions.expire_orders(at=shop.at + timedelta(days=9)) == 0
    pay(shop, credit(attempt.order_id, "60.00"))
    bring(shop, credit(attempt.order_id, "5.00"))
    sums = bank.received(queries.attempt(attempt.uuid))
    assert str(sums) == "US$60.00 of US$81.60 received"
    assert (sums.missing, sums.waiting) == (usd("21.60"), usd("5.00"))
    assert actions.poll_payments(at=shop.at) == 1
    assert queries.order(attempt.order_id).state == Order.State.PAYMENT_PENDING


def test_a_part_is_due_back_when_the_time_is_over_and_two_persons_send_it(shop: Shop) -> None:
    attempt = invoiced(shop)
    pay(shop, credit(attempt.order_id, "60.00"))
    later = shop.at + timedelta(days=10)
    assert actions.expire_orders(at=later) == 1
    assert invariants.problems() == []
    actions.poll_payments(at=later)
    refund = Refund.objects.get()
    assert (str(refund.amount), refund.state) == ("60.00", "due")
    order = queries.order(attempt.order_id)
    assert order.state == Order.State.EXPIRED and "US$60.00 goes back" in order.note
    assert actions.refund_owed(actor=SYSTEM, at=later) == 0, "a person sends it, not the portal"
    send_back(shop, refund)
    assert queries.attempt(attempt.uuid).state == "refunded"
    assert invariants.balance_of_account("refund") == usd(0)


@pytest.mark.parametrize(("left", "ends"), [(20, "paid"), (5, "refund_due")])
def test_late_money_holds_the_units_again_or_goes_back(shop: Shop, left: int, ends: str) -> None:
    attempt = invoiced(shop)
    late = timedelta(days=11)
    actions.expire_orders(at=shop.at + late)
    actions.poll_payments(at=shop.at + late)
    assert queries.attempt(attempt.uuid).state == "failed"
    offer = queries.lines(attempt.order)[0].offer
    rival = shop.order(offer, 100 - left)
    pay(shop, credit(attempt.order_id))
    assert queries.order(attempt.order_id).state == ends
    assert rival.state == Order.State.CHECKOUT
    if ends == "refund_due":
        send_back(shop, Refund.objects.get())
        assert queries.order(attempt.order_id).state == Order.State.REFUNDED


def test_an_order_that_was_paid_another_way_gives_the_transfer_back(shop: Shop) -> None:
    attempt = invoiced(shop)
    pay(shop, credit(attempt.order_id, "60.00"))
    actions.pay_otherwise(actor=SYSTEM, at=shop.at, order_id=attempt.order_id)
    other = actions.begin_payment(at=shop.at, order_id=attempt.order_id, provider="sandbox")
    assert shop.press(other, "pay").state == Order.State.PAID
    actions.poll_payments(at=shop.at)
    assert [str(each.amount) for each in Refund.objects.all()] == ["60.00"]
    pay(shop, credit(attempt.order_id, "21.60"))
    assert invariants.balance_of_account("refund") == usd("81.60")
    actions.fulfil_paid(at=shop.at)
    assert Cancellation.objects.filter(kind="c").count() == 1


def test_the_same_statement_twice_and_the_same_credit_in_another_file_book_nothing(
    shop: Shop,
) -> None:
    attempt = invoiced(shop)
    one = credit(attempt.order_id, "60.00")
    pay(shop, one)
    who = shop.cast.secretariat
    again = actions.import_statement(actor=who, at=shop.at, name="today.xml", data=camt(one))
    other = actions.import_statement(
        actor=who, at=shop.at, name="march.csv", data=table(one, credit(None, "7.00"))
    )
    assert (again.fresh, other.fresh, other.matched) == (0, 1, 0)
    assert (BankEntry.objects.count(), MoneyEntry.objects.count()) == (2, 1)


def test_four_eyes_for_a_match_whoever_proposed_it(shop: Shop, nothing_written: Any) -> None:
    attempt = invoiced(shop)
    match = bring(shop, credit(attempt.order_id))[0]
    cast = shop.cast
    assert match.automatic and match.proposed_by_id == cast.secretariat.person_id
    with nothing_written():
        for actor, refused in (
            (cast.secretariat, errors.SamePerson), (cast.participant, Forbidden),
            (cast.auditor, Forbidden),
        ):
            with pytest.raises(refused):
                actions.confirm_match(actor=actor, at=shop.at, match_id=match.pk)
    assert MoneyEntry.objects.count() == 0
    lines = {line.kind: line for line in desk.queue(cast.secretariat)}
    assert lines["offsets.match"].rows.count() == 1
    actions.confirm_match(actor=cast.second_secretariat, at=shop.at, match_id=match.pk)
    with pytest.raises(errors.AlreadyDecided):
        actions.confirm_match(actor=cast.second_secretariat, at=shop.at, match_id=match.pk)


def test_without_a_reference_a_credit_waits_and_is_matched_by_hand(shop: Shop) -> None:
    attempt = invoiced(shop)
    first, second = shop.cast.secretariat, shop.cast.second_secretariat
    assert bring(shop, credit(None, "81.60", text="tonnes please")) == []
    entry = bank.unmatched().get()
    with pytest.raises(Invalid, match="No invoice has"):
        actions.propose_match(actor=first, at=shop.at, entry_id=entry.pk, reference="RF00CDM1")
    wrong = actions.propose_match(
        actor=first, at=shop.at, entry_id=entry.pk, reference=attempt.order.code
    )
    with pytest.raises(errors.AlreadyMatched):
        actions.propose_match(
            actor=second, at=shop.at, entry_id=entry.pk, reference=attempt.order.code
        )
    actions.refuse_match(actor=second, at=shop.at, match_id=wrong.pk, reason="Not sure.")
    right = actions.propose_match(
        actor=second, at=shop.at, entry_id=entry.pk, reference=invoices.reference(attempt).lower()
    )
    actions.confirm_match(actor=first, at=shop.at, match_id=right.pk)
    assert queries.order(attempt.order_id).state == Order.State.PAID


def test_four_eyes_for_a_refund(shop: Shop) -> None:
    attempt = invoiced(shop)
    pay(shop, credit(attempt.order_id, "90.00"))
    refund, first = Refund.objects.get(), shop.cast.secretariat
    given = {"payee_name": "K", "bank_reference": "OUT-1"}
    with pytest.raises(Invalid, match="check digits"):
        actions.propose_refund(
            actor=first, at=shop.at, refund_id=refund.pk, payee_iban="DE88370400440532013000",
            **given,
        )
    actions.propose_refund(
        actor=first, at=shop.at, refund_id=refund.pk, payee_iban=PAYER, **given
    )
    with pytest.raises(errors.SamePerson):
        actions.confirm_refund(actor=first, at=shop.at, refund_id=refund.pk)
    actions.take_back_refund(actor=first, at=shop.at, refund_id=refund.pk)
    send_back(shop, Refund.objects.get())
    with pytest.raises(errors.AlreadyDecided):
        actions.confirm_refund(
            actor=shop.cast.second_secretariat, at=shop.at, refund_id=refund.pk
        )
    assert queries.order(attempt.order_id).state == Order.State.PAID


def test_an_invoice_is_for_organisations_and_guests_hold_a_bounded_share(shop: Shop) -> None:
    offer = shop.offer(500)

    def asks(quantity: int, *, anonymous: bool = True, **changes: Any) -> PaymentAttempt:
        order = shop.order(offer, quantity)
        Order.objects.filter(pk=order.pk).update(anonymous=anonymous)
        actions.give_details(at=shop.at, order_id=order.pk, **(FIRM | changes))
        return actions.begin_payment(at=shop.at, order_id=order.pk, provider="invoice")

    for refused, words in (
        (lambda: asks(3, on_behalf=False), "made out to an organisation"),
        (lambda: asks(3, reference=""), "made out to an organisation"),
        (lambda: asks(101), "at most 100 tonnes"),
    ):
        with pytest.raises(errors.NotPayableSo, match=words):
            refused()
    asks(30)
    asks(20)
    with pytest.raises(errors.NotPayableSo, match="their share"):
        asks(1)
    assert stock.held(offer, shop.at + timedelta(days=9)) == 50, "a tenth of the lot"
    asks(101, anonymous=False)


def test_an_invoice_of_an_earlier_price_pays_for_nothing(shop: Shop) -> None:
    attempt = invoiced(shop)
    late = timedelta(days=10)
    actions.expire_orders(at=shop.at + late)
    offer = queries.lines(attempt.order)[0].offer
    actions.change_price(
        actor=shop.seller, at=shop.at + late, offer_id=offer.pk, price=Decimal("5.00")
    )
    actions.hold_again(actor=SYSTEM, at=shop.at + late, order_id=attempt.order_id)
    pay(shop, credit(attempt.order_id), late=late)
    attempt = queries.attempt(attempt.uuid)
    assert (attempt.state, attempt.order.state) == ("refund_due", Order.State.CHECKOUT)
    assert [str(each.amount) for each in Refund.objects.all()] == ["81.60"]
