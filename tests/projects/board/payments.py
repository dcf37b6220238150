"""Payments as the tests make them: due, recorded by one person, confirmed by another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import connection

from cdm_portal.values import Actor
from projects.board import actions
from projects.board.models import Payment, Request
from registry import actions as registry
from registry.models import InstructionLine
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import LARGE

LATER = on(2013, 10, 5)
FEE = Decimal("5700.60")
SHARE = Decimal("1402.30")  # 0.10 USD for each of 14,023 CERs
AFTER = on(2015, 12, 4)


def fee_due(cast: Cast) -> Request:
    """A large project in a host with ten registered ones: the fee comes first."""
    story.host_with(10)
    return story.requested(cast, mwh=LARGE)


def paying(cast: Cast, request: Request, at: Any = LATER, **changes: Any) -> Payment:
    """One person records a payment of the whole fee, but for the changes."""
    given = {
        "actor": cast.secretariat, "at": at, "request_id": request.pk, "amount": FEE,
        "currency": "USD", "payment_reference": "BANK-1", "received_on": at.date(),
    }
    return actions.record_payment(**(given | changes))


def confirms(actor: Actor, request: Request, at: Any = LATER) -> Payment:
    """Somebody confirms the payment that was recorded last."""
    last = Payment.objects.filter(invoice__request=request).last()
    return actions.confirm_payment(
        actor=actor, at=at, request_id=request.pk, payment_id=last.pk if last else 0
    )


def release(cast: Cast) -> None:
    """A second person releases every line."""
    for line in InstructionLine.objects.filter(releaser=None):
        registry.release_instruction(actor=cast.registry, at=AFTER, line_id=line.pk)


def sql(statement: str) -> None:
    """One statement past the actions."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
