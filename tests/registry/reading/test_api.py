"""The registry for programs: look-up, blocks, transactions, filters; problems that say what is
wrong."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.registry.ledger import Ledger


def units(client: Client, number: str) -> Any:
    """The answer about some units."""
    return client.get(reverse("api:units", args=[number]))


@pytest.mark.parametrize("number", ["KE-5-7-2-2-0-95001", "KE-7", "ke-5-7"])
def test_a_unit_is_looked_up_by_any_part_of_its_number(
    number: str, client: Client, shop: Ledger
) -> None:
    body = units(client, number).json()
    assert (body["serial"], body["state"], body["quantity"]) == (
        "KE-5-1-12-2-2-0-95001", "cancelled", "12",
    )  # fmt: skip
    assert body["asked"] == "KE-5-7-2-2-0-95001"
    assert body["issued_in"] == "KE-5-1-1000-2-2-0-95001"
    assert [step["what"] for step in body["movements"]] == [
        "Issued", "Forwarded", "Offered", "Cancelled, voluntary",
    ]  # fmt: skip
    listed = client.get(reverse("api:cancellations")).json()["data"]
    assert body["cancellation"] in {row["id"] for row in listed}
    kind, pk = body["movements"][-1]["record"].split("/")
    assert client.get(reverse("api:proof", args=[kind, pk])).status_code in {200, 404}


def test_a_block_over_several_states_adds_up(client: Client, shop: Ledger) -> None:
    body = units(client, "KE-1-1000").json()
    assert sum(int(part["quantity"]) for part in body["parts"]) == 1000
    assert [part["state"] for part in body["parts"] if part["serial"] is None] == ["held"]


@pytest.mark.parametrize(
    ("number", "status", "says"),
    [
        ("KE-1001", 404, "No issuance made these units"), ("ZZ-1", 404, "No issuance"),
        ("KE-5-7-2-2-0-95002", 404, "KE-5-7-2-2-0-95001"), ("7", 422, "A number looks like"),
        ("xyz", 422, "A number looks like"), ("KE-20-10", 422, "runs backwards"),
        ("KE-" + "9" * 31, 422, "at most 15 digits"), ("RO-4-1-1-1-0-1", 422, "Unit type 4"),
        ("<b>", 422, "A number looks like"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_problem_that_says_so(
    number: str, status: int, says: str, client: Client, shop: Ledger
) -> None:
    answer = units(client, number)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert says in answer.json()["detail"]


def test_blocks_are_the_public_ones_and_filtered(client: Client, shop: Ledger) -> None:
    rows = client.get(reverse("api:blocks")).json()["data"]
    assert {row["state"] for row in rows} == {"offered", "pending", "share_of_proceeds"}
    assert all(row["serial"] for row in rows)
    of = client.get(reverse("api:blocks"), {"project": "95002"}).json()["data"]
    assert [row["serial"] for row in of] == ["UG-5-1-50-1-1-0-95002"]
    assert client.get(reverse("api:blocks"), {"party": "BR"}).json()["data"] == []


def test_transactions_name_nobody(client: Client, shop: Ledger) -> None:
    rows = client.get(reverse("api:transactions"), {"verb": "issue"}).json()["data"]
    assert len(rows) == 2
    assert set(rows[0]) == {"id", "reference", "verb", "at", "effective_at", "leaf"}
    wrong = client.get(reverse("api:transactions"), {"verb": "x"})
    assert wrong.status_code == 422
    assert "verb" in wrong.json()["detail"]


@pytest.mark.parametrize(
    ("name", "query", "count"),
    [
        ("issuances", {"party": "UG"}, 1), ("issuances", {"period": "1"}, 1),
        ("issuances", {"type": "5"}, 2), ("issuances", {"type": "6"}, 0),
        ("issuances", {"year": "2024"}, 2), ("issuances", {"year": "2020"}, 0),
        ("cancellations", {"kind": "230"}, 2), ("cancellations", {"kind": "250"}, 0),
        ("cancellations", {"project": "95001", "party": "KE", "year": "2024"}, 2),
        ("cancellations", {"party": "UG"}, 0),
    ],
)  # fmt: skip
def test_lists_filter_as_the_website_does(
    name: str, query: dict[str, str], count: int, client: Client, shop: Ledger
) -> None:
    assert len(client.get(reverse(f"api:{name}"), query).json()["data"]) == count
    page = client.get(reverse(f"registry:{name}"), query)
    assert len(page.context["rows"]) == count


@pytest.mark.parametrize("field", ["period", "type", "year"])
@pytest.mark.parametrize("value", ["x", "0", "-1", "1.5", "9" * 30, "٣"])
def test_a_filter_that_cannot_be_meant_is_named(
    field: str, value: str, client: Client, shop: Ledger
) -> None:
    answer = client.get(reverse("api:issuances"), {field: value})
    assert answer.status_code == 422
    assert field in answer.json()["detail"]


def test_every_answer_has_the_fields_of_the_schema(client: Client, shop: Ledger) -> None:
    answer = client.get(reverse("schema"), {"format": "json"}, HTTP_ACCEPT="application/json")
    described = json.loads(answer.content)["components"]["schemas"]
    assert set(units(client, "KE-7").json()) == set(described["Units"]["properties"])
    for name, component in (("blocks", "Block"), ("transactions", "Transaction")):
        row = client.get(reverse(f"api:{name}")).json()["data"][0]
        assert set(row) == set(described[component]["properties"])
