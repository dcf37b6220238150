"""The only clock (decisions, 1): the database's, plus the demonstration offset.

Edges ask it once and pass `at` inward; nothing below an edge reads the time.
"""

from datetime import UTC, date, datetime

from django.db import connection

from cdm_portal import models
from cdm_portal.refusals import Refused


class ClockFixed(Refused):
    """The clock moves in demonstration mode only, forward, by whole days."""

    code = "clock_fixed"


def now() -> datetime:
    """The portal's time, aware, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cdm_now()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


def today() -> date:
    """The calendar day in UTC: deadlines end at 24:00 UTC."""
    return now().date()


def days_ahead() -> int:
    """How far the demonstration has been moved forward, in days."""
    return models.Clock.objects.get(id=1).days_ahead


def is_demonstration() -> bool:
    """Whether this database runs under demonstration rules."""
    return models.Clock.objects.get(id=1).demonstration
