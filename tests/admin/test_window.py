"""The admin is a window: auditors see, search and take along; nobody changes anything."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cdm_portal.demonstration.portfolio import Until
from cdm_portal.identity import actions
from cdm_portal.identity.models import User
from cdm_portal.journal.models import Entry
from cdm_portal.readonly_admin import ReadOnlyAdmin
from cdm_portal.values import SYSTEM
from registry import queries as registry_queries
from registry.models import Account, Cancellation, Issuance, Posting
from tests.conftest import fingerprint
from tests.world import World

pytestmark = pytest.mark.django_db

LEDGER = {
    "party", "account", "instructionline", "transaction", "issuance", "block", "lot", "hold",
    "cancellation", "posting", "proposal", "reconciliation",
}
CASES = {
    "project", "monitoringperiod", "document", "finding", "letter", "engagement", "validation",
    "verification", "request", "instruction", "designversion", "readingsfile", "monitoringreport",
    "report", "readingsimport", "readingstreatment", "readingsblock", "columnmapping",
    "calibration", "acceptedcorrection", "eventlist", "plantevent", "survey",
    "surveyanswer",
}


@pytest.fixture
def auditor(world: World) -> Client:
    """The auditor's browser."""
    return world.client(world.cast.auditor)


def rows(browser: Client, model: str, **query: Any) -> list[Any]:
    """What a list shows for a search or a filter."""
    answer = browser.get(reverse(f"admin:{model}_changelist"), query)
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


def test_the_ledger_the_journal_and_the_cases_are_there() -> None:
    shown = {model._meta.model_name for model in admin.site._registry}
    assert shown >= LEDGER | CASES | {"entry", "organisation", "membership"}


def test_every_class_only_shows() -> None:
    assert [m for m, a in admin.site._registry.items() if not isinstance(a, ReadOnlyAdmin)] == []


def test_a_class_that_could_write_is_not_taken() -> None:
    before = dict(admin.site._registry)
    admin.site.register(User, type("Editor", (admin.ModelAdmin,), {}))
    assert admin.site._registry == before
    assert User not in before


def test_a_serial_number_finds_the_units_wherever_they_are(auditor: Client, world: World) -> None:
    number = world.project(Until.OFFERED).number
    issuance = Issuance.objects.get(project_number=number)
    serial = str(issuance.serial)
    assert rows(auditor, "registry_issuance", q=serial) == [issuance]
    cancelled = Cancellation.objects.filter(lot__issuance=issuance, kind="c")
    first = cancelled.order_by("pk")[0]
    assert cancelled.count() == 2
    assert rows(auditor, "registry_cancellation", q=str(first.serial)) == [first]
    assert {b.issuance_id for b in rows(auditor, "registry_block", q=serial)} == {issuance.pk}
    assert {p.issuance_id for p in rows(auditor, "registry_posting", q=serial)} == {issuance.pk}


def test_a_project_number_finds_its_rows(auditor: Client, world: World) -> None:
    project = world.project(Until.OFFERED)
    assert rows(auditor, "projects_project", q=project.number) == [project]
    entries = rows(auditor, "journal_entry", q=project.reference)
    assert {e.project for e in entries} == {project.reference}
    assert [i.project_number for i in rows(auditor, "registry_issuance", q=project.number)] == [
        project.number
    ]
    assert {r.project_id for r in rows(auditor, "board_request", q=project.number)} == {project.pk}


def test_an_account_number_finds_the_account_and_its_movements(
    auditor: Client, world: World
) -> None:
    account = registry_queries.account_for(world.cast.participant.office, "KE")
    assert account is not None
    assert rows(auditor, "registry_account", q=account.number) == [account]
    found = {p.pk for p in rows(auditor, "registry_posting", q=account.number)}
    touching = Posting.objects.filter(dr=account) | Posting.objects.filter(cr=account)
    assert found == set(touching.values_list("pk", flat=True)) != set()


def test_an_organisation_finds_what_it_did(auditor: Client, world: World) -> None:
    name = world.cast.rival_participant.organisation
    assert [o.name for o in rows(auditor, "identity_organisation", q=name)] == [name]
    doe = world.cast.doe.organisation
    found = rows(auditor, "journal_entry", q=doe)
    assert {e.actor_organisation for e in found} == {doe}
    assert [a.name for a in rows(auditor, "registry_account", q="Ziwa Sun")] == ["Ziwa Sun Limited"]
    assert Account.objects.count() > 1


def test_a_date_narrows_the_journal(auditor: Client) -> None:
    moment = Entry.objects.order_by("effective_at")[0].effective_at
    query = {"effective_at__year": moment.year, "effective_at__month": moment.month}
    expected = Entry.objects.filter(
        effective_at__year=moment.year, effective_at__month=moment.month
    ).count()
    answer = auditor.get(reverse("admin:journal_entry_changelist"), query)
    assert answer.context["cl"].result_count == expected
    assert 0 < expected < Entry.objects.count()


@pytest.mark.parametrize(
    "model", sorted(a for a in (
        f"{m._meta.app_label}_{m._meta.model_name}"
        for m, a in admin.site._registry.items() if a.date_hierarchy
    ))
)
def test_a_date_that_is_none_is_no_fault(model: str, auditor: Client) -> None:
    app, _, name = model.partition("_")
    field = next(
        a.date_hierarchy for m, a in admin.site._registry.items()
        if (m._meta.app_label, m._meta.model_name) == (app, name)
    )
    for year in ("2024", "0", "abcd", "99999"):
        answer = auditor.get(reverse(f"admin:{model}_changelist"), {f"{field}__year": year})
        assert answer.status_code in {200, 302}


def test_rows_leave_as_csv_exactly_as_they_are(auditor: Client) -> None:
    chosen = list(Cancellation.objects.order_by("pk").values_list("pk", flat=True))
    answer = auditor.post(
        reverse("admin:registry_cancellation_changelist"),
        {"action": "export_csv", "_selected_action": chosen},
    )
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert sorted(int(line["id"]) for line in table) == chosen
    assert set(table[0]) == {f.attname for f in Cancellation._meta.concrete_fields}


def test_a_cell_that_a_spreadsheet_would_run_is_made_inert(auditor: Client, world: World) -> None:
    made = actions.register_organisation(
        actor=SYSTEM, at=world.walks[Until.DRAFT].began, name="=1+1 Limited", kind="buyer",
        fictional=True,
    )
    answer = auditor.post(
        reverse("admin:identity_organisation_changelist"),
        {"action": "export_csv", "_selected_action": [made.pk]},
    )
    assert "'=1+1 Limited" in b"".join(answer.streaming_content).decode()


@pytest.mark.parametrize("who", ["auditor", "superuser"])
def test_nothing_can_be_added_changed_or_deleted(who: str, world: World) -> None:
    browser = world.superuser() if who == "superuser" else world.client(world.cast.auditor)
    before = fingerprint()
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.order_by("pk").first()
        assert browser.post(reverse(f"{name}_add"), {"name": "x"}).status_code == 403
        if row is not None:
            for act in ("change", "delete"):
                path = reverse(f"{name}_{act}", args=[row.pk])
                assert browser.post(path, {"post": "yes", "name": "x"}).status_code == 403
        deleted = {"action": "delete_selected", "_selected_action": [row.pk] if row else []}
        browser.post(reverse(f"{name}_changelist"), deleted | {"post": "yes"})
    assert fingerprint() == before


def test_a_list_asks_few_questions_however_long_it_is(auditor: Client, world: World) -> None:
    for model in ("registry_posting", "registry_cancellation", "journal_entry", "board_request"):
        with CaptureQueriesContext(connection) as asked:
            rows(auditor, model)
        assert len(asked) < 20, model
