"""Buying in a browser without script: from tonnes to certificate, and every way to err."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from cdm_portal import clock, record
from offsets import actions, queries
from offsets.models import Offer, Order, SandboxPayment
from tests.offsets.conftest import Shop

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
Nothing = Callable[[], AbstractContextManager[None]]


def ask(client: Client, offer: Offer, quantity: object, **extra: object) -> Any:
    sent = {"offer": offer.pk, "quantity": quantity, "price_version": offer.price_version}
    return client.post("/orders/new/", sent | extra)


def begun(client: Client, offer: Offer, quantity: int = 17) -> Order:
    """An order at the checkout in this browser."""
    answer = ask(client, offer, quantity)
    assert answer.status_code == 302
    return queries.by_code(answer["Location"].split("/")[2])


def details(order: Order, **changes: object) -> dict[str, object]:
    return {
        "whose": "mine", "name": "Amina Otieno", "email": "amina@example.org", "reference": "",
        "reason": "Our family’s flights", "provider": "sandbox", "agreed_total": order.total,
    } | changes


def test_a_guest_buys_from_the_page_to_the_certificate(client: Client, offer: Offer) -> None:
    order = begun(client, offer)
    checkout = client.get(f"/orders/{order.code}/").content.decode()
    assert "Pay US$81.60 and cancel 17 tonnes" in checkout
    assert "Cancelling cannot be undone." in checkout
    assert "until " in checkout and "data-countdown" in checkout
    assert "Demonstration rules" in checkout
    to_pay = client.post(f"/orders/{order.code}/", details(order))
    assert to_pay.status_code == 302
    assert re.fullmatch(r"/pay/sandbox/[0-9a-f-]{36}/", to_pay["Location"])
    page = client.get(to_pay["Location"]).content.decode()
    assert "To pay: US$81.60" in page and page.count('name="button"') == 6
    back = client.post(to_pay["Location"], {"button": "pay"})
    assert back["Location"] == f"/orders/{order.code}/"
    waiting = client.get(back["Location"]).content.decode()
    assert "Paid. The registry is cancelling the units" in waiting and "Reload" in waiting
    actions.fulfil_paid(at=clock.now())
    done = client.get(back["Location"]).content.decode()
    assert "17 tonnes are cancelled" in done
    certificate = queries.by_code(order.code).certificate
    assert f"/certificates/{certificate.code}/" in done


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter how many tonnes to cancel."),
        ("0", "Enter 1 tonne or more."),
        ("-1", "Enter 1 tonne or more."),
        ("1.5", "Only whole tonnes can be cancelled"),
        ("1,5", "Only whole tonnes can be cancelled"),
        ("1_0", "digits 0 to 9 only"),
        ("١٢", "digits 0 to 9 only"),
        ("１２", "digits 0 to 9 only"),
        ("1e3", "digits 0 to 9 only"),
        ("NaN", "digits 0 to 9 only"),
        ("0x10", "digits 0 to 9 only"),
        ("ten", "digits 0 to 9 only"),
        ("1000000000000", "at most 10\u202f000\u202f000 tonnes"),
        ("9" * 400, "digits 0 to 9 only"),
        ("101", "Only 100 tonnes are left"),
    ],
)
def test_a_wrong_quantity_is_explained_beside_its_field_and_kept(
    client: Client, offer: Offer, nothing_written: Nothing, typed: str, message: str
) -> None:
    with nothing_written():
        answer = ask(client, offer, typed)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert message in body
    if typed:
        assert f'value="{typed}"' in body
    assert 'aria-invalid="true"' in body


@pytest.mark.parametrize("number", ["", "0", "-1", "abc", "1.0", "9" * 30, "999999"])
def test_an_offer_that_is_not_there_is_not_found(
    client: Client, offer: Offer, number: str
) -> None:
    sent = {"offer": number, "quantity": "1", "price_version": 1}
    assert client.post("/orders/new/", sent).status_code == 404
    assert client.get("/orders/new/", {"offer": number}).status_code == 404


@pytest.mark.parametrize("extra", [{"price": "0.01"}, {"total": "0"}, {"price_version": "1e308"}])
def test_a_price_sent_by_the_browser_decides_nothing(
    client: Client, offer: Offer, extra: dict[str, str]
) -> None:
    answer = ask(client, offer, 2, **extra)
    assert answer.status_code in {302, 422}
    assert {str(order.total) for order in Order.objects.all()} <= {"9.60"}


def test_a_changed_price_is_confirmed_first(
    client: Client, shop: Shop, offer: Offer, nothing_written: Nothing
) -> None:
    actions.change_price(actor=shop.seller, at=shop.at, offer_id=offer.pk, price=offer.price + 1)
    with nothing_written():
        answer = ask(client, offer, 2)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "it is now US$5.80 a tonne" in body
    assert 'name="price_version" value="2"' in body and 'value="2"' in body


def test_pressing_twice_is_one_order(client: Client, offer: Offer) -> None:
    key = uuid4()
    first, second = ask(client, offer, 3, order_key=key), ask(client, offer, 3, order_key=key)
    assert first["Location"] == second["Location"]
    fresh = ask(Client(), offer, 3, order_key=key)
    assert fresh["Location"] == first["Location"], "who knows the page's key began the order"
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": "amina.otieno@"}, "Enter an email address in the form name@example.org"),
        ({"email": ""}, "Enter an email address in the form name@example.org"),
        ({"name": ""}, "Enter the name to print on the certificate."),
        ({"reason": "R" * 141}, "Use at most 140 characters; this has 141."),
        ({"whose": "nobody"}, "Select a valid choice"),
        ({"agreed_total": "1.00"}, "The total has changed"),
        ({"provider": "card"}, "not switched on"),
    ],
)
def test_wrong_details_are_explained_and_nothing_typed_is_lost(
    client: Client, offer: Offer, nothing_written: Nothing, changes: dict[str, str], message: str
) -> None:
    order = begun(client, offer)
    sent = details(order, public="on", reference="Ref 7") | changes
    with nothing_written():
        answer = client.post(f"/orders/{order.code}/", sent)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert message in body
    for field in ("name", "email", "reason", "reference"):
        if sent[field]:
            assert f'value="{sent[field]}"' in body, field
    assert re.search(r'name="public"[^>]*checked', body)


def test_a_declined_payment_comes_back_with_everything_typed(
    client: Client, offer: Offer
) -> None:
    order = begun(client, offer)
    to_pay = client.post(f"/orders/{order.code}/", details(order))["Location"]
    client.post(to_pay, {"button": "decline"})
    body = client.get(f"/orders/{order.code}/").content.decode()
    assert "The payment was declined" in body and 'value="Amina Otieno"' in body
    again = client.post(f"/orders/{order.code}/", details(order))["Location"]
    assert again != to_pay
    client.post(again, {"button": "pay"})
    assert queries.by_code(order.code).state == Order.State.PAID


def test_a_payment_that_was_cut_off_goes_on_at_the_checkout(client: Client, offer: Offer) -> None:
    """The web server died between the attempt and its page: nobody was ever sent to pay."""
    order = begun(client, offer)
    client.post(f"/orders/{order.code}/", details(order))
    order.attempts.update(page_url="")
    SandboxPayment.objects.all().delete()
    again = client.get(f"/orders/{order.code}/").content.decode()
    assert "Pay US$81.60 and cancel 17 tonnes" in again and 'value="Amina Otieno"' in again
    to_pay = client.post(f"/orders/{order.code}/", details(order, name="Amina O. Otieno"))
    assert to_pay["Location"] == order.attempts.get().page_url
    assert queries.order(order.pk).beneficiary_name == "Amina O. Otieno"
    client.post(to_pay["Location"], {"button": "pay"})
    assert queries.order(order.pk).state == Order.State.PAID


def test_coming_back_fulfils_nothing(
    client: Client, offer: Offer, nothing_written: Nothing
) -> None:
    order = begun(client, offer)
    client.post(f"/orders/{order.code}/", details(order))
    with nothing_written():
        for _ in range(3):
            body = client.get(f"/orders/{order.code}/?paid=1&status=success").content.decode()
            assert "waiting for the payment to be confirmed" in body
        assert "hx-get" in client.get(f"/orders/{order.code}/status/").content.decode()


def test_another_browser_sees_the_order_without_the_person(
    client: Client, offer: Offer, nothing_written: Nothing
) -> None:
    order = begun(client, offer)
    stranger = Client()
    with nothing_written():
        body = stranger.get(f"/orders/{order.code}/").content.decode()
        assert "in the browser that began it" in body
        assert stranger.post(f"/orders/{order.code}/", details(order)).status_code == 403
        assert stranger.post(f"/orders/{order.code}/back/").status_code == 403
        assert stranger.post(f"/orders/{order.code}/hold/").status_code == 403
    client.post(f"/orders/{order.code}/", details(order))
    body = stranger.get(f"/orders/{order.code}/").content.decode()
    assert "amina@example.org" not in body and "Amina" not in body and "/pay/" not in body
    assert stranger.get(f"/orders/ord_{'0' * 32}/").status_code == 404


def test_an_expired_order_is_held_again_by_a_button(client: Client, offer: Offer) -> None:
    order = begun(client, offer)
    actions.expire_orders(at=order.held_until)
    body = client.get(f"/orders/{order.code}/").content.decode()
    assert "The time to pay is over" in body and "Hold the units again" in body
    assert client.post(f"/orders/{order.code}/hold/").status_code == 302
    assert queries.by_code(order.code).state == Order.State.CHECKOUT


def test_holding_again_keeps_what_was_typed(client: Client, offer: Offer) -> None:
    record.begin_demonstration()
    order = begun(client, offer)
    record.advance_clock(days=1)
    late = client.post(f"/orders/{order.code}/", details(order))
    assert late.status_code == 422
    assert "Hold the units again" in late.content.decode()
    again = client.post(f"/orders/{order.code}/", details(order, hold="again", name="Amina O"))
    assert again.status_code == 200
    assert 'value="Amina O"' in again.content.decode()
    assert queries.by_code(order.code).state == Order.State.CHECKOUT
    assert client.post(f"/orders/{order.code}/", details(order)).status_code == 302


def test_going_back_gives_the_order_up(client: Client, offer: Offer) -> None:
    order = begun(client, offer)
    answer = client.post(f"/orders/{order.code}/back/")
    assert answer["Location"] == "/projects/99204/"
    assert queries.by_code(order.code).state == Order.State.EXPIRED
