"""What one must know of a machine to read a figure that it gave."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from cdm_portal.runtime.places import ROOT
from tests.benchmarks.cluster import Ground


def of(place: Ground) -> dict[str, object]:
    """Machine, PostgreSQL, its durability, the cost of one fsync, and the commit measured."""
    durable = {
        name: place.ask("SELECT current_setting(%s)", name)[0][0]
        for name in ("fsync", "synchronous_commit", "full_page_writes", "wal_sync_method",
                     "data_checksums", "shared_buffers")
    }  # fmt: skip
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "commit": _commit(),
        "processor": _processor(), "processors": os.cpu_count(), "load": os.getloadavg()[0],
        "kernel": platform.release(), "python": platform.python_version(),
        "postgresql": place.cluster.version, **durable,
    }  # fmt: skip


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), "unknown")


def _commit() -> str:
    asked = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True).stdout.strip()
