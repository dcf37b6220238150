"""The bank under the contract: its messages are account statements, camt.053 and CSV by turns.

One person imports a statement, another one compares each proposed match with the account itself
(`booked`, which no file can change) and confirms it or sets it aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, ClassVar
from uuid import UUID

import pytest

from cdm_portal.refusals import Refused
from cdm_portal.uploads.errors import Unacceptable
from cdm_portal.values import SYSTEM, Money
from offsets import actions
from offsets.banking import queries as bank
from offsets.banking import references
from offsets.models import BankEntry, BankMatch, Offer, Order, PaymentAttempt, Refund
from tests.offsets.bank_files import PAYER, camt, credit, table
from tests.offsets.contract.harness import DUE, ENDS, Harness, Sent, States, Taken
from tests.offsets.contract.tampers import FILES
from tests.offsets.test_invoices import FIRM, Shop

WAITS: States = ("payment_pending", "pending")
NOBODYS = 99_999_999
CHARGEBACKS = (
    "test_a_chargeback_after_the_cancellation_is_a_dispute_and_the_units_stay",
    "test_a_chargeback_before_the_cancellation_keeps_the_units_from_being_cancelled",
    "test_what_the_bank_took_back_is_not_given_back_besides",
    "test_a_chargeback_whose_message_is_lost_is_noted_within_a_day",
)
TAKEN_BACK = (
    "test_what_left_the_account_changes_nothing",
    "a booked transfer is final: the payer's bank can ask for it, not take it",
)


class InvoiceHarness(Harness):
    """The bank on the other side: what it has booked comes in with the next statement."""

    slug = "invoice"
    refusal: ClassVar[type[Refused]] = Unacceptable
    declined = (WAITS, "")  # a transfer that is returned before it counts; the order waits on
    after_closing = ("paid", "succeeded")  # a transfer cannot be prevented: who pays gets the units
    ends: ClassVar[dict[str, States]] = {
        "pay": ENDS["pay"], "wait": WAITS, "decline": WAITS, "too much": ("paid", "succeeded"),
    }
    differs: ClassVar[dict[str, tuple[str, str]]] = {
        "test_a_signed_message_about_nothing_changes_nothing": (
            "test_a_credit_for_no_invoice_is_kept_and_moves_nothing",
            "a credit is on the account whoever it names: it is kept and waits for a person"),
        "test_six_words_in_any_order_end_the_same": (
            "test_credits_in_any_order_end_the_same",
            "no provider is asked: what a transfer comes to is the sum of its credits"),
        **dict.fromkeys(CHARGEBACKS, TAKEN_BACK),
    }

    def __init__(self, shop: Shop, settings: Any) -> None:
        super().__init__(shop)
        self.settings, self.away = settings, False
        self.booked: dict[str, tuple[int, dict[str, Any]]] = {}  # by the bank's own reference
        self.returned: set[str] = set()
        self.foreign: set[bytes] = set()

    def order(self, offer: Offer, quantity: int = 17) -> Order:
        order = self.shop.order(offer, quantity)
        return actions.give_details(at=self.at, order_id=order.pk, **FIRM)  # type: ignore[arg-type]

    def later(self, **by: int) -> None:
        """A bank's hours are days."""
        super().later(days=4 * by.get("hours", 0), minutes=by.get("minutes", 0))

    # The bank

    def book(self, attempt: PaymentAttempt, money: Money) -> str:
        """A credit stands on the account, in no statement yet; the bank's reference for it."""
        name = f"B{len(self.booked)}"
        entry = credit(attempt.order_id, str(money.amount), bank=name, day=self.at.date(),
                       currency=str(money.currency))
        self.booked[name] = (attempt.order_id, entry)
        return name

    def statement(self, *names: str, csv: bool = False) -> bytes:
        """A statement with these credits."""
        return (table if csv else camt)(*(self.booked[name][1] for name in names))

    def pay(self, attempt: PaymentAttempt, money: Money | None = None) -> None:
        raw = self.statement(self.book(attempt, money or attempt.money), csv=len(self.raws) % 2 > 0)
        self.raws.append(raw)
        if money is not None and str(money.currency) != "USD":
            self.foreign.add(raw)

    def decline(self, attempt: PaymentAttempt) -> None:
        """It is on the account, and the bank returns it before anybody confirmed it."""
        self.pay(attempt)
        self.returned.add(f"B{len(self.booked) - 1}")

    def wait(self, attempt: PaymentAttempt) -> None:
        """A transfer was ordered; no statement has it."""

    def takes(self, money: Money) -> Taken:
        if str(money.currency) != "USD":
            return Taken(WAITS, None, None, 0)  # refused with its file: the account has dollars
        if money < DUE:
            return Taken(WAITS, money, money, 0)  # a part, which waits for the rest
        return Taken(("paid", "succeeded"), DUE, money - DUE, 17)

    def refunds(self, attempt: PaymentAttempt) -> list[Money]:
        return [each.money for each in Refund.objects.filter(attempt=attempt, state="paid")]

    @contextmanager
    def down(self) -> Iterator[None]:
        """No account is configured, and the second person is away."""
        account, self.settings.BANK_IBAN, self.away = self.settings.BANK_IBAN, "", True
        yield
        self.settings.BANK_IBAN, self.away = account, False

    # The secretariat

    def deliver(self, sent: Sent | bytes) -> bool:
        """A statement is imported and what it proposes is looked at; whether it had new credits."""
        raw = sent if isinstance(sent, bytes) else sent[0]
        told = actions.import_statement(
            actor=self.shop.cast.secretariat, at=self.at, data=raw,
            name="a.xml" if raw.startswith(b"<") else "a.csv",
        )
        self.decide()
        return told.fresh > 0

    def deliver_all(self) -> None:
        for raw in self.raws:
            if raw in self.foreign:
                with pytest.raises(Unacceptable, match="the account is kept in USD"):
                    self.deliver(raw)
            else:
                self.deliver(raw)

    def decide(self) -> None:
        """The second person compares what is proposed with the account."""
        for match in bank.proposed().select_related("entry", "attempt"):
            asked: dict[str, Any] = {
                "actor": self.shop.cast.second_secretariat, "at": self.at, "match_id": match.pk}
            if self.is_true(match):
                actions.confirm_match(**asked)
            else:
                actions.refuse_match(**asked, reason="The account says otherwise.")

    def is_true(self, match: BankMatch) -> bool:
        """Whether the account has this credit, for this order, and has it still."""
        name = match.entry.bank_reference
        order, entry = self.booked.get(name, (0, {"amount": "0"}))
        there = name not in self.returned and entry["amount"] == str(match.entry.amount)
        return there and order == match.attempt.order_id

    def look_again(self) -> None:
        """The whole account is imported; what a wrong reference kept apart is matched by hand."""
        self.deliver(self.statement(*self.booked))
        for entry in bank.unmatched():
            if entry.bank_reference in self.booked and entry.bank_reference not in self.returned:
                order, _told = self.booked[entry.bank_reference]
                actions.propose_match(
                    actor=self.shop.cast.secretariat, at=self.at, entry_id=entry.pk,
                    reference=references.of_order(order),
                )
        self.decide()
        super().look_again()

    def give_back(self) -> int:
        assert actions.refund_owed(actor=SYSTEM, at=self.at) == 0, "persons send it"
        given = 0
        for refund in bank.refunds_open():
            if refund.state == Refund.State.DUE:
                actions.propose_refund(
                    actor=self.shop.cast.secretariat, at=self.at, refund_id=refund.pk,
                    payee_name="Kijani Bank Ltd", payee_iban=PAYER,
                    bank_reference=f"OUT-{refund.pk}",
                )
            if not self.away:
                actions.confirm_refund(
                    actor=self.shop.cast.second_secretariat, at=self.at, refund_id=refund.pk
                )
                given += 1
        return given

    # Messages

    def kept(self) -> int:
        return BankEntry.objects.count()

    def distinct(self) -> int:
        return len(self.booked)

    def six(self, attempt: PaymentAttempt) -> list[bytes]:
        """Two parts and a surplus, alone and together, as both kinds of file."""
        one, two, over = (
            self.book(attempt, money)
            for money in (DUE - Money("41.60", "USD"), Money("41.60", "USD"), Money(5, "USD"))
        )
        files = (
            self.statement(one), self.statement(two, csv=True), self.statement(over),
            self.statement(one, two), self.statement(over, csv=True), self.statement(one),
        )
        return list(files)

    def forged(self, raw: bytes, other: PaymentAttempt, dice: Random) -> Sent:
        """A bank signs no file: what is wrong in it is found by what it says."""
        del raw
        name = next(n for n, (order, _told) in self.booked.items() if order == other.order_id)
        return dice.choice(list(FILES.values()))(self, self.statement(name)), {}

    def sign(self, raw: bytes, *_of: object, **_named: object) -> Sent:
        return raw, {}

    def naming(self, raw: bytes, reference: UUID) -> bytes:
        """The statement with another order's reference in it."""
        found = PaymentAttempt.objects.filter(uuid=reference).values_list("order_id", flat=True)
        named = references.of_order(found.first() or NOBODYS)
        return re.sub(rb"RF\d\dCDM\d{8}", named.encode(), raw)
