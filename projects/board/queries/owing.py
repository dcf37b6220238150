"""What waits for somebody because money does: payments to make, to record and to confirm."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from cdm_portal import deadlines, formats, queues
from cdm_portal.queues import Facts, Line
from cdm_portal.values import Actor
from projects.board.invoices import OWED
from projects.board.models import Invoice, Payment, Request
from projects.board.queries import money

RELATED = ("request", "request__project", "request__period")
Told = dict[str, Any]
Tell = Callable[[Request, Told], Told]


def for_participant(actor: Actor, at: datetime, tell: Tell) -> Iterator[Line]:
    """The invoices that the participant has to pay; `tell` makes an item of a request."""

    def build(invoice: Invoice, facts: Facts) -> Told:
        del facts
        left = invoice.amount_usd - invoice.received_usd
        return tell(invoice.request, {
            "what": f"{purpose(invoice)} of {formats.usd(left)} is due: quote {invoice.number}."
            + _standing(invoice, at),
            "waiting_for": "Your payment", "action_label": "See the invoice",
        } | _until(invoice, at))

    for kind, rows, until in _owed(actor):
        yield Line(kind, rows, build, related=RELATED, until=until)


def for_secretariat(actor: Actor, at: datetime, tell: Tell) -> Iterator[Line]:
    """The payments to look for on the bank statement, and those that wait for a second person."""
    recorded = Payment.objects.filter(invoice=OuterRef("pk"), state=Payment.State.RECORDED)

    def build(invoice: Invoice, facts: Facts) -> Told:
        payments = queues.revive(Payment, facts["recorded"])
        words = _confirm(payments[0], actor) if payments else {
            "what": f"{purpose(invoice)} is awaited: {invoice.number}." + _standing(invoice, at),
            "waiting_for": "The payment", "action_label": "Record the payment",
        }
        return tell(invoice.request, words | _until(invoice, at))

    for kind, rows, until in _owed(actor):
        yield Line(
            kind, rows, build, related=RELATED, until=until,
            facts={"recorded": queues.rows(recorded.order_by("pk")[:1])},
        )


def _until(invoice: Invoice, at: datetime) -> Told:
    """Until when, where the fee has a last day, and whether that is over without proof."""
    if invoice.money_due_at is None:
        return {}
    until = deadlines.last_moment(invoice.money_due_at)
    return {"until": until, "late": invoice.is_overdue(at)}


def _standing(invoice: Invoice, at: datetime) -> str:
    """Whether it is overdue, and until when proof of payment is enough; else nothing."""
    if invoice.is_overdue(at):
        return " It is overdue."
    due = invoice.proof_due_at
    if due is None or at >= due or invoice.proof_at is not None:
        return ""
    return f" Proof of payment until {formats.day(deadlines.last_day(due))} is enough."


def _confirm(payment: Payment, actor: Actor) -> Told:
    own = payment.recorded_by_id == actor.person_id
    return {
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


def _owed(actor: Actor) -> Iterator[tuple[str, QuerySet[Invoice], str]]:
    """The invoices that are due, and deferred ones of which a payment was recorded early, each with
    the field of its last day. Those with such a day stand in an index of their own.
    """
    found = money.invoices(actor)
    early = Payment.objects.filter(invoice=OuterRef("pk"), state=Payment.State.RECORDED)
    due = found.filter(state__in=OWED)
    yield "board.owed_by", due.filter(money_due_at__isnull=False), "money_due_at"
    yield "board.owed", due.filter(money_due_at=None), ""
    yield "board.early", found.filter(Exists(early), state=Invoice.State.DEFERRED), ""
