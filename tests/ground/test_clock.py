"""One time, one function: forward only, by whole days, in demonstration mode only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from cdm_portal import clock, record

pytestmark = pytest.mark.django_db


def test_the_clock_stands_still_outside_demonstration_mode(nothing_written: Any) -> None:
    with nothing_written(), pytest.raises(clock.ClockFixed, match="demonstration mode only"):
        record.advance_clock(days=30)


def test_a_demonstration_moves_forward_by_whole_days() -> None:
    record.begin_demonstration()
    before = clock.now()
    record.advance_clock(days=30)
    assert timedelta(days=30) <= clock.now() - before < timedelta(days=30, minutes=5)
    assert clock.days_ahead() == 30


@pytest.mark.parametrize("days", [0, -1, 4000])
def test_it_never_moves_backward_or_by_nothing(days: int, nothing_written: Any) -> None:
    record.begin_demonstration()
    with nothing_written(), pytest.raises(clock.ClockFixed):
        record.advance_clock(days=days)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cdm_clock SET days_ahead = 5", "UPDATE cdm_clock SET demonstration = true",
        "DELETE FROM cdm_clock", "INSERT INTO cdm_clock VALUES (2, 0, true)",
    ],
)
def test_the_web_role_cannot_touch_the_clock(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE cdm_app")
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute(statement)
        transaction.set_rollback(True)


def test_the_journal_is_stamped_by_the_same_time() -> None:
    from cdm_portal.identity import actions
    from cdm_portal.journal.models import Entry
    from cdm_portal.values import SYSTEM

    record.begin_demonstration()
    record.advance_clock(days=100)
    actions.register_organisation(
        actor=SYSTEM, at=clock.now(), name="Later", kind="doe", fictional=True
    )
    assert abs(Entry.objects.get().at - clock.now()) < timedelta(minutes=5)
