"""The whole way of a year of minutes, from the file sent to the tonnes: `test --full` alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from cdm_portal import clock
from cdm_portal.demonstration.portfolio import PORTFOLIO, Until
from cdm_portal.demonstration.walk import Walk
from cdm_portal.runtime.testing import address
from projects.models import Project
from projects.participant import actions, monitoring, queries
from projects.participant.models import ReadingsImport
from tests.benchmarks.readings import peak_mb
from tests.cast import Cast
from tests.factories import CastPeople
from tests.projects.participant.designs import AT, opened

WITHIN_SECONDS, MOST_MB = 10, 600
"""On two idle cores; the seconds of the processor are what a loaded machine can still tell."""


def work(ident: int) -> dict[str, object]:
    """What the worker does, and the tonnes after it; in a process of its own."""
    began = clock.now()
    lease = uuid.uuid4()
    assert actions.take_import(at=began, import_id=ident, lease=lease)
    made = actions.import_series(at=began, import_id=ident, lease=lease)
    file = queries.current_file(made.period)
    assert made.state == ReadingsImport.State.DONE and file is not None, made.message
    result = monitoring.work_out(monitoring.plan_of(made.period), made.period, file, carried=0)
    took = (clock.now() - began).total_seconds()
    used = sum(os.times()[:2])
    return {"values": file.reading_count, "seconds": took, "processor_seconds": used,
            "peak_mb": peak_mb(), "claimed": result.claimed_tonnes}


def minutes(path: Path, columns: list[str], first: date, days: int) -> None:
    """A file of minutes."""
    values = ", ".join(f'CAST(0.001 AS DECIMAL(9,6)) AS "{header}"' for header in columns)
    duckdb.sql("SET enable_progress_bar = false")
    duckdb.sql(
        f"COPY (SELECT strftime(TIMESTAMP '{first}' + to_minutes(range), '%Y-%m-%dT%H:%M') AS"
        f" timestamp, {values} FROM range({days * 1_440})) TO '{path}' (FORMAT csv, header)"
    )


def test_a_year_of_minutes_is_imported_checked_and_computed(
    ledger_db: str, cast: Cast, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("--full"):
        pytest.skip("a measurement: test --full")
    sketch = next(each for each in PORTFOLIO if each.sector == "geothermal")
    made = Walk(CastPeople(cast), replace(sketch, until=Until.REGISTERED), AT)  # type: ignore[arg-type]
    made.go()
    case = Project.objects.get(pk=made.project.pk)
    period, after = opened(cast, case, days=365)
    columns = monitoring.columns(monitoring.plan_of(period), "minute")  # type: ignore[arg-type]
    headers = [f"{each.symbol} [{each.unit}]" for each in columns]
    path = tmp_path / "year.csv"
    minutes(path, headers, period.first_date, 365)
    sent = actions.send_series(
        actor=cast.participant, at=after, period_id=period.pk, filename="year.csv",
        data=path.read_bytes(), resolution="minute",
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "cdm_portal.settings"}
    env["DATABASE_URL"] = address(os.environ["DATABASE_URL"], database=ledger_db)
    code = (
        "import django, json; django.setup();"
        "from tests.benchmarks import test_year_of_minutes as t;"
        f"print(json.dumps(t.work({sent.pk})))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    sys.__stdout__.write(f"\n{found}\n")
    assert found["values"] == len(columns) * 365 * 1_440
    assert found["processor_seconds"] < WITHIN_SECONDS
    assert found["peak_mb"] < MOST_MB
