"""Every invariant is green on good books and red on a planted wrong row, and says which row."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from registry import actions, invariants, queries, reconciling
from registry.models import Lot, Reconciliation
from tests.registry import attacks
from tests.registry.ledger import ADMIN, SECOND, SELLER, Ledger, settle, sql


@pytest.fixture
def books(ledger: Ledger) -> Ledger:
    """A bit of everything, balanced; then every wall comes down, as if none had ever stood."""
    ledger.issued(1000, 20)
    account = ledger.forwarded(600)
    (one,) = ledger.lots(300)
    ledger.cancelled(one, 10)
    ledger.cancelled(one, 20)
    (two,) = ledger.lots(100)
    ledger.cancelled(two, 40)
    actions.release_lot(actor=SELLER, at=ledger.at, lot_id=two.pk)
    outside = ledger.proposal(50, from_account_id=account.pk, to_account_id=queries.VOLUNTARY)
    actions.approve_proposal(actor=SECOND, at=ledger.at, proposal_id=outside.pk)
    actions.freeze(actor=ADMIN, at=ledger.at, reason="Suspicion", account_id=account.pk)
    ledger.done(ledger.measure("unfreeze", account_id=account.pk))
    settle()
    assert invariants.problems() == []
    raze()
    return ledger


def raze() -> None:
    """Drop every key, check and trigger of the ledger."""
    constraints = sql(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE contype IN ('c', 'u', 'f')"
        " AND conrelid::regclass::text LIKE 'registry\\_%'"
    )
    for table, name in constraints:
        sql(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name} CASCADE")
    triggers = sql(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
        " AND tgrelid::regclass::text LIKE 'registry\\_%'"
    )
    for table, name in triggers:
        sql(f"DROP TRIGGER {name} ON {table}")


A = attacks.A
PLANTED = [
    ("T01", "UPDATE registry_block SET hi = 999 WHERE hi = 1000"),
    ("I01", "UPDATE registry_party SET next_serial = 5000 WHERE code = 'KE'"),
    ("I01", "UPDATE registry_party SET next_serial = 5 WHERE code = 'NG'"),
    ("I01", "UPDATE registry_issuance SET lo = 2 WHERE lo = 1"),
    ("I02", "UPDATE registry_block SET hi = 999 WHERE hi = 1000"),
    ("I02", "DELETE FROM registry_block WHERE lo = 601"),
    ("I03", "UPDATE registry_block SET lo = 600 WHERE lo = 601"),
    ("I03", "UPDATE registry_block SET lo = 602 WHERE lo = 601"),
    ("I03", "UPDATE registry_block SET hi = 1001 WHERE hi = 1000"),
    ("I04", "UPDATE registry_lot SET kept_hi = 250 WHERE lo = 1"),
    ("I04", "UPDATE registry_lot SET block_id = NULL WHERE lo = 1"),
    ("I05", "UPDATE registry_lot SET next_serial = 20 WHERE lo = 1"),
    ("I05", "UPDATE registry_cancellation SET s = 12 WHERE s = 11"),
    ("I05", "DELETE FROM registry_cancellation WHERE s = 1"),
    ("I06", attacks.cancel(5, 8)),
    ("I06", attacks.cancel(341, 345, lot=attacks.ONE)),
    ("I07", "DELETE FROM registry_posting WHERE cancellation_id IS NOT NULL AND lo = 11"),
    ("I07", "UPDATE registry_posting SET cr = 3 WHERE cancellation_id IS NOT NULL AND lo = 11"),
    ("I07", "UPDATE registry_posting SET hi = hi + 1"
            " WHERE cancellation_id IS NOT NULL AND lo = 11"),
    ("I07", "INSERT INTO registry_posting (cancellation_id, issuance_id, lo, hi, dr, cr)"
            " SELECT id, (SELECT issuance_id FROM registry_lot WHERE lo = 1), s, e, 3, 2"
            " FROM registry_cancellation WHERE s = 11"),
    ("I08", "UPDATE registry_posting SET cr = 999999 WHERE lo = 11"),
    ("I08", "UPDATE registry_posting SET dr = 2 WHERE tx_id IS NOT NULL AND hi = 600"),
    ("I08", "UPDATE registry_posting SET hi = 1001 WHERE hi = 1000"),
    ("I09", f"UPDATE registry_block SET account_id = {A} WHERE lo = 601"),
    ("I09", "DELETE FROM registry_posting WHERE tx_id IS NOT NULL AND hi = 600"),
    ("I10", f"UPDATE registry_block SET account_id = {A} WHERE lo = 601"),
    ("I10", f"UPDATE registry_posting SET dr = {A}, cr = 3 WHERE tx_id IS NOT NULL AND hi = 600"),
    ("I10", "INSERT INTO registry_posting (tx_id, issuance_id, lo, hi, dr, cr)"
            f" SELECT {attacks.TX}, {attacks.ISSUANCE}, 1, 5, 2, 3"),
    ("I11", "UPDATE registry_instructionline SET quantity = 999"),
    ("I11", "UPDATE registry_instructionline SET project_number = '95009'"),
    ("I11", "UPDATE registry_instructionline SET share_of_proceeds = 19"),
    ("I11", "UPDATE registry_instructionline SET releaser = NULL"),
    ("I12", "UPDATE registry_transaction SET approver = initiator WHERE verb = 'forward'"),
    ("I12", "UPDATE registry_transaction SET approver = NULL WHERE verb = 'cancel'"),
    ("I12", "UPDATE registry_proposal SET quantity = quantity + 1"),
    ("I12", "UPDATE registry_proposal SET decided_by = initiator"),
    ("I13", "INSERT INTO registry_hold (lot_id, quantity, order_key, expires_at)"
            f" VALUES ({attacks.ONE}, 271, gen_random_uuid(), cdm_now() + interval '1 hour')"),
    ("I14", "UPDATE registry_transaction SET facts = '{}' WHERE verb = 'issue'"),
    ("I14", "UPDATE registry_transaction SET at = at - interval '1 day' WHERE verb = 'issue'"),
    ("I14", "UPDATE registry_issuance SET effective_at = effective_at + interval '1 microsecond'"),
    ("I14", "UPDATE registry_issuance SET project_number = '95009'"),
    ("I14", "UPDATE registry_cancellation SET buyer = 666 WHERE s = 11"),
    ("I14", "UPDATE registry_cancellation SET leaf = '' WHERE kind = 'r'"),
    ("I14", "UPDATE registry_posting SET cr = 5 WHERE cancellation_id IS NOT NULL AND lo = 11"),
    ("I15", "UPDATE registry_transaction SET at = at + interval '1 day' WHERE verb = 'unfreeze';"
            "UPDATE registry_transaction SET at = at - interval '1 day' WHERE verb = 'freeze'"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "planted"), PLANTED, ids=[f"{c} {s[:60]}" for c, s in PLANTED])
def test_a_planted_wrong_row_is_found(code: Any, planted: Any, books: Ledger) -> None:
    sql(planted)
    found = {problem.code: problem for problem in invariants.problems()}
    assert code in found
    assert len(found[code].rows) >= 1
    assert str(found[code]).startswith(f"{code}: ")


def test_every_invariant_has_a_planted_row_that_turns_it_red() -> None:
    assert {code for code, _ in PLANTED} == {invariant.code for invariant in invariants.ALL}


def test_a_sale_out_of_a_frozen_account_is_found(books: Ledger) -> None:
    account = books.account()
    actions.freeze(actor=ADMIN, at=books.at, reason="Suspicion", account_id=account.pk)
    sql("UPDATE registry_account SET frozen_by = NULL")
    books.cancelled(Lot.objects.get(lo=1), 1)
    assert [problem.code for problem in invariants.problems(["I15"])] == ["I15"]


def test_the_auditors_read_only_role_runs_every_invariant(ledger: Ledger) -> None:
    ledger.cancelled(ledger.lot(100), 7)
    settle()
    sql("SET LOCAL ROLE cdm_audit")
    assert invariants.problems() == []
    sql("RESET ROLE")


def test_the_run_is_kept_and_shown(ledger: Ledger) -> None:
    ledger.lot(100)
    kept = actions.reconcile(at=ledger.at)
    assert (kept.ok, kept.checks, kept.problems) == (True, len(reconciling.CHECKS), [])
    assert queries.last_reconciliation() == kept


def test_the_command_says_that_the_books_balance(ledger: Ledger) -> None:
    ledger.lot(100)
    out = io.StringIO()
    call_command("reconcile", stdout=out)
    assert out.getvalue().endswith("The books balance.\n")
    assert Reconciliation.objects.get().ok


def test_the_command_exits_1_and_prints_the_offending_rows(books: Ledger) -> None:
    sql("UPDATE registry_block SET hi = 999 WHERE hi = 1000")
    out = io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("reconcile", stdout=out)
    assert stopped.value.code == 1
    assert "WRONG  I02" in out.getvalue()
    assert "in_blocks=999" in out.getvalue()
    kept = Reconciliation.objects.get()
    assert (kept.ok, {p["code"] for p in kept.problems} >= {"I02", "I09"}) == (False, True)


def test_with_no_store_nothing_is_written(books: Ledger, nothing_written: Any) -> None:
    sql("UPDATE registry_block SET hi = 999 WHERE hi = 1000")
    out = io.StringIO()
    with nothing_written(), pytest.raises(SystemExit):
        call_command("reconcile", "--no-store", "--json", stdout=out)
    assert {p["code"] for p in json.loads(out.getvalue())["problems"]} >= {"I02"}
