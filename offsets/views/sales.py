"""What a seller sold, what it earned and what was paid to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cdm_portal import edges, formats, keyset
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from offsets import payouts, sellers
from offsets.payouts import NOTHING, Balance
from offsets.register.files import guarded
from registry import exports

SOLD = (
    "cancelled_at", "project", "title", "commitment_period", "tonnes", "unit_price_usd",
    "earned_usd", "serial_numbers", "certificate", "name", "reason",
)  # fmt: skip
REVENUE = (
    "project", "title", "sales", "tonnes", "average_price_usd", "earned_usd", "paid_usd",
    "due_usd", "last_sale",
)  # fmt: skip
PAID = ("sent_on", "bank_reference", "project", "title", "amount_usd", "confirmed_at")


@may((Row.OFFER, Right.CREATE))
@require_safe
def sales(request: HttpRequest) -> HttpResponse:
    """What was sold, earned and paid: by project, payment by payment, and sale by sale with the
    buyers' public reasons.
    """
    actor = actor_of(request)
    seller = actor.organisation_id or 0
    revenue = payouts.balances(seller)
    return render(request, "offsets/sales.html", {
        "revenue": revenue, "totals": _totals(revenue),
        "payouts": edges.listed(
            request, payouts.payouts_to(seller), ("-pk",), name="payouts_after", size=keyset.SHORT,
        ),
        "sales": edges.listed(request, sellers.sales_of(actor), ("-pk",)),
    })


def _totals(revenue: list[Balance]) -> list[dict[str, Any]]:
    earned = sum((each.earned for each in revenue), start=NOTHING)
    paid = sum((each.paid for each in revenue), start=NOTHING)
    tonnes = sum(each.tonnes for each in revenue)
    return [
        {"term": _("Tonnes cancelled"), "value": formats.tonnes(tonnes)},
        {"term": _("Earned"), "value": formats.usd(earned)},
        {"term": _("Paid"), "value": formats.usd(paid)},
        {"term": _("Due to you"), "value": formats.usd(earned - paid)},
    ]


@may((Row.OFFER, Right.CREATE))
@require_safe
def sales_export(request: HttpRequest) -> HttpResponseBase:
    """Every sale as CSV."""
    rows = (
        [
            sale.at.isoformat(), line.offer.project.name, guarded(line.offer.project.title),
            line.offer.commitment_period, line.quantity, line.unit_price, sale.amount,
            str(line.cancellation.serial), line.order.certificate.number,
            guarded(sale.shown_name), guarded(sale.shown_reason),
        ]
        for sale in sellers.sales_of(actor_of(request)).order_by("pk").iterator(500)
        if (line := sale.line) is not None and line.cancellation is not None
    )
    return exports.answer("csv", "sales", SOLD, rows)


@may((Row.OFFER, Right.CREATE))
@require_safe
def revenue_export(request: HttpRequest) -> HttpResponseBase:
    """What each project earned, and what of it was paid, as CSV."""
    rows: list[list[object]] = [
        [
            each.number, guarded(each.title), each.sales, each.tonnes, each.average, each.earned,
            each.paid, each.due, each.last.isoformat(),
        ]
        for each in payouts.balances(actor_of(request).organisation_id or 0)
    ]
    return exports.answer("csv", "revenue", REVENUE, rows)


@may((Row.OFFER, Right.CREATE))
@require_safe
def payouts_export(request: HttpRequest) -> HttpResponseBase:
    """Every payment that two persons confirmed, a row for each project, as CSV."""
    rows: Any = (
        [
            part.payout.sent_on.isoformat(), guarded(part.payout.bank_reference),
            part.project.name, guarded(part.project.title), part.amount,
            part.payout.decided_at.isoformat() if part.payout.decided_at else "",
        ]
        for part in payouts.parts_to(actor_of(request).organisation_id or 0).iterator(500)
    )
    return exports.answer("csv", "payouts", PAID, rows)
