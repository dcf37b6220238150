"""What the shop keeps about a buyer, as it is told to the buyer: orders, certificates, money.

Only what belongs to the orders is told; amounts are texts with their currency, times RFC 3339.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from cdm_portal import parameters
from cdm_portal.values import Actor
from offsets import codes, queries
from offsets.banking import payers
from offsets.errors import UnknownOrder
from offsets.models import BankMatch, DataLink, Order, OrderClaim, PaymentAttempt, Refund

SIGNER = signing.Signer(salt="offsets.data_link")
AT_REST = (Order.State.FULFILLED, Order.State.EXPIRED, Order.State.REFUNDED)
UNDER_WAY = {
    Order.State.CHECKOUT: "it is at the checkout; give it up or let its time run out",
    Order.State.FAILED: "its payment failed and may be tried again; give it up first",
    Order.State.PAYMENT_PENDING: "its payment is under way",
    Order.State.PAID: "it is paid and its units are being cancelled",
    Order.State.REFUND_DUE: "money is due back to you; it has to be told where to go",
}
"""Why an order cannot be erased yet, by its state."""
NEVER_PAID = (PaymentAttempt.State.PENDING, PaymentAttempt.State.FAILED)
UNSETTLED = "money that came by transfer waits for somebody, or is due back to you"


def of_address(email: str) -> QuerySet[Order]:
    """The orders that carry an e-mail address, whatever its capitals; newest first."""
    return _read(Q(email__iexact=email) & ~Q(email="")) if email else Order.objects.none()


def of_person(person_id: int) -> QuerySet[Order]:
    """The orders at somebody's desk, newest first."""
    return _read(Q(claim__person_id=person_id))


def owns(actor: Actor, order: Order) -> bool:
    """Whether an order is at the desk of whoever acts: its address was shown to be theirs."""
    person = actor.person_id
    return person is not None and OrderClaim.objects.filter(order=order, person_id=person).exists()


def abandoned(at: datetime) -> QuerySet[Order]:
    """Orders that ended unpaid, for which no money ever came, and whose buyer's data are past their
    time; oldest first.
    """
    days = parameters.number("abandoned_order_days", at.date())
    paid = PaymentAttempt.objects.filter(order=OuterRef("pk")).exclude(
        received=None, state__in=NEVER_PAID
    )
    waits = BankMatch.objects.filter(attempt__order=OuterRef("pk"), state=BankMatch.State.PROPOSED)
    return Order.objects.filter(
        ~Exists(paid), ~Exists(waits), state=Order.State.EXPIRED, erased_at=None,
        held_until__lte=at - timedelta(days=days),
    ).order_by("pk")


def dead_links(at: datetime) -> QuerySet[DataLink]:
    """Links whose time is over and that no mailer is at."""
    waits = Q(state=DataLink.State.WAITING, next_try_at__gt=at)
    return DataLink.objects.filter(~waits, expires_at__lte=at)


def _read(which: Q) -> QuerySet[Order]:
    return (
        Order.objects.filter(which).select_related("certificate").defer("certificate__pdf")
        .prefetch_related("lines__offer__project", "lines__lot__issuance", "lines__cancellation",
                          "attempts__bank_matches__entry__payer", "attempts__refunds")
        .order_by("-id")
    )  # fmt: skip


def token(link: DataLink) -> str:
    """What stands in the address of a link: its key, signed."""
    return SIGNER.sign(link.key.hex)


def key_of(text: str) -> str | None:
    """The key that a token signs; None for anything else."""
    try:
        return SIGNER.unsign(text)
    except signing.BadSignature:
        return None


def live_link(order: Order, purpose: DataLink.Purpose, at: datetime) -> DataLink | None:
    """A link that still works: to the orders of an order's address, or to its own correction."""
    own = Q(order=order) if purpose == DataLink.Purpose.CORRECT else Q(
        order__email__iexact=order.email
    )
    found = DataLink.objects.filter(own, purpose=purpose, expires_at__gt=at, used_at=None)
    return found.exclude(state=DataLink.State.REFUSED).first()


def link_by_key(key: str, purpose: DataLink.Purpose, at: datetime) -> DataLink:
    """A link that still works and was not used, with its order. Raises UnknownOrder."""
    found = DataLink.objects.select_related("order").filter(
        key=key, purpose=purpose, expires_at__gt=at, used_at=None
    ).first()
    if found is None or not found.order.email:
        raise UnknownOrder("This link does not work any more. Ask for a new one.")
    return found


def told(orders: Iterable[Order]) -> list[dict[str, Any]]:
    """All that is kept about some orders, field by field."""
    return [_told(order) for order in orders]


def _told(order: Order) -> dict[str, Any]:
    certificate = getattr(order, "certificate", None)
    return {
        "order": order.code, "state": order.get_state_display(),
        "started_at": order.started_at.isoformat(),
        "paid_at": order.paid_at.isoformat() if order.paid_at else None,
        "name": order.beneficiary_name, "name_is_public": order.name_public,
        "organisation": order.on_behalf, "email": order.email, "reason": order.reason,
        "reference": order.reference, "tonnes": str(order.quantity),
        "total": f"{order.total} {order.currency}",
        "certificate": certificate.number if certificate else None,
        "corrected_names": [
            {"name": each.name, "why": each.why, "certificate": each.number}
            for each in (certificate.reissues.all() if certificate else ())
        ],
        "certificate_url": _certificate_url(order, certificate) if certificate else None,
        "serial_numbers": [queries.serial(line) for line in order.lines.all()
                           if line.cancellation_id is not None],
        "payments": [
            {"provider": each.provider, "state": each.get_state_display(),
             "amount": f"{each.amount} {each.currency}", "at": each.started_at.isoformat()}
            for each in order.attempts.all()
        ],
        "transfers": [_transfer(match) for each in order.attempts.all()
                      for match in each.bank_matches.all()
                      if match.state == BankMatch.State.CONFIRMED],
        "sent_back": [
            {"amount": f"{refund.amount} {refund.currency}", "to": refund.payee_name,
             "account": refund.payee_iban}
            for each in order.attempts.all() for refund in each.refunds.all()
            if refund.state == Refund.State.PAID
        ],
    }  # fmt: skip


def _transfer(match: BankMatch) -> dict[str, str]:
    entry = match.entry
    return {
        "booked_on": entry.booked_on.isoformat(), "amount": f"{entry.amount} {entry.currency}",
        "paid_by": entry.payer.name, "account": entry.payer.iban, "words": entry.payer.text,
    }


def _certificate_url(order: Order, certificate: Any) -> str:
    page = reverse("offsets:certificate", args=[codes.show(certificate.code)])
    return f"{settings.SITE_URL}{page}?order={order.code}"


def barred(orders: Iterable[Order]) -> list[tuple[Order, str]]:
    """The orders that cannot be erased now, each with the reason."""
    asked = list(orders)
    owed = payers.unsettled(asked)
    why = {each: UNDER_WAY.get(Order.State(each.state)) or UNSETTLED for each in asked}
    return [(each, why[each]) for each in asked
            if each.state not in AT_REST or each.pk in owed]  # fmt: skip
