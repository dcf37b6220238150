"""Rows of record that several actions write, always inside the caller's transaction."""

from datetime import datetime

from django.db import connection

from cdm_portal.values import Money
from offsets.models import MoneyEntry, Order, OrderLine, PaymentAttempt

Account = MoneyEntry.Account


def received(order: Order, attempt: PaymentAttempt, money: Money, at: datetime) -> None:
    """Money came in for an order."""
    _entry(order, Account.PROVIDER, Account.BUYER, money, at, attempt=attempt)


def earned(line: OrderLine, at: datetime) -> None:
    """A cancelled line's price is due to the participant that offered the units."""
    MoneyEntry.objects.create(
        order=line.order, line=line, debit=Account.BUYER, credit=Account.PARTICIPANT,
        participant_id=line.offer.seller_id, amount=line.money.amount, at=at,
    )


def owed_back(order: Order, attempt: PaymentAttempt, money: Money, at: datetime) -> None:
    """Money that paid for nothing is due back to the buyer."""
    _entry(order, Account.BUYER, Account.REFUND, money, at, attempt=attempt)


def given_back(order: Order, attempt: PaymentAttempt, money: Money, at: datetime) -> None:
    """The provider gave money back to the buyer."""
    _entry(order, Account.REFUND, Account.PROVIDER, money, at, attempt=attempt)


def _entry(
    order: Order, debit: str, credit: str, money: Money, at: datetime, *, attempt: PaymentAttempt
) -> None:
    MoneyEntry.objects.create(
        order=order, attempt=attempt, debit=debit, credit=credit,
        amount=money.amount, currency=str(money.currency), at=at,
    )


def certificate_number(at: datetime) -> str:
    """The next number of a certificate; a number lost to a rolled back transaction stays unused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('offsets_certificate_serial')")
        return f"VC-{at.year}-{cursor.fetchone()[0]:07d}"
