"""A whole portal of a test's own: database, broker, web server, worker, beat and signer, each a
process that the test may kill.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from cdm_portal.runtime import processes, testing, web
from cdm_portal.runtime.places import ROOT
from cdm_portal.runtime.postgres import Cluster
from cdm_portal.runtime.redis import Redis

PATIENCE = 60.0  # seconds until what is expected must be said
PARTS = ("database", "broker", "worker", "beat")


@dataclass
class Portal:
    """The four parts and the web server that tells of them."""

    cluster: Cluster
    redis: Redis
    port: int
    env: Mapping[str, str]
    folder: Path
    children: dict[str, processes.Child] = field(default_factory=dict)

    def begin(self, name: str, *, application: str = "") -> None:
        """Start a program as the supervisor does, and wait until it says that it is ready.

        `application` names another one for the web server to serve than the portal.
        """
        celery = [sys.executable, "-m", "celery", "-A", "cdm_portal.celery"]
        command, ready = {
            "web": (web.granian(self.port), "Listening at"),
            "worker": ([*celery, *web.WORKER], " ready."),
            "beat": ([*celery, "beat", "--loglevel", "INFO", "--pidfile", "", "--schedule",
                      str(self.folder / "timetable")], "beat: Starting"),
        }[name]
        if application:
            command = [*command[:-1], application]
        log = self.folder / f"{name}.log"
        self.children[name] = processes.spawn(name, command, env=self.env, log=log, cwd=ROOT)
        testing.wait_for(self.children[name], ready)

    def end(self, name: str) -> None:
        """Kill a program and all that it started, as a machine short of memory does."""
        self.children[name].signal_group(signal.SIGKILL)
        self.children.pop(name).stop()

    def end_all(self) -> None:
        """Stop what still runs."""
        for child in self.children.values():
            child.stop()

    def health(self) -> tuple[int, dict[str, Any]]:
        """The status of `/healthz` and what it says of each part."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> tuple[int, dict[str, Any]]:
        """The first answer that is as wanted."""
        deadline = time.monotonic() + PATIENCE
        while True:
            status, found = self.health()
            if wanted(found):
                return status, found
            assert time.monotonic() < deadline, found
            time.sleep(0.3)

    def age(self, seconds: int) -> None:
        """Let every heartbeat be that much older."""
        connection = psycopg2.connect(self.cluster.url("cdm_app"))
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE cdm_heartbeat SET at = at - make_interval(secs => %s)", [seconds]
                )
        finally:
            connection.close()


def well(found: dict[str, Any]) -> set[str]:
    """The parts that live."""
    return {name for name in PARTS if found[name]["ok"]}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path) -> Iterator[Portal]:
    """All parts live, but for the signer; stopped and deleted at the end."""
    with ExitStack() as stack:
        cluster = stack.enter_context(testing.private_cluster(folder))
        redis = stack.enter_context(testing.private_redis(folder))
        env = {
            **os.environ, **redis.addresses(), "CDM_ENV": "test",
            "CDM_MAIL_ROOT": str(folder / "mail"),
            "DATABASE_URL": cluster.url("cdm_app"), "DATABASE_OWNER_URL": cluster.url("cdm_owner"),
        }
        migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--noinput"]
        done = subprocess.run(migrate, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        made = Portal(cluster, redis, free_port(), web.without_owners(env), folder)
        stack.callback(made.end_all)
        for name in ("web", "worker", "beat"):
            made.begin(name)
        yield made
