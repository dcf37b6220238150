"""What the database roles may do to the cases' tables and to the clock, and that nothing else
holds them back from the clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.ground.test_attacks import APPS

pytestmark = pytest.mark.django_db
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
READS = {"SELECT"}
WORKS = {"SELECT", "INSERT", "UPDATE", "DELETE"}
ROLES = ("cdm_app", "cdm_audit", "cdm_signer")
MAY_CALL = {
    "cdm_now": {"cdm_app", "cdm_audit", "cdm_signer"},
    "cdm_advance_clock": {"cdm_app"},
    "cdm_keep": set(),
}
DENIED = "permission denied"


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def as_role(role: str, statement: str) -> str | None:
    """Run a statement as a role of the cluster; what the refusal says, None when it passed."""
    try:
        with transaction.atomic():
            sql(f"SET LOCAL ROLE {role}")
            sql(statement)
            sql("RESET ROLE")
    except DatabaseError as error:
        return str(error)
    return None


def tables() -> Iterator[str]:
    """Every table of the cases, the people and the ground."""
    for (name,) in sql(
        "SELECT relname FROM pg_class WHERE split_part(relname, '_', 1) = ANY(%s)"
        " AND relkind = 'r' AND relnamespace = 'public'::regnamespace", list(APPS),
    ):
        yield name


@pytest.mark.parametrize("role", ROLES)
def test_each_role_holds_exactly_these_rights_by_the_catalogue(role: str) -> None:
    found = {
        table: {right for right in RIGHTS
                if sql("SELECT has_table_privilege(%s, %s, %s)", role, table, right)[0][0]}
        for table in tables()
    }
    assert len(found) > 30
    works = WORKS if role == "cdm_app" else READS
    exact = {"cdm_clock": READS}
    if role == "cdm_signer":  # it says in the journal what it printed
        exact["journal_entry"] = READS | {"INSERT"}
    wrong = {t: held for t, held in found.items() if held != exact.get(t, works)}
    assert wrong == {}


def test_no_role_but_the_owner_owns_a_table_or_inherits_from_who_does() -> None:
    owners = {owner for (owner,) in sql(
        "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class"
        " WHERE split_part(relname, '_', 1) = ANY(%s) AND relkind = 'r'", list(APPS))}
    (owner,) = owners
    assert owner not in ROLES
    for role in ROLES:
        assert sql("SELECT pg_has_role(%s, %s, 'MEMBER')", role, owner) == [(False,)]


def test_each_role_may_call_exactly_these_functions_of_the_ground() -> None:
    found: dict[str, set[str]] = {name: set() for name in MAY_CALL}
    for name, oid in sql("SELECT proname, oid FROM pg_proc WHERE proname = ANY(%s)",
                         list(MAY_CALL)):
        found[name] |= {role for role in ROLES if sql(
            "SELECT has_function_privilege(%s, %s::oid, 'EXECUTE')", role, oid)[0][0]}
    assert found == MAY_CALL


def test_only_the_clock_runs_with_its_owners_rights_and_names_its_search_path() -> None:
    found = sql(
        "SELECT proname, proconfig FROM pg_proc WHERE prosecdef"
        " AND pronamespace = 'public'::regnamespace AND proname NOT LIKE 'registry%'"
        " AND proname NOT LIKE 'offsets%'"
    )
    assert found == [("cdm_advance_clock", ["search_path=public, pg_temp"])]


@pytest.mark.parametrize(("right", "statement", "then"), [
    ("UPDATE", "UPDATE cdm_clock SET days_ahead = 5", None),
    ("UPDATE", "UPDATE cdm_clock SET demonstration = true", None),
    ("DELETE", "DELETE FROM cdm_clock WHERE id = 1", None),
    ("INSERT", "INSERT INTO cdm_clock VALUES (2, 0, true)", "clock_is_one_row"),
    ("TRUNCATE", "TRUNCATE cdm_clock", None),
])  # fmt: skip
@pytest.mark.parametrize("role", ROLES)
def test_it_is_the_missing_right_that_keeps_the_clock(
    role: str, right: str, statement: str, then: str | None
) -> None:
    before = sql("SELECT * FROM cdm_clock")
    said = as_role(role, statement)
    assert said is not None and DENIED in said
    assert sql("SELECT * FROM cdm_clock") == before
    sql(f"GRANT {right} ON cdm_clock TO {role}")
    said = as_role(role, statement)
    assert said is None if then is None else said is not None and then in said


@pytest.mark.parametrize("role", ["cdm_audit", "cdm_signer"])
def test_it_is_the_missing_right_that_keeps_others_from_moving_the_clock(role: str) -> None:
    sql("UPDATE cdm_clock SET demonstration = true")
    said = as_role(role, "SELECT cdm_advance_clock(3)")
    assert said is not None and DENIED in said
    sql(f"GRANT EXECUTE ON FUNCTION cdm_advance_clock(integer) TO {role}")
    assert as_role(role, "SELECT cdm_advance_clock(3)") is None
    assert sql("SELECT days_ahead FROM cdm_clock") == [(3,)]


@pytest.mark.parametrize(("days", "demonstration", "guard", "without", "says", "then"), [
    (3, False, " AND demonstration", "", "in demonstration mode only", None),
    (0, True, "p_days < 1", "false", "1 to 3660 whole days", None),
    (-1, True, "p_days < 1", "false", "1 to 3660 whole days", "clock_never_behind"),
    (4000, True, "p_days > 3660", "false", "1 to 3660 whole days", None),
])  # fmt: skip
def test_each_guard_of_the_clock_is_the_one_that_refuses(
    days: int, demonstration: bool, guard: str, without: str, says: str, then: str | None
) -> None:
    sql(f"UPDATE cdm_clock SET demonstration = {demonstration}")
    said = as_role("cdm_app", f"SELECT cdm_advance_clock({days})")
    assert said is not None and says in said
    ((body,),) = sql("SELECT pg_get_functiondef('cdm_advance_clock(integer)'::regprocedure)")
    assert guard in body
    sql(body.replace(guard, without))
    said = as_role("cdm_app", f"SELECT cdm_advance_clock({days})")
    assert said is None if then is None else said is not None and then in said


def test_with_the_right_and_the_wall_down_the_applications_role_rewrites_the_journal() -> None:
    sql("INSERT INTO journal_entry (effective_at, verb, actor_name, actor_role,"
        " actor_organisation, subject_type, subject_id, project, facts)"
        " VALUES (now(), 'v', 'n', 'r', '', 't', '1', '', '{}')")
    rewrite = "UPDATE journal_entry SET verb = 'forged'"
    said = as_role("cdm_app", rewrite)
    assert said is not None and "rows are of record" in said
    said = as_role("cdm_app", "ALTER TABLE journal_entry DISABLE TRIGGER of_record")
    assert said is not None and "must be owner" in said
    said = as_role("cdm_app", "SET session_replication_role = replica")
    assert said is not None and DENIED in said
    sql("DROP TRIGGER of_record ON journal_entry")
    assert as_role("cdm_app", rewrite) is None
