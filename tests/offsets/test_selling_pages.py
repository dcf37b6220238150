"""The participant's desk of offers: list, price, pause, resume, close, and every way to err."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from cdm_portal.values import Actor
from offsets import queries
from offsets.models import Offer
from tests.offsets.conftest import Shop

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
Nothing = Callable[[], AbstractContextManager[None]]
SignIn = Callable[[Client, Actor], Client]


def test_the_participant_offers_prices_pauses_and_closes(
    client: Client, shop: Shop, offer: Offer, sign_in: SignIn
) -> None:
    sign_in(client, shop.seller)
    desk = client.get("/desk/offers/").content.decode()
    assert "900" in desk and "Listed" in desk
    form = client.get("/desk/offers/PDD-09204/new/").content.decode()
    units = f"{shop.account.pk}-2"
    assert units in form
    sent = {"units": units, "quantity": "50", "price": "3.10"}
    assert client.post("/desk/offers/PDD-09204/new/", sent).status_code == 302
    made = Offer.objects.get(price="3.10")
    assert client.post(f"/desk/offers/{made.pk}/price/", {"price": "3.50"}).status_code == 302
    client.post(f"/desk/offers/{made.pk}/pause/")
    assert queries.offer(made.pk).state == Offer.State.PAUSED
    client.post(f"/desk/offers/{made.pk}/resume/")
    client.post(f"/desk/offers/{made.pk}/close/")
    assert queries.offer(made.pk).state == Offer.State.CLOSED
    body = client.post(f"/desk/offers/{made.pk}/close/", follow=True).content.decode()
    assert "The offer has ended already." in body


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"price": "free"}, "Enter a price in US dollars like 4.80."),
        ({"price": "1.234"}, "Enter a price in US dollars like 4.80."),
        ({"price": "0"}, "The price must be more than 0."),
        ({"price": "٣"}, "Enter a price in US dollars like 4.80."),
        ({"quantity": "901"}, "Only 900 units"),
        ({"quantity": "1.5"}, "Only whole tonnes"),
        ({"units": "1-1"}, "Select a valid choice"),
    ],
)
def test_a_wrong_offer_is_explained_and_kept(
    client: Client, shop: Shop, offer: Offer, sign_in: SignIn, nothing_written: Nothing,
    changes: dict[str, str], message: str,
) -> None:
    sign_in(client, shop.seller)
    sent = {"units": f"{shop.account.pk}-2", "quantity": "50", "price": "3.10"} | changes
    with nothing_written():
        answer = client.post("/desk/offers/PDD-09204/new/", sent)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert message in body
    assert f'value="{sent["price"]}"' in body and f'value="{sent["quantity"]}"' in body


def test_the_offers_desk_exists_for_its_participant_only(
    client: Client, shop: Shop, offer: Offer, sign_in: SignIn, nothing_written: Nothing
) -> None:
    own = [f"/desk/offers/{offer.pk}/{verb}/" for verb in ("price", "pause", "resume", "close")]
    urls = ["/desk/offers/PDD-09204/new/", *own]
    assert client.get("/desk/offers/")["Location"].startswith("/accounts/login/")
    others = (shop.cast.doe, shop.cast.board[0], shop.cast.registry, shop.cast.buyer)
    for actor in (*others, shop.cast.rival_participant):
        sign_in(client, actor)
        with nothing_written():
            seen = 200 if actor == shop.cast.rival_participant else 404
            assert client.get("/desk/offers/").status_code == seen
            for url in urls:
                assert client.post(url).status_code == 404, (actor.role, url)


def test_sales_say_what_is_due_and_the_reasons_that_buyers_made_public(
    client: Client, shop: Shop, offer: Offer, sign_in: SignIn
) -> None:
    known = shop.buy(offer, 2)
    shop.buy(offer, 3, name="Zerlina Quastel", reason="A secret journey", public=False)
    body = sign_in(client, shop.seller).get("/desk/offers/sales/").content.decode()
    assert "US$24.00" in body and "US$9.60" in body, "5 tonnes at US$4.80, and 2 of them"
    assert known.number in body and "Amina Otieno" in body and "flights and home energy" in body
    assert "name withheld" in body and "Quastel" not in body and "secret" not in body
    answer = client.get("/desk/offers/sales.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [line.split(",")[4:7] for line in lines[1:]] == [
        ["2", "4.80", "9.60"], ["3", "4.80", "14.40"],
    ]
    assert "Quastel" not in "".join(lines)
    other = sign_in(Client(), shop.cast.rival_participant).get("/desk/offers/sales/")
    assert "Nothing sold yet" in other.content.decode()
