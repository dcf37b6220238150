"""Who paid by transfer is erased with the order; what is past its time goes by itself, to the
second, and what was booked, cancelled and certified stays as it was.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from cdm_portal.values import SYSTEM
from offsets import actions, errors, personal
from offsets.actions.erasing import Purged
from offsets.banking import payers
from offsets.models import (
    BankEntry,
    BankPayer,
    Certificate,
    DataLink,
    MoneyEntry,
    Offer,
    Order,
    Refund,
)
from offsets.values import GUEST
from registry.models import Cancellation
from tests.offsets.bank_files import credit
from tests.offsets.conftest import Shop
from tests.offsets.test_invoices import FIRM, bring, invoiced, pay
from tests.offsets.traces import dumped

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
IBAN = "GB82WEST12345698765432"
WHO = {"name": "Zerlina Quastel", "iban": IBAN, "text": "from the Quastels"}
SECOND = timedelta(seconds=1)
NOTHING = Purged(0, 0, 0, 0)


def test_an_erasure_takes_the_payer_and_leaves_what_was_booked(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FIRM, "name", "Zerlina Quastel")
    order = invoiced(shop).order
    came = credit(order.pk, "100.00", **WHO)
    pay(shop, came)
    actions.fulfil(at=shop.at, order_id=order.pk)
    with pytest.raises(errors.MoneyUnderWay, match="came by transfer"):
        actions.erase_orders(actor=GUEST, at=shop.at, orders=[order.pk])
    refund = Refund.objects.get()
    actions.propose_refund(
        actor=shop.cast.secretariat, at=shop.at, refund_id=refund.pk, payee_name="Quastel, Z.",
        payee_iban=IBAN, bank_reference="OUT-1",
    )
    actions.confirm_refund(actor=shop.cast.second_secretariat, at=shop.at, refund_id=refund.pk)
    told = personal.told(Order.objects.filter(pk=order.pk))[0]
    assert told["transfers"][0]["paid_by"] == "Zerlina Quastel"
    assert told["sent_back"][0]["account"] == IBAN
    kept = [list(model.objects.values()) for model in (BankEntry, MoneyEntry, Cancellation)]
    actions.erase_orders(actor=GUEST, at=shop.at, orders=[order.pk])
    assert [dumped(text) for text in ("Quastel", IBAN)] == [[], []]
    bring(shop, came)
    assert dumped("Quastel") == [], "the same statement again brings no name back"
    assert kept == [
        list(model.objects.values()) for model in (BankEntry, MoneyEntry, Cancellation)
    ]
    with pytest.raises(IntegrityError, match="as the bank says"), transaction.atomic():
        BankPayer.objects.update(name="Zerlina Quastel", erased_at=None)


def test_words_in_the_place_of_a_reference_are_the_payers(shop: Shop) -> None:
    bring(shop, credit(None, "3.00", **WHO | {"reference": "for Zerlina"}))
    entry = BankEntry.objects.select_related("payer").get()
    assert (entry.reference, entry.payer.text) == ("", "for Zerlina from the Quastels")


def test_payers_go_when_the_years_of_the_records_are_over(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    bring(shop, credit(None, "3.00", day=date(2012, 2, 29), **WHO))
    payer = BankPayer.objects.get()
    assert payer.keep_until == payers.keep_until(date(2012, 2, 28), 10)
    assert actions.purge(actor=SYSTEM, at=payer.keep_until - SECOND) == NOTHING
    assert dumped("Quastel")
    with caplog.at_level(logging.INFO):
        assert actions.purge(actor=SYSTEM, at=payer.keep_until) == Purged(0, 1, 0, 0)
    assert dumped("Quastel") == [] and BankEntry.objects.get().amount == 3
    assert "1 payers" in caplog.text and "Quastel" not in caplog.text
    assert actions.purge(actor=SYSTEM, at=payer.keep_until) == NOTHING


def test_unpaid_orders_and_dead_links_go_in_time_and_nothing_else(
    shop: Shop, offer: Offer
) -> None:
    cancelled = shop.buy(offer, 2, name="Zerlina Kept", email="z@kept.example")
    actions.ask_data_link(actor=GUEST, at=shop.at, email="z@kept.example")
    order = shop.pending(offer, 1, name="Zerlina Quastel").order
    actions.expire_orders(at=shop.at + timedelta(days=1))
    order.refresh_from_db()
    kept = [list(model.objects.values()) for model in (Certificate, Cancellation, MoneyEntry)]
    link = DataLink.objects.get()
    assert actions.purge(actor=SYSTEM, at=link.expires_at - SECOND) == NOTHING
    assert actions.purge(actor=SYSTEM, at=link.expires_at) == Purged(0, 0, 0, 1)
    over = order.held_until + timedelta(days=30)
    assert actions.purge(actor=SYSTEM, at=over - SECOND) == NOTHING and dumped("Quastel")
    assert actions.purge(actor=SYSTEM, at=over) == Purged(1, 0, 0, 0)
    assert dumped("Quastel") == [] and actions.purge(actor=SYSTEM, at=over) == NOTHING
    cancelled.order.refresh_from_db()
    assert cancelled.order.beneficiary_name == "Zerlina Kept"
    assert kept == [
        list(model.objects.values()) for model in (Certificate, Cancellation, MoneyEntry)
    ]
