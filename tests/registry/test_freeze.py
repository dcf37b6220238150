"""Freezing: nothing moves until another person lifts it, and parts of a block inherit it."""

import threading
import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from registry import actions, errors, queries
from registry.models import Block
from tests.registry.ledger import ADMIN, BUYER, SECOND, SELLER, Ledger, at_once, sql

pytestmark = pytest.mark.usefixtures("books_balance")


def freeze(ledger: Ledger, actor: Any = ADMIN, **what: Any) -> Any:
    return actions.freeze(actor=actor, at=ledger.at, reason="Suspicion", **what)


def unfreeze(ledger: Ledger, actor: Any = SECOND, **what: Any) -> Any:
    return ledger.done(ledger.measure("unfreeze", **what), actor)


def test_from_a_frozen_account_nothing_moves_and_nothing_is_sold(
    ledger: Ledger, nothing_written: Any
) -> None:
    lot = ledger.lot(100)
    ledger.issued(100, 0)
    account = ledger.forwarded(50)
    proposal = ledger.proposal(10, from_account_id=account.pk, to_account_id=queries.VOLUNTARY)
    freeze(ledger, account_id=account.pk)
    with nothing_written():
        with pytest.raises(errors.Frozen):
            ledger.cancelled(lot, 1)
        with pytest.raises(errors.Frozen):
            actions.hold(at=ledger.at, lot_id=lot.pk, quantity=1, order_key=uuid.uuid4(),
                         expires_at=ledger.at + timedelta(minutes=5))  # fmt: skip
        with pytest.raises(errors.Frozen):
            actions.approve_proposal(actor=SECOND, at=ledger.at, proposal_id=proposal.pk)
        with pytest.raises(errors.Frozen):
            ledger.lots(1)
        with pytest.raises(errors.Frozen):
            actions.release_lot(actor=SELLER, at=ledger.at, lot_id=lot.pk)
        with pytest.raises(errors.Frozen):
            ledger.proposal(1)
        with pytest.raises(errors.Frozen):
            freeze(ledger, account_id=account.pk)
    assert queries.available(lot.pk, ledger.at) == 0
    unfreeze(ledger, account_id=account.pk)
    ledger.cancelled(lot, 1)


def test_a_frozen_block_stays_and_its_neighbours_move(ledger: Ledger) -> None:
    ledger.issued(100, 0)
    ledger.forwarded(40)
    block = Block.objects.get(lo=41)
    freeze(ledger, block_id=block.pk)
    with pytest.raises(errors.NotEnoughUnits):
        ledger.proposal(1)
    ledger.lots(40)
    unfreeze(ledger, block_id=block.pk)
    ledger.forwarded(60)


def test_parts_of_a_frozen_block_are_frozen(ledger: Ledger) -> None:
    ledger.issued(100, 0)
    freeze(ledger, block_id=Block.objects.get().pk)
    sql("SELECT registry_carve(id, 11, 20) FROM registry_block")
    blocks = Block.objects.order_by("lo")
    assert [(b.lo, b.hi, b.frozen, b.frozen_by) for b in blocks] == [
        (1, 10, True, 1), (11, 20, True, 1), (21, 100, True, 1),
    ]  # fmt: skip
    with pytest.raises(errors.NotEnoughUnits):
        ledger.proposal(1)


def test_a_frozen_lot_is_not_sold_and_not_released(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    freeze(ledger, block_id=lot.block_id)
    with pytest.raises(errors.Frozen):
        ledger.cancelled(lot, 1)
    with pytest.raises(errors.Frozen):
        actions.release_lot(actor=SELLER, at=ledger.at, lot_id=lot.pk)
    assert actions.close_lots(at=ledger.at) == 0


def test_one_person_cannot_lift_a_freeze_and_the_booking_names_both(
    ledger: Ledger, nothing_written: Any
) -> None:
    account = ledger.account()
    freeze(ledger, account_id=account.pk)
    measure = ledger.measure("unfreeze", account_id=account.pk)
    with nothing_written(), pytest.raises(errors.SamePerson):
        ledger.done(measure, ADMIN)
    account.refresh_from_db()
    assert account.frozen
    booking = ledger.done(measure)
    assert (booking.verb, booking.initiator, booking.approver) == ("unfreeze", 1, 2)


def test_what_is_not_frozen_or_not_there_is_refused(ledger: Ledger, nothing_written: Any) -> None:
    account = ledger.account()
    with nothing_written():
        with pytest.raises(errors.AlreadyDecided):
            unfreeze(ledger, account_id=account.pk)
        for verb in (freeze, unfreeze):
            with pytest.raises(errors.UnknownAccount):
                verb(ledger, account_id=999_999)
            with pytest.raises(errors.UnknownAccount):
                verb(ledger, block_id=999_999)
            with pytest.raises(errors.Unusable):
                verb(ledger)
        with pytest.raises(errors.Unusable):
            actions.freeze(actor=ADMIN, at=ledger.at, reason=" ", account_id=account.pk)
        for actor in (SELLER, BUYER):
            with pytest.raises(errors.NotPermitted):
                freeze(ledger, actor, account_id=account.pk)


def test_a_sale_in_flight_ends_first_and_the_next_one_is_refused(
    ledger_db: str, ledger: Ledger
) -> None:
    lot = ledger.lot(100)
    account_id = ledger.account().pk
    sold, order = threading.Event(), []

    def sell() -> None:
        with transaction.atomic():
            ledger.cancelled(lot, 10)
            sold.set()
            time.sleep(0.4)
            order.append("sold")
        connection.close()

    def stop() -> None:
        sold.wait()
        freeze(ledger, account_id=account_id)
        order.append("frozen")
        connection.close()

    threads = [threading.Thread(target=run) for run in (sell, stop)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert order == ["sold", "frozen"]
    with pytest.raises(errors.Frozen):
        ledger.cancelled(lot, 1)
    assert queries.cancelled_total() == 10


def test_after_the_freeze_has_committed_no_buyer_gets_through(
    ledger_db: str, ledger: Ledger
) -> Any:
    lot = ledger.lot(1000)
    account_id = ledger.account().pk

    def act(number: int) -> str:
        if number == 0:
            time.sleep(0.05)
            freeze(ledger, account_id=account_id)
            return "frozen"
        for _ in range(20):
            try:
                ledger.cancelled(lot, 1)
            except errors.Frozen:
                return "refused"
        return "through"

    results = at_once(9, act)
    assert results[0] == "frozen"
    assert not [r for r in results if isinstance(r, BaseException)]
    total = queries.cancelled_total()
    with pytest.raises(errors.Frozen):
        ledger.cancelled(lot, 1)
    assert queries.cancelled_total() == total
