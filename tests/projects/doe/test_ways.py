"""Every (from, to) of a DOE's cases in the database (domain, 3.1, 3.4, 3.8), by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from projects.doe.models import Accreditation, Engagement, Proceeding, Validation, Verification
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story

pytestmark = pytest.mark.django_db

WAYS: dict[Any, set[tuple[str, str]]] = {
    Accreditation: {
        ("active", "suspended"), ("suspended", "active"), ("active", "withdrawn"),
        ("suspended", "withdrawn"), ("active", "relinquished"), ("suspended", "relinquished"),
    },
    Proceeding: {
        ("asked", "proposed"), ("hearing", "proposed"), ("hearing", "granted"),
        ("hearing", "refused"), ("proposed", "granted"), ("proposed", "refused"),
    },
    Engagement: {("offered", "accepted"), ("offered", "declined"), ("accepted", "ended")},
    Validation: {
        ("open", "positive"), ("open", "negative"), ("open", "terminated"), ("open", "replaced"),
    },
    Verification: {("verifying", "certified"), ("verifying", "negative")},
}


def test_the_database_knows_the_same_ways(cast: Cast) -> None:
    verification = story.verifying(cast)
    story.proposed(cast, "suspend", at=on(2015, 2, 1))
    tried = 0
    for model, ways in WAYS.items():
        table, states = model._meta.db_table, model.State.values
        key = verification.pk if model is Verification else model.objects.latest("pk").pk
        found = set()
        for source in states:
            for target in states:
                if source != target and _moves(table, key, source, target):
                    found.add((source, target))
                tried += source != target
        assert found == ways, table
    print(f"\nin the database: {sum(map(len, WAYS.values()))} ways of {tried} pairs")


def _moves(table: str, key: int, source: str, target: str) -> bool:
    """Whether the database lets a row go from one state to another, the dates set as they must."""
    point = transaction.savepoint()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"UPDATE {table} SET {_set(table, source)} WHERE id = {key}")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            try:
                with transaction.atomic():
                    cursor.execute(f"UPDATE {table} SET {_set(table, target)} WHERE id = {key}")
            except DatabaseError as error:
                assert "no way from" in str(error) or "of record" in str(error)
                return False
        return True
    finally:
        transaction.savepoint_rollback(point)


def _set(table: str, state: str) -> str:
    """A state with the columns that its checks ask for."""
    values = [f"state = '{state}'"]
    open_states = {"open", "verifying", "asked", "hearing", "proposed"}
    if table in {"doe_validation", "doe_verification", "doe_proceeding"}:
        values.append(f"decided_at = {'NULL' if state in open_states else 'now()'}")
    if table == "doe_proceeding":
        decider = "(SELECT max(id) FROM identity_person)"
        values.append(f"decided_by_id = {'NULL' if state in open_states else decider}")
    return ", ".join(values)
