"""A buyer's own data: the link by mail, what is told, claims, and an erasure after which nothing of
the name is found anywhere while the ledger, its root and the books stay as they were."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client

from cdm_portal import clock
from cdm_portal.identity.models import User
from cdm_portal.journal.models import Entry
from cdm_portal.values import Actor
from offsets import actions, errors, invariants, locks, names, personal, queries
from offsets.models import Certificate, DataLink, NameSeal, Offer, Order, OrderClaim
from offsets.values import GUEST
from registry import invariants as registry_invariants
from registry.models import Cancellation
from tests.offsets.conftest import Shop
from tests.offsets.prints import correct, print_all
from tests.offsets.traces import dumped

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")

PRIVATE = {
    "name": "Zerlina Quastel", "email": "Zerlina@Quastel.example", "reason": "Quastel family trip",
    "public": False,
}


@pytest.fixture
def certificate(shop: Shop, offer: Offer) -> Certificate:
    """A private buyer's certificate, printed."""
    made = shop.buy(offer, 2, **PRIVATE)
    print_all(shop.at)
    made.refresh_from_db()
    return made


def linked(client: Client) -> str:
    """The address in the mail that a guest asks for."""
    client.post("/my-data/", {"email": "zerlina@quastel.example"})
    actions.send_data_links(at=clock.now())
    found = re.search(r"http://[^/\s]+(/my-data/\S+)", mail.outbox[-1].body)
    assert found and mail.outbox[-1].to == ["Zerlina@Quastel.example"]
    return found[1]


def test_the_ledger_seals_the_name_and_verifies_it(certificate: Certificate) -> None:
    lines = list(queries.lines(certificate.order))
    assert names.stands(certificate.order, lines) is True
    certificate.order.beneficiary_name = "Somebody Else"
    assert names.stands(certificate.order, lines) is False


def test_the_verify_page_says_whether_the_ledger_means_a_public_name(
    client: Client, shop: Shop, offer: Offer
) -> None:
    made = shop.buy(offer, 1, name="Amina Otieno")
    page = f"/v/{made.code}"
    assert "sealed hash is of this name" in client.get(page).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE offsets_nameseal DISABLE TRIGGER kept")
        cursor.execute("UPDATE offsets_nameseal SET salt = 'x'")
    assert "hash is of another name" in client.get(page).content.decode()


def test_a_guest_sees_and_takes_along_everything_by_a_link_that_ends(
    client: Client, shop: Shop, certificate: Certificate
) -> None:
    url = linked(client)
    body = client.get(url).content.decode()
    assert all(text in body for text in ("Zerlina Quastel", "Quastel family trip"))
    told = json.loads(client.get(f"{url}orders.json").content)["orders"]
    assert [each["email"] for each in told] == ["Zerlina@Quastel.example"]
    assert told[0]["serial_numbers"] == [str(Cancellation.objects.get().serial)]
    assert client.get(f"{url}orders.pdf").content.startswith(b"%PDF")
    assert client.get(f"{url}orders.exe").status_code == 404
    assert client.get(url[:-2] + "x/").status_code == 404, "a token that was changed"
    DataLink.objects.update(expires_at=clock.now())
    assert client.get(url).status_code == 404


def test_nobody_learns_whether_an_address_is_known_nor_fills_its_mailbox(
    client: Client, certificate: Certificate
) -> None:
    answers = [client.post("/my-data/", {"email": each}, follow=True).content
               for each in ("nobody@example.org", PRIVATE["email"], PRIVATE["email"])]
    assert len({re.sub(rb'name="csrfmiddlewaretoken"[^>]*|nonce="[^"]*"', b"", each)
                for each in answers}) == 1
    assert DataLink.objects.count() == 1
    assert client.post("/my-data/", {"email": "nonsense"}).status_code == 422


def test_an_erasure_leaves_no_trace_and_the_ledger_unchanged(
    client: Client, shop: Shop, certificate: Certificate
) -> None:
    leaves = list(Cancellation.objects.values())
    correct(shop, certificate.order, "Zerlina Quastel-Orr", "The Quastel name has two parts")
    print_all(shop.at)
    url = linked(client)
    assert dumped("Quastel-Orr")
    client.post(url)
    assert Order.objects.get().erased_at is None, "the box was not ticked"
    client.post(url, {"sure": "yes"})
    assert [dumped(text) for text in ("Quastel", "Zerlina", "quastel")] == [[], [], []]
    assert list(Cancellation.objects.values()) == leaves
    assert (registry_invariants.problems(), invariants.problems()) == ([], [])
    certificate.refresh_from_db()
    assert (certificate.pdf, certificate.sha256) == (None, "")
    assert locks.next_certificate(0, 10**9) is None, "it is not printed again"
    order = Order.objects.get()
    for page in (f"/v/{certificate.code}", f"/certificates/{certificate.code}/?order={order.code}"):
        assert "name withheld" in client.get(page).content.decode()
    assert client.get(
        f"/certificates/{certificate.code}.pdf?order={order.code}"
    ).status_code == 403
    assert client.get(f"/api/v1/certificates/{certificate.code}/").json()["name"] is None
    assert client.get(url).status_code == 404
    assert names.stands(order, queries.lines(order)) is None


def test_money_under_way_is_a_reason_to_wait(shop: Shop, offer: Offer, client: Client) -> None:
    attempt = shop.pending(offer, 1, **PRIVATE)
    order = queries.order(attempt.order_id)
    with pytest.raises(errors.MoneyUnderWay, match="its payment is under way"):
        actions.erase_orders(actor=GUEST, at=shop.at, orders=[order.pk])
    url = linked(client)
    body = client.post(url, {"sure": "yes"}, follow=True).content.decode()
    assert "cannot be erased now" in body and queries.order(order.pk).email
    shop.press(attempt, "pay")
    with pytest.raises(errors.MoneyUnderWay, match="it is paid"):
        actions.erase_orders(actor=GUEST, at=shop.at, orders=[order.pk])
    assert set(personal.UNDER_WAY) | set(personal.AT_REST) == set(Order.State)


def test_an_expired_order_paid_late_after_its_erasure_says_name_withheld(
    shop: Shop, offer: Offer
) -> None:
    attempt = shop.pending(offer, 1, **PRIVATE)
    actions.expire_orders(at=shop.at + timedelta(days=2))
    actions.erase_orders(actor=GUEST, at=shop.at, orders=[attempt.order_id])
    order = shop.press(attempt, "pay", at=shop.at + timedelta(days=2))
    assert order.state == Order.State.PAID
    made = actions.fulfil(at=shop.at, order_id=order.pk)
    assert (made.order.public_name, NameSeal.objects.count()) == ("", 0)
    assert actions.send_receipts(at=shop.at + timedelta(days=3)) == 0


def test_a_buyer_brings_orders_of_a_proved_address_to_their_desk(
    client: Client, shop: Shop, certificate: Certificate, sign_in: Any
) -> None:
    buyer: Actor = shop.cast.buyer
    sign_in(client, buyer)
    assert "Quastel" not in client.get("/desk/orders/").content.decode()
    client.post("/desk/orders/")
    assert not OrderClaim.objects.exists(), "no address of theirs is verified"
    with pytest.raises(errors.UnprovedAddress):
        actions.claim_orders(actor=buyer, at=shop.at, orders=[certificate.order_id], proved="")
    assert actions.claim_orders(
        actor=buyer, at=shop.at, orders=[certificate.order_id], proved="else@example.org") == 0
    client.post(f"{linked(client)}claim/")
    assert OrderClaim.objects.get().person_id == buyer.person_id
    body = client.get("/desk/orders/").content.decode()
    assert "Zerlina Quastel" in body and certificate.number in body
    rival = sign_in(Client(), shop.cast.participant)
    assert "Quastel" not in rival.get("/desk/orders/").content.decode()


def test_a_verified_address_brings_its_orders_at_once(
    client: Client, shop: Shop, certificate: Certificate, sign_in: Any
) -> None:
    sign_in(client, shop.cast.buyer)
    user, _membership = shop.cast.sign_ins[shop.cast.buyer]
    EmailAddress.objects.create(user=user, email="zerlina@quastel.example", verified=True)
    client.post("/desk/orders/")
    assert OrderClaim.objects.get().order == certificate.order


def test_an_account_tells_all_and_is_erased_with_its_orders(
    client: Client, shop: Shop, certificate: Certificate, sign_in: Any
) -> None:
    buyer = shop.cast.buyer
    actions.claim_orders(
        actor=buyer, at=shop.at, orders=[certificate.order_id], proved=certificate.order.email
    )
    sign_in(client, buyer)
    told = json.loads(client.get("/desk/my-data.json").content)
    assert told["person"]["name"] == "Amina Otieno" and told["orders"][0]["reason"]
    assert [each["act"] for each in told["acts"]] == ["offsets.claim_orders"]
    assert client.get("/desk/my-data.pdf").content.startswith(b"%PDF")
    assert Entry.objects.filter(actor_name__contains="Amina").count() == 0
    client.post("/desk/my-data/", {"sure": "yes"})
    user = User.objects.get(person_id=buyer.person_id)
    assert (user.is_active, user.person.name) == (False, "Name erased")
    assert dumped("Amina") == dumped("Quastel") == []
    assert client.get("/desk/orders/").status_code == 302


def test_whoever_acted_in_a_case_stays_named_and_nobody_erases_another(
    client: Client, shop: Shop, sign_in: Any
) -> None:
    from_desk = sign_in(client, shop.cast.participant)
    from_desk.post("/desk/my-data/", {"sure": "yes"})
    assert User.objects.get(person_id=shop.cast.participant.person_id).is_active
