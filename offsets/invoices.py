"""The invoice for an order that is paid by transfer: on a page, and as a paper with always the same
bytes. It is pro forma: it asks for money before anything is cancelled, and is no tax document.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import formats, papers
from offsets import pricing, queries
from offsets.banking import queries as bank
from offsets.banking import references
from offsets.models import Order, OrderLine, PaymentAttempt

NUMBER = "PF-{:08d}"


def number(of: PaymentAttempt) -> str:
    """The invoice's own number: one per attempt."""
    return NUMBER.format(of.pk)


def reference(of: PaymentAttempt) -> str:
    """The structured reference that every transfer for the order quotes, in groups of four."""
    return references.shown(references.of_order(of.order_id))


def page(of: PaymentAttempt, at: datetime) -> dict[str, Any]:
    """What the buyer's page says: how to pay, what for, and how it stands."""
    lines = list(queries.lines(of.order))
    return {
        "attempt": of, "order": of.order, "number": number(of), "reference": reference(of),
        "bill": pricing.bill((line.unit_price, line.quantity) for line in lines),
        "payees": payees(lines),
        "account": [
            {"term": _("Amount"), "value": formats.money(of.money)},
            {"term": _("Reference"), "value": reference(of), "mono": True},
            {"term": _("IBAN"), "value": references.shown(bank.account()), "mono": True},
            {"term": _("BIC"), "value": settings.BANK_BIC, "mono": True},
            {"term": _("Account holder"), "value": settings.BANK_HOLDER},
            {"term": _("Bank"), "value": settings.BANK_NAME},
        ],
        "pdf_url": reverse("offsets:invoice_pdf", args=[of.uuid]),
        **standing(of, at),
    }


def standing(of: PaymentAttempt, at: datetime) -> dict[str, Any]:
    """How far it is paid, for the part of the page that asks again by itself."""
    order = of.order
    waits = order.state == Order.State.PAYMENT_PENDING
    return {
        "attempt": of, "order": order, "state": str(order.state), "sums": bank.received(of),
        "part": bool(of.received), "waits": waits or order.state == Order.State.PAID,
        "over": waits and order.held_until <= at, "refunds": list(of.refunds.all()),
    }


def payees(lines: list[OrderLine]) -> list[dict[str, str]]:
    """The participants that the money is for, line by line; lots of one offer are one line."""
    merged: dict[tuple[int, str], int] = {}
    first: dict[tuple[int, str], OrderLine] = {}
    for line in lines:
        key = (line.offer_id, str(line.unit_price))
        merged[key] = merged.get(key, 0) + line.quantity
        first.setdefault(key, line)
    return [
        {
            "project": line.offer.project.title, "name": line.offer.project.name,
            "payee": line.offer.seller.name, "tonnes": formats.tonnes(merged[key]),
            "price": formats.usd(line.unit_price),
            "amount": formats.usd(line.unit_price * merged[key]),
        }
        for key, line in first.items()
    ]


def paper(of: PaymentAttempt) -> bytes:
    """The invoice as PDF. It says what was asked for, not what was paid since."""
    order = of.order
    lines = list(queries.lines(order))
    bill = pricing.bill((line.unit_price, line.quantity) for line in lines)
    until = of.closes_at or order.held_until
    made = of.started_at
    return papers.render("proforma.typ", {
        "title": "Pro-forma invoice", "number": number(of),
        "date": [made.year, made.month, made.day], "day": formats.day(made),
        "rules": "Demonstration" if settings.CDM_DEMONSTRATION else "",
        "name": order.beneficiary_name, "reference_of_buyer": order.reference,
        "lines": payees(lines), "participants": formats.money(bill.participants),
        "total": formats.money(of.money), "tonnes": formats.tonnes(order.quantity),
        "until": formats.moment(until), "reference": reference(of),
        "iban": references.shown(bank.account()), "bic": settings.BANK_BIC,
        "holder": settings.BANK_HOLDER, "bank": settings.BANK_NAME,
        "fictional": any(line.offer.project.fictional for line in lines),
    })
