"""The ground's transactions: the clock's offset, heartbeats, and the one moment a page reads."""

import contextlib
from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now

from cdm_portal import clock, models


def advance_clock(*, days: int) -> datetime:
    """Move the demonstration's time forward by whole days and answer the new time.

    Raises ClockFixed outside demonstration mode and for anything but 1 to 3660 days.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT cdm_advance_clock(%s)", [days])
            moment: datetime = cursor.fetchone()[0]
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", "") in {"CK403", "CK422"}:
            raise clock.ClockFixed(str(error).splitlines()[0]) from error
        raise
    return moment


def begin_demonstration() -> None:
    """Put this database under demonstration rules. Only the owner role may."""
    with transaction.atomic():
        models.Clock.objects.filter(id=1).update(demonstration=True)


def beat(*, name: str) -> None:
    """A background process says that it lives: by the database's own clock, never the offset's."""
    with transaction.atomic():
        models.Heartbeat.objects.update_or_create(name=name, defaults={"at": Now()})


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """One read-only moment of the database."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        level = "ISOLATION LEVEL REPEATABLE READ, " if outermost else ""
        cursor.execute(f"SET TRANSACTION {level}READ ONLY")
        yield
