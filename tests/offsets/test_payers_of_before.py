"""Credits that were kept before payers stood apart: the move takes names along, once, both ways."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command

from offsets import actions
from offsets.models import BankEntry, BankPayer
from offsets.values import GUEST
from tests.offsets.bank_files import credit
from tests.offsets.conftest import Shop
from tests.offsets.test_invoices import bring, invoiced, pay

pytestmark = pytest.mark.usefixtures("ledger_db")


def test_every_payer_is_moved_and_what_was_erased_stays_so(shop: Shop, full: bool) -> None:
    if not full:
        pytest.skip("migrations back and forth: --full")
    order = invoiced(shop).order
    pay(shop, credit(order.pk, "81.60"))
    actions.fulfil(at=shop.at, order_id=order.pk)
    actions.erase_orders(actor=GUEST, at=shop.at, orders=[order.pk])
    bring(shop, credit(None, "3.00", reference="for Zerlina", text="with thanks"))
    kept: list[Any] = [list(BankPayer.objects.values()), list(BankEntry.objects.values())]
    call_command("migrate", "offsets", "0016", verbosity=0)
    call_command("migrate", "offsets", verbosity=0)
    assert [list(BankPayer.objects.values()), list(BankEntry.objects.values())] == kept
    assert [payer["erased_at"] for payer in kept[0]] == [shop.at, None]
