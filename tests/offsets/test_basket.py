"""The basket in a browser without script: by tonnes, by money, and every way to err."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from cdm_portal import clock
from offsets import actions, queries
from offsets.models import BasketItem, Offer, Order
from offsets.values import GUEST
from tests.offsets.conftest import Shop
from tests.offsets.several import two_offers
from tests.statements import FRAME, recorded

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
Nothing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def offers(shop: Shop) -> tuple[Offer, Offer]:
    """100 tonnes of each of two projects, listed now."""
    shop.at = clock.now()
    return two_offers(shop)


def add(client: Client, offer: Offer, **sent: object) -> Any:
    return client.post("/basket/add/", {"offer": offer.pk} | sent, follow=True)


def seen(client: Client) -> dict[str, str]:
    """The fields of the basket as a browser shows them and would send them."""
    body = client.get("/basket/").content.decode()
    fields = re.findall(r'<input[^>]* name="(\w+)"[^>]*>', body)
    values = {
        name: re.search(rf'<input[^>]* name="{name}"[^>]*>', body) for name in fields
    }
    found = {name: re.search(r'value="([^"]*)"', at[0]) for name, at in values.items() if at}
    return {name: value[1] if value else "" for name, value in found.items()}


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def filled(client: Client, offers: tuple[Offer, Offer]) -> dict[str, str]:
    add(client, offers[0], quantity=12)
    add(client, offers[1], quantity=10)
    return seen(client)


def test_the_basket_sums_at_present_prices_and_becomes_one_order(
    client: Client, shop: Shop, offers: tuple[Offer, Offer]
) -> None:
    page = filled(client, offers)
    body = client.get("/basket/").content.decode()
    assert "US$77.10" in body and "22 tonnes" in body
    assert re.search(r'class="count num">2<', client.get("/projects/").content.decode())
    answer = client.post("/basket/", page | {"go": "1", "total": "0.01", "price": "0.01"})
    order = queries.by_code(answer["Location"].split("/")[2])
    assert order.total == Decimal("77.10")
    again = client.post("/basket/", page | {"go": "1"})
    assert again["Location"] == answer["Location"], "pressed twice"
    checkout = client.get(answer["Location"])
    assert "Pay US$77.10 and cancel 22 tonnes" in text(checkout)
    assert "12 t × US$4.80" in text(checkout) and "10 t × US$1.95" in text(checkout)
    back = client.post(f"/orders/{order.code}/back/")
    assert back["Location"] == "/basket/"
    assert seen(client)[f"quantity_{offers[0].pk}"] == "12"


def test_what_is_paid_for_leaves_the_basket(
    client: Client, shop: Shop, offers: tuple[Offer, Offer]
) -> None:
    answer = client.post("/basket/", filled(client, offers) | {"go": "1"})
    order = queries.by_code(answer["Location"].split("/")[2])
    details = {"whose": "mine", "name": "Amina", "email": "a@example.org", "provider": "sandbox",
               "agreed_total": order.total, "agreed_currency": "USD"}
    for altered in ({"agreed_total": "0.01"}, {"agreed_currency": "EUR"}):
        refused = client.post(f"/orders/{order.code}/", details | altered)
        assert refused.status_code == 422
        assert "The total has changed: it is US$77.10" in text(refused)
        assert 'value="Amina"' in refused.content.decode()
    pay = client.post(f"/orders/{order.code}/", details | {"quantity": "1"})["Location"]
    assert "US$77.10" in text(client.get(pay))
    client.post(pay, {"button": "pay"})
    assert "Nothing is in your basket" in text(client.get("/basket/"))
    once_more = client.post(f"/orders/{order.code}/", details, follow=True)
    assert "nothing was paid a second time" in text(once_more)
    add(client, offers[0], quantity=3)
    assert seen(client)[f"quantity_{offers[0].pk}"] == "3"


@pytest.mark.parametrize(
    ("typed", "tonnes", "said"),
    [
        ("50", 10, "US$50.00 buys 10 tonnes of Ziwa Nne improved cookstoves programme at US$4.80 "
                   "a tonne. US$2.00 is left over and not charged."),
        ("48.00", 10, "Nothing is left over."),
        ("9.59", 1, "US$4.79 is left over"),
        ("4.79", 0, "US$4.79 buys no whole tonne: one costs US$4.80."),
        ("0", 0, "Enter an amount in US dollars like 50"),
        ("-5", 0, "Enter an amount in US dollars like 50"),
        ("1e3", 0, "Enter an amount in US dollars like 50"),
        ("50.001", 0, "Enter an amount in US dollars like 50"),
        ("５０", 0, "Enter an amount in US dollars like 50"),
        ("500", 0, "Only 100 tonnes are left"),
    ],
)
def test_an_amount_buys_whole_tonnes_and_the_rest_is_said(
    client: Client, offer: Offer, typed: str, tonnes: int, said: str
) -> None:
    answer = add(client, offer, amount=typed)
    assert said in text(answer)
    assert answer.status_code == (200 if tonnes else 422)
    assert list(BasketItem.objects.values_list("quantity", flat=True)) == [tonnes] * bool(tonnes)
    if not tonnes:
        assert f'value="{typed}"' in answer.content.decode()


def test_lines_are_changed_taken_out_and_explained_beside_their_field(
    client: Client, offers: tuple[Offer, Offer], nothing_written: Nothing
) -> None:
    stoves, wind = offers
    page = filled(client, offers)
    for wrong, said in (("", "Enter how many"), ("1.5", "Only whole"), ("101", "Only 100 tonnes")):
        with nothing_written():
            answer = client.post("/basket/", page | {f"quantity_{wind.pk}": wrong, "go": "1"})
        assert answer.status_code == 422 and said in text(answer)
        assert f'value="{wrong}"' in answer.content.decode() or not wrong
    by_money = client.post(
        "/basket/", page | {f"amount_{wind.pk}": "20", "go": "1"}, follow=True
    )
    assert "US$20.00 buys 10 tonnes" in text(by_money), "the new sum is looked at first"
    assert "For US$20.00: US$0.50 left over" in text(by_money)
    client.post("/basket/", page | {f"quantity_{wind.pk}": "7", "remove": stoves.pk})
    assert list(BasketItem.objects.values_list("offer", "quantity")) == [(wind.pk, 7)]


def test_what_changed_meanwhile_is_said_of_its_line(
    client: Client, shop: Shop, offers: tuple[Offer, Offer]
) -> None:
    stoves, wind = offers
    page = filled(client, offers)
    actions.change_price(actor=shop.seller, at=shop.at, offer_id=stoves.pk, price=Decimal(5))
    answer = client.post("/basket/", page | {"go": "1"})
    assert answer.status_code == 422 and not Order.objects.exists()
    assert "Ziwa Nne improved cookstoves programme: The participant has changed" in text(answer)
    one_page = {name: value for name, value in page.items() if not name.endswith(f"_{wind.pk}")}
    elsewhere = client.post("/basket/", one_page | {"go": "1"})
    assert "came into the basket after you opened the page" in text(elsewhere)
    actions.pause(actor=shop.cast.rival_participant, at=shop.at, offer_id=wind.pk)
    shown = text(client.get("/basket/"))
    assert "This offer is paused. Take it out to go on." in shown and "US$60.00" in shown
    refused = client.post("/basket/", seen(client) | {"go": "1"})
    assert "Pavanpur Ridge wind farm: This offer is paused" in text(refused)


def test_a_click_twice_adds_once_and_a_second_wish_adds_more(
    client: Client, offer: Offer
) -> None:
    for key in (first := uuid4(), first, uuid4()):
        add(client, offer, quantity=3, order_key=key)
    assert seen(client)[f"quantity_{offer.pk}"] == "6"


def test_a_footprint_is_offered_first_and_the_basket_says_what_it_covers(
    client: Client, offers: tuple[Offer, Offer]
) -> None:
    session = client.session
    session["wanted_tonnes"] = 17
    session.save()
    for path in ("/projects/", "/projects/99204/", f"/basket/add/?offer={offers[0].pk}"):
        assert re.search(r'name="quantity"[^>]*value="17"|value="17"[^>]*name="quantity"',
                         client.get(path).content.decode()), path
    add(client, offers[0], quantity=12)
    assert "Your basket covers 12 of the 17 tonnes of your footprint." in text(
        client.get("/basket/"))
    assert 'value="5"' in client.get("/projects/99205/").content.decode()
    add(client, offers[1], quantity=5)
    assert "Your basket covers all 17 tonnes" in text(client.get("/basket/"))


def test_an_order_replaced_in_another_tab_says_so_and_keeps_what_was_typed(
    client: Client, offers: tuple[Offer, Offer]
) -> None:
    page = filled(client, offers)
    first = client.post("/basket/", page | {"go": "1"})["Location"]
    second = client.post(
        "/basket/", seen(client) | {f"quantity_{offers[0].pk}": "1", "go": "1"}
    )["Location"]
    details = {"whose": "mine", "name": "Amina", "email": "a@example.org", "provider": "sandbox",
               "agreed_total": "77.10"}
    answer = client.post(first, details)
    assert answer.status_code == 422 and 'value="Amina"' in answer.content.decode()
    assert "The units of this order are free again" in text(answer)
    assert second in answer.content.decode()


def test_an_offer_that_closed_while_paying_is_named_and_nothing_typed_is_lost(
    client: Client, shop: Shop, offers: tuple[Offer, Offer]
) -> None:
    started = client.post("/basket/", filled(client, offers) | {"go": "1"})["Location"]
    order = queries.by_code(started.split("/")[2])
    actions.expire_orders(at=order.held_until)
    actions.close_offer(
        actor=shop.cast.rival_participant, at=order.held_until, offer_id=offers[1].pk
    )
    details = {"whose": "mine", "name": "Amina", "email": "a@example.org", "provider": "sandbox",
               "agreed_total": "77.10", "hold": "again"}
    answer = client.post(started, details)
    assert "Pavanpur Ridge wind farm: This offer is closed." in text(answer)
    assert 'value="Amina"' in answer.content.decode()
    assert "US$57.60" in text(client.get("/basket/")), "the other project can still be bought"


def test_a_basket_that_was_left_behind_is_forgotten(client: Client, offer: Offer) -> None:
    add(client, offer, quantity=3)
    at = clock.now()
    assert actions.drop_baskets(actor=GUEST, at=at + timedelta(days=29)) == 0
    assert actions.drop_baskets(actor=GUEST, at=at + timedelta(days=31)) == 1


def counted(statements: list[str]) -> list[str]:
    """Questions and changes, without the frame of transactions."""
    return [sql for sql in statements if not sql.startswith((*FRAME, "RELEASE"))]


def test_beginning_an_order_takes_few_statements_and_the_lot_is_locked_by_the_last(
    client: Client, offers: tuple[Offer, Offer]
) -> None:
    stoves, _wind = offers
    client.post("/orders/new/", {"offer": stoves.pk, "quantity": 2, "price_version": 1})
    actions.cancel_order(at=clock.now(), order_id=Order.objects.get().pk)
    with recorded() as asked:
        answer = client.post(
            "/orders/new/", {"offer": stoves.pk, "quantity": 1, "price_version": 1}
        )
    assert answer.status_code == 302
    assert len(counted(asked)) <= 11, counted(asked)
    assert "registry_hold_units" in counted(asked)[-1]
    page = filled(client, offers)
    actions.cancel_order(at=clock.now(), order_id=Order.objects.all()[0].pk)
    with recorded() as asked:
        answer = client.post("/basket/", page | {"go": "1"})
    assert answer.status_code == 302
    assert len(counted(asked)) <= 13, counted(asked)
    assert "registry_hold_units" in counted(asked)[-1]
