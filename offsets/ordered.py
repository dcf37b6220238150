"""An order in the words of the API. Amounts are whole cents, tonnes decimal strings (guide, 7)."""

from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from offsets import codes, queries
from offsets.errors import UnknownCertificate, UnknownOrder
from offsets.keys import Holder
from offsets.models import Order, OrderLine

CENTS = 100
LONGEST_CODE = 40


def cents(amount: Decimal) -> int:
    """US dollars as whole cents; prices and totals have no smaller part."""
    return int(amount * CENTS)


def by(holder: Holder, code: str) -> Order:
    """An order that the organisation placed with such keys. Raises UnknownOrder for any other."""
    found = Order.objects.select_related("certificate").filter(
        code=code[:LONGEST_CODE + 1], by_api__organisation_id=holder.organisation_id,
        by_api__test=holder.test,
    ).first()  # fmt: skip
    if found is None:
        raise UnknownOrder("There is no such order.")
    return found


def told(order: Order, *, test: bool) -> dict[str, Any]:
    """An order without anything personal: what may be kept beside its Idempotency-Key."""
    certificate = getattr(order, "certificate", None)
    return {
        "code": order.code, "test": test, "state": str(order.state),
        "tonnes": str(order.quantity), "total_cents": cents(order.total),
        "currency": order.currency, "lines": _lines(list(queries.lines(order))),
        "started_at": _moment(order.started_at), "held_until": _moment(order.held_until),
        "paid_at": _moment(order.paid_at), "fulfilled_at": _moment(order.fulfilled_at),
        "next": next_step(order),
        "certificate": codes.show(certificate.code) if certificate else None,
        "url": settings.SITE_URL + reverse("api:order", args=[order.code]),
    }


def in_full(order: Order, *, test: bool) -> dict[str, Any]:
    """An order for its owner, with what is printed on the certificate."""
    return told(order, test=test) | {
        "beneficiary": {
            "name": order.beneficiary_name, "public": order.name_public,
            "on_behalf": order.on_behalf, "reference": order.reference, "reason": order.reason,
        },
        "email": order.email, "note": order.note,
    }


def next_step(order: Order) -> dict[str, str] | None:
    """Where the order is paid, while it waits for it."""
    if order.state != Order.State.PAYMENT_PENDING:
        return None
    begun = queries.open_attempt(order)
    if not begun.page_url:  # its provider was not told yet
        return None
    return {"payment": begun.provider, "url": urljoin(settings.SITE_URL, begun.page_url)}


def certificate(code: str, holder: Holder | None) -> dict[str, Any]:
    """A certificate for programs, with a link to its print once there is one. Name and reason if
    they are public, or for whoever ordered it. Raises UnknownCertificate.
    """
    facts = queries.certificate_facts(code)
    found = queries.certificate(codes.parse(code))
    if found is None:
        raise UnknownCertificate("There is no certificate with this code.")
    order = found.order
    own = holder is not None and _ordered_by(order, holder)
    page = settings.SITE_URL + reverse("offsets:certificate_pdf", args=[codes.show(found.code)])
    if own:
        facts |= {"name": order.beneficiary_name, "reason": order.reason or None}
        page += f"?order={order.code}"
    shown = found.sha256 and (own or order.name_public)
    return facts | {"pdf": page if shown else None}


def _ordered_by(order: Order, holder: Holder) -> bool:
    return Order.objects.filter(
        pk=order.pk, by_api__organisation_id=holder.organisation_id, by_api__test=holder.test
    ).exists()


def _moment(at: Any) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def _lines(lines: list[OrderLine]) -> list[dict[str, Any]]:
    """One for each offer, however many lots serve it."""
    by_offer: dict[int, list[OrderLine]] = {}
    for line in lines:
        by_offer.setdefault(line.offer_id, []).append(line)
    return [
        {
            "offer": f"off_{offer}", "project": parts[0].offer.project.name,
            "tonnes": str(sum(part.quantity for part in parts)),
            "price_cents": cents(parts[0].unit_price),
            "total_cents": sum(cents(part.money.amount) for part in parts),
            "serials": [queries.serial(part) for part in parts if part.cancellation_id],
        }
        for offer, parts in by_offer.items()
    ]
