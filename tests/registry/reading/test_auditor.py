"""The auditor's lists: one search for every number, one file of exactly what the list shows."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry import actions
from registry.models import Cancellation
from tests.cast import Cast
from tests.registry.ledger import Ledger


@pytest.fixture
def auditor(client: Client, cast: Cast, sign_in: Any, ledger: Ledger) -> Client:
    """An auditor before two projects with cancellations."""
    ledger.issued(1000, 20)
    ledger.forwarded(600, ledger.account(cast.participant.organisation_id))
    lots = actions.earmark(
        actor=cast.participant, at=ledger.at, project_number="95001", quantity=300,
        account_id=ledger.account(cast.participant.organisation_id).pk, commitment_period=2,
    )
    for quantity in (12, 5, 40):
        ledger.cancelled(lots[0], quantity)
    ledger.issued(100, 0, project_number="95002")
    ledger.forwarded(100, project_number="95002")
    other = ledger.lots(50, project_number="95002")
    ledger.cancelled(other[0], 7)
    browser: Client = sign_in(client, cast.auditor)
    return browser


def exported(auditor: Client, model: str, **query: str) -> list[dict[str, str]]:
    """The file of a list."""
    url = reverse(f"admin:registry_{model}_changelist")
    answer = auditor.get(url, {"export": "csv"} | query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def found(auditor: Client, model: str, term: str) -> list[int]:
    """The keys of what a search shows."""
    page = auditor.get(reverse(f"admin:registry_{model}_changelist"), {"q": term})
    assert page.status_code == 200
    return [row.pk for row in page.context["cl"].result_list]


def test_all_cancellations_of_a_project_leave_as_one_file(auditor: Client) -> None:
    rows = exported(auditor, "cancellation", q="95001")
    assert [(row["serial"], row["quantity"]) for row in rows] == [
        ("KE-5-18-57-2-2-0-95001", "40"), ("KE-5-13-17-2-2-0-95001", "5"),
        ("KE-5-1-12-2-2-0-95001", "12"),
    ]  # fmt: skip
    assert all(len(row["leaf"]) == 64 and row["reference"].startswith("CX-") for row in rows)
    page = auditor.get(reverse("admin:registry_cancellation_changelist"), {"q": "95001"})
    assert "Export all 3 rows (CSV)" in page.content.decode()
    assert "?q=95001&amp;export=csv" in page.content.decode()


def test_the_file_holds_what_the_filter_shows_on_every_page_of_it(auditor: Client) -> None:
    assert len(exported(auditor, "cancellation")) == 4
    assert len(exported(auditor, "cancellation", p="1", q="95002")) == 1
    assert exported(auditor, "cancellation", kind="r") == []


def test_no_file_and_no_search_skips_rows_by_counting(auditor: Client) -> None:
    for model in ("cancellation", "posting", "issuance", "block", "transaction"):
        with CaptureQueriesContext(connection) as asked:
            exported(auditor, model)
        assert not [q for q in asked.captured_queries if "OFFSET" in q["sql"]], model


@pytest.mark.parametrize(
    ("model", "term", "count"),
    [
        ("cancellation", "KE-5", 1), ("cancellation", "ke 1–17", 2), ("cancellation", "KE-58", 0),
        ("cancellation", "KE-17-1", 0), ("cancellation", "XX-1", 0),
        ("posting", "KE-5-1-1000-2-2-0-95001", 6), ("block", "KE-5-999", 1),
        ("issuance", "KE-1001", 1), ("lot", "95002", 1), ("lot", "KE-1", 1),
        ("instructionline", "95001", 1), ("issuance", "9" * 40, 0),
    ],
)  # fmt: skip
def test_a_serial_or_a_project_finds_its_rows(
    model: str, term: str, count: int, auditor: Client
) -> None:
    assert len(found(auditor, model, term)) == count


def test_a_reference_finds_the_row_that_it_quotes(auditor: Client) -> None:
    row = Cancellation.objects.order_by("pk")[1]
    assert found(auditor, "cancellation", row.reference) == [row.pk]
    tx = row.lot.tx
    assert found(auditor, "transaction", tx.reference) == [tx.pk]
    assert found(auditor, "transaction", row.reference) == []


def test_an_organisation_finds_its_accounts_and_what_moved_in_them(
    auditor: Client, cast: Cast, ledger: Ledger
) -> None:
    mine = ledger.account(cast.participant.organisation_id)
    assert mine.name != cast.participant.organisation
    assert found(auditor, "account", cast.participant.organisation) == [mine.pk]
    assert len(found(auditor, "posting", cast.participant.organisation)) == 4
    assert len(found(auditor, "block", mine.number)) == 2
    assert found(auditor, "posting", "Nobody Limited") == []


def test_another_role_gets_no_file(
    auditor: Client, cast: Cast, sign_in: Any, client: Client
) -> None:
    sign_in(client, cast.registry)
    url = reverse("admin:registry_cancellation_changelist")
    assert client.get(url, {"export": "csv"}).status_code == 404
