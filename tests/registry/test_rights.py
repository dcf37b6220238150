"""What the web's role may do to the ledger: read it, call its verbs, nothing else."""

import uuid
from typing import Any

import pytest
from django.db import connection

from registry import queries
from registry import sql as ledger_sql
from registry.models import Lot
from tests.registry.ledger import Ledger, refused, sql

TABLES = (
    "party", "account", "instructionline", "transaction", "issuance", "block", "lot", "hold",
    "cancellation", "posting", "proposal", "reconciliation", "seal", "sealsignature", "sealleaf",
    "sealnode", "transactionstate", "measure", "stop", "representative", "authorisation",
    "trustedaccount", "closure",
)  # fmt: skip
COLUMN = {"party": "code", "seal": "number", "sealleaf": "index", "sealnode": "level"}
SIGNERS_VERBS = ("registry_seal_rows", "registry_sign_seal")
VERBS = (
    "registry_open_account", "registry_close_account", "registry_represent", "registry_recall",
    "registry_authorise", "registry_revoke", "registry_instruct", "registry_release_instruction",
    "registry_issue", "registry_propose", "registry_approve", "registry_execute",
    "registry_reject", "registry_lapse_proposals", "registry_earmark", "registry_hold_units",
    "registry_drop_hold", "registry_expire_holds", "registry_cancel", "registry_release_lot",
    "registry_close_lots", "registry_freeze", "registry_halt", "registry_propose_measure",
    "registry_approve_measure", "registry_reject_measure", "registry_keep_reconciliation",
    "registry_settle", "registry_restrict", "registry_ask_closure", "registry_withdraw_closure",
)  # fmt: skip


@pytest.fixture
def as_app(ledger: Ledger) -> Any:
    """From here on the statements are those of the web's role."""
    ledger.lot(100)
    sql("SET LOCAL ROLE cdm_app")
    yield ledger
    sql("RESET ROLE")


@pytest.mark.parametrize("table", TABLES)
def test_the_web_reads_every_table(table: Any, as_app: Ledger) -> None:
    assert sql(f"SELECT count(*) FROM registry_{table}")[0][0] >= 0


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO {t} DEFAULT VALUES", "UPDATE {t} SET {c} = {c}", "DELETE FROM {t}",
        "TRUNCATE {t} CASCADE", "ALTER TABLE {t} DISABLE TRIGGER ALL", "DROP TABLE {t} CASCADE",
        "SELECT * FROM {t} FOR UPDATE",
    ],
)  # fmt: skip
def test_the_web_writes_no_table_of_the_ledger(table: Any, statement: Any, as_app: Ledger) -> None:
    column = COLUMN.get(table, "id")
    with refused("42501"):
        sql(statement.format(t=f"registry_{table}", c=column))


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER of_record ON registry_posting",
        "SET session_replication_role = replica",
        "ALTER FUNCTION registry_cancel RESET ALL",
        "SELECT registry_carve(1, 1, 1)",
        "SELECT registry_move(1, '{}', 1)",
        "SELECT registry_book(1, gen_random_uuid(), 'issue', '', '{}', 1, 2, now())",
        "SELECT registry_set_freeze(3, NULL, 1)",
        "SELECT nextval('registry_posting_id_seq')",
        "SELECT setval('registry_account_id_seq', 1)",
        "CREATE TABLE public.mine (id int)",
        "CREATE OR REPLACE FUNCTION cdm_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
        "UPDATE cdm_clock SET days_ahead = 1000",
    ],
)
def test_the_web_does_not_get_round_the_verbs(statement: Any, as_app: Ledger) -> None:
    with refused("42501"):
        sql(statement)


def test_a_table_of_the_session_cannot_stand_in_for_the_ledgers(as_app: Ledger) -> None:
    """search_path is pinned and pg_temp last: a temporary registry_lot is not the verb's."""
    lot = Lot.objects.get()
    sql("CREATE TEMPORARY TABLE registry_lot (LIKE public.registry_lot)")
    sql("INSERT INTO pg_temp.registry_lot (id, issuance_id, tx_id, lo, hi, kept_hi, next_serial)"
        " VALUES (%s, 1, 1, 1, 1000000, 1000000, 1)", lot.pk)  # fmt: skip
    with refused("LG409", "R316"):
        sql("SELECT registry_cancel(%s, 101, 1, %s, %s, NULL, cdm_now())", lot.pk, uuid.uuid4(),
            uuid.uuid4())  # fmt: skip


def test_exactly_the_verbs_are_granted_to_the_web_and_the_signer_has_its_own(db: None) -> None:
    granted = {
        (name, role)
        for name, role in sql(
            "SELECT p.proname, a.grantee::regrole::text FROM pg_proc p,"
            " aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
            " WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'registry\\_%'"
            " AND a.grantee <> p.proowner"
        )
    }
    assert granted == {(verb, "cdm_app") for verb in VERBS} | {
        (verb, "cdm_signer") for verb in SIGNERS_VERBS
    }


def test_every_verb_runs_as_its_owner_with_a_pinned_search_path(db: None) -> None:
    pinned = {
        name: (definer, config)
        for name, definer, config in sql(
            "SELECT proname, prosecdef, proconfig FROM pg_proc WHERE proname = ANY (%s)",
            [*VERBS, *SIGNERS_VERBS],
        )
    }
    assert pinned.keys() == {*VERBS, *SIGNERS_VERBS}
    assert set(map(str, pinned.values())) == {str((True, ["search_path=public, pg_temp"]))}


def test_auditor_and_signer_read_and_no_more(ledger: Ledger) -> None:
    for role in ("cdm_audit", "cdm_signer"):
        sql(f"SET LOCAL ROLE {role}")
        for table in TABLES:
            sql(f"SELECT count(*) FROM registry_{table}")
        with refused("42501"):
            sql("DELETE FROM registry_posting")
        with refused("42501"):
            sql("SELECT registry_expire_holds(cdm_now(), 1)")
        sql("RESET ROLE")


def test_the_verbs_work_for_the_web(as_app: Ledger) -> None:
    lot = Lot.objects.get()
    as_app.cancelled(lot, 40)
    assert queries.cancelled_total() == 40


def test_every_file_of_the_ledgers_sql_is_loaded() -> None:
    files = {path.stem for path in ledger_sql.FOLDER.glob("*.sql")}
    loaded = [names for names in vars(ledger_sql).values() if isinstance(names, tuple)]
    assert files == {name for names in loaded for name in names}
    assert connection.vendor == "postgresql"
