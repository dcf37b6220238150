"""The journal is of record: appended, stamped by the database, never changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from cdm_portal import clock
from cdm_portal.identity import actions
from cdm_portal.journal.models import Entry
from cdm_portal.values import SYSTEM

pytestmark = pytest.mark.django_db
AT = datetime(2013, 5, 4, tzinfo=UTC)


def _entry() -> Entry:
    actions.register_organisation(actor=SYSTEM, at=AT, name="One", kind="doe", fictional=True)
    return Entry.objects.get()


def test_an_entry_keeps_when_it_happened_and_when_it_was_booked() -> None:
    entry = _entry()
    assert entry.effective_at == AT
    assert abs((entry.at - clock.now()).total_seconds()) < 300


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET verb = 'x'", "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
    ],
)
def test_an_entry_cannot_be_changed_even_by_the_owner(statement: str) -> None:
    _entry()
    with (
        pytest.raises(DatabaseError, match="of record"), transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Entry.objects.count() == 1


def test_nobody_back_dates_an_entry() -> None:
    _entry()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (at, effective_at, verb, actor_name, actor_role, "
            "actor_organisation, subject_type, subject_id, project, facts) VALUES "
            "('2001-01-01', now(), 'v', 'n', 'r', '', 't', '1', '', '{}') RETURNING at"
        )
        stamped = cursor.fetchone()[0]
    assert stamped.year == clock.now().year
