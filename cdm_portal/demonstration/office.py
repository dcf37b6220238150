"""What the secretariat does for every request alike: ticks its checks, takes what is owed."""

from datetime import datetime

from cdm_portal.values import Actor
from projects.board import actions
from projects.board import queries as board
from projects.board.models import Invoice, Request


def checklist(request_id: int, stage: str, actor: Actor, at: datetime) -> None:
    """The secretariat ticks every item of one of its two checks."""
    for check in Request.objects.get(pk=request_id).checks.filter(stage=stage):
        actions.check_item(
            actor=actor, at=at, request_id=request_id, code=check.code, met=True, reason=""
        )


def take_what_is_owed(request_id: int, first: Actor, second: Actor, at: datetime) -> None:
    """One person records the payment of what is due for a request, another confirms it."""
    request = Request.objects.get(pk=request_id)
    invoice = Invoice.objects.filter(request=request).first()
    if invoice is None or invoice.state != Invoice.State.DUE:
        return
    payment = board.payment_waiting(invoice)
    if payment is None:
        payment = actions.record_payment(
            actor=first, at=at, request_id=request_id, amount=invoice.amount_usd, currency="USD",
            payment_reference=f"BANK-{request.reference}", received_on=at.date(),
        )
    actions.confirm_payment(
        actor=second, at=at, request_id=request_id, payment_id=payment.pk
    )
