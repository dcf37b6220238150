"""One slice: run a variant with so many clients for so many seconds, and what it cost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from cdm_portal.runtime.places import ROOT
from tests.benchmarks import counters
from tests.benchmarks.cluster import Ground
from tests.benchmarks.variants import Variant


@dataclass(frozen=True, slots=True)
class Slice:
    """What one slice measured. Times in microseconds; `*_per_sale` of everything it caused."""

    variant: str
    clients: int
    sales: int
    rate: float
    p50: float
    p99: float
    fsyncs_per_sale: float
    wal_per_sale: float
    cpu_per_sale: float
    caller_cpu_per_sale: float | None


@dataclass(frozen=True, slots=True)
class Length:
    """How long a slice lasts: so many seconds, or (pgbench alone) so many calls of each client."""

    seconds: float = 2
    calls: int = 0

    def for_pgbench(self) -> tuple[str, str]:
        """The option of pgbench."""
        return ("-t", str(self.calls)) if self.calls else ("-T", str(max(1, round(self.seconds))))


def slice_of(place: Ground, variant: Variant, clients: int, length: Length) -> Slice:
    """Tidy up, CHECKPOINT, read, run, read again. Raises RuntimeError if a client met an error."""
    if variant.sealing:
        place.ask("SELECT registry_seal_rows()")  # what earlier slices left is not this one's
    place.ask("VACUUM (ANALYZE)")
    place.ask("CHECKPOINT")
    before, booked = counters.read(place), _booked(place)
    run = _pgbench if variant.script else _python
    with sealing(place) if variant.sealing else nullcontext():
        told = run(place, variant, clients, length)
    if told["errors"]:
        raise RuntimeError(f"{variant.name} with {clients} clients: {told['errors'][0]}")
    cost = counters.read(place) - before
    latencies = told["latencies"]
    sales = (len(latencies) + told["warm"]) * variant.sales
    if variant.database == "cdm" and _booked(place) - booked != sales:
        raise RuntimeError(
            f"{variant.name}: {sales} sales counted, {_booked(place) - booked} booked"
        )
    caller = told.get("caller_cpu")
    return Slice(
        variant=variant.name, clients=clients, sales=sales,
        rate=told["rate"] * variant.sales,
        p50=_quantile(latencies, 50) * 1e6, p99=_quantile(latencies, 99) * 1e6,
        fsyncs_per_sale=cost.fsyncs / sales, wal_per_sale=cost.wal_bytes / sales,
        cpu_per_sale=cost.cpu / sales * 1e6,
        caller_cpu_per_sale=None if caller is None else caller / sales * 1e6,
    )  # fmt: skip


def statements_per_call(place: Ground, variant: Variant) -> int:
    """What one call sends to the server, BEGIN and COMMIT included: counted in the server's log."""
    place.ask(f"ALTER ROLE {variant.role} SET log_statement = 'all'")
    try:
        begin = place.cluster.log.stat().st_size
        one = slice_of(place, variant, 1, Length(seconds=1))
        with place.cluster.log.open(encoding="utf-8") as log:
            log.seek(begin)
            lines = sum(
                1 for line in log if "LOG:  statement: " in line or "LOG:  execute " in line
            )
    finally:
        place.ask(f"ALTER ROLE {variant.role} RESET log_statement")
    return round(lines * variant.sales / one.sales)


@contextmanager
def sealing(place: Ground) -> Iterator[None]:
    """Meanwhile somebody seals the log twice a second, as the signer does every few seconds."""
    over = threading.Event()

    def seal() -> None:
        line = psycopg2.connect(place.cluster.url("cdm_signer"))
        line.autocommit = True
        with line.cursor() as cursor:
            while not over.wait(0.5):
                cursor.execute("SELECT registry_seal_rows()")
        line.close()

    signer = threading.Thread(target=seal)
    signer.start()
    try:
        yield
    finally:
        over.set()
        signer.join()


def _booked(place: Ground) -> int:
    """How many sales stand in the books and in those of the references."""
    tables = ("registry_cancellation", "bench_sale", "bench_cancellation")
    return sum(int(place.ask(f"SELECT count(*) FROM {table}")[0][0]) for table in tables)


def _quantile(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else 0.0


def _pgbench(place: Ground, variant: Variant, clients: int, length: Length) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "sale.sql")
        script.write_text(variant.script, encoding="utf-8")
        command = [
            place.cluster.bindir / "pgbench", "-h", place.cluster.sockets, "-U", variant.role,
            "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)),
            *length.for_pgbench(), "-l", "--log-prefix", str(Path(folder, "log")),
            "-D", f"lot={place.hot}", "-f", script, variant.database,
        ]  # fmt: skip
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if done.returncode:
            return {"errors": [done.stderr[-500:]]}
        lines = [
            line.split() for log in Path(folder).glob("log*")
            for line in log.read_text(encoding="utf-8").splitlines()
        ]  # fmt: skip
    latencies = sorted(int(line[2]) / 1e6 for line in lines)
    rate = float(done.stdout.split("tps = ")[1].split()[0])
    return {"latencies": latencies, "rate": rate, "warm": 0, "errors": []}


def _python(place: Ground, variant: Variant, clients: int, length: Length) -> dict[str, Any]:
    order = {
        "settings": variant.settings, "module": variant.module, "sale": variant.sale,
        "clients": clients, "seconds": length.seconds,
        "lots": [place.hot],
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.clients"],
        input=json.dumps(order), capture_output=True, text=True, cwd=ROOT,
        env=python_environment(place, variant),
    )  # fmt: skip
    if done.returncode:
        return {"errors": [done.stderr[-500:]]}
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def python_environment(place: Ground, variant: Variant) -> dict[str, str]:
    """This process's, with the private database in front of the client."""
    return {**os.environ, "DATABASE_URL": place.cluster.url(variant.role, variant.database)}
