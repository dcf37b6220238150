"""The registry's public pages: totals, lists, files, and the life of a serial number."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.registry.ledger import Ledger


def rows(answer: Any) -> Any:
    """A CSV file as lists, without its byte order mark."""
    text = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text)))


def test_the_overview_adds_up(client: Client, shop: Ledger) -> None:
    page = client.get(reverse("registry:overview"))
    assert page.status_code == 200
    totals = page.context["totals"]
    assert totals == {
        "issued": 1050, "cancelled": 17, "pending": 430, "share_of_proceeds": 20, "held": 583,
    }  # fmt: skip
    assert sum(totals.values()) - totals["issued"] == totals["issued"]
    assert "Kenya" in page.content.decode()


def test_an_empty_registry_is_no_error(client: Client, db: None) -> None:
    for name in ("registry:overview", "registry:issuances", "registry:cancellations", "search"):
        assert client.get(reverse(name)).status_code == 200
    for by in ("party", "project", "year", "type", "period"):
        assert client.get(reverse("registry:totals"), {"by": by}).status_code == 200
    assert client.get(reverse("registry:totals"), {"by": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"95001", "95002"}), ("?project=95002", {"95002"}), ("?party=KE", {"95001"}),
        ("?period=1", {"95002"}), ("?project=77777", set()), ("?party=UG&period=2", set()),
        ("?type=5", {"95001", "95002"}), ("?type=6", set()), ("?year=2024", {"95001", "95002"}),
        ("?year=2023", set()), ("?party=&project=&period=&type=&year=", {"95001", "95002"}),
    ],
)  # fmt: skip
def test_issuances_are_filtered_and_the_file_has_the_same_rows(
    query: Any, expected: Any, client: Client, shop: Ledger
) -> None:
    page = client.get(reverse("registry:issuances") + query)
    assert {row.project_number for row in page.context["rows"]} == expected
    header, *lines = rows(client.get(reverse("registry:issuances_export", args=["csv"]) + query))
    assert header[3] == "project"
    assert {line[3] for line in lines} == expected
    told = client.get(reverse("registry:issuances_export", args=["json"]) + query)
    listed = json.loads(b"".join(told.streaming_content))["data"]
    assert [[str(value) for value in row.values()] for row in listed] == lines


def test_a_filter_that_means_nothing_is_said_beside_its_field(client: Client, shop: Ledger) -> None:
    page = client.get(reverse("registry:issuances") + "?project=x'%20OR%201=1")
    assert page.status_code == 422
    assert "project" in page.context["form"].errors
    assert page.context["rows"] == []
    for form in ("csv", "json"):  # a file of all rows would pass for the filtered
        url = reverse("registry:issuances_export", args=[form])
        assert client.get(url, {"project": "x"}).status_code == 422
        assert client.get(url, {"year": "1066"}).status_code == 422
    assert client.get(reverse("registry:issuances_export", args=["exe"])).status_code == 404


def test_cancellations_as_a_page_and_as_a_file(client: Client, shop: Ledger) -> None:
    page = client.get(reverse("registry:cancellations"))
    assert [row.quantity for row in page.context["rows"]] == [5, 12]
    header, *lines = rows(client.get(reverse("registry:cancellations_export", args=["csv"])))
    units, number = header.index("units"), header.index("serial_number")
    assert [(line[units], line[number]) for line in lines] == [
        ("5", "KE-5-13-17-2-2-0-95001"), ("12", "KE-5-1-12-2-2-0-95001"),
    ]  # fmt: skip


def test_pages_go_on_from_the_last_row_and_lose_none(client: Client, ledger: Ledger) -> None:
    lot = ledger.lot(200)
    for _ in range(120):
        ledger.cancelled(lot, 1)
    seen, url = [], reverse("registry:cancellations")
    while url:
        page = client.get(url)
        seen += [row.s for row in page.context["rows"]]
        older = page.context["older"]
        url = reverse("registry:cancellations") + f"?before={older}" if older else ""
    assert seen == list(range(120, 0, -1))
    for nonsense in ("x", "-1", "9" * 30, "1.5"):
        answer = client.get(reverse("registry:cancellations"), {"before": nonsense})
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("number", "state", "steps"),
    [
        ("KE-5-7-2-2-0-95001", "cancelled",
         ["Issued", "Forwarded", "Offered", "Cancelled, voluntary"]),
        ("KE-5-13-17-2-2-0-95001", "cancelled",
         ["Issued", "Forwarded", "Offered", "Cancelled, voluntary"]),
        ("KE-5-100-2-2-0-95001", "offered", ["Issued", "Forwarded", "Offered"]),
        ("KE-5-400-2-2-0-95001", "held", ["Issued"]),
        ("KE-5-700-2-2-0-95001", "pending", ["Issued"]),
        ("KE-5-1000-2-2-0-95001", "share_of_proceeds", ["Issued", "Share of proceeds"]),
    ],
)  # fmt: skip
def test_a_serial_tells_its_whole_life(
    number: Any, state: Any, steps: Any, client: Client, shop: Ledger
) -> None:
    page = client.get(reverse("registry:serial", args=[number]))
    assert page.status_code == 200
    life = page.context["life"]
    assert life.part.key == state
    assert [movement.what for movement in life.movements] == steps


def test_a_unit_says_which_of_its_block_it_is(client: Client, shop: Ledger) -> None:
    page = client.get(reverse("registry:serial", args=["KE-5-7-2-2-0-95001"]))
    assert page.context["life"].position == 7
    assert "number 7 of these 12" in page.content.decode()


def test_a_number_over_several_states_lists_them_all(client: Client, shop: Ledger) -> None:
    page = client.get(reverse("registry:serial", args=["KE-5-1-1000-2-2-0-95001"]))
    life = page.context["life"]
    assert [(part.key, part.quantity) for part in life.parts] == [
        ("cancelled", 17), ("offered", 283), ("held", 300), ("pending", 380),
        ("share_of_proceeds", 20),
    ]  # fmt: skip
    assert not life.whole


@pytest.mark.parametrize(
    "number",
    ["x", "KE-5-1001-2-2-0-95001", "KE-5-1-2-2-0-95002", "UG-5-1-2-2-0-95001", "KE-6-1-2-2-0-95001",
     "KE-5-1-1-1-0-95001", "KE-5-990-1010-2-2-0-95001", "KE-5-20-10-2-2-0-95001", "RO-4-1-1-1-0-1"],
)  # fmt: skip
def test_what_no_issuance_made_is_not_found(number: Any, client: Client, shop: Ledger) -> None:
    assert client.get(reverse("registry:serial", args=[number])).status_code == 404


def test_who_holds_live_units_is_not_told_to_everybody(client: Client, shop: Ledger) -> None:
    live = client.get(reverse("registry:serial", args=["KE-5-400-2-2-0-95001"])).content.decode()
    assert "Holder 77" not in live
    gone = client.get(reverse("registry:serial", args=["KE-5-7-2-2-0-95001"])).content.decode()
    assert "Holder 77" in gone
