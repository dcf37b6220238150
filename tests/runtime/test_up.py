"""`manage.py up`, as a reader runs it: to the first page, through a death, to a clean end."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cdm_portal.runtime.places import ROOT

SERVERS = ("DATABASE", "REDIS", "CDM_", "SECRET_KEY", "DJANGO", "PYTEST")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Portal:
    """A portal on a data directory of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.terminal = home.with_name("terminal.log")
        env = {k: v for k, v in os.environ.items() if not k.startswith(SERVERS)}
        self.env = env
        with self.terminal.open("wb") as output:
            self.process = subprocess.Popen(
                self.command("up", "--no-demo", "--port", str(self.port)),
                env=env, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            )

    def command(self, *words: str) -> list[str]:
        first, *rest = words
        manage = str(ROOT / "manage.py")
        return [sys.executable, manage, first, "--data", str(self.home), *rest]

    def said(self) -> str:
        return self.terminal.read_text(encoding="utf-8", errors="replace")

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.home / "state.json").read_text(encoding="utf-8"))
        return found

    def pid(self, name: str) -> int:
        return int(self.state()["children"][name]["pid"])

    def health(self) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*words), env=self.env, capture_output=True, text=True)

    def until(self, what: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, self.said()[-6000:]
            time.sleep(0.2)

    def descendants(self) -> list[str]:
        """Command lines of everything that runs on this data directory or serves this port."""
        marks = (str(self.home).encode(), f"--port\0{self.port}".encode())
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                line = (path / "cmdline").read_bytes()
                environ = (path / "environ").read_bytes()
            except OSError:
                continue
            if int(path.name) != os.getpid() and any(m in line or m in environ for m in marks):
                found.append(line.replace(b"\0", b" ").decode("utf-8", "replace"))
        return found


def environment(pid: int) -> str:
    return Path(f"/proc/{pid}/environ").read_bytes().decode()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For both runs: the first begins from nothing, the second where that ended."""
    return tmp_path_factory.mktemp("portal") / "data"


@pytest.fixture
def portal(home: Path) -> Iterator[Portal]:
    portal = Portal(home)
    yield portal
    if portal.process.poll() is None:
        portal.process.kill()
        portal.process.wait()


def test_a_run_serves_survives_a_dead_worker_and_ends_clean(portal: Portal) -> None:
    portal.until(lambda: "ready http://" in portal.said() or portal.process.poll() is not None, 180)
    assert f"ready http://127.0.0.1:{portal.port}/" in portal.said()
    status, parts = portal.health()
    assert status == 200
    assert all(part["ok"] for part in parts.values())

    second = portal.run("up")
    assert second.returncode == 1
    assert f"Already running on {portal.home}" in second.stdout
    assert f"http://127.0.0.1:{portal.port}/" in second.stdout

    told = portal.run("status")
    assert told.returncode == 0, told.stderr
    for name in ("postgres", "redis", "web", "worker", "signer", "beat", "housekeeping"):
        assert name in told.stdout

    key, certificates = portal.home / "signing_key", portal.home / "certificate_key.p12"
    portal.until(certificates.exists, 60)
    for file in (key, certificates):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = {name: environment(portal.pid(name)) for name in ("web", "worker", "signer", "beat")}
    for file in (key, certificates):
        assert {name for name, words in told.items() if str(file) in words} == {"signer"}
    assert {name for name, words in told.items() if "cdm_signer@" in words} == {"signer"}

    shared = portal.run("clock")
    assert shared.returncode == 0, shared.stderr
    assert "0 days ahead" in shared.stdout

    killed = portal.pid("worker")
    os.kill(killed, signal.SIGKILL)
    portal.until(lambda: "worker started again" in portal.said())
    assert "worker died: killed by SIGKILL" in portal.said()
    assert portal.pid("worker") != killed
    assert portal.health()[1]["database"]["ok"] is True

    portal.process.send_signal(signal.SIGINT)
    assert portal.process.wait(60) == 0
    assert portal.said().rstrip().endswith("stopped")
    assert portal.descendants() == []
    assert not (portal.home / "state.json").exists()
    assert "database system is shut down" in (portal.home / "log" / "postgres.log").read_text()

    alone = portal.run("clock")
    assert alone.returncode == 0, alone.stderr
    assert portal.descendants() == []


def test_a_killed_run_takes_everything_with_it_and_a_dead_database_ends_it(
    portal: Portal,
) -> None:
    portal.until(lambda: "ready http://" in portal.said() or portal.process.poll() is not None, 180)
    portal.process.kill()
    portal.process.wait()
    portal.until(lambda: portal.descendants() == [], 20)
    log = (portal.home / "log" / "postgres.log").read_text(encoding="utf-8")
    assert log.rstrip().endswith("database system is shut down")

    again = Portal(portal.home)
    try:
        again.until(
            lambda: "ready http://" in again.said() or again.process.poll() is not None, 120
        )
        os.kill(again.pid("postgres"), signal.SIGKILL)
        assert again.process.wait(60) == 1
        assert "postgres died: killed by SIGKILL" in again.said()
        assert "Without postgres nothing can go on." in again.said()
        assert again.descendants() == []
    finally:
        if again.process.poll() is None:
            again.process.kill()
