"""The public record of cancellations: filters with exact counts, pages, files, organisations, and
names that try to be markup or formulas."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import openpyxl
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from cdm_portal import keyset
from offsets import invariants
from offsets.models import CancelledEntry, Offer
from offsets.register import files
from registry import actions as registry_actions
from registry import queries
from tests.offsets import prints
from tests.offsets.conftest import Shop
from tests.statements import recorded

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")


def differing() -> list[str]:
    return [each.row for each in invariants.problems() if each.rule.startswith("the public record")]


def cancel_outside(shop: Shop, quantity: int) -> None:
    """Units of the participant's account cancelled by the registry, not by the shop."""
    proposal = registry_actions.propose_forwarding(
        actor=shop.cast.registry, at=shop.at, project_number="99204", quantity=quantity,
        from_account_id=shop.account.pk, to_account_id=queries.VOLUNTARY, commitment_period=2,
    )
    registry_actions.approve_proposal(
        actor=shop.cast.registry_second, at=shop.at, proposal_id=proposal.pk
    )


@pytest.fixture
def bought(shop: Shop, offer: Offer) -> Shop:
    """Three sales, of which one withholds its name, and a cancellation outside the shop."""
    shop.buy(offer, 1, name="Amina Otieno")
    shop.buy(offer, 4, name="Dupont  Frères", on_behalf=True)
    shop.buy(offer, 3, name="Amina Withheld", public=False)
    cancel_outside(shop, 50)
    return shop


def test_the_record_is_filtered_and_counted(client: Client, bought: Shop) -> None:
    body = client.get("/cancellations/").content.decode()
    assert "4 cancellations, 58 tonnes" in body and "Withheld" not in body
    cases = {
        "beneficiary=amina": (1, 1), "beneficiary=withheld": (0, 0), "project=99204": (4, 58),
        "project=COOKstoves": (4, 58), "project=1": (0, 0), "source=shop": (3, 8),
        "source=registry": (1, 50), "named=yes": (2, 5), "named=no": (1, 3), "host=KE": (4, 58),
        "host=FR": (0, 0), "year=1999": (0, 0), f"year={bought.at.year}": (4, 58),
        "kind=230&source=registry": (1, 50), "year=x&host=1&sort=y&after=z&kind=9": (4, 58),
    }
    for query, expected in cases.items():
        counts = client.get(f"/cancellations/?{query}").context["counts"]
        assert (counts.total, counts.tonnes) == expected, query
    counts = client.get("/cancellations/?source=registry").context["counts"]
    assert counts.values["source"] == {"shop": 3, "registry": 1}, "its own facet counts without it"
    assert counts.values["host"] == {"KE": 1}
    assert client.get("/cancellations/", {"beneficiary": "a\0b"}).status_code == 400
    assert "No cancellation fits" in client.get("/cancellations/?project=1").content.decode()


def test_each_row_leads_to_its_certificate_or_to_its_units(client: Client, bought: Shop) -> None:
    rows = client.get("/cancellations/?sort=largest").context["rows"]
    assert [row.entry.quantity for row in rows] == [50, 4, 3, 1]
    assert rows[0].url == f"/registry/blocks/{rows[0].serial}/" and rows[1].url.startswith("/v/")
    for row in rows:
        assert client.get(row.url).status_code == 200
        assert row.reference in client.get(row.serial_url).content.decode()


def test_pages_and_the_api_walk_every_row_once(
    client: Client, bought: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyset.page, "__kwdefaults__", {"after": "", "size": 2, "apart": False})
    for sort in ("newest", "oldest", "largest", "smallest"):
        walked: list[int] = []
        url = f"/api/v1/record/?limit=1&sort={sort}&host=KE"
        body = client.get(url).json()
        while True:
            walked += [int(each["quantity"]) for each in body["data"]]
            if body["next_cursor"] is None:
                break
            body = client.get(url, {"limit": 1, "sort": sort, "cursor": body["next_cursor"]}).json()
        page = client.get(f"/cancellations/?sort={sort}")
        assert walked == [row.entry.quantity for row in shown_all(client, page)]
        assert sorted(walked) == [1, 3, 4, 50]
    with recorded() as statements:
        client.get("/cancellations/")
    assert len([each for each in statements if "offsets_cancelledentry" in each]) == 2


def shown_all(client: Client, page: Any) -> list[Any]:
    """The rows of a page and of those after it."""
    found = list(page.context["rows"])
    while page.context["page"].next_url:
        page = client.get("/cancellations/" + page.context["page"].next_url)
        found += page.context["rows"]
    return found


def test_the_files_have_the_rows_found_and_run_no_formulas(
    client: Client, shop: Shop, offer: Offer
) -> None:
    shop.buy(offer, 1, name="=HYPERLINK(\"http://x\")", reason="@SUM(1), \"quoted\"")
    shop.buy(offer, 2, name="Nobody", public=False)
    query = "?project=99204&sort=smallest"
    text = b"".join(client.get(f"/cancellations.csv{query}")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["beneficiary"] == "'=HYPERLINK(\"http://x\")"
    assert rows[0]["reason"] == "'@SUM(1), \"quoted\""
    assert (rows[0]["tonnes"], rows[0]["serial_numbers"]) == ("1", "KE-5-1-2-2-0-99204")
    assert rows[1]["beneficiary"] == "name withheld" and "Nobody" not in text
    told = json.loads(b"".join(client.get(f"/cancellations.json{query}")))["data"]
    assert [{k: str(v) for k, v in row.items()} for row in told] == rows
    sheet: Any = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/cancellations.xlsx{query}").content)
    ).active
    cells = [["" if x is None else str(x) for x in row] for row in sheet.values]
    assert cells == [list(files.HEAD), *([*row.values()] for row in rows)]
    assert [files.guarded(x) for x in (" =1", "-1", "\t1", "a=1", "")] == [
        "' =1", "'-1", "'\t1", "a=1", ""]
    assert client.get("/cancellations.pdf").status_code == 404


def test_names_are_escaped_on_every_page(client: Client, shop: Shop, offer: Offer) -> None:
    made = shop.buy(offer, 1, name="<script>alert(1)</script>", on_behalf=True)
    key = CancelledEntry.objects.get().organisation
    for url in (f"/v/{made.code}", f"/certificates/{made.code}/", "/cancellations/",
                f"/organisations/{key}/"):
        assert "<script>alert" not in client.get(url).content.decode()


def test_an_organisation_is_its_name_but_for_capitals_and_spaces(
    client: Client, bought: Shop, offer: Offer
) -> None:
    bought.buy(offer, 7, name="DUPONT FRÈRES", on_behalf=True)
    bought.buy(offer, 9, name="Dupont Freres", on_behalf=True)
    bought.buy(offer, 11, name="Dupont Frères")
    bought.buy(offer, 13, name="Dupont Frères", on_behalf=True, public=False)
    key = CancelledEntry.objects.get(quantity=7).organisation
    page = client.get(f"/organisations/{key}/")
    body = page.content.decode()
    found = page.context["found"]
    assert (found.tonnes, found.cancellations) == (11, 2)
    assert found.spellings == ["DUPONT FRÈRES", "Dupont  Frères"] and "not verified" in body
    assert "<svg" in body and f"<td>{bought.at.year}</td>" in body
    told = client.get(f"/api/v1/record/organisations/{key}/").json()
    assert (told["tonnes"], told["verified"]) == ("11", False)
    assert client.get("/organisations//").status_code == 404
    assert client.get(f"/organisations/{'0' * 32}/").status_code == 404


def test_the_record_follows_and_nobody_but_the_database_writes_it(bought: Shop) -> None:
    assert differing() == []
    before = list(CancelledEntry.objects.values())
    for sql in ("UPDATE offsets_cancelledentry SET quantity = 1", "SELECT offsets_record('{1}')",
                "DELETE FROM offsets_cancelledentry",
                "INSERT INTO offsets_cancelledentry SELECT * FROM offsets_cancelledentry"):
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE cdm_app")
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(sql)
            cursor.execute("RESET ROLE")
    assert list(CancelledEntry.objects.values()) == before


@pytest.mark.parametrize("table", ["offsets_order", "registry_block"])
def test_without_its_trigger_the_record_is_behind_and_the_books_say_so(
    shop: Shop, offer: Offer, table: str
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP TRIGGER record_follows ON {table}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        if table == "offsets_order":
            shop.buy(offer, 1)
        else:
            cancel_outside(shop, 5)
        assert len(differing()) == 1
        transaction.set_rollback(True)


def test_the_record_says_the_corrected_name_and_lists_organisations(
    client: Client, shop: Shop, offer: Offer
) -> None:
    known = shop.buy(offer, 4, name="Dupont Freres", on_behalf=True)
    hidden = shop.buy(offer, 3, name="Amina Withheld", on_behalf=True, public=False)
    for certificate, name in ((known, "Dupont Frères"), (hidden, "Amina Hidden")):
        prints.correct(shop, certificate.order, name)
    body = client.get("/cancellations/").content.decode()
    assert "Dupont Frères" in body and "Freres" not in body
    assert "Amina" not in body and differing() == []
    rows = client.get("/organisations/").context["page"].rows
    assert [(row.beneficiary, row.tonnes, row.times) for row in rows] == [("Dupont Frères", 4, 1)]
