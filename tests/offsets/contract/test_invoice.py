"""The invoice alone: what a bank can do and a payment company cannot, and what its files may hold.

How parts, late money and refunds stand on the pages: tests/offsets/test_invoices.py.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cdm_portal.uploads.errors import Unacceptable
from cdm_portal.values import Money, usd
from offsets import actions, errors, queries
from offsets.banking import queries as bank
from offsets.models import BankEntry, BankMatch, MoneyEntry, Refund
from tests.offsets.bank_files import camt, credit
from tests.offsets.contract.bank_harness import InvoiceHarness
from tests.offsets.contract.harness import DUE
from tests.offsets.contract.standing import Nothing, cancelled, run_out, stands
from tests.offsets.contract.test_events import Ending, ending, orders_of, undone

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")


def test_a_credit_for_no_invoice_is_kept_and_moves_nothing(invoice: InvoiceHarness) -> None:
    attempt = invoice.begin(invoice.shop.offer(100))
    nobodys = credit(99_999_999, bank="N1", day=invoice.at.date())
    assert invoice.deliver(camt(nobodys, credit(None, "5.00", bank="N2"))) is True
    assert [entry.bank_reference for entry in bank.unmatched()] == ["N1", "N2"]
    assert (MoneyEntry.objects.count(), BankMatch.objects.count()) == (0, 0)
    assert stands(attempt) == ("payment_pending", "pending")


PARTS = {
    "to the cent": ("40.00", "20.00", "10.00", "11.59", "0.01"),
    "over": ("40.00", "20.00", "10.00", "11.60", "5.00"),
    "short": ("40.00", "20.00", "10.00", "11.00", "0.01"),
}


@pytest.mark.parametrize("parts", PARTS.values(), ids=PARTS)
def test_credits_in_any_order_end_the_same(
    invoice: InvoiceHarness, full: bool, parts: tuple[str, ...]
) -> None:
    """Five parts in two kinds of file, and then the end of the hold."""
    attempt = invoice.begin(invoice.shop.offer(100))
    names = [invoice.book(attempt, usd(part)) for part in parts]
    files = [invoice.statement(name, csv=n % 2 > 0) for n, name in enumerate(names)]
    endings: set[Ending] = set()
    for order in orders_of(files, full, few=4):
        with undone():
            for raw in order:
                invoice.deliver(raw)
            run_out(invoice)
            actions.poll_payments(at=invoice.at)
            sums = ending(attempt)
            back = sum(Refund.objects.values_list("amount", flat=True))
            endings.add((sums[0], sums[2], sums[3], back, len(sums[4])))
    came = usd(sum(map(Decimal, parts)))
    paid = came >= DUE
    assert len(endings) == 1
    assert next(iter(endings))[:2] == (
        ("paid", "succeeded") if paid else ("expired", "refund_due"))
    assert usd(next(iter(endings))[3]) == (came - DUE if paid else came)


@pytest.mark.parametrize("left", ["debit", "reversal"])
@pytest.mark.parametrize("done", ["before", "after"])
def test_what_left_the_account_changes_nothing(
    invoice: InvoiceHarness, left: str, done: str
) -> None:
    """Of a file with credits too, these count; the rest is for persons."""
    offer = invoice.shop.offer(100)
    attempt, other = invoice.begin(offer), invoice.begin(offer, 3)
    invoice.pay(attempt)
    invoice.deliver_all()
    if done == "after":
        actions.fulfil_paid(at=invoice.at)
    stood = stands(attempt)
    back = credit(attempt.order_id, bank="R1", day=invoice.at.date(), way="DBIT")
    if left == "reversal":
        back |= {"way": "CRDT</CdtDbtInd><RvslInd>true</RvslInd><CdtDbtInd>CRDT"}
    name = invoice.book(other, other.money)
    assert invoice.deliver(camt(back, invoice.booked[name][1])) is True
    assert (stands(attempt), stands(other)) == (stood, ("paid", "succeeded"))
    assert MoneyEntry.objects.filter(order=attempt.order, debit="refund").count() == 0
    assert invoice.kept() == 2


@pytest.mark.parametrize("amount", ["816.00", "81.60", "0.01"])
def test_a_credit_that_the_account_does_not_have_is_set_aside(
    invoice: InvoiceHarness, amount: str
) -> None:
    """No signature tells: the second person does."""
    attempt = invoice.begin(invoice.shop.offer(100))
    forged = credit(attempt.order_id, amount, bank="FORGED", day=invoice.at.date())
    assert invoice.deliver(camt(forged)) is True
    assert BankMatch.objects.get().state == BankMatch.State.REFUSED
    assert (stands(attempt), MoneyEntry.objects.count()) == (("payment_pending", "pending"), 0)


def test_the_amount_of_a_credit_that_counts_cannot_be_changed_later(
    invoice: InvoiceHarness, nothing_written: Nothing
) -> None:
    attempt = invoice.begin(invoice.shop.offer(100))
    invoice.pay(attempt)
    invoice.deliver_all()
    with nothing_written(), pytest.raises(Unacceptable, match="kept with another amount"):
        invoice.deliver(invoice.raws[0].replace(b">81.60<", b">91.60<"))


def test_an_altered_file_does_not_keep_the_true_one_out(invoice: InvoiceHarness) -> None:
    """The altered one came first and was set aside: the account's own word is taken after it."""
    attempt = invoice.begin(invoice.shop.offer(100))
    invoice.pay(attempt)
    true = invoice.raws[0]
    assert invoice.deliver(true.replace(b">81.60<", b">91.60<")) is True
    assert stands(attempt) == ("payment_pending", "pending")
    assert [invoice.deliver(true), invoice.deliver(true + b"\n")] == [True, False]
    assert (stands(attempt), MoneyEntry.objects.count()) == (("paid", "succeeded"), 1)
    assert sorted(BankEntry.objects.values_list("amount", flat=True)) == [
        DUE.amount, usd("91.60").amount]


def test_confirmed_twice_is_booked_once(invoice: InvoiceHarness, nothing_written: Nothing) -> None:
    invoice.pay(invoice.begin(invoice.shop.offer(100)))
    invoice.deliver_all()
    asked: Any = {"actor": invoice.shop.cast.second_secretariat, "at": invoice.at,
                  "match_id": BankMatch.objects.get().pk}
    with nothing_written(), pytest.raises(errors.AlreadyDecided):
        actions.confirm_match(**asked)
    with nothing_written(), pytest.raises(errors.AlreadyDecided):
        actions.refuse_match(**asked, reason="Too late.")


def test_a_part_of_an_order_that_was_given_up_goes_back_whole(invoice: InvoiceHarness) -> None:
    attempt = invoice.begin(invoice.shop.offer(100))
    actions.cancel_order(at=invoice.at, order_id=attempt.order_id)
    invoice.pay(attempt, Money("60.00", "USD"))
    invoice.deliver_all()
    assert (invoice.give_back(), invoice.refunds(attempt)) == (1, [usd("60.00")])
    assert (cancelled(), queries.attempt(attempt.uuid).state) == ([], "refunded")
