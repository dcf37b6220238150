"""The tests' own PostgreSQL and Redis: started when pytest loads this plugin, gone when it ends.

A plugin and not a conftest, since pytest-django reads the settings before any conftest. The other
processes of a parallel run inherit the environment and start nothing.
"""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Any

from cdm_portal.runtime.postgres import Cluster
from cdm_portal.runtime.redis import Redis

CONNECTIONS = 150
_running: list[tuple[Path, Cluster, Redis]] = []


def _boot() -> None:
    """Start throw-away servers unless the environment names real ones."""
    os.environ.setdefault("CDM_ENV", "test")
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
    if os.environ.get("DATABASE_URL"):
        return
    home = Path(tempfile.mkdtemp(prefix="cdm-test-"))
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
