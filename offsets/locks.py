"""The shop's locks, in one order: repeated request, buyer, mailed link, bank account, match or
refund, seller, payout, payment attempt, order, offers by number; the registry's last, lots by
number.
"""

import contextlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from cdm_portal.refusals import NotFound
from offsets.errors import UnknownOffer, UnknownOrder, UnknownPayment
from offsets.models import (
    ApiKey,
    BankEntry,
    BankMatch,
    Certificate,
    DataLink,
    Dispute,
    Offer,
    OfferConsent,
    Order,
    OrderLine,
    PaymentAttempt,
    Payout,
    Receipt,
    Refund,
    RefundNote,
    Reissue,
    SandboxPayment,
)
from registry.transparency.models import SealLeaf


def buyer(*keys: str) -> None:
    """One order at a time per browser (or per order key), until the transaction ends.

    Several keys are locked in the order given: an order's key before its browser's.
    """
    places = ", ".join(["pg_advisory_xact_lock(hashtextextended(%s, 8))"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {places}", keys)


@contextlib.contextmanager
def sole_request(key: str) -> Iterator[bool]:
    """Whether nobody else is at a request that may be repeated; its for the block, which is longer
    than a transaction: a payment company is told between two. A process that dies gives it back.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 15))", [key])
        free: bool = cursor.fetchone()[0]
    try:
        yield free
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 15))", [key])


def api_key(pk: int, organisation_id: int) -> ApiKey:
    """A key of an organisation, locked. Raises NotFound."""
    found = (
        ApiKey.objects.select_for_update()
        .filter(pk=pk, organisation_id=organisation_id).first()
    )
    if found is None:
        raise NotFound("There is no such key.")
    return found


def bank_account(account: str) -> None:
    """One import of an account's statements at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 9))", [account])


def bank_entry(pk: int) -> BankEntry:
    """A credit, locked. Raises NotFound."""
    found = BankEntry.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such entry.")
    return found


def match(pk: int) -> BankMatch:
    """A match with its credit and attempt, locked. Raises NotFound."""
    found = (
        BankMatch.objects.select_for_update(of=("self",)).select_related("entry", "attempt")
        .filter(pk=pk).first()
    )
    if found is None:
        raise NotFound("There is no such match.")
    return found


def refund(pk: int) -> Refund:
    """A refund with its attempt, locked. Raises NotFound."""
    found = (
        Refund.objects.select_for_update(of=("self",)).select_related("attempt").filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound("There is no such refund.")
    return found


def seller(pk: int) -> None:
    """One payout to a seller at a time, until the transaction ends; the trigger takes it too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [str(pk)])


def payout(pk: int) -> Payout:
    """A payout with its seller, locked, one at a time for each seller. Raises NotFound."""
    known = Payout.objects.filter(pk=pk).values_list("seller_id", flat=True).first()
    if known is None:
        raise NotFound("There is no such payout.")
    seller(known)
    return (
        Payout.objects.select_for_update(of=("self",)).select_related("seller").get(pk=pk)
    )


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


def free_order(of: QuerySet[Order], pk: int) -> Order | None:
    """An order, locked, if it still is one of these and nobody else works on it."""
    return of.select_for_update(skip_locked=True).filter(pk=pk).first()


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


def offers(pks: Iterable[int]) -> list[Offer]:
    """Several offers with projects and sellers, locked, lowest number first: every order of several
    lines takes them in this one order. Raises UnknownOffer.
    """
    asked = set(pks)
    found = list(
        Offer.objects.select_for_update(of=("self",))
        .select_related("project", "seller")
        .filter(pk__in=asked)
        .order_by("pk")
    )
    if len(found) != len(asked):
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


def next_certificate(after: int, size: int) -> Certificate | None:
    """The next certificate without a PDF that nobody else is at, locked, with its order.

    Only one whose cancellations are all among the first `size` leaves of the sealed log.
    """
    unsealed = OrderLine.objects.filter(order=OuterRef("order")).exclude(_sealed(size))
    return (
        Certificate.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("order")
        .filter(~Exists(unsealed), sha256="", pk__gt=after, order__erased_at=None)
        .order_by("pk")
        .first()
    )


def next_reissue(after: int, size: int) -> Reissue | None:
    """The same of reissues; one that was erased before it was printed stays so."""
    unsealed = OrderLine.objects.filter(order=OuterRef("certificate__order"))
    return (
        Reissue.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("certificate__order")
        .filter(~Exists(unsealed.exclude(_sealed(size))), sha256="", pk__gt=after)
        .exclude(name="")
        .order_by("pk")
        .first()
    )


def _sealed(size: int) -> Exists:
    return Exists(SealLeaf.objects.filter(
        kind="cancellation", record_id=OuterRef("cancellation_id"), index__lt=size
    ))  # fmt: skip


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


def next_refund_note(after: int, at: datetime) -> RefundNote | None:
    """The next notice of a refund that is due and that nobody else claims, locked, with its order.
    """
    return (
        RefundNote.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("owed__order", "owed__attempt")
        .filter(state=RefundNote.State.WAITING, next_try_at__lte=at, pk__gt=after)
        .order_by("pk")
        .first()
    )


def next_link(after: int, at: datetime) -> DataLink | None:
    """The next link that is to be mailed and that nobody else claims, locked, with its order."""
    return (
        DataLink.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("order")
        .filter(state=DataLink.State.WAITING, next_try_at__lte=at, pk__gt=after)
        .order_by("pk")
        .first()
    )


def link(key: str, purpose: DataLink.Purpose, at: datetime) -> DataLink | None:
    """A link that still works and was not used, locked, with its order."""
    return (
        DataLink.objects.select_for_update(of=("self",)).select_related("order")
        .filter(key=key, purpose=purpose, expires_at__gt=at, used_at=None)
        .exclude(order__email="").first()
    )


def sandbox_payment(reference: UUID) -> SandboxPayment:
    """A page of the sandbox's book, locked. Raises UnknownPayment."""
    found = SandboxPayment.objects.select_for_update().filter(reference=reference).first()
    if found is None:
        raise UnknownPayment("The sandbox knows no such payment.")
    return found


def dispute(pk: int) -> Dispute:
    """A dispute about a payment, locked. Raises NotFound."""
    found = (
        Dispute.objects.select_for_update(of=("self",))
        .select_related("attempt__order").filter(pk=pk).first()
    )
    if found is None:
        raise NotFound("There is no such dispute.")
    return found
