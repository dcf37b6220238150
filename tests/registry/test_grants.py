"""Grants are walls too: each is listed, and each one dropped or added is found by its own probe."""

from __future__ import annotations

from typing import Any

import pytest

from tests.registry.ledger import refused, sql
from tests.registry.test_rights import SIGNERS_VERBS, TABLES, VERBS

READERS = ("cdm_app", "cdm_audit", "cdm_signer")
GRANTS = (
    "SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants"
    " WHERE table_schema = 'public' AND table_name LIKE 'registry\\_%' AND grantee <> grantor"
)


def test_on_the_ledgers_tables_there_are_grants_to_read_and_no_others(db: None) -> None:
    found = set(sql(GRANTS))
    tables = {name for (name,) in sql(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        " AND tablename LIKE 'registry\\_%'"
    )}  # fmt: skip
    assert found == {(role, table, "SELECT") for role in READERS for table in tables}
    assert {f"registry_{table}" for table in TABLES} <= tables


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", READERS)
def test_a_dropped_grant_to_read_is_missed(role: Any, table: Any, db: None) -> None:
    sql(f"SET LOCAL ROLE {role}")
    sql(f"SELECT 1 FROM registry_{table} LIMIT 1")
    sql("RESET ROLE")
    sql(f"REVOKE SELECT ON registry_{table} FROM {role}")
    sql(f"SET LOCAL ROLE {role}")
    with refused("42501"):
        sql(f"SELECT 1 FROM registry_{table} LIMIT 1")
    sql("RESET ROLE")


@pytest.mark.parametrize(
    ("role", "verb"),
    [("cdm_app", verb) for verb in VERBS] + [("cdm_signer", verb) for verb in SIGNERS_VERBS],
)
def test_a_dropped_grant_to_call_a_verb_is_missed(role: Any, verb: Any, db: None) -> None:
    may = "SELECT has_function_privilege(%s, oid, 'EXECUTE') FROM pg_proc WHERE proname = %s"
    assert sql(may, role, verb) == [(True,)]
    ((signature,),) = sql("SELECT oid::regprocedure::text FROM pg_proc WHERE proname = %s", verb)
    sql(f"REVOKE EXECUTE ON FUNCTION {signature} FROM {role}")
    assert sql(may, role, verb) == [(False,)]


@pytest.mark.parametrize("privilege", ["INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER"])
def test_a_grant_too_many_is_found(privilege: Any, db: None) -> None:
    before = set(sql(GRANTS))
    sql(f"GRANT {privilege} ON registry_posting TO cdm_app")
    assert set(sql(GRANTS)) - before == {("cdm_app", "registry_posting", privilege)}


def test_where_the_first_wall_is_down_the_second_stands(db: None) -> None:
    """With rights to write, rows of record still do not change (K12)."""
    sql("GRANT UPDATE, DELETE ON registry_posting TO cdm_app")
    sql("SET LOCAL ROLE cdm_app")
    for statement in ("UPDATE registry_posting SET lo = 1", "DELETE FROM registry_posting"):
        with refused("23001", "registry_of_record"):
            sql(statement)
    sql("RESET ROLE")
