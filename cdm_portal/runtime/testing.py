"""What fault tests start for themselves: a durable cluster, a broker, a real worker, a portal."""

import contextlib
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from cdm_portal.runtime import processes
from cdm_portal.runtime.places import ROOT
from cdm_portal.runtime.postgres import Cluster
from cdm_portal.runtime.redis import Redis

PATIENCE = 60.0  # seconds until a worker must be ready


@contextlib.contextmanager
def private_cluster(folder: Path, *, max_connections: int = 120) -> Iterator[Cluster]:
    """A cluster with every safety on, for tests that kill it; stopped and deleted at the end."""
    cluster = Cluster(folder / "cluster", max_connections=max_connections)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        cluster.destroy()


@contextlib.contextmanager
def private_redis(folder: Path) -> Iterator[Redis]:
    """A broker of the test's own; stopped at the end."""
    redis = Redis(folder / "broker")
    try:
        redis.start()
        yield redis
    finally:
        redis.stop()


def address(url: str, *, role: str | None = None, database: str | None = None) -> str:
    """The same server's address for another role or another database."""
    parts = urlsplit(url)
    netloc = re.sub(r"^[^@]*@", f"{role}@", parts.netloc) if role else parts.netloc
    path = f"/{database}" if database else parts.path
    return urlunsplit(parts._replace(netloc=netloc, path=path))


@contextlib.contextmanager
def worker(
    env: Mapping[str, str], *, log: Path, processes_count: int = 1, queue: str = ""
) -> Iterator[processes.Child]:
    """A real Celery worker in a process of its own; `env` names its database and broker.

    It listens to one queue alone if that is named, else to all that a worker listens to.

    Yields once the worker says that it is ready; stops it (or what a test left of it) at the end.
    """
    command = [sys.executable, "-m", "celery", "-A", "cdm_portal.celery", "worker"]
    command += ["-c", str(processes_count), "--loglevel", "INFO"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    command += ["-Q", queue] if queue else []
    child = processes.spawn("worker", command, env={**os.environ, **env}, log=log, cwd=ROOT)
    try:
        wait_for(child, " ready.")
        yield child
    finally:
        child.stop()


def wait_for(child: processes.Child, text: str) -> None:
    """Return when a child has written `text`; raises AssertionError with its log if it does not."""
    deadline = time.monotonic() + PATIENCE
    while text not in child.output():
        if not child.alive or time.monotonic() > deadline:
            raise AssertionError(f"{child.name} never said {text!r}:\n{child.output()[-4000:]}")
        time.sleep(0.1)
