"""The receipt by mail: exactly one notice per order, sent after commit, delayed but never lost."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from offsets import actions, codes
from offsets.models import Certificate, Receipt
from tests.offsets.conftest import DETAILS, Shop
from tests.offsets.mail_server import MailServer, serving
from tests.offsets.test_races import at_once

pytestmark = pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances")
MINUTE = timedelta(minutes=1)
CLAIM = timedelta(minutes=2)


def use(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_TIMEOUT = 3


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A mail server, to which the portal's mails go."""
    with serving() as made:
        use(settings, made.port)
        yield made


@pytest.fixture
def bought(shop: Shop) -> Certificate:
    """3 tonnes of an offer that spans two lots; nobody is told yet."""
    shop.issue(50)
    offer = shop.offer(1050)
    shop.buy(offer, 998)
    Receipt.objects.get()
    actions.send_receipts(at=shop.at)  # to the throw-away back-end of the test runner
    return shop.buy(offer, 4)


def text_of(server: MailServer) -> str:
    return str(server.taken[-1].get_content())


def test_the_mail_says_what_was_cancelled_and_where_the_certificate_is(
    shop: Shop, bought: Certificate, server: MailServer, client: Client
) -> None:
    assert actions.send_receipts(at=shop.at) == 1
    mail, text = server.taken[0], text_of(server)
    assert server.recipients == ["amina@example.org"] == [mail["To"]]
    assert mail["Subject"] == f"Receipt {bought.number}: 4 tonnes cancelled"
    serials = [str(line.cancellation.serial) for line in bought.order.lines.all()]  # type: ignore[union-attr]
    assert len(serials) == 2 and all(f"Serial numbers: {serial}" in text for serial in serials)
    assert text.count("2 t × US$4.80 = US$9.60") == 2
    assert "Total: US$19.20" in text and "Sandbox: no money moved." in text
    assert f"/v/{codes.show(bought.code)}" in text
    link = re.search(r"http://[^/\s]+(/certificates/\S+)", text)
    assert link and "Amina Otieno" in client.get(link.group(1)).content.decode()
    assert "Amina" not in text and "flights" not in text, "the mail repeats nothing that was typed"


def test_nothing_is_sent_before_the_commit(shop: Shop, server: MailServer) -> None:
    order = shop.press(shop.pending(shop.offer(10), 2), "pay")
    with transaction.atomic():
        actions.fulfil(at=shop.at, order_id=order.pk)
        assert at_once(1, lambda number: actions.send_receipts(at=shop.at)) == [0]
    assert server.taken == []
    assert actions.send_receipts(at=shop.at) == 1


def test_a_fulfilment_that_is_undone_leaves_no_notice(shop: Shop, server: MailServer) -> None:
    order = shop.press(shop.pending(shop.offer(10), 2), "pay")
    with transaction.atomic():
        actions.fulfil(at=shop.at, order_id=order.pk)
        transaction.set_rollback(True)
    assert (Receipt.objects.count(), actions.send_receipts(at=shop.at)) == (0, 0)
    for _ in range(2):
        actions.fulfil(at=shop.at, order_id=order.pk)
    assert Receipt.objects.count() == 1
    assert actions.send_receipts(at=shop.at) == 1 == len(server.taken)


def test_many_mailers_at_once_send_each_receipt_once(shop: Shop, server: MailServer) -> None:
    offer = shop.offer(100)
    for _ in range(12):
        shop.buy(offer, 1)
    results = at_once(8, lambda number: actions.send_receipts(at=shop.at))
    assert sum(n for n in results if isinstance(n, int)) == 12
    assert len(server.taken) == len({mail["Message-ID"] for mail in server.taken}) == 12
    assert actions.send_receipts(at=shop.at + timedelta(days=1)) == 0


def test_a_mail_server_that_is_away_delays_and_loses_nothing(
    shop: Shop, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with serving() as gone:
        port = gone.port
    use(settings, port)
    offer = shop.offer(100)
    for _ in range(3):
        shop.buy(offer, 1)
    for minutes in range(3):
        assert actions.send_receipts(at=shop.at + minutes * MINUTE) == 0
    assert Receipt.objects.filter(state="waiting").count() == 3
    assert "ConnectionRefusedError" in caplog.text
    with serving(port) as back:
        assert actions.send_receipts(at=shop.at + 3 * MINUTE) == 3
        assert len(back.taken) == 3


def test_a_lost_answer_repeats_the_same_mail_and_nothing_else_does(
    shop: Shop, bought: Certificate, server: MailServer
) -> None:
    server.lose_answer = True
    assert actions.send_receipts(at=shop.at) == 0
    server.lose_answer = False
    assert actions.send_receipts(at=shop.at) == 0, "not at once"
    assert actions.send_receipts(at=shop.at + MINUTE) == 1
    first, again = server.taken
    assert first["Message-ID"] == again["Message-ID"] != ""
    assert first.get_content() == again.get_content()


def test_a_failed_farewell_is_no_lost_answer(
    shop: Shop, bought: Certificate, server: MailServer
) -> None:
    server.rude_farewell = True
    assert actions.send_receipts(at=shop.at) == 1
    assert actions.send_receipts(at=shop.at + timedelta(days=1)) == 0
    assert len(server.taken) == 1


def test_an_address_that_is_refused_holds_up_nobody_and_is_not_tried_for_ever(
    shop: Shop, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    offer = shop.offer(100)
    shop.buy(offer, 1)
    server.recipient = "450 amina@example.org is greylisted"
    assert actions.send_receipts(at=shop.at) == 0
    assert Receipt.objects.get().next_try_at == shop.at + MINUTE
    server.recipient = "550 amina@example.org is unknown"
    assert actions.send_receipts(at=shop.at + MINUTE) == 0
    assert Receipt.objects.get().state == Receipt.State.REFUSED
    server.recipient = "250 ok"
    shop.buy(offer, 2)
    assert actions.send_receipts(at=shop.at + timedelta(days=9)) == 1
    assert [r.levelno for r in caplog.records] == [logging.WARNING, logging.ERROR]
    assert DETAILS["email"] not in caplog.text and "Amina" not in caplog.text


def test_an_erased_address_is_told_nothing(
    shop: Shop, bought: Certificate, server: MailServer
) -> None:
    bought.order.email = ""
    bought.order.save(update_fields=["email"])
    assert actions.send_receipts(at=shop.at) == 0
    assert Receipt.objects.get(order=bought.order).state == Receipt.State.REFUSED
    assert server.taken == []


def test_a_notice_stays_as_it_ended(shop: Shop, bought: Certificate, server: MailServer) -> None:
    actions.send_receipts(at=shop.at)
    ended = Receipt.objects.filter(order=bought.order)
    for attack in (
        lambda: ended.update(state="waiting", ended_at=None), ended.delete,
        lambda: Receipt.objects.create(order=bought.order, next_try_at=shop.at),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attack()
    assert ended.get().state == Receipt.State.SENT
