"""The shop's locks, in one order: buyer, payment attempt, order, offer; the registry's last."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from cdm_portal.refusals import NotFound
from offsets.errors import UnknownOffer, UnknownOrder, UnknownPayment
from offsets.models import (
    Certificate,
    Offer,
    OfferConsent,
    Order,
    PaymentAttempt,
    Receipt,
    SandboxPayment,
)


def buyer(key: str) -> None:
    """One order at a time per browser (or per order key), until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 8))", [key])


def attempt(reference: UUID) -> PaymentAttempt:
    """A payment attempt, locked. Raises UnknownPayment."""
    found = PaymentAttempt.objects.select_for_update().filter(uuid=reference).first()
    if found is None:
        raise UnknownPayment("There is no such payment.")
    return found


def order(pk: int) -> Order:
    """An order, locked. Raises UnknownOrder."""
    found = Order.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise UnknownOrder("There is no such order.")
    return found


def consent(pk: int) -> OfferConsent:
    """A consent to an offer, locked. Raises NotFound."""
    found = (
        OfferConsent.objects.select_for_update(of=("self",))
        .select_related("project", "statement", "seller").filter(pk=pk).first()
    )
    if found is None:
        raise NotFound("There is no such consent.")
    return found


def consents(usable: QuerySet[OfferConsent]) -> OfferConsent | None:
    """The first of these consents, locked; None if there is none."""
    return usable.select_for_update(of=("self",)).first()


def offer(pk: int) -> Offer:
    """An offer with its project and seller, locked. Raises UnknownOffer."""
    found = (
        Offer.objects.select_for_update(of=("self",))
        .select_related("project", "seller")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise UnknownOffer("There is no such offer.")
    return found


def next_order(state: str, after: int) -> Order | None:
    """The next order in a state that nobody else is at, locked."""
    return (
        Order.objects.select_for_update(skip_locked=True)
        .filter(state=state, pk__gt=after)
        .order_by("pk")
        .first()
    )


def still_open(pk: int) -> Order | None:
    """An order that may be expired, locked; None when somebody is at it or it went on."""
    return (
        Order.objects.select_for_update(skip_locked=True)
        .filter(pk=pk, state__in=Order.OPEN)
        .first()
    )


def next_certificate(after: int) -> Certificate | None:
    """The next certificate without a PDF that nobody else is at, locked, with its order."""
    return (
        Certificate.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("order")
        .filter(sha256="", pk__gt=after)
        .order_by("pk")
        .first()
    )


def next_receipt(after: int, at: datetime) -> Receipt | None:
    """The next notice that is due and that nobody else claims, locked, with its order."""
    return (
        Receipt.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("order__certificate")
        .defer("order__certificate__pdf")
        .filter(state=Receipt.State.WAITING, next_try_at__lte=at, pk__gt=after)
        .order_by("pk")
        .first()
    )


def sandbox_payment(reference: UUID) -> SandboxPayment:
    """A page of the sandbox's book, locked. Raises UnknownPayment."""
    found = SandboxPayment.objects.select_for_update().filter(reference=reference).first()
    if found is None:
        raise UnknownPayment("The sandbox knows no such payment.")
    return found
