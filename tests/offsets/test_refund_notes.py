"""The mail that money goes back: one for each time that it is owed, after commit, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from cdm_portal.values import SYSTEM
from offsets import actions, queries
from offsets.models import Order, PaymentAttempt, RefundNote
from offsets.payments.provider import PaymentState, Status
from tests.offsets.bank_files import credit
from tests.offsets.conftest import DETAILS, Shop
from tests.offsets.mail_server import MailServer, serving
from tests.offsets.test_invoices import invoiced, pay, send_back
from tests.offsets.test_receipts import text_of, use

pytestmark = pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances")


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A mail server, to which the portal's mails go."""
    with serving() as made:
        use(settings, made.port)
        yield made


def in_vain(shop: Shop) -> PaymentAttempt:
    """17 of 20 tonnes are paid when their hold is over and others hold 4."""
    offer = shop.offer(20)
    attempt = shop.pending(offer, 17)
    shop.at += timedelta(hours=1)
    actions.expire_orders(at=shop.at)
    shop.order(offer, 4)
    assert shop.press(attempt, "pay", shop.at).state == Order.State.REFUND_DUE
    return attempt


def test_who_paid_in_vain_is_told_what_goes_back_and_that_nothing_was_cancelled(
    shop: Shop, server: MailServer
) -> None:
    attempt = in_vain(shop)
    assert actions.refund_owed(actor=SYSTEM, at=shop.at) == 1
    assert actions.send_refund_notes(at=shop.at) == 1
    mail, text = server.taken[0], text_of(server)
    assert server.recipients == [DETAILS["email"]] == [mail["To"]]
    assert mail["Subject"] == "US$81.60 goes back to you"
    assert "US$81.60 was given back to you by the way you paid." in text
    assert "Nothing was cancelled for this order." in text
    assert f"/orders/{attempt.order.code}/" in text
    assert "Amina" not in text and "flights" not in text, "the mail repeats nothing that was typed"
    later = shop.at + timedelta(days=1)
    assert (actions.send_refund_notes(at=later), actions.send_receipts(at=later)) == (0, 0)


def test_before_the_provider_gave_it_back_the_mail_says_that_it_is_due(
    shop: Shop, server: MailServer
) -> None:
    in_vain(shop)
    assert actions.send_refund_notes(at=shop.at) == 1
    assert "US$81.60 is due back to you by the way you paid." in text_of(server)
    assert actions.refund_owed(actor=SYSTEM, at=shop.at) == 1
    assert actions.send_refund_notes(at=shop.at + timedelta(days=1)) == 0


def test_who_paid_twice_is_told_of_one_payment_and_that_the_order_stands(
    shop: Shop, server: MailServer
) -> None:
    first = shop.pending(shop.offer(100), 17)
    shop.press(first, "decline")
    second = actions.begin_payment(at=shop.at, order_id=first.order_id, provider="sandbox")
    shop.press(second, "pay")
    for _ in range(2):  # the message comes again
        actions.apply_status(
            at=shop.at, reference=first.uuid, status=Status(PaymentState.PAID, first.money)
        )
    assert actions.fulfil_paid(at=shop.at) == 1
    assert (actions.send_refund_notes(at=shop.at), len(server.taken)) == (1, 1)
    assert "Your order stands: its units are cancelled" in text_of(server)


def test_a_surplus_of_a_transfer_is_told_with_its_way_back(
    shop: Shop, server: MailServer
) -> None:
    attempt = invoiced(shop)
    pay(shop, credit(attempt.order_id, "90.00", bank="A1"))
    assert actions.send_refund_notes(at=shop.at) == 1
    text = text_of(server)
    assert "US$8.40 is due back to you by bank transfer." in text
    assert "Your order stands" in text
    send_back(shop, attempt.refunds.get())
    assert actions.send_refund_notes(at=shop.at + timedelta(days=1)) == 0


def test_a_debt_that_is_undone_leaves_no_notice(shop: Shop, server: MailServer) -> None:
    attempt = shop.pending(shop.offer(20), 17)
    with transaction.atomic():
        shop.press(attempt, "wrong")
        assert RefundNote.objects.count() == 1
        transaction.set_rollback(True)
    assert (RefundNote.objects.count(), actions.send_refund_notes(at=shop.at)) == (0, 0)
    assert server.taken == []


def test_an_erased_address_is_told_nothing(shop: Shop, server: MailServer) -> None:
    attempt = in_vain(shop)
    Order.objects.filter(pk=attempt.order_id).update(email="")
    assert actions.send_refund_notes(at=shop.at) == 0
    assert RefundNote.objects.get().state == RefundNote.State.REFUSED
    assert queries.attempt(attempt.uuid).state == PaymentAttempt.State.REFUND_DUE
    assert server.taken == []
