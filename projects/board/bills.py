"""Invoices as the participant reads them: on pages, and as a paper that always has the same bytes.
"""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import deadlines, formats, papers
from projects.board import collection, queries
from projects.board.models import Invoice, Payment

Sheet = dict[str, Any]

RULES = {
    "due": "", "capped": "The most that a registration fee can be.",
    "advanced": "Covered by the registration fee, which was paid in advance.",
}


def rows(invoice: Invoice) -> list[list[str]]:
    """What an invoice is made of: [term, value] rows."""
    quantity, registration = invoice.quantity or 0, invoice.request.is_registration
    full = formats.usd(invoice.before_cap_usd)
    if registration:
        made = [["Expected reductions", f"{formats.tonnes(quantity)} tCO2e a year"]]
        if invoice.amount_usd != invoice.before_cap_usd:
            made.append(["By the rates alone", full])
    else:
        earlier = formats.tonnes(invoice.earlier_quantity)
        made = [
            ["CERs to be issued", formats.tonnes(quantity)],
            [f"Requested earlier in {invoice.year}", f"{earlier} CERs"],
            ["Share of proceeds", full],
            ["Less registration fee paid", formats.usd(invoice.advance_usd)],
        ]
    return [*made, ["Amount due", f"{formats.usd(invoice.amount_usd)} ({collection.CURRENCY})"]]


def paper(invoice: Invoice) -> bytes:
    """The invoice as PDF. It says what was invoiced, not what was paid since, so that its bytes
    stay what they were.
    """
    request = invoice.request
    made = invoice.made_at or request.submitted_at
    return papers.render("invoice.typ", {
        "title": queries.purpose(invoice).removeprefix("The ").capitalize(),
        "number": invoice.number, "date": [made.year, made.month, made.day],
        "rules": request.project.get_rules_display(), "fictional": request.project.fictional,
        "owner": request.project.owner.name, "day": formats.day(made),
        "rows": queries.paper_rows(request), "amounts": rows(invoice),
        "note": RULES.get(invoice.rule, ""),
    })


def panel(invoice: Invoice | None) -> Sheet | None:
    """What the page of a request shows of its invoice; None where there is none to read."""
    if invoice is None:
        return None
    payable = invoice.state != Invoice.State.WAIVED
    return {
        "title": _("Registration fee") if invoice.request.is_registration
        else _("Share of proceeds for administration"),
        "rows": [{"term": term, "value": value} for term, value in rows(invoice)] + [
            {"term": _("State"), "value": invoice.get_state_display()},
            *(_to_pay(invoice) if payable else []),
        ],
        "url": reverse("board:invoice", args=[invoice.request.reference]) if payable else "",
        "payments": [_payment(each) for each in invoice.payments.all()],
        "note": RULES.get(invoice.rule, ""),
    }


def _to_pay(invoice: Invoice) -> list[Sheet]:
    return [
        {"term": _("Received"), "value": formats.usd(invoice.received_usd)},
        {"term": _("Quote"), "value": invoice.number, "mono": True},
        *_last_days(invoice),
    ]


def _last_days(invoice: Invoice) -> list[Sheet]:
    """Until when proof of payment, or the money, comes; both numbers of days are unverified."""
    if invoice.proof_due_at is None or invoice.money_due_at is None:
        return []
    day = formats.day(deadlines.last_day(invoice.proof_due_at))
    proof = f"{invoice.proof} ({formats.day(invoice.proof_at)})" if invoice.proof_at else ""
    last = formats.day(deadlines.last_day(invoice.money_due_at))
    return [
        {"term": _("Proof of payment"), "value": proof or _("until %s") % day},
        {"term": _("Or the money"), "value": _("until %s, unverified") % last},
    ]


def _payment(payment: Payment) -> Sheet:
    kinds = {Payment.State.RECORDED: "warn", Payment.State.CONFIRMED: "ok"}
    decided = f"; {payment.decided_name}" if payment.decided_name else ""
    return {
        "payment": payment, "amount": formats.usd(payment.amount_usd),
        "kind": kinds.get(Payment.State(payment.state), ""),
        "decided": f"{decided}: {payment.reason}" if payment.reason else decided,
    }


def line(invoice: Invoice) -> Sheet:
    """One row of the list of invoices."""
    kinds = {Invoice.State.PAID: "ok", Invoice.State.DUE: "warn", Invoice.State.PART_PAID: "warn"}
    waiting = next((p for p in invoice.payments.all() if p.state == Payment.State.RECORDED), None)
    return {
        "invoice": invoice, "purpose": queries.purpose(invoice).removeprefix("The ").capitalize(),
        "left": invoice.amount_usd - invoice.received_usd,
        "kind": kinds.get(Invoice.State(invoice.state), ""), "waiting": waiting,
    }
