"""Two want more than there is, many want everything, all at once: each way that units move.

Every test has a database of its own, real connections and real commits. What happens with a wall
taken down stands in test_race_controls.
"""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from cdm_portal.values import SYSTEM
from registry import actions, errors, invariants, queries
from registry.actions.settling import Sale
from registry.locks import retried
from registry.models import Block, Cancellation, Lot, Transaction
from tests.registry import crowd
from tests.registry.ledger import PROJECT, SECOND, SELLER, Ledger, at_once, sql

pytestmark = pytest.mark.usefixtures("ledger_db", "books_balance")

WANTED = (600, 700)
WAITING_FOR_US = """
SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
"""
Take = Callable[[int], object]


def by_offer(ledger: Ledger) -> Take:
    """Put on offer from one block of 1,000 in the holder's account."""
    ledger.issued(1000, 0)
    ledger.forwarded(1000)
    return lambda n: ledger.lots(WANTED[n])


def by_forwarding(ledger: Ledger) -> Take:
    """Proposed and approved out of one block of 1,000 in the pending account."""
    ledger.issued(1000, 0)
    account = ledger.account()
    return lambda n: ledger.forwarded(WANTED[n], account)


def by_cancelling(ledger: Ledger) -> Take:
    """Cancelled outside the shop, out of the holder's block."""
    ledger.issued(1000, 0)
    account = ledger.forwarded(1000).pk

    def take(number: int) -> object:
        proposal = ledger.proposal(
            WANTED[number], from_account_id=account, to_account_id=queries.VOLUNTARY
        )
        return actions.approve_proposal(actor=SECOND, at=ledger.at, proposal_id=proposal.pk)

    return take


def by_sale(ledger: Ledger) -> Take:
    """Sold from one lot."""
    lot = ledger.lot(1000)
    return lambda n: ledger.cancelled(lot, WANTED[n])


def by_settling(ledger: Ledger) -> Take:
    """Sold from one lot to a hundred orders at once."""
    lot = ledger.lot(1000)

    def take(number: int) -> object:
        sales = [Sale(WANTED[number] // 100, n, uuid.uuid4()) for n in range(1, 101)]
        return actions.settle(actor=SYSTEM, at=ledger.at, lot_id=lot.pk, sales=sales)

    return take


def by_hold(ledger: Ledger) -> Take:
    """Held for two orders."""
    lot = ledger.lot(1000)
    return lambda n: actions.hold(
        at=ledger.at, lot_id=lot.pk, quantity=WANTED[n], order_key=uuid.uuid4(),
        expires_at=ledger.at.replace(hour=23),
    )  # fmt: skip


WAYS = (by_offer, by_forwarding, by_cancelling, by_sale, by_settling, by_hold)


@pytest.mark.parametrize("way", WAYS)
def test_of_600_and_700_out_of_1000_one_is_served_and_one_refused(
    way: Callable[[Ledger], Take], ledger: Ledger
) -> None:
    results = at_once(2, way(ledger))
    refused = [result for result in results if isinstance(result, errors.NotEnoughUnits)]
    assert crowd.unclean(results) == []
    assert len(refused) == 1, results
    crowd.every_serial_has_one_owner(1000)


def test_sixty_four_at_random_over_twenty_blocks_lose_and_double_nothing(ledger: Ledger) -> None:
    """Transfers, cancellations, offers, sales and batches of sales; then unit by unit."""
    for number in range(20):
        ledger.issued(500, 10, project_number=crowd.PROJECTS[number % 4])
    accounts = [ledger.account(77), ledger.account(78)]
    for project in crowd.PROJECTS:
        ledger.forwarded(600, accounts[0], project_number=project)
        ledger.lots(200, account_id=accounts[0].pk, project_number=project)
    before = crowd.deadlocks()

    results = at_once(64, lambda n: crowd.Member(ledger, accounts, n).act(10))

    assert crowd.unclean(results) == []
    assert crowd.deadlocks() == before
    done = [step for result in results for step in result]  # type: ignore[attr-defined]
    assert set(done) > {"transfer", "cancel", "offer", "sell", "settle", "release"}, set(done)
    crowd.every_serial_has_one_owner(10_000)
    held = sum(queries.balance(pk) for pk in (2, 3, 4, *(account.pk for account in accounts)))
    assert held == queries.issued_total() == 10_000
    assert invariants.problems() == []


def test_movements_in_opposite_order_never_meet_crosswise(ledger: Ledger) -> None:
    """Half move project one and then two, half two and then one; half into A, half into B."""
    projects = crowd.PROJECTS[:2]
    for project in projects:
        ledger.issued(2000, 0, project_number=project)
    accounts = [ledger.account(77), ledger.account(78)]
    before = crowd.deadlocks()

    def move(number: int) -> int:
        turn = 1 if number % 2 else -1
        for project, account in zip(projects[::turn], accounts[:: -turn], strict=True):
            ledger.forwarded(7, account, project_number=project)
        return number

    results = at_once(64, move)
    assert crowd.unclean(results) == []
    assert sorted(results) == list(range(64))  # type: ignore[type-var]
    assert crowd.deadlocks() == before
    assert sum(queries.balance(account.pk) for account in accounts) == 64 * 2 * 7
    crowd.every_serial_has_one_owner(4000)


@contextlib.contextmanager
def while_one_waits(work: Callable[[], object]) -> Iterator[list[object]]:
    """Start `work` while every issuance is locked; go on when it waits; its answer stands after."""
    answers: list[object] = []
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            sql("SELECT id FROM registry_issuance FOR NO KEY UPDATE")
            waiting = pool.submit(at_once, 1, lambda _: work())
            while not sql(WAITING_FOR_US):
                assert not waiting.done(), waiting.result()
                time.sleep(0.01)
            yield answers
        answers += waiting.result(timeout=30)


def test_units_issued_while_a_taker_waits_are_not_taken_unlocked(ledger: Ledger) -> None:
    """Who waits for the one issuance of a project does not take units of the next one."""
    ledger.issued(500, 0)
    account, later = ledger.account(), ledger.released(500, 0)
    ledger.authorised()
    with while_one_waits(lambda: ledger.proposal(600, account)) as answers:
        at_once(1, lambda _: actions.issue(at=ledger.at, line_id=later.pk))
        assert Block.objects.count() == 2
    assert [type(answer) for answer in answers] == [errors.NotEnoughUnits]
    assert not Block.objects.exclude(reserved_for=None).exists()
    assert ledger.proposal(600, account).quantity == 600


def test_units_forwarded_while_a_seller_waits_do_not_pass_it(ledger: Ledger) -> None:
    """A project's units move one after the other, whatever account its issuances lie in."""
    ledger.issued(500, 0)
    account = ledger.forwarded(500)
    ledger.issued(500, 0)
    proposal = ledger.proposal(500)
    with while_one_waits(lambda: ledger.lots(600)) as answers:
        assert crowd.locked_out(lambda: ledger.approved(proposal))
    assert [type(answer) for answer in answers] == [errors.NotEnoughUnits]
    ledger.approved(proposal)
    assert queries.balance(account.pk) == 1000
    assert sum(lot.hi - lot.lo + 1 for lot in ledger.lots(600)) == 600


def test_two_baskets_taken_crosswise_are_tried_again_and_seen_by_nobody(ledger: Ledger) -> None:
    """They do deadlock, on purpose; the one that PostgreSQL stops asks again. (The shop takes the
    lots of a basket in one order; see test_races.)"""
    lots = [ledger.lot(300), ledger.lot(300)]
    before = crowd.deadlocks()
    met = threading.Barrier(2)

    @retried
    def buy(number: int) -> None:
        with transaction.atomic():
            for lot in lots[:: 1 if number % 2 else -1]:
                ledger.cancelled(lot, 2, buyer=number + 1)
                with contextlib.suppress(threading.BrokenBarrierError):
                    met.wait(timeout=60)
                    met.abort()  # from now on nobody waits

    results = at_once(2, buy)
    assert results == [None, None]
    assert crowd.deadlocks() == before + 1
    assert queries.cancelled_total() == 2 * 2 * 2
    crowd.every_serial_has_one_owner(600)


def test_one_key_sixty_four_times_opens_one_offer(ledger: Ledger) -> None:
    ledger.issued(1000, 0)
    ledger.forwarded(1000)
    key, account = uuid.uuid4(), ledger.account().pk
    results = at_once(64, lambda _: tuple(lot.pk for lot in actions.earmark(
        actor=SELLER, at=ledger.at, account_id=account, project_number=PROJECT, quantity=30,
        commitment_period=2, key=key,
    )))  # fmt: skip
    assert crowd.unclean(results) == []
    assert len(set(results)) == Lot.objects.count() == 1
    assert Transaction.objects.filter(verb="earmark").count() == 1


def test_one_proposal_approved_sixty_four_times_moves_once(ledger: Ledger) -> None:
    ledger.issued(1000, 0)
    proposal = ledger.proposal(300)
    results = at_once(64, lambda _: actions.approve_proposal(
        actor=SECOND, at=ledger.at, proposal_id=proposal.pk
    ).pk)  # fmt: skip
    assert crowd.unclean(results) == []
    assert len(set(results)) == 1
    assert queries.balance(proposal.to_account_id) == 300


def test_one_key_with_two_contents_is_one_sale_and_a_refusal(ledger: Ledger) -> None:
    lot, key = ledger.lot(1000), uuid.uuid4()
    results = at_once(64, lambda n: actions.cancel(
        actor=SYSTEM, at=ledger.at, lot_id=lot.pk, quantity=5 + n % 2, buyer=1, key=key
    ).quantity)  # fmt: skip
    assert crowd.unclean(results) == []
    (link,) = Cancellation.objects.all()
    answered = [result for result in results if isinstance(result, int)]
    assert answered == [link.quantity] * 32
    assert sum(isinstance(result, errors.KeyReused) for result in results) == 32
