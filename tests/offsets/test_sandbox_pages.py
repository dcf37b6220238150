"""The sandbox's page and its webhook: what is signed counts once, what is forged not at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from cdm_portal import clock
from offsets import queries
from offsets.models import Offer, Order, PaymentAttempt
from offsets.payments import bank, sandbox
from offsets.values import GUEST
from tests.offsets.conftest import Shop

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
Nothing = Callable[[], AbstractContextManager[None]]


@pytest.mark.parametrize("button", ["", "steal", "PAY"])
def test_an_unknown_button_of_the_sandbox_does_nothing(
    client: Client, shop: Shop, offer: Offer, nothing_written: Nothing, button: str
) -> None:
    attempt = shop.pending(offer, 2)
    with nothing_written():
        answer = client.post(f"/pay/sandbox/{attempt.uuid}/", {"button": button})
    assert answer.status_code == 422
    assert client.get(f"/pay/sandbox/{uuid4()}/").status_code == 404


def deliver(client: Client, raw: bytes, signature: str) -> Any:
    return client.post(
        "/pay/sandbox/webhook", raw, content_type="application/json",
        headers={sandbox.SIGNATURE: signature},
    )


def pressed(shop: Shop, attempt: PaymentAttempt) -> tuple[bytes, str]:
    payment = bank.actions.press(actor=GUEST, at=shop.at, reference=attempt.uuid, button="pay")
    raw, headers = sandbox.message(payment, clock.now())
    return raw, headers[sandbox.SIGNATURE]


def test_the_webhook_takes_a_signed_message_once(
    shop: Shop, offer: Offer, nothing_written: Nothing
) -> None:
    client = Client(enforce_csrf_checks=True)
    attempt = shop.pending(offer, 2)
    raw, signature = pressed(shop, attempt)
    first = deliver(client, raw, signature)
    assert (first.status_code, first.json()) == (200, {"received": True, "repeated": False})
    assert queries.order(attempt.order_id).state == Order.State.PAID
    with nothing_written():
        again = deliver(client, raw, signature)
    assert (again.status_code, again.json()) == (200, {"received": True, "repeated": True})


def test_the_webhook_refuses_a_forged_message(
    shop: Shop, offer: Offer, nothing_written: Nothing
) -> None:
    client, attempt = Client(), shop.pending(offer, 2)
    raw, signature = pressed(shop, attempt)
    with nothing_written():
        forged = ((raw + b" ", signature), (raw, ""), (b"", signature), (b"{}", "t=1,v1="))
        for body, head in forged:
            answer = deliver(client, body, head)
            assert (answer.status_code, answer.json()["code"]) == (400, "bad_event")
        assert client.get("/pay/sandbox/webhook").status_code == 405
