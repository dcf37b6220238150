"""A reconciliation reads as the auditor, prints who has what, freezes what disagrees and tells."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from cdm_portal import queues
from cdm_portal.journal.models import Entry
from cdm_portal.values import Actor, Role
from registry import actions, errors, queries, reconciling
from registry.locks import reading_as_auditor
from registry.models import Block, Lot, Reconciliation
from registry.transparency import publishing
from tests import sealing
from tests.registry.ledger import ADMIN, RIVAL, SECOND, SELLER, Ledger, settle, sql

AUDITOR = Actor(9, "Ana Auditor", Role.AUDITOR)


def reconciled(*options: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("reconcile", *options, stdout=out)
    except SystemExit as stopped:
        return int(str(stopped.code)), out.getvalue()
    return 0, out.getvalue()


def tamper(statement: str, table: str) -> None:
    """As a superuser would: with the table's triggers asleep."""
    settle()
    sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    sql(statement)
    settle()
    sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_the_totals_are_per_party_type_and_period_with_their_sums(ledger: Ledger) -> None:
    ledger.issued(1000, 20)
    ledger.issued(300, 0, commitment_period=1)
    ledger.issued(500, 0, party_code="NG", project_number="NG-7")
    ledger.forwarded(600)
    lot, *_ = ledger.lots(100)
    ledger.cancelled(lot, 30)
    code, said = reconciled("--json", "--no-store")
    told = json.loads(said)
    assert code == 0
    assert (told["problems"], told["role"]) == ([], "cdm_audit")
    keys = ("party", "unit_type", "commitment_period", "issued", "held", "cancelled")
    rows = {tuple(row[key] for key in keys) for row in told["totals"]}
    assert rows == {
        ("KE", 5, 1, 300, 300, 0), ("KE", 5, 2, 1000, 970, 30), ("NG", 5, 2, 500, 500, 0),
    }  # fmt: skip
    assert told["sums"] == {"issued": 1800, "held": 1770, "cancelled": 30}


def test_cancelled_units_count_once_while_their_lot_stands_and_after(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    ledger.cancelled(lot, 40)
    before = reconciling.check("").totals
    actions.release_lot(actor=SELLER, at=ledger.at, lot_id=lot.pk)
    after = reconciling.check("").totals
    assert before == after
    assert (before[0]["held"], before[0]["cancelled"]) == (60, 40)


def test_the_check_cannot_write(ledger: Ledger) -> None:
    ledger.issued()
    with pytest.raises(DatabaseError, match="read-only"), reading_as_auditor():
        assert sql("SELECT current_user") == [("cdm_audit",)]
        sql("UPDATE cdm_heartbeat SET at = now()")
    assert sql("SELECT current_user") == [("cdm_owner",)]
    assert sql("SHOW transaction_read_only") == [("off",)]


def test_the_web_role_checks_the_books_as_the_auditor_and_inherits_nothing(db: None) -> None:
    may = "SELECT pg_has_role('cdm_app', 'cdm_audit', 'SET'), pg_has_role('cdm_app', 'cdm_audit', "
    assert sql(may + "'USAGE')") == [(True, False)]


def test_an_inconsistent_block_is_frozen_and_everybody_concerned_is_told(ledger: Ledger) -> None:
    ledger.issued(1000, 0)
    account = ledger.forwarded(600)
    untouched = Block.objects.get(account_id=queries.PENDING)
    block = Block.objects.get(account=account)
    other = ledger.account(holder_id=78)
    tamper(f"UPDATE registry_block SET account_id = {other.pk} WHERE id = {block.pk}",
           "registry_block")  # fmt: skip

    code, said = reconciled()
    assert code == 1
    assert "WRONG  I10" in said and f"block_id={block.pk}" in said
    kept = Reconciliation.objects.get()
    assert not kept.ok
    block.refresh_from_db()
    untouched.refresh_from_db()
    assert (block.frozen_by, untouched.frozen_by) == (0, None)
    with pytest.raises(errors.NotEnoughUnits):
        actions.earmark(actor=RIVAL, at=ledger.at, account_id=other.pk, project_number="95001",
                        commitment_period=2, quantity=10)  # fmt: skip

    told = {entry.verb: entry for entry in Entry.objects.all()}
    assert told["registry.disagree"].facts["checks"] == [p["code"] for p in kept.problems]
    assert (told["registry.freeze"].project, told["registry.freeze"].subject_id) == (
        "95001", str(block.pk),
    )  # fmt: skip
    for who in (ADMIN, AUDITOR, RIVAL):  # RIVAL's account holds it now
        assert len(queues.items(reconciling.queue(who, ledger.at))) == 1, who
    assert queues.items(reconciling.queue(SELLER, ledger.at)) == []

    # Put right, looked at again, and lifted by a person.
    tamper(f"UPDATE registry_block SET account_id = {account.pk} WHERE id = {block.pk}",
           "registry_block")  # fmt: skip
    assert reconciled()[0] == 0
    assert len(queues.items(reconciling.queue(SELLER, ledger.at))) == 1
    assert queues.items(reconciling.queue(ADMIN, ledger.at)) == []
    ledger.done(ledger.measure("unfreeze", block_id=block.pk), SECOND)
    assert queues.items(reconciling.queue(SELLER, ledger.at)) == []
    assert reconciled()[0] == 0


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("registry_cancellation", "UPDATE registry_cancellation SET buyer = 666"),
        ("registry_posting", "UPDATE registry_posting SET cr = 5 WHERE lo = 1 AND hi = 7"),
        ("registry_issuance", "UPDATE registry_issuance SET project_number = '95009'"),
        ("registry_lot", "UPDATE registry_lot SET next_serial = next_serial + 5"),
    ],
)  # fmt: skip
def test_whatever_is_wrong_the_block_that_it_names_is_frozen(
    table: str, statement: str, ledger: Ledger
) -> None:
    lot = ledger.lot(100)
    ledger.cancelled(lot, 7)
    tamper(statement, table)
    assert not actions.reconcile(at=ledger.at).ok
    block = Block.objects.get(pk=Lot.objects.get().block_id)
    assert block.frozen_by == 0
    with pytest.raises(errors.Frozen):
        ledger.cancelled(lot, 1)


def test_with_no_store_nothing_is_frozen_or_kept(ledger: Ledger, nothing_written: Any) -> None:
    ledger.cancelled(ledger.lot(100), 7)
    tamper("UPDATE registry_cancellation SET buyer = 666", "registry_cancellation")
    with nothing_written():
        assert reconciled("--no-store")[0] == 1


def test_the_log_is_compared_with_the_heads_outside(
    ledger_db: str, ledger: Ledger, tmp_path: Path, settings: Any
) -> None:
    settings.HEADS_FILE = str(tmp_path / "heads.jsonl")
    ledger.lot(10)
    sealing.seal(at=ledger.at, key=Ed25519PrivateKey.generate())
    publishing.keep(settings.HEADS_FILE)
    assert reconciled()[0] == 0
    tamper("UPDATE registry_seal SET at = at + interval '1 second'", "registry_seal")
    code, said = reconciled()
    assert code == 1
    assert "tree head 1 is not the one that was published" in said
    assert [p["code"] for p in Reconciliation.objects.all()[0].problems] == ["L01"]


def test_the_integrity_page_shows_the_last_result_and_no_more(
    ledger: Ledger, client: Client
) -> None:
    url = reverse("transparency:integrity")
    assert "have not been checked yet" in client.get(url).content.decode()
    ledger.cancelled(ledger.lot(100), 7)
    actions.reconcile(at=ledger.at)
    page = client.get(url).content.decode()
    assert "The books agree." in page
    tamper("UPDATE registry_cancellation SET buyer = 666", "registry_cancellation")
    actions.reconcile(at=ledger.at)
    page = client.get(url).content.decode()
    assert "The books do not agree." in page
    assert "1 row" in page and "666" not in page
