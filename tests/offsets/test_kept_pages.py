"""Public pages from memory: one question, the same words, true at once, and never another's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cdm_portal import clock, kept
from cdm_portal.middleware import KEPT
from cdm_portal.values import Actor
from offsets import actions
from offsets.models import Offer
from tests.offsets.conftest import Shop

pytestmark = pytest.mark.usefixtures("ledger_db")
AFRESH = {"Cache-Control": "no-cache"}
ANEW = re.compile(r'(name="(?:csrfmiddlewaretoken|order_key)" value=)"([^"]*)"')


@pytest.fixture(autouse=True)
def empty_shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept yet, and no test of another file finds what these keep; however busy the
    machine, a page is kept long enough to be asked for again."""
    monkeypatch.setattr(kept, "SHELF", kept.Shelf())
    monkeypatch.setattr(kept, "LONGEST", timedelta(hours=1))


def look(
    path: str, visitor: Client | None = None, headers: Mapping[str, str] | None = None
) -> tuple[str, int]:
    """A page as a visitor gets it, and how many statements it cost."""
    with CaptureQueriesContext(connection) as seen:
        answer = (visitor or Client()).get(path, headers=dict(headers or {}))
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode(), len(seen)


def again(path: str) -> tuple[str, int]:
    """A page that was looked at before. The server's own upkeep writes too, now and then: whoever
    meets it looks once more."""
    for _look in range(5):
        text, asked = look(path)
        if asked == 1:
            break
    return text, asked


def bare(text: str) -> str:
    return ANEW.sub(r"\1", text)


def address(name: str, shop: Shop) -> str:
    return reverse(name, args=[shop.project.name] if name == "project" else [])


def test_every_kept_page_says_what_it_says_afresh_for_one_statement(
    shop: Shop, offer: Offer
) -> None:
    for name in sorted(KEPT):
        path = address(name, shop)
        first, _ = look(path)
        second, asked = again(path)
        fresh, _ = look(path, headers=AFRESH)
        assert (bare(second), asked) == (bare(first), 1), name
        assert bare(second) == bare(fresh), name


def test_every_visitor_gets_a_token_and_keys_of_his_own(shop: Shop, offer: Offer) -> None:
    path = reverse("catalogue")
    again(path)
    pages = [Client(), Client()]
    found = [ANEW.findall(look(path, visitor)[0]) for visitor in pages]
    tokens, keys = ({v for n, v in each if "token" in n} for each in found), [
        v for each in found for n, v in each if "order_key" in n
    ]
    assert len(keys) == len(set(keys)) > 1
    for visitor, (token,) in zip(pages, tokens, strict=True):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = visitor.cookies
        sent = {"offer": offer.pk, "quantity": 1, "order_key": str(uuid4()),
                "price_version": offer.price_version}
        target = reverse("offsets:basket_add")
        assert strict.post(target, sent).status_code == 403
        assert strict.post(target, sent | {"csrfmiddlewaretoken": token}).status_code == 302


def change_price(shop: Shop, offer: Offer) -> None:
    actions.change_price(
        actor=shop.seller, at=shop.at, offer_id=offer.pk, price=Decimal("7.35")
    )


def close(shop: Shop, offer: Offer) -> None:
    actions.pause(actor=shop.seller, at=shop.at, offer_id=offer.pk)


def sell(shop: Shop, offer: Offer) -> None:
    shop.buy(offer, 13)


def hold(shop: Shop, offer: Offer) -> None:
    shop.order(offer, shop.left(offer))


def test_what_changed_is_shown_at_once(shop: Shop, offer: Offer) -> None:
    for change in (sell, hold, change_price, close):
        assert stale(shop, offer, change) == set(), change


def test_a_page_that_is_kept_too_long_is_found(
    shop: Shop, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept.Page, "is_true_at", lambda page, newest: True)
    assert stale(shop, offer, sell) == {"home", "catalogue", "project", "offsets:cancellations"}


def stale(shop: Shop, offer: Offer, change: Callable[[Shop, Offer], None]) -> set[str]:
    """The pages that do not say after a change what they say afresh. Of each the first look after
    the change counts."""
    names = ["home", "catalogue", "project", "offsets:cancellations"]
    before = {name: bare(look(address(name, shop))[0]) for name in names}
    change(shop, offer)
    after = {name: bare(look(address(name, shop))[0]) for name in names}
    fresh = {name: bare(look(address(name, shop), headers=AFRESH)[0]) for name in names}
    assert fresh["catalogue"] != before["catalogue"]
    return {name for name in names if after[name] != fresh[name]}


def test_what_is_not_committed_yet_is_neither_shown_nor_kept(shop: Shop, offer: Offer) -> None:
    """A page read while somebody writes is out of date once he commits."""
    path = reverse("catalogue")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("UPDATE offsets_offer SET price = 9.15, price_version = 2 WHERE id = %s",
                           [offer.pk])
            assert "9.15" not in look(path)[0]
            assert again(path)[1] == 1
            cursor.execute("COMMIT")
        assert "9.15" in look(path)[0]
    finally:
        other.close()


def test_units_whose_hold_is_over_are_free_again(shop: Shop, offer: Offer) -> None:
    """Nobody writes when a hold lapses: a page is kept until then at most."""
    order = shop.order(offer, 1)
    with connection.cursor() as cursor:
        soon = clock.now() + timedelta(minutes=7)
        cursor.execute("UPDATE registry_hold SET expires_at = %s", [soon])
    read = kept.read_from()
    assert order.quantity == 1
    assert read.until == soon < read.at + kept.LONGEST
    page = kept.Page(read, {}, [b""], [])
    assert page.is_true_at(replace(read, at=soon - timedelta(seconds=1)))
    assert not page.is_true_at(replace(read, at=soon))


def test_the_day_ends_every_page(shop: Shop) -> None:
    read = kept.read_from()
    assert read.at < read.until <= read.at + kept.LONGEST
    assert (read.until - timedelta(microseconds=1)).date() == read.at.date()


def test_who_is_known_neither_gets_nor_fills_what_is_kept(
    shop: Shop, offer: Offer, sign_in: Callable[[Client, Actor], Client]
) -> None:
    path = reverse("catalogue")
    buyer, basket, told = sign_in(Client(), shop.cast.buyer), Client(), Client()
    basket.post(reverse("offsets:basket_add"), {
        "offer": offer.pk, "quantity": 1, "order_key": str(uuid4()),
        "price_version": offer.price_version,
    })
    told.cookies["messages"] = "whatever it says"
    for visitor in (buyer, basket, told):
        text, asked = look(path, visitor)
        assert asked > 1
        assert len(kept.SHELF._pages) == 0
        plain = look(path)[0]
        assert bare(plain) != bare(text) or visitor is told
        assert again(path)[1] == 1
        assert look(path, visitor)[1] > 1
        assert bare(look(path)[0]) == bare(plain)
        kept.SHELF._pages.clear()


def test_only_pages_for_everybody_are_kept(shop: Shop, offer: Offer) -> None:
    order = f"/orders/new/?offer={offer.pk}"
    for path in ("/basket/", order, "/projects/none/", "/accounts/login/"):
        Client().get(path)
    assert len(kept.SHELF._pages) == 0
    look("/projects/?q=stoves")
    assert len(kept.SHELF._pages) == 1
    Client().head("/projects/")
    look("/projects/?q=" + "x" * kept.LONGEST_ADDRESS)
    assert len(kept.SHELF._pages) == 1


def test_a_full_shelf_gives_up_what_nobody_asked_for_longest() -> None:
    read = kept.Moment("1", clock.now(), clock.now())
    shelf = kept.Shelf(most_bytes=250)
    for name in "abc":
        if name == "c":
            assert shelf.find("a")
        shelf.keep(name, kept.Page(read, {}, [b"x" * 100], []))
    assert [bool(shelf.find(name)) for name in "abc"] == [True, False, True]
    shelf.keep("d", kept.Page(read, {}, [b"x" * (kept.LARGEST_PAGE + 1)], []))
    assert shelf.find("d") is None
