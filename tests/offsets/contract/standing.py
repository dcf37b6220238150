"""How an order stands, and short ways that several cases share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from cdm_portal.values import Money, usd
from offsets import actions, queries
from offsets.models import PaymentAttempt
from registry.models import Cancellation
from tests.offsets.contract.harness import Harness

Nothing = Callable[[], AbstractContextManager[None]]


def stands(attempt: PaymentAttempt) -> tuple[str, str]:
    """The order's state and the attempt's."""
    return str(queries.order(attempt.order_id).state), queries.attempt(attempt.uuid).state


def cancelled() -> list[int]:
    return [row.quantity for row in Cancellation.objects.filter(kind="c")]


def run_out(way: Harness) -> None:
    """The hold is over: what is not paid by now has expired."""
    way.later(hours=3)
    actions.expire_orders(at=way.at)


WRONG = {
    "too little": usd("81.59"), "too much": usd("81.61"), "a cent": usd("0.01"),
    "ten times": usd("816.00"), "euros": Money("81.60", "EUR"), "yen": Money("8160", "JPY"),
    "dinars": Money("81.60", "KWD"),
}
