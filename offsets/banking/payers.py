"""Whose names and accounts came with credits: how long they are kept, and which may go now."""

from datetime import UTC, date, datetime, time

from django.db.models import Exists, OuterRef, Q, QuerySet

from offsets.models import BankMatch, BankPayer, Order, Refund

LAST_OF_FEBRUARY = 28


def keep_until(booked_on: date, years: int) -> datetime:
    """The moment (UTC) from which a payer is kept no longer, so many years after the booking; for
    a leap day the end of February.
    """
    try:
        last = booked_on.replace(year=booked_on.year + years)
    except ValueError:
        last = booked_on.replace(year=booked_on.year + years, day=LAST_OF_FEBRUARY)
    return datetime.combine(last, time.min, tzinfo=UTC)


def to_go(at: datetime) -> QuerySet[BankPayer]:
    """Payers whose time is over or whose order is erased, and whose money is settled."""
    confirmed = BankMatch.objects.filter(entry=OuterRef("pk"), state=BankMatch.State.CONFIRMED)
    waits = BankMatch.objects.filter(entry=OuterRef("pk"), state=BankMatch.State.PROPOSED)
    gone = Exists(confirmed.filter(attempt__order__erased_at__isnull=False))
    owed = Exists(confirmed.filter(attempt__refunds__state__in=UNSENT))
    return BankPayer.objects.filter(
        Q(keep_until__lte=at) | gone, ~Exists(waits), ~owed, erased_at=None
    ).order_by("pk")


UNSENT = (Refund.State.DUE, Refund.State.PROPOSED)


def unsettled(orders: list[Order]) -> set[int]:
    """The orders for which money that came by transfer waits for somebody, or is due back."""
    waits = BankMatch.objects.filter(
        attempt__order__in=orders, state=BankMatch.State.PROPOSED
    ).values_list("attempt__order_id", flat=True)
    owed = Refund.objects.filter(
        attempt__order__in=orders, state__in=UNSENT
    ).values_list("attempt__order_id", flat=True)
    return {*waits, *owed}


def payees(entries: list[int]) -> QuerySet[Refund]:
    """Refunds that were sent for credits whose payers are all erased, and still name somebody."""
    named = BankMatch.objects.filter(
        attempt=OuterRef("attempt"), state=BankMatch.State.CONFIRMED,
        entry__payer__erased_at__isnull=True,
    )
    return Refund.objects.filter(
        ~Exists(named), ~Q(payee_name="", payee_iban=""), state=Refund.State.PAID,
        attempt__bank_matches__state=BankMatch.State.CONFIRMED,
        attempt__bank_matches__entry__in=entries,
    )
