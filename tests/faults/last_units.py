"""The last units of an offer, sold to a crowd over HTTP, and what must be true when it is over.

Some go to the payment page and stay there until their hold is over (the demonstration's clock moves
by a day) and the units are sold to others: their money comes in vain and must go back.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from cdm_portal import clock, record
from offsets import invariants as money
from offsets import queries
from offsets.models import Certificate, MoneyEntry, Offer, Order, PaymentAttempt
from registry import invariants as units
from tests.faults.shoppers import Shopper
from tests.portal import Portal

AT_ONCE = 16
LOOK = 0.2
"""Seconds between two looks at what is promised."""
ENDED = {Order.State.FULFILLED, Order.State.REFUNDED, Order.State.EXPIRED}
State = PaymentAttempt.State


@dataclass
class Sale:
    """One offer of `stock` tonnes, the crowd that wants them, and those who pay late."""

    portal: Portal
    offer: Offer
    stock: int
    crowd: Sequence[Shopper]
    late: Sequence[Shopper] = ()
    promised: int = 0
    seconds: float = 0.0
    running: list[Future[str]] = field(default_factory=list)

    @property
    def everybody(self) -> list[Shopper]:
        """The crowd and those who pay late."""
        return [*self.crowd, *self.late]

    def run(self, *, beat: bool = True) -> None:
        """Sell. Without `beat` nobody closes the payment pages of those whose hold is over."""
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool, ThreadPoolExecutor(AT_ONCE) as second:
            waiting = list(pool.map(lambda each: each.buy(button="later"), self.late))
            assert set(waiting) <= {"waits"}
            self.running = [pool.submit(each.buy) for each in self.crowd]
            if self.late:
                self._let_holds_end(second, beat=beat)
            self._watch(lambda: False)
        self.seconds = time.monotonic() - began
        connection.close()

    def _let_holds_end(self, pool: ThreadPoolExecutor, *, beat: bool) -> None:
        """Half of the late ones pay as soon as their hold is over, half once all is sold."""
        self._watch(lambda: self.cancelled() >= self.stock // 4)
        if not beat:
            self.portal.end("beat")
        record.advance_clock(days=1)
        self.running += [pool.submit(each.buy) for each in self.late[::2]]
        self._watch(lambda: self.look() >= self.stock)
        self.running += [pool.submit(each.buy) for each in self.late[1::2]]
        self._watch(lambda: False)
        if not beat:
            self.portal.begin("beat")

    def _watch(self, enough: Callable[[], bool]) -> None:
        """Look at what is promised until it is enough, or until everybody is done."""
        while not enough() and not all(each.done() for each in self.running):
            self.look()
            time.sleep(LOOK)

    def cancelled(self) -> int:
        """Tonnes of the offer that are cancelled now."""
        return self.stock - queries.unsold(self.offer)

    def look(self) -> int:
        """Tonnes cancelled or held now. What goes from held to cancelled meanwhile is missed, never
        counted twice: what is cancelled is read first.
        """
        cancelled = self.cancelled()
        promised = cancelled + queries.held(self.offer, clock.now())
        self.promised = max(self.promised, promised)
        return promised

    def check(self) -> None:
        """Never more than there is, and everybody has their units, their money or spent none."""
        assert {each.said for each in self.everybody} <= {"cancelled", "refunded", "none left"}
        assert self.promised <= self.stock
        largest = max(each.tonnes for each in self.crowd)
        assert self.stock - largest < sold(self.everybody) == self.cancelled() <= self.stock
        assert sum(each.faults for each in self.everybody) == 0
        reconciled(self.everybody)

    def row(self) -> str:
        """The line of the table for this sale."""
        ended = Counter(each.said for each in self.everybody)
        back = given_back(self.everybody)
        return (
            f"{len(self.everybody):6} {self.stock:6} {sold(self.everybody):6} {self.promised:8} "
            f"{ended['cancelled']:6} {ended['none left']:10} {ended['refunded']:8} {back:10} "
            f"{sum(each.unanswered for each in self.everybody):4} {self.seconds:8.1f}"
        )


HEAD = (
    f"{'buyers':>6} {'tonnes':>6} {'sold':>6} {'promised':>8} {'served':>6} {'none left':>10} "
    f"{'refunded':>8} {'USD back':>10} {'busy':>4} {'seconds':>8}"
)


def sold(crowd: Sequence[Shopper]) -> int:
    """Tonnes that buyers were told are theirs."""
    return sum(each.tonnes for each in crowd if each.said == "cancelled")


def given_back(crowd: Sequence[Shopper]) -> Decimal:
    """US dollars that went back to these buyers."""
    entries = MoneyEntry.objects.filter(
        order__code__in=[each.code for each in crowd if each.code], debit="refund",
        credit="provider",
    )
    return Decimal(entries.aggregate(n=Sum("amount"))["n"] or 0)


def reconciled(crowd: Sequence[Shopper]) -> None:
    """Units and money balance, every order is at its end, and everybody was told the truth."""
    connection.close()
    assert units.problems() == []
    assert money.problems() == []
    told = {each.code: each.said for each in crowd if each.code}
    orders = {each.code: each for each in Order.objects.filter(code__in=told)}
    certified = set(
        Certificate.objects.filter(order__code__in=told).values_list("order__code", flat=True)
    )
    assert set(orders) == set(told)
    assert {each.state for each in orders.values()} <= ENDED
    for state, said in ((Order.State.FULFILLED, "cancelled"), (Order.State.REFUNDED, "refunded")):
        assert {c for c, each in orders.items() if each.state == state} == {
            c for c, each in told.items() if each == said
        }
    assert certified == {c for c, said in told.items() if said == "cancelled"}
    for order in orders.values():
        paid_or_back(order)


def paid_or_back(order: Order) -> None:
    """All that was received for an order bought its units, or went back because its hold was over.
    """
    for attempt in order.attempts.filter(received__gt=0):
        assert attempt.settled_at is not None
        if order.state == Order.State.FULFILLED:
            assert attempt.state == State.SUCCEEDED
        else:
            assert (order.state, attempt.state) == (Order.State.REFUNDED, State.REFUNDED)
            assert attempt.refund_reference
            assert attempt.settled_at >= order.held_until, "whose units are held never pays in vain"
