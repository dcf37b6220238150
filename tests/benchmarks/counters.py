"""What a slice cost the server, in counts that hardly feel a busy neighbour.

fsyncs from the server's own statistics, bytes of WAL from how far its log has come; processor
time of the backends from the kernel, as the time of the postmaster's children that have ended: so
a slice's connections are closed before the second reading.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.cluster import Ground

TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 10.0  # seconds until the backends of a slice are gone


@dataclass(frozen=True, slots=True)
class Reading:
    """Sums since the cluster began."""

    fsyncs: int
    wal_bytes: int
    commits: int
    cpu: float  # seconds of processor time of ended backends

    def __sub__(self, before: Reading) -> Reading:
        return Reading(
            self.fsyncs - before.fsyncs, self.wal_bytes - before.wal_bytes,
            self.commits - before.commits, self.cpu - before.cpu,
        )  # fmt: skip


def read(place: Ground) -> Reading:
    """Read once every backend but the administrator's has gone and its counts are in."""
    _wait_until_alone(place)
    # The administrator's VACUUM counts at once, not some time during the slice that follows it.
    place.ask("SELECT pg_stat_force_next_flush()")
    ((fsyncs, wal, commits),) = place.ask(
        "SELECT (SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal'),"
        " pg_current_wal_insert_lsn() - '0/0',"
        " (SELECT xact_commit FROM pg_stat_database WHERE datname = 'cdm')"
    )
    return Reading(int(fsyncs), int(wal), int(commits), _reaped(place))


def _wait_until_alone(place: Ground) -> None:
    deadline = time.monotonic() + PATIENCE
    while place.ask(
        "SELECT 1 FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    ):
        if time.monotonic() > deadline:
            raise TimeoutError("connections of the slice are still open")
        time.sleep(0.02)
    time.sleep(0.05)  # the last one is reaped a moment after it leaves the list


def _reaped(place: Ground) -> float:
    """User and system time of the postmaster's ended children, in seconds."""
    pid = int((place.cluster.data / "postmaster.pid").read_text().splitlines()[0])
    stat = Path(f"/proc/{pid}/stat").read_text()
    fields = stat[stat.rindex(")") + 2 :].split()
    return (int(fields[13]) + int(fields[14])) / TICK
