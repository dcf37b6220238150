"""What waits for somebody because money does: payments to make, to record and to confirm."""

from collections.abc import Iterator
from typing import Any

from cdm_portal import formats
from cdm_portal.values import Actor
from projects.board.invoices import OWED
from projects.board.models import Invoice, Request
from projects.board.queries import money

Told = tuple[Request, dict[str, Any]]


def for_participant(actor: Actor) -> Iterator[Told]:
    """The invoices that the participant has to pay."""
    for invoice in _owed(actor):
        left = invoice.amount_usd - invoice.received_usd
        yield invoice.request, {
            "what": f"{purpose(invoice)} of {formats.usd(left)} is due: quote {invoice.number}.",
            "waiting_for": "Your payment", "action_label": "See the invoice",
        }


def for_secretariat(actor: Actor) -> Iterator[Told]:
    """The payments to look for on the bank statement, and those that wait for a second person."""
    for invoice in _owed(actor):
        payment = money.payment_waiting(invoice)
        if payment is None:
            yield invoice.request, {
                "what": f"{purpose(invoice)} is awaited: {invoice.number}.",
                "waiting_for": "The payment", "action_label": "Record the payment",
            }
            continue
        own = payment.recorded_by_id == actor.person_id
        yield invoice.request, {
            "what": f"{payment.recorded_name} recorded {formats.usd(payment.amount_usd)}.",
            "waiting_for": "Another person" if own else "You",
            "action_label": "Confirm the payment",
            "why_not": "You recorded it; another person confirms it." if own else "",
        }


def purpose(invoice: Invoice) -> str:
    """What an invoice is for."""
    if invoice.request.is_registration:
        return "The registration fee"
    return "The share of proceeds for administration"


def _owed(actor: Actor) -> list[Invoice]:
    """The invoices that are due, and deferred ones of which a payment was recorded early."""
    found = money.invoices(actor).order_by("pk")
    early = found.filter(state=Invoice.State.DEFERRED, payments__state="recorded")
    return [*found.filter(state__in=OWED), *early]
