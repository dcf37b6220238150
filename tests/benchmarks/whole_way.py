"""The whole way of readings of a minute, from the file sent to the claim, with what is kept of it.

A dam with four meters: export, import, gross generation, diesel. The file is sent by the action of
the page, a worker in a process of its own checks and keeps it and works out the claim, and whoever
watches sees its progress, as the page does. The worker's peak of memory is its own.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from cdm_portal import clock, jobs
from cdm_portal.demonstration.portfolio import PORTFOLIO, Until
from cdm_portal.demonstration.walk import Walk
from cdm_portal.runtime.places import ROOT
from projects.methodologies.intervals import Resolution
from projects.models import MonitoringPeriod, Project
from projects.participant import actions, monitoring, queries
from projects.participant.models import ReadingsImport
from tests.benchmarks.readings import DAYS_OF_A_YEAR, MOST_MB, WITHIN_SECONDS, peak_mb
from tests.cast import Cast
from tests.factories import SOLAR, CastPeople
from tests.projects.participant.designs import AT, opened

DAM = replace(
    next(each for each in PORTFOLIO if each.reservoir_km2), owner=SOLAR.owner, host=SOLAR.host,
    until=Until.REGISTERED, sales=(), benefits={},
)
FIXED = {
    "NCV_diesel": {"value": "43.3", "unit": "GJ/t", "source": "invented"},
    "EF_CO2_diesel": {"value": "0.0748", "unit": "tCO2/GJ", "source": "invented"},
}
GIVEN = {"EG_export": "kWh", "EG_import": "kWh", "TEG": "kWh", "FC_diesel": "kg"}
"""What is metered, in the unit of its meter."""
PRIMES = (7919, 104_729, 1_299_709, 15_485_863)
PARTS = (1, 1_000, 1, 1_000)
"""Of the most that the dam can make in a minute: what it takes and burns itself is a thousandth."""
LOOK = 0.02
"""Seconds between two looks at the progress."""
WORKER = (
    "import django, json; django.setup();"
    "from tests.benchmarks import whole_way;"
    "print(json.dumps(whole_way.work({})))"
)
"""A worker of the bench wakes nobody after it: no time goes into asking for a broker."""


class Dam(Walk):
    """The demonstration's dam with a diesel set, credited once for ten years."""

    def sections(self) -> Iterator[tuple[str, dict[str, object]]]:
        """The same document, with the fuel and the longer crediting period."""
        for section, values in super().sections():
            match section, values:
                case "methodology", _:
                    values |= {"fuels": ["diesel"], "version": "20.0"}
                case "parameters", {"fixed": dict(fixed)}:
                    fixed.update(FIXED)
                case "crediting", _:
                    values |= {"kind": "fixed", "years": 10}
                case "reductions", {"years": {"1": dict(year)}}:
                    year["FC_diesel"] = "40"
            yield section, values


@dataclass
class Way:
    """One file on its way: the import, what it holds, and how long sending it took."""

    made: ReadingsImport
    file: str
    megabytes: float
    years: int
    sending: float


def dam(cast: Cast) -> Project:
    """A registered dam with four meters."""
    walk = Dam(CastPeople(cast), DAM, AT)  # type: ignore[arg-type] # the cast stands in
    walk.go()
    return Project.objects.get(pk=walk.project.pk)


def write(path: Path, period: MonitoringPeriod) -> None:
    """Readings of every minute of the period, CSV or Parquet by the ending."""
    days = (period.last_date - period.first_date).days + 1
    largest = monitoring.columns(monitoring.plan_of(period), Resolution.MINUTE)[0].largest
    assert largest is not None
    most = int(largest * 1_000_000)  # in thousandths of a kWh
    values = ", ".join(
        f'CAST((range * {prime}) % {most // part} / 1000.0 AS DECIMAL(9,3)) AS "{symbol} [{unit}]"'
        for prime, part, (symbol, unit) in zip(PRIMES, PARTS, GIVEN.items(), strict=True)
    )
    kind = "parquet, COMPRESSION zstd" if path.suffix == ".parquet" else "csv, header"
    duckdb.sql("SET enable_progress_bar = false")
    duckdb.sql(
        f"COPY (SELECT strftime(TIMESTAMP '{period.first_date}' + to_minutes(range),"
        f" '%Y-%m-%dT%H:%M') AS timestamp, {values} FROM range({days * 1_440}))"
        f" TO '{path}' (FORMAT {kind})"
    )


def sent(cast: Cast, folder: Path, *, years: int, ending: str) -> Way:
    """A file of so many years, sent by the participant of a dam of its own."""
    period, after = opened(cast, dam(cast), days=years * DAYS_OF_A_YEAR)
    path = folder / f"{years}.{ending}"
    write(path, period)
    data = path.read_bytes()
    path.unlink()
    begun = time.perf_counter()
    made = actions.send_series(
        actor=cast.participant, at=after, period_id=period.pk, filename=path.name, data=data,
        resolution="minute",
    )
    took = time.perf_counter() - begun
    return Way(made, ending, round(len(data) / 1e6, 1), years, round(took, 2))


def reported(period: MonitoringPeriod) -> datetime:
    """A moment after the period: ten years of it may end later than today."""
    return datetime.combine(period.last_date + timedelta(days=5), AT.timetz())


def work(ident: int) -> dict[str, object]:
    """What the worker does, and the claim after it; called in a process of its own."""
    jobs.listeners.clear()
    begun, lease = time.perf_counter(), uuid.uuid4()
    period = ReadingsImport.objects.get(pk=ident).period
    at = max(clock.now(), reported(period))
    assert actions.take_import(at=at, import_id=ident, lease=lease)
    made = actions.import_series(at=at, import_id=ident, lease=lease)
    kept = time.perf_counter()
    file = queries.current_file(made.period)
    assert made.state == ReadingsImport.State.DONE and file is not None, made.message
    result = monitoring.work_out(monitoring.plan_of(made.period), made.period, file, carried=0)
    done = time.perf_counter()
    return {
        "values": file.reading_count, "import": round(kept - begun, 2),
        "claim": round(done - kept, 2), "processor": round(sum(os.times()[:2]), 2),
        "peak_mb": peak_mb(), "claimed": result.claimed_tonnes,
    }


def begin(way: Way, database_url: str) -> subprocess.Popen[str]:
    """A worker at that file."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cdm_portal.settings", "DATABASE_URL": database_url,
    }
    return subprocess.Popen(
        [sys.executable, "-c", WORKER.format(way.made.pk)], env=env, cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )


def watched(way: Way, worker: subprocess.Popen[str], *, until: int = 101) -> list[int]:
    """The progress that was seen, in per cent, until the worker ends or gets so far."""
    seen: list[int] = []
    while worker.poll() is None:
        way.made.refresh_from_db()
        if way.made.percent not in seen:
            seen.append(way.made.percent)
        if way.made.percent >= until:
            break
        time.sleep(LOOK)
    return seen


def measured(way: Way, database_url: str) -> dict[str, object]:
    """One row of the table: what the worker used, and the progress that was seen meanwhile."""
    with begin(way, database_url) as worker:
        seen = watched(way, worker)
        answer, fault = worker.communicate()
    assert worker.returncode == 0, fault
    return {
        "years": way.years, "file": way.file, "megabytes": way.megabytes, "send": way.sending,
        **json.loads(answer), "progress": seen,
    }


def killed(way: Way, database_url: str, at_percent: int) -> dict[str, object]:
    """A worker killed on the way, and what another one makes of what was kept."""
    with begin(way, database_url) as worker:
        watched(way, worker, until=at_percent)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert worker.returncode == -signal.SIGKILL, "it was done before it could be killed"
    kept = set(way.made.blocks.values_list("pk", flat=True))
    way.made.refresh_from_db()
    stopped = way.made.percent
    lease_over = clock.now() - timedelta(seconds=1)
    ReadingsImport.objects.filter(pk=way.made.pk).update(leased_until=lease_over)
    row = measured(way, database_url)
    after = set(way.made.blocks.values_list("pk", flat=True))
    assert kept <= after
    return row | {"killed_at": stopped, "kept": len(kept), "blocks": len(after)}


HEAD = ("years", "file", "megabytes", "values", "send", "import", "claim", "whole", "processor",
        "peak_mb")


def whole(row: dict[str, object]) -> float:
    """Seconds from the file sent to the claim."""
    return round(sum(float(str(row[name])) for name in ("send", "import", "claim")), 2)


def within(row: dict[str, object]) -> bool:
    """Whether a row keeps to the limits of a year."""
    return whole(row) < WITHIN_SECONDS and int(str(row["peak_mb"])) < MOST_MB


def table(rows: list[dict[str, object]]) -> Iterator[str]:
    """The rows as lines, seconds throughout."""
    yield "  ".join(f"{name:>9}" for name in HEAD)
    for row in rows:
        yield "  ".join(f"{(row | {'whole': whole(row)})[name]!s:>9}" for name in HEAD)


def told(rows: list[dict[str, object]], killed: dict[str, object]) -> Iterator[str]:
    """What the rows come to, in sentences."""
    first, longest = rows[0], rows[-1]
    alike = (first["years"], longest["file"])
    same = next(row for row in rows if (row["years"], row["file"]) == alike)
    times = int(str(longest["values"])) / int(str(same["values"]))
    yield (f"A year: {whole(first)} s of {WITHIN_SECONDS}, {first['peak_mb']} MB of {MOST_MB}: "
           f"{'within' if within(first) else 'NOT within'} the limits.")
    memory = int(str(longest["peak_mb"])) / int(str(same["peak_mb"]))
    yield (f"{times:.1f} times the values take {whole(longest) / whole(same):.1f} times as long "
           f"and {memory:.1f} times the memory.")
    yield f"Progress of the first, as seen from outside, in per cent: {first['progress']}."
    yield (f"A worker killed at {killed['killed_at']} % had kept {killed['kept']} blocks; the next "
           f"kept them and finished with {killed['blocks']} in {killed['import']} s: "
           f"{killed['claimed']} t, as the first: {killed['claimed'] == first['claimed']}.")
