"""The owner of the cases' tables attacks them; each wall is then taken down to see that it was
the wall. Every trigger, check and unique index of the catalogue is linked to an attack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from cdm_portal import clock
from cdm_portal.demonstration.portfolio import Until
from projects.board import actions as board_actions
from projects.board.models import Request
from projects.doe import actions as doe_actions
from registry import actions as registry
from registry import queries as registry_queries
from tests import factories
from tests.ground import attacks_on_decisions as attacks
from tests.ground.attacks import Attack
from tests.ground.attacks_on_due import DUE
from tests.ground.attacks_on_reviews import MEETINGS, REPLIES
from tests.world import World, as_if

pytestmark = pytest.mark.django_db
APPS = (
    "projects", "participant", "dna", "doe", "board", "cobenefits", "journal", "identity", "cdm",
    "kyc",
)
KEEPERS = ("cdm_refuse_change", "participant_of_record")
ALL = attacks.ALL + REPLIES + MEETINGS + DUE
IDS = [f"{a.table}.{a.wall}" for a in ALL]


@pytest.fixture(scope="module")
def state(world: World) -> World:
    """The state that the attacks are written for: see attacks.py."""
    now = clock.now()
    case = factories.walk(world.cast, Until.UNDER_REVIEW, now, key="attacked").project
    request = Request.objects.get(project=case)
    if request.state != "under_review":
        board_actions.open_review(
            actor=world.cast.secretariat, at=now, request_id=request.pk, scope="Common practice."
        )
    act: dict[str, Any] = {"at": now, "request_id": request.pk}
    for side in (world.cast.participant, world.cast.doe):
        if not request.replies.filter(organisation_id=side.office).exists():
            board_actions.reply(actor=side, text="Both plants differ.", **act)
    board_actions.recuse(actor=world.cast.board[8], reason="My brother works there.", **act)
    board_actions.record_absence(actor=world.cast.secretariat, seat_number=8, **act)
    for assessor in (world.cast.secretariat, world.cast.rit):
        board_actions.assess(
            actor=assessor, recommendation="register", reasons="It holds.", **act
        )
    board_actions.object_to(actor=world.cast.board[3], reasons="It does not.", **act)
    board_actions.vote(actor=world.cast.board[0], ruling="register", **act)
    assert world.cast.alternates
    leave_loose(world)
    settle()
    return world


def leave_loose(world: World) -> None:
    """A cancellation that is named for the world's debt, and three that are not."""
    cast, now = world.cast, clock.now()
    given: dict[str, Any] = {
        "actor": cast.registry, "at": now,
        "project_number": world.project(Until.OFFERED).number,
        "from_account_id": factories.holding_account(cast, now),
    }
    doe_actions.propose_repayment(debt_id=world.debt_id, quantity=1, **given)
    made = [
        registry.propose_forwarding(
            quantity=quantity, to_account_id=registry_queries.excess_account().pk, **given
        )
        for quantity in (1, 1, 3)
    ]
    registry.approve_proposal(actor=cast.registry_second, at=now, proposal_id=made[0].pk)


@pytest.fixture
def assault(state: World) -> Iterator[World]:
    """The state, as each attack finds it."""
    with as_if():
        yield state


def settle() -> None:
    """What is checked at commit is checked now."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET CONSTRAINTS ALL DEFERRED")


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def run(statement: str) -> str | None:
    """Commit the attack, as far as a test does; what the refusal says, None when it passed."""
    try:
        with transaction.atomic():
            for part in statement.split(";"):
                sql(part)
            settle()
    except DatabaseError as error:
        return str(error)
    return None


def rows(table: str) -> list[tuple[Any, ...]]:
    """How many rows, and a hash of them."""
    return sql(f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text)))"
               f" FROM {table} t")


@pytest.mark.parametrize("attack", ALL, ids=IDS)
def test_it_is_refused_and_leaves_nothing(attack: Attack, assault: World) -> None:
    before = rows(attack.table)
    said = run(attack.statement)
    assert said is not None and attack.says in said
    assert rows(attack.table) == before


@pytest.mark.parametrize("attack", ALL, ids=IDS)
def test_with_its_wall_down_it_passes_or_meets_the_second(attack: Attack, assault: World) -> None:
    before = rows(attack.table)
    take_down(attack.table, attack.wall)
    said = run(attack.statement)
    if attack.then is None:
        assert said is None
        assert rows(attack.table) != before
    else:
        assert said is not None and attack.then in said


def take_down(table: str, wall: str) -> None:
    """Drop a constraint, a unique index or a trigger, whatever bears the name."""
    if sql("SELECT 1 FROM pg_constraint WHERE conname = %s AND contype <> 't'", wall):
        sql(f"ALTER TABLE {table} DROP CONSTRAINT {wall}")
    elif sql("SELECT 1 FROM pg_class WHERE relname = %s AND relkind = 'i'", wall):
        sql(f"DROP INDEX {wall}")
    else:
        sql(f"DROP TRIGGER {wall} ON {table}")


@pytest.mark.parametrize("table", attacks.KEPT)
@pytest.mark.parametrize("act", ["UPDATE", "DELETE", "TRUNCATE"])
def test_a_table_of_record_refuses_every_change_and_with_its_wall_down_does_not(
    table: str, act: str, assault: World
) -> None:
    ((column,),) = sql(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", table
    )
    statement = {
        "UPDATE": f"UPDATE {table} SET {column} = {column}",
        "DELETE": f"DELETE FROM {table} WHERE false",
        "TRUNCATE": f"TRUNCATE {table} CASCADE",
    }[act]
    before = rows(table)
    said = run(statement)
    assert said is not None and f"{table} " in said and "of record" in said
    assert rows(table) == before
    take_down(table, "of_record")
    said = run(statement)
    if act == "TRUNCATE" and said is not None:
        assert "of record" in said and not said.startswith(f"{table} ")
    else:
        assert said is None


def test_the_tables_of_record_are_those_of_the_catalogue_and_refuse_all_three() -> None:
    deletes, updates, truncates = 8, 16, 32
    found: dict[str, int] = dict(sql(
        "SELECT relname, tgtype FROM pg_trigger JOIN pg_class t ON t.oid = tgrelid"
        " JOIN pg_proc p ON p.oid = tgfoid WHERE split_part(relname, '_', 1) = ANY(%s)"
        " AND proname = ANY(%s) AND tgname = 'of_record'", list(APPS), list(KEEPERS),
    ))
    assert tuple(sorted(found)) == attacks.KEPT
    assert {kind & (deletes | updates | truncates) for kind in found.values()} == {56}


def test_no_wall_stands_untested(assault: World) -> None:
    walls = {
        name
        for (name,) in sql(
            "WITH t AS (SELECT oid, relname FROM pg_class"
            " WHERE split_part(relname, '_', 1) = ANY(%s) AND relkind = 'r')"
            " SELECT conname FROM pg_constraint JOIN t ON t.oid = conrelid"
            " WHERE contype IN ('c', 'u', 'x')"
            " UNION SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
            " JOIN t ON t.oid = x.indrelid WHERE x.indisunique AND NOT x.indisprimary"
            " UNION SELECT t.relname || '.' || tgname FROM pg_trigger JOIN t"
            " ON t.oid = tgrelid WHERE NOT tgisinternal", list(APPS),
        )
    }
    attacked = {a.wall for a in ALL} | {f"{a.table}.{a.wall}" for a in ALL}
    attacked |= {f"{table}.of_record" for table in attacks.KEPT}
    assert sorted(walls - attacked - attacks.EXEMPT.keys()) == []
    assert sorted(attacks.EXEMPT.keys() - walls) == []


BACK_DATED = (
    "INSERT INTO journal_entry SELECT (jsonb_populate_record(e, '{\"id\": -1, \"at\":"
    " \"2001-01-01T00:00:00Z\"}')).* FROM journal_entry e ORDER BY id LIMIT 1"
)


def test_without_the_stamp_an_entry_can_be_back_dated(assault: World) -> None:
    year = "SELECT date_part('year', at)::int FROM journal_entry WHERE id = -1"
    with as_if():
        sql(BACK_DATED)
        assert sql(year) == [(clock.now().year,)]
    take_down("journal_entry", "stamp")
    sql(BACK_DATED)
    assert sql(year) == [(2001,)]
