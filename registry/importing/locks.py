"""One import at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from cdm_portal.refusals import Refused


class ImportRuns(Refused):
    """Another import is running on this database."""

    code = "import_runs"


WAIT_SECONDS = 15
"""How long to wait for another import: one that was killed lets go within the interval below."""
LOOKS_FOR_ITS_CLIENT = "250ms"
"""How often a session in the middle of a batch looks whether its import still lives; else it would
finish the batch for nobody, and hold the lock so long."""


@contextmanager
def alone() -> Iterator[None]:
    """Be the only import for the length of the block; a killed one lets go with its connection.

    Raises ImportRuns.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while not _locked():
        if time.monotonic() > deadline:
            raise ImportRuns("Another import is running on this database.")
        time.sleep(0.2)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('registry_import', 0))")


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('client_connection_check_interval', %s, false)",
            [LOOKS_FOR_ITS_CLIENT],
        )
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('registry_import', 0))")
        return bool(cursor.fetchone()[0])
