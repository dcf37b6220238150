"""The public list of cancellations: filters, pages, its file, and names that try to be markup."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client

from offsets import exports
from offsets.models import Offer
from offsets.views.certificates import PAGE
from tests.offsets.conftest import Shop

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")


def test_the_public_list_is_filtered(client: Client, shop: Shop, offer: Offer) -> None:
    shop.buy(offer, 1, name="Amina Otieno")
    shop.buy(offer, 2, name="Jean Dupont")
    shop.buy(offer, 3, name="Amina Withheld", public=False)
    assert "6 tonnes were cancelled" in client.get("/cancellations/").content.decode()
    body = client.get("/cancellations/", {"beneficiary": "amina"}).content.decode()
    assert "Amina Otieno" in body and "Dupont" not in body and "Withheld" not in body
    assert "name withheld" in client.get("/cancellations/", {"project": "99204"}).content.decode()
    none = client.get("/cancellations/", {"project": "1"}).content.decode()
    assert "No cancellation fits" in none
    assert client.get("/cancellations/", {"before": "x"}).status_code == 422
    assert client.get("/cancellations/", {"beneficiary": "a\0b"}).status_code == 400


def test_the_public_list_is_paged(client: Client, shop: Shop, offer: Offer) -> None:
    shop.buy(offer, 1, name="The first of all")
    for _ in range(PAGE):
        shop.buy(offer, 1)
    newest = client.get("/cancellations/").content.decode()
    after = re.search(r"before=(\d+)", newest)
    assert after is not None and "The first of all" not in newest
    oldest = client.get("/cancellations/", {"before": after[1]}).content.decode()
    assert "The first of all" in oldest and "before=" not in oldest


def test_the_file_cannot_run_formulas(client: Client, shop: Shop, offer: Offer) -> None:
    shop.buy(offer, 1, name="=HYPERLINK(\"http://x\")", reason="@SUM(1), \"quoted\"")
    answer = client.get("/cancellations.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))
    assert rows[0]["beneficiary"] == "'=HYPERLINK(\"http://x\")"
    assert rows[0]["reason"] == "'@SUM(1), \"quoted\""
    assert (rows[0]["tonnes"], rows[0]["project"]) == ("1", "99204")
    assert rows[0]["serial_numbers"] == "KE-5-1-2-2-0-99204"
    assert [exports.cell(x) for x in (" =1", "-1", "+1", "\t1", "a=1")] == [
        "' =1", "'-1", "'+1", "'\t1", "a=1"]


def test_names_are_escaped_on_every_page(client: Client, shop: Shop, offer: Offer) -> None:
    certificate = shop.buy(offer, 1, name="<script>alert(1)</script>")
    for url in (f"/v/{certificate.code}", f"/certificates/{certificate.code}/", "/cancellations/"):
        assert "<script>alert" not in client.get(url).content.decode()
