"""The invoice's page and paper, and the desk of the bank account, without a browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cdm_portal import clock
from offsets import actions, invoices, queries
from offsets.models import BankStatement, Order, Refund
from tests.offsets.bank_files import camt, credit
from tests.offsets.conftest import Shop
from tests.offsets.test_invoices import bring, invoiced

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")


@pytest.fixture
def now(shop: Shop) -> Shop:
    shop.at = clock.now()
    return shop


def test_the_paper_names_who_is_paid_and_has_always_the_same_bytes(
    now: Shop, client: Client
) -> None:
    attempt = invoiced(now)
    first, again = invoices.paper(attempt), invoices.paper(queries.attempt(attempt.uuid))
    assert first == again and first.startswith(b"%PDF")
    [line] = invoices.payees(list(queries.lines(attempt.order)))
    assert (line["payee"], line["tonnes"], line["amount"]) == ("Ziwa Sun Limited", "17", "US$81.60")
    answer = client.get(f"/pay/invoice/{attempt.uuid}/invoice.pdf")
    assert answer["Content-Type"] == "application/pdf" and answer.content == first
    Order.objects.filter(pk=attempt.order_id).update(total="90.00")
    assert client.get(f"/pay/invoice/{attempt.uuid}/invoice.pdf").status_code == 404
    Order.objects.filter(pk=attempt.order_id).update(total="81.60")
    sandbox = now.pending(now.offer(10), 1)
    assert client.get(f"/pay/invoice/{sandbox.uuid}/").status_code == 404


def test_the_page_shows_what_came_and_what_waits(now: Shop, client: Client) -> None:
    attempt = invoiced(now)
    day = now.at.date()
    match = bring(now, credit(attempt.order_id, "60.00", day=day))[0]
    page = client.get(f"/pay/invoice/{attempt.uuid}/").content.decode()
    assert "US$0.00 of US$81.60 received" in page and "US$60.00 more is on the account" in page
    assert invoices.reference(attempt) in page and "Kijani" not in page
    actions.confirm_match(
        actor=now.cast.second_secretariat, at=now.at, match_id=match.pk
    )
    page = client.get(f"/pay/invoice/{attempt.uuid}/state/").content.decode()
    assert "US$60.00 of US$81.60 received" in page and "US$21.60 is still to come" in page


def test_the_desk_says_what_was_wrong_and_four_eyes_hold_there_too(
    now: Shop, client: Client, sign_in: Any
) -> None:
    attempt = invoiced(now)
    sign_in(client, now.cast.secretariat)
    day = now.at.date()

    def send(data: bytes, name: str = "a.xml") -> Any:
        return client.post("/desk/bank/", {"file": SimpleUploadedFile(name, data)})

    bad = send(camt(credit(1, way="NONE", day=day)))
    assert bad.status_code == 422 and "Entry 1 is neither" in bad.content.decode()
    good = camt(credit(attempt.order_id, "90.00", day=day), credit(1, way="DBIT", day=day))
    assert [send(good).status_code, send(good).status_code] == [302, 302]
    told = client.get("/desk/bank/").content.decode()
    assert "Nothing was added" in told and "was passed over (Entry 2)" in told
    assert BankStatement.objects.count() == 1
    match = attempt.bank_matches.get()
    assert client.post(f"/desk/bank/matches/{match.pk}/confirm/").status_code == 403
    assert client.post(f"/desk/bank/matches/{match.pk}/aside/").status_code == 422
    sign_in(client, now.cast.second_secretariat)
    for _ in range(2):  # the second click is told that it is decided
        assert client.post(f"/desk/bank/matches/{match.pk}/confirm/").status_code == 302
    assert queries.order(attempt.order_id).state == Order.State.PAID
    refund = Refund.objects.get()
    assert client.post(f"/desk/bank/refunds/{refund.pk}/", {"payee_iban": "X"}).status_code == 422
