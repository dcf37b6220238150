"""The auditors' admin: everything to find and to take along, nothing to change for anybody."""

import csv
import io
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from registry.models import Cancellation
from tests.cast import Cast
from tests.registry.ledger import Ledger

LEDGER = sorted(
    model._meta.model_name for model in admin.site._registry if model._meta.app_label == "registry"
)


@pytest.fixture
def auditor(client: Client, cast: Cast, sign_in: Any, ledger: Ledger) -> Any:
    """An auditor before a small ledger."""
    ledger.issued(1000, 20)
    ledger.forwarded(600)
    (lot,) = ledger.lots(300)
    ledger.cancelled(lot, 12)
    ledger.cancelled(lot, 5)
    ledger.proposal(10)
    return sign_in(client, cast.auditor)


def test_every_table_of_the_ledger_is_there() -> None:
    assert LEDGER == [
        "account", "accountrequest", "authorisation", "block", "cancellation", "closure",
        "evidencefile", "evidenceitem", "evidenceword", "hold", "importedline",
        "instructionline", "issuance", "lot", "measure", "party", "posting", "proposal",
        "proposedrepresentative", "reconciliation", "representative", "seal", "sealleaf",
        "sealsignature", "stop", "transaction", "transactionstate", "trustedaccount",
    ]  # fmt: skip


@pytest.mark.parametrize("name", LEDGER)
def test_the_auditor_lists_and_opens_every_table(name: Any, auditor: Client) -> None:
    page = auditor.get(reverse(f"admin:registry_{name}_changelist"))
    assert page.status_code == 200
    for row in page.context["cl"].result_list[:1]:
        shown = auditor.get(reverse(f"admin:registry_{name}_change", args=[row.pk]))
        assert shown.status_code == 200
        assert b'name="_save"' not in shown.content


@pytest.mark.parametrize("name", LEDGER)
def test_nobody_adds_changes_or_deletes_not_even_a_superuser(
    name: Any, auditor: Client, cast: Cast, client: Client
) -> None:
    row = auditor.get(reverse(f"admin:registry_{name}_changelist")).context["cl"].result_list[:1]
    for user in (None, cast.superuser):
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(reverse(f"admin:registry_{name}_add")).status_code == 403
        for found in row:
            for page in ("change", "delete"):
                url = reverse(f"admin:registry_{name}_{page}", args=[found.pk])
                assert client.post(url, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("KE-5-3-2-2-0-95001", [(1, 12)]), ("KE-5-12-13-2-2-0-95001", [(13, 17), (1, 12)]),
        ("KE-5-18-2-2-0-95001", []), ("UG-5-3-2-2-0-95001", []), ("95001", [(13, 17), (1, 12)]),
        ("nothing", []),
    ],
)  # fmt: skip
def test_cancellations_are_found_by_serial_and_by_project(
    search: Any, expected: Any, auditor: Client
) -> None:
    page = auditor.get(reverse("admin:registry_cancellation_changelist"), {"q": search})
    assert [(row.s, row.e) for row in page.context["cl"].result_list] == expected


def test_postings_are_found_by_account(auditor: Client, ledger: Ledger) -> None:
    number = ledger.account().number
    page = auditor.get(reverse("admin:registry_posting_changelist"), {"q": number})
    assert len(page.context["cl"].result_list) == 3


def test_the_cancellations_of_a_project_leave_as_csv(auditor: Client) -> None:
    url = reverse("admin:registry_cancellation_changelist") + "?q=95001"
    answer = auditor.post(url, {
        "action": "export_csv", "select_across": "1",
        "_selected_action": [str(Cancellation.objects.first().pk)],
    })  # fmt: skip
    text = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert sorted((line["s"], line["e"]) for line in lines) == [("1", "12"), ("13", "17")]
    assert all(len(line["leaf"]) == 64 for line in lines)


def test_who_is_no_staff_does_not_get_in(client: Client, cast: Cast, sign_in: Any) -> None:
    sign_in(client, cast.registry)
    assert client.get(reverse("admin:registry_posting_changelist")).status_code == 404
