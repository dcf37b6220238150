"""Many sales of one lot in one call: the same answers as one after the other, or none at all."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from cdm_portal.journal.models import Entry
from cdm_portal.values import SYSTEM
from registry import actions, errors, queries
from registry.actions.settling import Sale
from registry.models import Cancellation, Hold, Lot
from tests.registry.ledger import ADMIN, Ledger, at_once, sql


def sales(*quantities: int) -> list[Sale]:
    return [Sale(quantity, number, uuid.uuid4()) for number, quantity in enumerate(quantities, 1)]


def settled(ledger: Ledger, lot: Lot, asked: list[Sale], **how: Any) -> list[Cancellation]:
    return actions.settle(actor=SYSTEM, at=ledger.at, lot_id=lot.pk, sales=asked, **how)


@pytest.mark.usefixtures("books_balance")
def test_orders_get_their_serials_in_the_order_asked(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    asked = sales(7, 1, 20)
    found = settled(ledger, lot, asked)
    assert [(c.s, c.e, c.buyer, c.key) for c in found] == [
        (1, 7, 1, asked[0].key), (8, 8, 2, asked[1].key), (9, 28, 3, asked[2].key),
    ]  # fmt: skip
    assert queries.available(lot.pk, ledger.at) == 72
    entry = Entry.objects.get(verb="registry.settle")
    assert entry.facts == {"sales": 3, "quantity": 28}


@pytest.mark.usefixtures("books_balance")
def test_asked_again_it_answers_the_same_and_writes_nothing(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    asked = sales(7, 3)
    first = settled(ledger, lot, asked)
    assert settled(ledger, lot, asked) == first
    more = [*asked, *sales(5)]
    assert settled(ledger, lot, more)[:2] == first
    assert queries.cancelled_total() == 15
    assert Entry.objects.filter(verb="registry.settle").count() == 2


@pytest.mark.usefixtures("books_balance")
def test_one_key_twice_in_a_call_is_one_sale(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    (sale,) = sales(4)
    one, two = settled(ledger, lot, [sale, sale])
    assert one == two
    assert queries.cancelled_total() == 4


@pytest.mark.usefixtures("books_balance")
@pytest.mark.parametrize("quantities", [(60, 41), (101,), (100, 1)])
def test_more_than_there_is_sells_nothing_at_all(
    ledger: Ledger, nothing_written: Any, quantities: tuple[int, ...]
) -> None:
    lot = ledger.lot(100)
    with nothing_written(), pytest.raises(errors.NotEnoughUnits):
        settled(ledger, lot, sales(*quantities))


@pytest.mark.usefixtures("books_balance")
def test_another_order_under_a_used_key_takes_all_back(
    ledger: Ledger, nothing_written: Any
) -> None:
    lot = ledger.lot(100)
    (used,) = sales(4)
    settled(ledger, lot, [used])
    with nothing_written(), pytest.raises(errors.KeyReused):
        settled(ledger, lot, [*sales(2), Sale(5, used.buyer, used.key)])


@pytest.mark.usefixtures("books_balance")
def test_holds_of_others_are_kept_and_own_ones_used_up(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    asked, (other,) = sales(30, 30), sales(40)
    for sale in (*asked, other):
        actions.hold(at=ledger.at, lot_id=lot.pk, quantity=sale.quantity, order_key=sale.key,
                     expires_at=ledger.at + timedelta(minutes=30))  # fmt: skip
    with pytest.raises(errors.NotEnoughUnits):
        settled(ledger, lot, [*asked, *sales(1)])
    settled(ledger, lot, asked)
    assert [hold.order_key for hold in Hold.objects.all()] == [other.key]


@pytest.mark.usefixtures("books_balance")
def test_frozen_units_are_not_sold(ledger: Ledger, nothing_written: Any) -> None:
    lot = ledger.lot(100)
    actions.freeze(actor=ADMIN, at=ledger.at, account_id=ledger.account().pk, reason="inquiry")
    with nothing_written(), pytest.raises(errors.Frozen):
        settled(ledger, lot, sales(1, 2))


def test_an_unknown_lot_and_no_sales_are_refused(ledger: Ledger, nothing_written: Any) -> None:
    with nothing_written():
        with pytest.raises(errors.UnknownLot):
            settled(ledger, Lot(pk=999), sales(1))
        for nonsense in ([], sales(0), sales(2, -1)):
            with pytest.raises(errors.Refused):
                settled(ledger, Lot(pk=1), nonsense)


@pytest.mark.usefixtures("ledger_db", "books_balance")
def test_an_early_sale_is_on_disk_before_it_is_answered(ledger: Ledger) -> None:
    """The commit does not wait, the answer does: behind it the WAL is flushed to where it stands
    now, whoever asked first. Without the barrier this flush comes later, when it likes."""
    lot = ledger.lot(100)
    asked = sales(5)
    sql("SET synchronous_commit = on")  # as it is outside the tests' throw-away servers
    for _ in range(2):  # made, then answered again
        before = sql("SELECT pg_current_wal_insert_lsn()")[0][0]
        with Statements() as said:
            settled(ledger, lot, asked, early=True)
        barrier = next(i for i, text in enumerate(said.texts) if "pg_logical_emit_message" in text)
        assert not any("registry_settle" in text for text in said.texts[barrier:])
        assert sql("SELECT pg_current_wal_flush_lsn() > %s::pg_lsn", before) == [(True,)]
    assert sql("SHOW synchronous_commit") == [("on",)]


@pytest.mark.usefixtures("ledger_db")
def test_an_early_sale_stands_in_no_other_transaction(ledger: Ledger, nothing_written: Any) -> None:
    lot = ledger.lot(100)
    refused = pytest.raises(transaction.TransactionManagementError)
    with nothing_written(), refused, transaction.atomic():
        settled(ledger, lot, sales(1), early=True)


@pytest.mark.usefixtures("ledger_db", "books_balance")
def test_batches_and_single_sales_at_once_sell_exactly_what_there_is(ledger: Ledger) -> None:
    lot = ledger.lot(500)

    def buy(number: int) -> int:
        sold = 0
        for _ in range(8):
            try:
                if number % 2:
                    sold += ledger.cancelled(lot, 3).quantity
                else:
                    found = settled(ledger, lot, sales(1, 4, 2), early=number % 4 == 0)
                    sold += sum(c.quantity for c in found)
            except errors.NotEnoughUnits:
                break
        return sold

    results = at_once(24, buy)
    assert all(isinstance(result, int) for result in results), results
    assert sum(results) == queries.cancelled_total() > 490  # type: ignore[arg-type]


@pytest.mark.usefixtures("ledger_db", "books_balance")
def test_one_batch_sixty_four_times_at_once_is_sold_once(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    asked = sales(3, 4)
    results = at_once(64, lambda _: tuple(c.pk for c in settled(ledger, lot, asked)))
    assert len(set(results)) == 1
    assert queries.cancelled_total() == 7


class Statements:
    """The statements of a block, in order."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __enter__(self) -> "Statements":
        self.wrapper = connection.execute_wrapper(self._note)
        self.wrapper.__enter__()
        return self

    def __exit__(self, *details: Any) -> None:
        self.wrapper.__exit__(*details)

    def _note(self, execute: Any, text: str, *rest: Any) -> Any:
        self.texts.append(text)
        return execute(text, *rest)
