"""Row locks of reference data."""

from django.db import connection

from cdm_portal.refusals import NotFound
from projects.reference.models import GridFactor, VersionDates
from projects.reference.queries import KINDS


def entry(kind: str, pk: int) -> GridFactor | VersionDates:
    """An entry, locked. Raises NotFound."""
    if kind not in KINDS:
        raise NotFound("There is no such entry.")
    found = KINDS[kind]._default_manager.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such entry.")
    return found


def alone() -> None:
    """Until the end of the transaction, be the only one who looks at the list and writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('reference_data', 0))")
