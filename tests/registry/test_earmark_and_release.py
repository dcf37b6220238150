"""Units on offer: earmarked lowest serial first, released unsold, closed when sold out."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from registry import actions, errors, queries
from registry.models import Block, Cancellation, Lot, Transaction
from tests.registry.ledger import ADMIN, BUYER, RIVAL, SELLER, Ledger

pytestmark = pytest.mark.usefixtures("books_balance")


def blocks() -> Any:
    return [(b.lo, b.hi, b.account_id) for b in Block.objects.order_by("lo")]


def release(ledger: Ledger, lot: Lot, actor: Any = SELLER) -> Any:
    return actions.release_lot(actor=actor, at=ledger.at, lot_id=lot.pk)


def test_one_lot_for_each_block_lowest_serial_first_and_nothing_changes_hands(
    ledger: Ledger,
) -> None:
    for _ in range(2):
        ledger.issued(100, 0)
    account = ledger.forwarded(200)
    lots = ledger.lots(130)
    assert [(lot.lo, lot.hi, lot.next_serial) for lot in lots] == [(1, 100, 1), (101, 130, 101)]
    assert blocks() == [(1, 100, account.pk), (101, 130, account.pk), (131, 200, account.pk)]
    (holding,) = queries.holdings(account.pk)
    assert (holding.quantity, holding.free, holding.offered) == (200, 70, 130)
    assert queries.free(account.pk, "95001") == 70


def test_the_same_key_opens_the_same_lots(ledger: Ledger, nothing_written: Any) -> None:
    ledger.issued(100, 0)
    ledger.forwarded(100)
    key = uuid.uuid4()
    lots = ledger.lots(40, key=key)
    with nothing_written():
        assert ledger.lots(40, key=key) == lots
    with pytest.raises(errors.KeyReused):
        ledger.lots(41, key=key)


@pytest.mark.parametrize("quantity", [0, -5])
def test_nothing_is_not_offered(quantity: Any, ledger: Ledger) -> None:
    ledger.issued(100, 0)
    ledger.forwarded(100)
    with pytest.raises(errors.Unusable):
        ledger.lots(quantity)


def test_only_free_units_of_ones_own_account_are_offered(
    ledger: Ledger, nothing_written: Any
) -> None:
    ledger.issued(100, 0)
    account = ledger.forwarded(60)
    ledger.proposal(20, from_account_id=account.pk, to_account_id=queries.VOLUNTARY)
    offer = {"at": ledger.at, "account_id": account.pk, "project_number": "95001",
             "commitment_period": 2}  # fmt: skip
    with nothing_written():
        for quantity in (41, 10**14):
            with pytest.raises(errors.NotEnoughUnits):
                actions.earmark(actor=SELLER, quantity=quantity, **offer)
        with pytest.raises(errors.UnknownAccount):
            actions.earmark(actor=RIVAL, quantity=1, **offer)
        with pytest.raises(errors.NotPermitted):
            actions.earmark(actor=BUYER, quantity=1, **offer)
        with pytest.raises(errors.NotEnoughUnits):
            actions.earmark(actor=SELLER, quantity=1, **(offer | {"project_number": "95002"}))
        with pytest.raises(errors.NotEnoughUnits):
            actions.earmark(actor=SELLER, quantity=1, **(offer | {"commitment_period": 1}))
        for account_id in (queries.VOLUNTARY, queries.ADAPTATION, 1):
            with pytest.raises(errors.WrongAccount):
                actions.earmark(actor=ADMIN, quantity=1, **(offer | {"account_id": account_id}))


def test_an_unsold_lot_given_back_leaves_its_block_free(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    release(ledger, lot)
    lot.refresh_from_db()
    assert (lot.block_id, lot.end_key, lot.kept_hi, lot.next_serial) == (None, -1, 0, 101)
    (again,) = ledger.lots(100)
    assert again.block_id is not None
    assert ledger.cancelled(again, 100).quantity == 100


def test_a_partly_sold_lot_keeps_what_it_sold_and_gives_back_the_rest(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    account = ledger.account()
    ledger.cancelled(lot, 30)
    release(ledger, lot)
    lot.refresh_from_db()
    assert (lot.kept_hi, lot.end_key, lot.next_serial) == (30, -31, 101)
    assert blocks() == [(1, 30, queries.VOLUNTARY), (31, 100, account.pk)]
    assert queries.balance(account.pk) == 70
    assert queries.available(lot.pk, ledger.at) == 0
    assert [row.kind for row in Cancellation.objects.order_by("s")] == ["c", "r"]
    assert queries.cancelled_total() == 30


def test_releasing_twice_books_once(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    release(ledger, lot)
    before = Transaction.objects.count()
    release(ledger, lot)
    assert Transaction.objects.count() == before


def test_nothing_is_sold_from_a_released_lot(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    ledger.cancelled(lot, 30)
    release(ledger, lot)
    with pytest.raises(errors.NotEnoughUnits):
        ledger.cancelled(lot, 1)
    with pytest.raises(errors.NotEnoughUnits):
        actions.hold(at=ledger.at, lot_id=lot.pk, quantity=1, order_key=uuid.uuid4(),
                     expires_at=ledger.at + timedelta(minutes=30))  # fmt: skip


def test_units_held_for_a_buyer_are_not_taken_off_offer(
    ledger: Ledger, nothing_written: Any
) -> None:
    lot = ledger.lot(100)
    actions.hold(at=ledger.at, lot_id=lot.pk, quantity=5, order_key=uuid.uuid4(),
                 expires_at=ledger.at + timedelta(minutes=30))  # fmt: skip
    with nothing_written(), pytest.raises(errors.HeldForBuyers):
        release(ledger, lot)
    ledger.at += timedelta(minutes=31)
    release(ledger, lot)


def test_only_the_seller_or_the_registry_releases(ledger: Ledger, nothing_written: Any) -> None:
    lot = ledger.lot(100)
    with nothing_written():
        with pytest.raises(errors.UnknownAccount):
            release(ledger, lot, RIVAL)
        with pytest.raises(errors.NotPermitted):
            release(ledger, lot, BUYER)
        with pytest.raises(errors.UnknownLot):
            actions.release_lot(actor=SELLER, at=ledger.at, lot_id=999_999)
    release(ledger, lot, ADMIN)


def test_sold_out_lots_end_and_their_blocks_move(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    ledger.cancelled(lot, 60)
    assert actions.close_lots(at=ledger.at) == 0
    ledger.cancelled(lot, 40)
    account = ledger.account()
    assert (queries.balance(account.pk), queries.balance(queries.VOLUNTARY)) == (0, 100)
    assert actions.close_lots(at=ledger.at) == 1
    assert actions.close_lots(at=ledger.at) == 0
    assert blocks() == [(1, 100, queries.VOLUNTARY)]
    assert (queries.balance(account.pk), queries.balance(queries.VOLUNTARY)) == (0, 100)
    lot.refresh_from_db()
    assert (lot.end_key, lot.kept_hi) == (101, 100)
    assert Lot.objects.filter(end_key=None).count() == 0


def test_releasing_a_sold_out_lot_just_ends_it(ledger: Ledger) -> None:
    lot = ledger.lot(10)
    ledger.cancelled(lot, 10)
    release(ledger, lot)
    assert blocks() == [(1, 10, queries.VOLUNTARY)]
    assert Cancellation.objects.filter(kind="r").count() == 0
