"""Races with real connections: conservation, no double, no deadlock that anybody sees; and the
naive way beside ours, which oversells under the same load (the negative control)."""

import contextlib
import random
import threading
import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from registry import actions, errors, invariants, queries
from registry.models import Cancellation, Hold, Lot
from tests.registry.ledger import BUYER, SECOND, SELLER, Ledger, at_once, sql

pytestmark = pytest.mark.usefixtures("ledger_db", "books_balance")


def sold(results: list[object]) -> list[object]:
    """What is no clean refusal; anything but a refusal of the registry fails the test."""
    wrong = [
        r for r in results if isinstance(r, BaseException) and not isinstance(r, errors.Refused)
    ]
    assert wrong == []
    return [r for r in results if not isinstance(r, BaseException)]


def test_sixty_four_buyers_of_the_last_hundred_one_by_one_get_exactly_a_hundred(
    ledger: Ledger,
) -> Any:
    lot = ledger.lot(100)

    def buy(number: int) -> int:
        done = 0
        for _ in range(4):
            try:
                ledger.cancelled(lot, 1, buyer=number + 1)
                done += 1
            except errors.NotEnoughUnits:
                break
        return done

    results = at_once(64, buy)
    assert sum(sold(results)) == 100
    serials = [row.s for row in Cancellation.objects.order_by("s")]
    assert serials == list(range(1, 101))
    assert queries.available(lot.pk, ledger.at) == 0


def test_the_naive_way_oversells_under_the_same_load(ledger: Ledger) -> Any:
    """Read what is left, think, write: what every counter without a lock does."""
    sql("CREATE TABLE naive_lot (remaining int); INSERT INTO naive_lot VALUES (100)")
    sql("CREATE TABLE naive_sale (buyer int)")

    def buy(number: int) -> int:
        done = 0
        for _ in range(4):
            with transaction.atomic():
                ((remaining,),) = sql("SELECT remaining FROM naive_lot")
                if remaining < 1:
                    break
                time.sleep(0.002)
                sql("UPDATE naive_lot SET remaining = %s", remaining - 1)
                sql("INSERT INTO naive_sale VALUES (%s)", number)
            done += 1
        return done

    results = at_once(64, buy)
    assert sum(sold(results)) > 100


def test_one_key_sixty_four_times_at_once_cancels_once(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    key = uuid.uuid4()
    results = at_once(
        64,
        lambda _: (
            actions.cancel(
                actor=BUYER, at=ledger.at, lot_id=lot.pk, quantity=7, buyer=1, key=key
            ).pk
        ),
    )
    assert len(sold(results)) == 64
    assert len(set(results)) == 1
    assert queries.cancelled_total() == 7


def test_holds_at_once_never_exceed_what_is_there(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    until = ledger.at + timedelta(minutes=30)
    results = at_once(
        48,
        lambda n: (
            actions.hold(
                at=ledger.at,
                lot_id=lot.pk,
                quantity=3 + n % 5,
                order_key=uuid.uuid4(),
                expires_at=until,
            ).quantity
        ),
    )
    held = sum(sold(results))
    assert held == sum(Hold.objects.values_list("quantity", flat=True))
    assert 93 < held <= 100


def test_buyers_with_a_hold_always_get_their_units_whatever_others_do(ledger: Ledger) -> Any:
    lot = ledger.lot(100)
    keys = [uuid.uuid4() for _ in range(20)]
    for key in keys:
        actions.hold(at=ledger.at, lot_id=lot.pk, quantity=3, order_key=key,
                     expires_at=ledger.at + timedelta(minutes=30))  # fmt: skip

    def buy(number: int) -> str:
        mine = number < 20
        key = keys[number] if mine else uuid.uuid4()
        actions.cancel(actor=BUYER, at=ledger.at, lot_id=lot.pk, quantity=3, buyer=number, key=key)
        return "held" if mine else "stranger"

    results = at_once(50, buy)
    assert sold(results).count("held") == 20
    assert sold(results).count("stranger") == 13
    assert queries.cancelled_total() == 99


def test_releasing_and_buying_at_once_share_the_lot_without_loss(ledger: Ledger) -> Any:
    lot = ledger.lot(200)

    def act(number: int) -> int:
        if number == 0:
            time.sleep(0.03)
            actions.release_lot(actor=SELLER, at=ledger.at, lot_id=lot.pk)
            return 0
        return sum(ledger.cancelled(lot, 1).quantity for _ in range(10))

    results = at_once(12, act)
    sold(results)
    account = ledger.account()
    assert queries.cancelled_total() + queries.balance(account.pk) == 200


def test_random_movements_of_twenty_blocks_conserve_every_unit(ledger: Ledger) -> Any:
    """Proposals, approvals, offers, sales, releases, closings at once for a while: nothing is
    lost."""
    for number in range(20):
        ledger.issued(500, 10, project_number=f"9500{number % 4}")
    accounts = [ledger.account(77), ledger.account(78)]
    total = queries.issued_total()

    def work(seed: int) -> int:
        dice = random.Random(seed)
        done = 0
        for _ in range(12):
            try:
                _step(ledger, accounts, dice)
                done += 1
            except errors.Refused:
                pass
        return done

    results = at_once(24, work)
    assert sum(sold(results)) > 60
    everywhere = sum(queries.balance(pk) for pk in (2, 3, 4, *(a.pk for a in accounts)))
    assert everywhere == total == 10_000
    assert invariants.problems() == []


def _step(ledger: Ledger, accounts: list, dice: random.Random) -> None:
    project = f"9500{dice.randrange(4)}"
    quantity = dice.randint(1, 120)
    match dice.randrange(6):
        case 0 | 1:
            proposal = ledger.proposal(quantity, dice.choice(accounts), project_number=project)
            actions.approve_proposal(actor=SECOND, at=ledger.at, proposal_id=proposal.pk)
        case 2:
            ledger.lots(quantity, account_id=accounts[0].pk, project_number=project)
        case 3 | 4:
            lots = list(Lot.objects.filter(end_key=None).order_by("?")[:1])
            if lots:
                ledger.cancelled(lots[0], dice.randint(1, 30))
        case _:
            lots = list(Lot.objects.filter(end_key=None).order_by("?")[:1])
            if lots:
                actions.release_lot(actor=SELLER, at=ledger.at, lot_id=lots[0].pk)
            actions.close_lots(at=ledger.at)


def test_carts_over_two_lots_in_opposite_order_never_deadlock_into_an_error(ledger: Ledger) -> Any:
    one, two = ledger.lot(300), ledger.lot(300)

    def buy(number: int) -> int:
        pair = (one, two) if number % 2 else (two, one)
        for attempt in range(6):
            try:
                with transaction.atomic():
                    for lot in sorted(pair, key=lambda lot: lot.pk):
                        ledger.cancelled(lot, 2)
                return attempt
            except errors.NotEnoughUnits:
                raise
        raise AssertionError

    assert sum(1 for _ in sold(at_once(32, buy))) == 32
    assert queries.cancelled_total() == 128


def test_a_deadlock_is_tried_again_and_seen_by_nobody(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that lock crosswise: PostgreSQL stops one, the action tries it again."""
    from registry.locks import retried

    sql(
        "CREATE TABLE crossing (id int PRIMARY KEY, n int);"
        " INSERT INTO crossing VALUES (1, 0), (2, 0)"
    )
    tries, both = [], threading.Barrier(2)

    @retried
    def cross(first: int, second: int) -> None:
        tries.append(first)
        with transaction.atomic():
            sql("UPDATE crossing SET n = n + 1 WHERE id = %s", first)
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait(timeout=60)
                both.abort()  # from now on nobody waits
            sql("UPDATE crossing SET n = n + 1 WHERE id = %s", second)

    results = at_once(2, lambda n: cross(*((1, 2), (2, 1))[n]))
    assert results == [None, None]
    assert sql("SELECT n FROM crossing ORDER BY id") == [(2,), (2,)]
    assert len(tries) > 2
    assert connection.vendor == "postgresql"
