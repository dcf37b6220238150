"""The import killed (SIGKILL) in mid-booking and run again ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, connections

from cdm_portal.runtime import testing
from cdm_portal.runtime.places import ROOT
from registry import invariants
from tests.importing.books import Files, cancelled, issued, published
from tests.ledger_database import copy_database, drop_database, pointed_at

LONG = 600  # seconds: beside a busy neighbour an import of seconds was seen to take minutes
FINAL = """
SELECT 'issuance', party_id, lo, hi, project_number, unit_type, effective_at::text
  FROM registry_issuance
UNION ALL SELECT 'cancellation', i.party_id, c.s, c.e, i.project_number, 0, c.effective_at::text
  FROM registry_cancellation c JOIN registry_lot l ON l.id = c.lot_id
  JOIN registry_issuance i ON i.id = l.issuance_id
UNION ALL SELECT 'block', i.party_id, b.lo, b.hi, b.account_id::text, 0, ''
  FROM registry_block b JOIN registry_issuance i ON i.id = b.issuance_id
UNION ALL SELECT 'activity', reference, 0, 0, row_sha256, 0, '' FROM projects_activity
UNION ALL SELECT 'request', number, units, 0, row_sha256, 0, '' FROM projects_issuancerequest
UNION ALL SELECT 'lines', '', count(*), 0, '', 0, '' FROM registry_importedline
UNION ALL SELECT 'bookings', verb, count(*), 0, '', 0, '' FROM registry_transaction GROUP BY verb
ORDER BY 1, 2, 3, 4, 5, 6, 7
"""


def many(files: Files, blocks: int = 1200) -> dict[str, Path]:
    """So many issuances of 100 units and as many cancellations, in no order."""
    shuffle = random.Random(7).sample
    starts = [1 + 100 * n for n in range(blocks)]
    files.issuances = [issued("KE", lo, lo + 99, day=n) for n, lo in enumerate(starts)]
    files.issuances = shuffle(files.issuances, blocks)
    files.cancellations = [cancelled("KE", lo + 20, lo + 39, day=lo) for lo in starts]
    files.cancellations = shuffle(files.cancellations, blocks)
    return files.written()


def started(database: str, options: dict[str, Path]) -> subprocess.Popen[bytes]:
    """The import in a process of its own."""
    url = testing.address(os.environ["DATABASE_URL"], role="cdm_owner", database=database)
    env = os.environ | {
        "DATABASE_URL": url, "DATABASE_OWNER_URL": url, "CDM_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "cdm_portal.settings",
    }  # fmt: skip
    named = [word for name, path in options.items() for word in (f"--{name}", str(path))]
    return subprocess.Popen(
        [sys.executable, "-m", "django", "import_unfccc", *named], env=env, cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def booked() -> int:
    """How many issuances and cancellations are committed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM registry_issuance)"
            " + (SELECT count(*) FROM registry_cancellation)"
        )
        return int(cursor.fetchone()[0])


def ended() -> list[tuple[object, ...]]:
    """Everything that the import leaves, without the numbers of rows."""
    with connection.cursor() as cursor:
        cursor.execute(FINAL)
        return cursor.fetchall()


def kill_after(database: str, options: dict[str, Path], rows: int) -> None:
    """Kill the import once that many rows are booked; somewhere in the batch behind them."""
    running = started(database, options)
    deadline = time.monotonic() + LONG
    while booked() < rows:
        assert running.poll() is None, "the import ended before it was killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(random.Random(rows).uniform(0, 0.1))
    running.send_signal(signal.SIGKILL)
    assert running.wait(timeout=LONG) == -signal.SIGKILL


def disturbed_and_not(
    database: str, options: dict[str, Path], kills: tuple[int, int, int], rows: int
) -> None:
    """Import once in peace; then, elsewhere, be killed at three points and run again."""
    other = copy_database(connections.settings["default"]["NAME"])
    try:
        with pointed_at(other):
            assert started(other, options).wait(timeout=LONG) == 0
            undisturbed = ended()
    finally:
        drop_database(other)
    for point in kills:
        kill_after(database, options, point)
        assert booked() < rows
    assert started(database, options).wait(timeout=LONG) == 0
    assert invariants.problems() == []
    assert ended() == undisturbed
    assert booked() == rows


@pytest.mark.timeout(2400)  # the longest of all
def test_killed_three_times_it_ends_the_same(ledger_db: str, files: Files) -> None:
    """Among the issuances, at their end, and among the cancellations."""
    disturbed_and_not(ledger_db, many(files), (1, 1200, 1700), 2400)


def test_killed_three_times_the_whole_cdm_ends_the_same(
    ledger_db: str, tmp_path: Path, full: bool
) -> None:
    if not full:
        pytest.skip("the whole CDM twice: test --full")
    disturbed_and_not(ledger_db, published(tmp_path), (3_000, 14_000, 33_000), 12_569 + 27_745)
