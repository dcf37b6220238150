"""Parts of one invoice confirmed at once, and one file imported at once: each counts once (M8)."""

from __future__ import annotations

import pytest

from offsets import actions, queries
from offsets.models import BankEntry, MoneyEntry, Order, Refund
from tests.offsets.bank_files import camt, credit
from tests.offsets.conftest import Shop
from tests.offsets.test_invoices import bring, invoiced
from tests.offsets.test_races import at_once

pytestmark = pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances")


def test_parts_confirmed_at_once_add_up_and_a_second_click_books_nothing(shop: Shop) -> None:
    attempt = invoiced(shop)
    parts = [credit(attempt.order_id, "20.40", bank=f"P{n}") for n in range(5)]
    matches = [match.pk for match in bring(shop, *parts)] * 2
    at_once(10, lambda n: actions.confirm_match(
        actor=shop.cast.second_secretariat, at=shop.at, match_id=matches[n]))
    assert MoneyEntry.objects.filter(debit="provider").count() == 5
    assert queries.order(attempt.order_id).state == Order.State.PAID
    assert [str(each.amount) for each in Refund.objects.all()] == ["20.40"], "four of five are due"


def test_one_file_imported_at_once_is_kept_once(shop: Shop) -> None:
    attempt = invoiced(shop)
    data = camt(credit(attempt.order_id, "20.40"), credit(None, "1.00"))
    results = at_once(6, lambda _n: actions.import_statement(
        actor=shop.cast.secretariat, at=shop.at, name="a.xml", data=data))
    assert [each for each in results if isinstance(each, Exception)] == []
    assert sorted(each.fresh for each in results) == [0] * 5 + [2]  # type: ignore[attr-defined]
    assert BankEntry.objects.count() == 2
