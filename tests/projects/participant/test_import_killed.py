"""kill -9 in the middle of an import: what was kept stays, nothing twice, and progress moved."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from decimal import Decimal

from cdm_portal.journal import queries as journal
from cdm_portal.runtime.testing import address
from projects.participant import actions, monitoring, queries, tasks
from projects.participant.models import ReadingsImport
from tests.cast import Cast
from tests.projects.participant.designs import csv, opened, registered

WORKER = """
import uuid, django
django.setup()
from cdm_portal import clock
from projects.participant import actions
lease = uuid.uuid4()
assert actions.take_import(at=clock.now(), import_id={ident}, lease=lease)
actions.import_series(at=clock.now(), import_id={ident}, lease=lease)
"""
KEPT_ONE = 5
"""Rows, times, two columns checked, one of them kept."""


def test_a_worker_killed_while_it_keeps_readings_is_followed_by_another(
    ledger_db: str, cast: Cast
) -> None:
    period, after = opened(cast, registered(cast), days=120)
    first = datetime(period.first_date.year, period.first_date.month, period.first_date.day)
    rows = ["timestamp,EG_export [kWh],EG_import [kWh]"] + [
        f"{first + timedelta(minutes=n):%Y-%m-%dT%H:%M},10.25,0.5" for n in range(120 * 1_440)
    ]
    made = actions.send_series(
        actor=cast.participant, at=after, period_id=period.pk, filename="minutes.csv",
        data=csv(rows), resolution="minute",
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "cdm_portal.settings"}
    env["DATABASE_URL"] = address(os.environ["DATABASE_URL"], database=ledger_db)
    with subprocess.Popen(
        [sys.executable, "-c", WORKER.format(ident=made.pk)], env=env, stderr=subprocess.PIPE
    ) as worker:
        seen = set()
        while worker.poll() is None:
            made.refresh_from_db()
            seen.add(made.percent)
            if made.step >= KEPT_ONE:
                worker.send_signal(signal.SIGKILL)
                break
            time.sleep(0.005)
        worker.wait()
        assert worker.returncode == -signal.SIGKILL, worker.stderr.read()  # type: ignore[union-attr]
    assert len(seen) > 2
    made.refresh_from_db()
    kept = set(made.blocks.values_list("pk", flat=True))
    assert (made.state, len(kept) in {120, 240}) == ("running", True)
    assert tasks.import_waiting() == 0
    ReadingsImport.objects.filter(pk=made.pk).update(leased_until=after)
    assert tasks.import_waiting() == 1
    made.refresh_from_db()
    assert (made.state, made.attempts, made.blocks.count()) == ("done", 2, 240)
    assert kept <= set(made.blocks.values_list("pk", flat=True))
    assert journal.of(made.file).filter(verb="participant.finish_import").count() == 1
    file = queries.current_file(period)
    assert file is not None
    [share] = monitoring.work_out(monitoring.plan_of(period), period, file, carried=0).totals
    assert share.values["EG_export"] == Decimal(120 * 1_440) * Decimal("0.01025")
