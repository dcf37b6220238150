"""The sandbox's own book: what its page writes, as a bank would. It cannot write an order."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from cdm_portal.values import Actor
from offsets import locks
from offsets.models import PaymentAttempt, SandboxPayment

State = SandboxPayment.State
ONE = Decimal(1)


def open_payment(*, actor: Actor, at: datetime, attempt: PaymentAttempt) -> SandboxPayment:
    """Begin a payment in the sandbox's book for an attempt of the shop, once."""
    del actor, at  # for the shape that every action has: the sandbox is not the portal's record
    with transaction.atomic():
        payment, _ = SandboxPayment.objects.get_or_create(
            reference=attempt.uuid,
            defaults={"amount": attempt.amount, "currency": attempt.currency},
        )
    return payment


def press(*, actor: Actor, at: datetime, reference: UUID, button: str) -> SandboxPayment:
    """Book what the visitor of the sandbox's page chose; what is paid or closed stays so.

    Buttons: pay, twice, wrong (one dollar too much), decline, back (the bank takes back what was
    paid); anything else leaves it as it is. Each press makes the number of the next message.
    """
    del actor, at  # as above
    with transaction.atomic():
        held = locks.sandbox_payment(reference)
        if held.state in {State.OPEN, State.DECLINED} and button in {"pay", "twice", "wrong"}:
            held.state = State.PAID
            held.received = held.amount + ONE if button == "wrong" else held.amount
        elif held.state == State.OPEN and button == "decline":
            held.state = State.DECLINED
        held.charged_back |= held.state == State.PAID and button == "back"
        held.events += 1
        held.save(update_fields=["state", "received", "charged_back", "events"])
    return held


def close_payment(*, actor: Actor, at: datetime, reference: UUID) -> SandboxPayment:
    """Let nobody pay a payment that is still open. Raises UnknownPayment."""
    del actor, at  # as above
    with transaction.atomic():
        held = locks.sandbox_payment(reference)
        if held.state == State.OPEN:
            held.state = State.EXPIRED
            held.save(update_fields=["state"])
    return held
