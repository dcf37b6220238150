"""How long a year of minutes takes, from the sent file to the tonnes, and ten years beside it.

Each size runs in a process of its own, so that its peak of memory is its own. `engine` reads,
checks and cuts up the file without a database; whole_way.py goes from the sent file to the claim.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb

from cdm_portal.runtime.places import ROOT
from projects.methodologies.series import source

SYMBOLS = ("EG_export", "EG_import", "TEG", "FC_diesel")
UNITS = {"FC_diesel": ("t", "kg")}
FIRST = date(2023, 1, 1)
WITHIN_SECONDS, MOST_MB = 10, 600
"""The most that a year may take on two idle cores."""
KILLED_AT = 60
"""Per cent of the work after which a worker is killed: some readings are kept by then."""
DAYS_OF_A_YEAR = 365
HEADER = ["timestamp", *(f"{s} [{UNITS.get(s, ('', 'kWh'))[1]}]" for s in SYMBOLS)]

ROWS = """
SELECT strftime(TIMESTAMP '2023-01-01' + to_minutes(range), '%Y-%m-%dT%H:%M') AS timestamp,
  {values} FROM range({minutes})
"""


def write(path: Path, *, years: int) -> None:
    """A file of minutes with four parameters, CSV or Parquet by its ending."""
    values = ", ".join(
        f'CAST((range * {prime}) % 900000 / 1000.0 AS DECIMAL(9,3)) AS "{header}"'
        for prime, header in zip((7919, 104_729, 1_299_709, 15_485_863), HEADER[1:], strict=True)
    )
    rows = ROWS.format(values=values, minutes=years * DAYS_OF_A_YEAR * 1_440)
    kind = "parquet, COMPRESSION zstd" if path.suffix == ".parquet" else "csv, header"
    duckdb.sql("SET enable_progress_bar = false")
    duckdb.sql(f"COPY ({rows}) TO '{path}' (FORMAT {kind})")


def engine(path: str, years: int) -> dict[str, object]:
    """Read, check and sum the file; seconds, seconds of processor, megabytes at most."""
    from projects.methodologies.intervals import Resolution
    from projects.methodologies.readings import Column
    from projects.methodologies.series import checking
    from projects.methodologies.series.terms import Wanted

    columns = tuple(Column(s, UNITS.get(s, ("MWh", ""))[0]) for s in SYMBOLS)
    last = FIRST + timedelta(days=years * DAYS_OF_A_YEAR - 1)
    wanted = Wanted(columns, FIRST, last, Resolution.MINUTE, UTC, {})
    began, data, steps = time.perf_counter(), Path(path).read_bytes(), []
    with source.engine() as (made, folder):
        outcome, done = checking.check(
            made, folder, wanted, path, data, {}, lambda step, said: steps.append(said)
        )
        sums = [
            sum(a for block in done.blocks(n) for a in block.amounts if a is not None)
            for n in range(len(SYMBOLS))
        ]
    assert not outcome.open and not outcome.gaps
    return {
        "file": Path(path).suffix[1:], "megabytes": round(len(data) / 1e6, 1), "years": years,
        "values": sum(each.count for each in outcome.found), "steps": len(steps),
        "seconds": round(time.perf_counter() - began, 2),
        "processor_seconds": round(time.process_time(), 2), "peak_mb": peak_mb(),
        "first_sum": str(Decimal(sums[0]).scaleb(-outcome.found[0].decimals)),
    }


def peak_mb() -> int:
    """The most memory that this program has held, in megabytes; not what began it."""
    said = Path("/proc/self/status").read_text(encoding="ascii")
    held = next(line for line in said.splitlines() if line.startswith("VmHWM"))
    return int(held.split()[1]) * 1024 // 1_000_000


def bench(say: Callable[[str], object], *, out: Path | None = None,
          years: Sequence[int] = (1, 3, 10)) -> bool:
    """Measure the engine alone on each size, as CSV where it is small enough to upload, and as
    Parquet; then the whole way in the portal, and a worker that is killed on it.
    """
    with tempfile.TemporaryDirectory(prefix="cdm-bench-") as home:
        for count in years:
            for ending in ("csv", "parquet"):
                path = Path(home) / f"{count}.{ending}"
                write(path, years=count)
                if path.stat().st_size > source.MAX_SERIES_BYTES:
                    say(f"{count} years of CSV are {path.stat().st_size // 1_000_000} MB: "
                        "more than may be uploaded.")
                else:
                    row = _measured(path, count)
                    say("  ".join(f"{key} {value}" for key, value in row.items()))
                    _keep(out, row)
                path.unlink()
        return _whole_way(say, Path(home), out, years)


def _whole_way(
    say: Callable[[str], object], home: Path, out: Path | None, years: Sequence[int]
) -> bool:
    """The table of the portal's own way; whether the first size is within its limits."""
    whole_way = importlib.import_module("tests.benchmarks.whole_way")
    cluster = importlib.import_module("tests.benchmarks.cluster")
    with cluster.migrated(home) as place:
        url, cast = place.url("cdm_owner"), whole_way.Cast.assemble()
        ways = [(years[0], "csv"), *((count, "parquet") for count in years)]
        rows = [
            whole_way.measured(whole_way.sent(cast, home, years=count, ending=ending), url)
            for count, ending in ways
        ]
        killed = whole_way.killed(
            whole_way.sent(cast, home, years=years[0], ending="csv"), url, KILLED_AT
        )
    for line in whole_way.table(rows):
        say(line)
    for row in (*rows, killed):
        _keep(out, row)
    for line in whole_way.told(rows, killed):
        say(line)
    return bool(whole_way.within(rows[0]))


def _keep(out: Path | None, row: dict[str, object]) -> None:
    if out is not None:
        with out.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")


def _measured(path: Path, years: int) -> dict[str, object]:
    answer = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.readings", str(path), str(years)], cwd=ROOT,
        check=True, capture_output=True, text=True,
    )
    found: dict[str, object] = json.loads(answer.stdout)
    return found | {"at": datetime.now(UTC).isoformat(timespec="seconds")}


if __name__ == "__main__":
    print(json.dumps(engine(sys.argv[1], int(sys.argv[2]))))
