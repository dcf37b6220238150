"""Selling: held exactly, cancelled exactly once, never more than is there."""

import hashlib
import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from cdm_portal.journal.models import Entry
from cdm_portal.refusals import Invalid
from registry import actions, errors, queries
from registry.models import Cancellation, Hold, Lot, Posting
from tests.registry.ledger import BUYER, Ledger

pytestmark = pytest.mark.usefixtures("books_balance")


@pytest.fixture
def lot(ledger: Ledger) -> Any:
    return ledger.lot(100)


def hold(
    ledger: Ledger,
    lot: Lot,
    quantity: Any,
    key: Any = None,
    minutes: Any = 30,
    at: datetime | None = None,
) -> Any:
    at = at or ledger.at
    return actions.hold(
        at=at, lot_id=lot.pk, quantity=quantity, order_key=key or uuid.uuid4(),
        expires_at=at + timedelta(minutes=minutes),
    )  # fmt: skip


def cancel(
    ledger: Ledger,
    lot: Lot,
    quantity: Any,
    key: Any = None,
    buyer: Any = 1,
    at: datetime | None = None,
    **changes: Any,
) -> Any:
    return actions.cancel(
        actor=BUYER, at=at or ledger.at, lot_id=lot.pk, quantity=quantity, buyer=buyer,
        key=key or uuid.uuid4(), **changes,
    )  # fmt: skip


def test_a_hold_leaves_so_much_less_for_others_until_it_ends(ledger: Ledger, lot: Lot) -> None:
    hold(ledger, lot, 60)
    assert queries.available(lot.pk, ledger.at) == 40
    with pytest.raises(errors.NotEnoughUnits) as refusal:
        hold(ledger, lot, 41)
    assert "40" in refusal.value.message
    later = ledger.at + timedelta(minutes=30)
    assert queries.available(lot.pk, later) == 100
    hold(ledger, lot, 100, at=later)


def test_an_order_holds_once_and_asking_again_prolongs_it(ledger: Ledger, lot: Lot) -> None:
    key = uuid.uuid4()
    first = hold(ledger, lot, 60, key)
    again = hold(ledger, lot, 60, key, minutes=60)
    assert again.pk == first.pk
    assert again.expires_at == ledger.at + timedelta(minutes=60)
    assert hold(ledger, lot, 60, key, minutes=5).expires_at == again.expires_at
    with pytest.raises(errors.KeyReused):
        hold(ledger, lot, 61, key)
    assert queries.available(lot.pk, ledger.at) == 40


def test_an_order_whose_hold_ended_may_hold_anew_if_units_are_left(
    ledger: Ledger, lot: Lot
) -> None:
    key = uuid.uuid4()
    hold(ledger, lot, 60, key)
    later = ledger.at + timedelta(minutes=31)
    hold(ledger, lot, 50, at=later)
    with pytest.raises(errors.NotEnoughUnits):
        hold(ledger, lot, 60, key, at=later)
    hold(ledger, lot, 50, key, at=later)


def test_a_dropped_hold_is_free_at_once(ledger: Ledger, lot: Lot) -> None:
    key = uuid.uuid4()
    hold(ledger, lot, 60, key)
    assert actions.drop_hold(at=ledger.at, order_key=key) == 1
    assert actions.drop_hold(at=ledger.at, order_key=key) == 0
    assert queries.available(lot.pk, ledger.at) == 100


def test_ended_holds_are_swept_and_others_stay(ledger: Ledger, lot: Lot) -> None:
    hold(ledger, lot, 10, minutes=10)
    kept = hold(ledger, lot, 10, minutes=30)
    assert actions.expire_holds(at=ledger.at + timedelta(minutes=10)) == 1
    assert list(Hold.objects.all()) == [kept]


@pytest.mark.parametrize("quantity", [0, -1])
def test_no_units_are_neither_held_nor_cancelled(
    quantity: Any, ledger: Ledger, lot: Lot, nothing_written: Any
) -> None:
    with nothing_written():
        with pytest.raises(errors.Unusable):
            hold(ledger, lot, quantity)
        with pytest.raises(Invalid):
            cancel(ledger, lot, quantity)


def test_there_is_no_such_lot(ledger: Ledger, lot: Lot) -> None:
    lot.pk = 999_999
    with pytest.raises(errors.UnknownLot):
        hold(ledger, lot, 1)
    with pytest.raises(errors.UnknownLot):
        cancel(ledger, lot, 1)


def test_cancelling_books_the_next_serials_once_and_for_ever(ledger: Ledger, lot: Lot) -> None:
    account = ledger.account()
    first, second = cancel(ledger, lot, 12, buyer=7), cancel(ledger, lot, 3, buyer=8)
    assert str(first.serial) == "KE-5-1-12-2-2-0-95001"
    assert str(second.serial) == "KE-5-13-15-2-2-0-95001"
    assert (first.buyer, first.effective_at, first.kind, first.tx) == (7, ledger.at, "c", None)
    assert first.at > ledger.at
    (posting,) = Posting.objects.filter(cancellation=first)
    assert (posting.lo, posting.hi, posting.dr_id, posting.cr_id) == (1, 12, account.pk, 2)
    assert (queries.balance(account.pk), queries.balance(queries.VOLUNTARY)) == (85, 15)
    assert Entry.objects.filter(verb="registry.cancel", project="95001").count() == 2


def test_it_uses_up_the_orders_own_hold_and_no_other(ledger: Ledger, lot: Lot) -> None:
    key, other = uuid.uuid4(), uuid.uuid4()
    hold(ledger, lot, 30, key)
    theirs = hold(ledger, lot, 70, other)
    cancel(ledger, lot, 30, key)
    assert list(Hold.objects.all()) == [theirs]
    assert queries.available(lot.pk, ledger.at) == 0


def test_the_key_of_the_hold_may_differ_from_the_key_of_the_cancellation(
    ledger: Ledger, lot: Lot
) -> None:
    key = uuid.uuid4()
    hold(ledger, lot, 100, key)
    with pytest.raises(errors.NotEnoughUnits):
        cancel(ledger, lot, 30)
    cancel(ledger, lot, 30, order_key=key)
    assert Hold.objects.count() == 0


def test_units_held_for_others_are_not_sold_even_to_who_pays_late(
    ledger: Ledger, lot: Lot, nothing_written: Any
) -> None:
    late, other = uuid.uuid4(), uuid.uuid4()
    hold(ledger, lot, 60, late)
    after = ledger.at + timedelta(minutes=31)
    hold(ledger, lot, 50, other, at=after)
    with nothing_written(), pytest.raises(errors.NotEnoughUnits):
        cancel(ledger, lot, 60, late, at=after)
    cancel(ledger, lot, 50, late, at=after)


@pytest.mark.parametrize("quantity", [101, 10**14, 2**62])
def test_more_than_there_is_cannot_be_cancelled(
    quantity: Any, ledger: Ledger, lot: Lot, nothing_written: Any
) -> None:
    with nothing_written(), pytest.raises(errors.NotEnoughUnits):
        cancel(ledger, lot, quantity)


def test_the_same_key_answers_the_same_cancellation(
    ledger: Ledger, lot: Lot, nothing_written: Any
) -> None:
    key = uuid.uuid4()
    first = cancel(ledger, lot, 12, key)
    with nothing_written():
        assert cancel(ledger, lot, 12, key) == first
        for changed in ({"quantity": 13}, {"quantity": 12, "buyer": 2}):
            with pytest.raises(errors.KeyReused):
                cancel(ledger, lot, key=key, **changed)


def test_a_refusal_leaves_the_callers_transaction_usable(ledger: Ledger, lot: Lot) -> None:
    with transaction.atomic():
        with pytest.raises(errors.NotEnoughUnits):
            cancel(ledger, lot, 101)
        cancel(ledger, lot, 100)
    assert queries.cancelled_total() == 100


def test_if_the_caller_fails_nothing_was_cancelled(ledger: Ledger, lot: Lot) -> None:
    key = uuid.uuid4()
    hold(ledger, lot, 10, key)
    with pytest.raises(RuntimeError), transaction.atomic():
        cancel(ledger, lot, 10, key)
        raise RuntimeError
    assert (queries.cancelled_total(), Hold.objects.count()) == (0, 1)
    assert Cancellation.objects.count() == 0


def test_the_leaf_covers_the_row_its_stamps_and_its_posting(ledger: Ledger, lot: Lot) -> Any:
    row = cancel(ledger, lot, 12, beneficiary_hmac=b"\x01\x02")
    posting = Posting.objects.get(cancellation=row)

    def stamp(moment: Any) -> Any:
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    canonical = json.dumps([
        "cancellation", row.pk, lot.pk, 1, 100, 1, 12, "c", 1, str(row.key), "0102", None, row.xid,
        stamp(row.at), stamp(row.effective_at),
        [posting.pk, posting.issuance_id, 1, 12, posting.dr_id, 2],
    ])  # fmt: skip
    assert bytes(row.leaf) == hashlib.sha256(canonical.encode()).digest()
