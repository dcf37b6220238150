"""Many visitors by HTTP at one portal: the last units of an offer, and parts killed under them.

In every run a dozen visitors and a fault of each kind; with `--full` the stated sizes.
"""

from __future__ import annotations

import contextlib
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
import redis
from django.db import connection
from django.db.models import Max

from cdm_portal import clock, record
from offsets.models import CancelledEntry, Offer, Order, OrderLine, PaymentAttempt
from registry import invariants as units
from registry.models import Cancellation
from tests.benchmarks.cluster import connected_to
from tests.cast import Cast
from tests.faults import scan
from tests.faults.last_units import AT_ONCE, HEAD, Sale, reconciled
from tests.faults.shoppers import EMAIL, Shopper
from tests.offsets import traces
from tests.offsets.conftest import Shop, opened
from tests.portal import Portal, running

RECOVERY = 60.0
"""Seconds after the last fault within which every certificate is there (issue, 4)."""


@pytest.fixture(scope="module")
def portal(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Portal]:
    """A portal with the cast; the tests read its database directly."""
    with (
        running(tmp_path_factory.mktemp("shop")) as made,
        django_db_blocker.unblock(),  # type: ignore[attr-defined] # pytest-django's own type
        connected_to(made.cluster.url("cdm_owner")),
    ):
        yield made


@pytest.fixture(scope="module")
def shop(portal: Portal) -> Shop:
    """The shop of the cast in the portal's database."""
    del portal  # whose database it is
    return opened(Cast.assemble(), clock.now())


@pytest.fixture(scope="module")
def offers(shop: Shop) -> Callable[[int], Offer]:
    """Makes an offer of so many tonnes of the project of the cast's shop."""

    def made(tonnes: int) -> Offer:
        shop.at = clock.now()
        shop.issue(tonnes)
        return shop.offer(tonnes)

    return made


def shoppers(portal: Portal, offer: Offer, tonnes: Sequence[int]) -> list[Shopper]:
    return [
        Shopper(portal.port, offer.pk, offer.price_version, wanted, f"Zerlina {number} Quastel")
        for number, wanted in enumerate(tonnes)
    ]


def test_the_last_units_go_to_whom_they_are_sold(
    portal: Portal, offers: Callable[[int], Offer], full: bool
) -> None:
    """Some of the buyers pay when their hold is over. Beat is away in every other round, so that
    nobody closes their payment pages before."""
    rounds, buyers, late, stock = (20, 488, 12, 100) if full else (1, 22, 2, 20)
    largest = 3 if full else 2
    record.begin_demonstration()  # its clock can be moved
    print(f"\nround {HEAD}")
    for number in range(rounds):
        offer, dice = offers(stock), random.Random(number)
        sale = Sale(
            portal, offer, stock,
            crowd=shoppers(portal, offer, [dice.randint(1, largest) for _ in range(buyers)]),
            late=shoppers(portal, offer, [1] * late),
        )
        sale.run(beat=number % 2 == 1)
        print(f"{number:5} {sale.row()}", flush=True)
        sale.check()
        assert number % 2 == 1 or "refunded" in {each.said for each in sale.late}


@contextlib.contextmanager
def unguarded() -> Iterator[None]:
    """Meanwhile the registry's verb holds without a lock and without a count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('registry_hold_units'::regproc)")
        sound: str = cursor.fetchone()[0]
        naive = sound.replace(" FOR NO KEY UPDATE", "").replace("v_left < p_quantity", "false")
        assert (" FOR NO KEY UPDATE" in sound, "IF false THEN" in naive) == (True, True)
        cursor.execute(naive)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(sound)


def test_a_naive_hold_fails_the_same_check(
    portal: Portal, offers: Callable[[int], Offer]
) -> None:
    """The negative control: who counts, thinks and then holds promises more than there is, and
    takes money in time for which there are no units. Even then no unit is cancelled twice."""
    offer = offers(2)
    sale = Sale(portal, offer, 2, crowd=shoppers(portal, offer, [1] * 16))
    portal.end("web")
    portal.begin("web", application="tests.faults.naive:application")
    try:
        with unguarded():
            sale.run()
    finally:
        portal.end("web")
        portal.begin("web")
    print(f"\nnaive {HEAD}\n      {sale.row()}", flush=True)
    assert sale.promised > sale.stock
    with pytest.raises(AssertionError):
        sale.check()
    with pytest.raises(AssertionError, match="never pays in vain"):
        reconciled(sale.everybody)
    assert sale.cancelled() <= sale.stock  # the registry's last wall
    assert units.problems() == []


class Nemesis:
    """Kills one part after another, each for a moment, by the seed's choice.

    In the thread that began the parts: the system ends them with the thread that began them.
    """

    PARTS = ("web", "worker", "broker", "database")

    def __init__(self, portal: Portal, *, seed: int, faults: int) -> None:
        self.portal, self.dice = portal, random.Random(seed)
        self.kinds = [*self.PARTS, *self.dice.choices(self.PARTS, k=faults - len(self.PARTS))]
        self.dice.shuffle(self.kinds)

    def strike(self, ready: Callable[[], object]) -> None:
        """One fault after the other; `ready` is called before each."""
        for kind in self.kinds:
            ready()
            time.sleep(self.dice.uniform(0.5, 2.0))
            self._strike(kind)

    def _strike(self, kind: str) -> None:
        if kind in ("broker", "database"):
            part: Any = self.portal.redis if kind == "broker" else self.portal.cluster
            part.child.signal_group(signal.SIGKILL)
            part.stop()
            time.sleep(self.dice.uniform(0.1, 1.0))
            part.start()
        else:
            self.portal.end(kind)
            time.sleep(self.dice.uniform(0.1, 1.0))
            self.portal.begin(kind)


class Queue:
    """Buyers who come a few at a time, so that every fault meets some of them on their way."""

    def __init__(self, pool: ThreadPoolExecutor, crowd: Sequence[Shopper], faults: int) -> None:
        self.pool, self.waiting, self.each = pool, list(crowd), -(-len(crowd) // faults)
        self.buying: list[Future[str]] = []
        self.met: list[int] = []

    def let_in(self) -> None:
        """The next few begin, once most of those before them are through: nobody queues."""
        while self._under_way() > AT_ONCE - self.each:
            time.sleep(0.1)
        coming, self.waiting = self.waiting[: self.each], self.waiting[self.each :]
        self.buying += [self.pool.submit(one.buy) for one in coming]
        self.met.append(self._under_way())

    def _under_way(self) -> int:
        return sum(not each.done() for each in self.buying)


def certified_within(crowd: Sequence[Shopper], recovered: datetime) -> float:
    """Seconds from a moment until every order that was paid by then had its certificate."""
    paid = Order.objects.filter(code__in=[each.code for each in crowd], paid_at__lte=recovered)
    last = paid.aggregate(last=Max("fulfilled_at"))["last"] or recovered
    return max(0.0, float((last - recovered).total_seconds()))


def test_kills_lose_nothing_and_double_nothing(
    portal: Portal, offers: Callable[[int], Offer], full: bool
) -> None:
    seed, faults, orders = (20_261_129, 50, 200) if full else (7, 4, 12)
    offer = offers(orders * 3 * 5)  # guests may hold a fifth of it at a time
    crowd = shoppers(portal, offer, [1 + number % 3 for number in range(orders)])
    before = Cancellation.objects.filter(kind="c").count()
    nemesis = Nemesis(portal, seed=seed, faults=faults)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        queue = Queue(pool, crowd, faults)
        nemesis.strike(queue.let_in)
        connection.close()  # it died with its server
        recovered, began = clock.now(), time.monotonic()
        ended = Counter(each.result() for each in queue.buying)
        told = time.monotonic() - began
    took = certified_within(crowd, recovered)
    print(f"\nseed {seed}: {dict(Counter(nemesis.kinds))}, each met {min(queue.met)} to "
          f"{max(queue.met)} buyers; {dict(ended)}, {sum(each.unanswered for each in crowd)} "
          f"requests unanswered; after the last fault {took:.1f} s to the last certificate that "
          f"was paid before, {told:.1f} s until all had bought", flush=True)
    assert ended == {"cancelled": orders}
    reconciled(crowd)
    codes = [each.code for each in crowd]
    lines = OrderLine.objects.filter(order__code__in=codes)  # one more for each lot that it spans
    assert sum(each.quantity for each in lines) == sum(each.tonnes for each in crowd)
    assert Cancellation.objects.filter(kind="c").count() - before == lines.count()
    mine = PaymentAttempt.objects.filter(order__code__in=codes)
    assert mine.filter(state=PaymentAttempt.State.SUCCEEDED).count() == mine.count() == orders
    assert took < RECOVERY


def test_nobody_is_named_where_they_did_not_wish(portal: Portal, shop: Shop) -> None:
    """After the campaigns. Then a planted address and name are found in every place."""
    assert traces.dumped(EMAIL) == ["offsets_order"], "it is kept where the buyer gave it"
    ended = [Order.objects.filter(email=EMAIL, state=state).latest("pk")
             for state in (Order.State.FULFILLED, Order.State.REFUNDED)]  # fmt: skip
    answers = scan.answered(portal, shop.cast, ended)
    found = scan.seen(portal, ("Quastel", EMAIL), answers)
    print(f"\n{len(answers)} answers, {Order.objects.filter(email=EMAIL).count()} orders: {found}")
    assert found == []
    line = redis.Redis.from_url(
        portal.redis.addresses()["REDIS_URL"].replace("redis+socket://", "unix://", 1)
    )
    for log in scan.logs(portal).values():
        with log.open("a", encoding="utf-8") as more:
            more.write(f"no mail to {EMAIL}\n")
    line.lpush("planted", EMAIL)
    CancelledEntry.objects.update(beneficiary=ended[0].beneficiary_name)
    planted = {each.rpartition(": ")[0] for each in scan.seen(
        portal, ("Quastel", EMAIL), scan.answered(portal, shop.cast, ended[:1], roles=False)
    )}
    assert scan.LOGS | {"broker planted", "offsets_cancelledentry"} <= planted
    assert {"stranger /cancellations/", "stranger /api/v1/record/"} <= planted
