"""The tests' own PostgreSQL and Redis: started when pytest loads this plugin, gone when it ends.

A plugin and not a conftest, since pytest-django reads the settings before any conftest. The other
processes of a parallel run inherit the environment and start nothing.
"""

import atexit
import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from cdm_portal.runtime.postgres import Cluster
from cdm_portal.runtime.redis import Redis

CONNECTIONS = 150
NAME = "cdm-test-"
MEMORY = Path("/dev/shm")  # noqa: S108 - folders of 0700 with names of their own
ROOM = 6 * 2**30  # bytes that must be free; a run takes two or three thousand million
_running: list[tuple[Path, Cluster, Redis]] = []


def _home() -> Path:
    """A folder for the servers' files, in memory where there is plenty of it.

    A copy of a database is a thousand files, and a run makes hundreds of copies. Elsewhere, and for
    `--full`, whose databases are large, it is the usual place for temporary files.
    """
    in_memory = "--full" not in sys.argv and _room() >= ROOM
    place = MEMORY if in_memory else Path(tempfile.gettempdir())
    for left in MEMORY.glob(f"{NAME}[0-9]*-*") if in_memory else ():  # by a run that was killed
        if not Path("/proc", left.name.split("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{NAME}{os.getpid()}-", dir=place))


def _room() -> int:
    """How many bytes may be kept in memory; 0 where there is no such place."""
    try:
        told = Path("/proc/meminfo").read_text(encoding="ascii")
        available = 1024 * int(told.partition("MemAvailable:")[2].split()[0])
        usable = MEMORY.is_mount() and os.access(MEMORY, os.W_OK | os.X_OK)
        return min(available, shutil.disk_usage(MEMORY).free) if usable else 0
    except (OSError, IndexError, ValueError):
        return 0


def _boot() -> None:
    """Start throw-away servers unless the environment names real ones."""
    os.environ.setdefault("CDM_ENV", "test")
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
    # A run starts dozens of programs of ours: only the first need compile the modules.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if os.environ.get("DATABASE_URL"):
        return
    home = _home()
    cluster = Cluster(home, throw_away=True, max_connections=CONNECTIONS)
    redis = Redis(home)
    _running.append((home, cluster, redis))
    cluster.start()
    redis.start()
    os.environ["DATABASE_URL"] = cluster.url("cdm_owner")
    os.environ["DATABASE_OWNER_URL"] = cluster.url("cdm_owner")
    os.environ["DATABASE_AUDIT_URL"] = cluster.url("cdm_audit")
    os.environ["DATABASE_SIGNER_URL"] = cluster.url("cdm_signer")
    if "REDIS_URL" not in os.environ:
        os.environ.update(redis.addresses())


def _stop() -> None:
    """Stop the servers and delete their files; a second call finds nothing to do."""
    while _running:
        home, cluster, redis = _running.pop()
        redis.stop()
        cluster.stop()
        cluster.destroy()
        shutil.rmtree(home, ignore_errors=True)


def pytest_unconfigure(config: Any) -> None:
    """The end of the run."""
    del config
    _stop()


atexit.register(_stop)  # pytest may end before it is configured, on a wrong setting for one
_boot()
