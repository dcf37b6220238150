"""Rows of record that several actions write, always inside the caller's transaction."""

from datetime import datetime

from django.db import connection

from cdm_portal.values import Money
from offsets import names
from offsets.models import (
    BankMatch,
    MoneyEntry,
    NameSeal,
    Order,
    OrderLine,
    PaymentAttempt,
    Payout,
    PayoutPart,
    Refund,
    RefundNote,
)

Account = MoneyEntry.Account


def received(
    order: Order, attempt: PaymentAttempt, money: Money, at: datetime,
    match: BankMatch | None = None,
) -> None:
    """Money came in for an order; by transfer, as a confirmed match says."""
    _entry(order, Account.PROVIDER, Account.BUYER, money, at, attempt=attempt, match=match)


def earned(line: OrderLine, at: datetime) -> None:
    """A cancelled line's price is due to the participant that offered the units."""
    MoneyEntry.objects.create(
        order=line.order, line=line, debit=Account.BUYER, credit=Account.PARTICIPANT,
        participant_id=line.offer.seller_id, amount=line.money.amount, at=at,
    )


def paid_out(payout: Payout, part: PayoutPart, at: datetime) -> None:
    """Money that was due to a participant for a project was sent."""
    MoneyEntry.objects.create(
        part=part, debit=Account.PARTICIPANT, credit=Account.PAID_OUT,
        participant_id=payout.seller_id, amount=part.amount, currency=payout.currency, at=at,
    )


def owed_back(order: Order, attempt: PaymentAttempt, money: Money, at: datetime) -> None:
    """Money that paid for nothing is due back to the buyer, who is told by mail: by hand if it came
    by transfer.
    """
    owed = _entry(order, Account.BUYER, Account.REFUND, money, at, attempt=attempt)
    RefundNote.objects.create(owed=owed, next_try_at=at)
    if attempt.by_transfer:
        Refund.objects.create(
            owed=owed, attempt=attempt, amount=owed.amount, currency=owed.currency, made_at=at
        )


def given_back(order: Order, attempt: PaymentAttempt, money: Money, at: datetime) -> None:
    """The provider gave money back to the buyer."""
    _entry(order, Account.REFUND, Account.PROVIDER, money, at, attempt=attempt)


def _entry(
    order: Order, debit: str, credit: str, money: Money, at: datetime, *, attempt: PaymentAttempt,
    match: BankMatch | None = None,
) -> MoneyEntry:
    return MoneyEntry.objects.create(
        order=order, attempt=attempt, debit=debit, credit=credit, match=match,
        amount=money.amount, currency=str(money.currency), at=at,
    )


def certificate_number(at: datetime) -> str:
    """The next number of a certificate; a number lost to a rolled back transaction stays unused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('offsets_certificate_serial')")
        return f"VC-{at.year}-{cursor.fetchone()[0]:07d}"


def seal_name(order: Order) -> bytes | None:
    """Keep a salt for an order's name and answer the hash for the ledger; None for an erased one.
    """
    if order.erased_at is not None:
        return None
    salt = names.new_salt()
    NameSeal.objects.create(order=order, salt=salt)
    return names.sealed(salt, order.beneficiary_name)
