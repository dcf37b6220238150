"""The portal's own four programs, as the supervisor runs them, and the port they serve."""

import http.client
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cdm_portal.runtime import processes
from cdm_portal.runtime.errors import CannotRun
from cdm_portal.runtime.places import ROOT, Places

FIRST_PORT = 8000
PORTS_TRIED = 100
THREADS = 4  # per web process; they wait for the database most of the time
OWNERS_ALONE = ("DATABASE_OWNER_URL", "DATABASE_SIGNER_URL")


@dataclass(frozen=True)
class Program:
    """How to start a program, and how its log says that it is ready."""

    name: str
    start: Callable[[], processes.Child]
    ready: Callable[[str], bool]


def programs(here: Places, env: Mapping[str, str], port: int) -> list[Program]:
    """Web, worker, signer and beat. None is told the owner's address; the signer alone its own
    and where its keys are."""
    told = without_owners(env)
    signs = told | {
        "DATABASE_URL": env["DATABASE_SIGNER_URL"], "SIGNING_KEY_FILE": str(here.signing_key()),
        "CERTIFICATE_KEY_FILE": str(here.certificate_key),
    }  # fmt: skip
    celery = [sys.executable, "-m", "celery", "-q", "-A", "cdm_portal.celery"]
    return [
        _program(here, told, "web", granian(port), "Listening at"),
        _program(here, told, "worker", [*celery, *WORKER], " ready."),
        _program(here, signs, "signer", [*celery, *SIGNER], " ready."),
        _program(here, told, "beat", [*celery, "beat", *_beat(here)], "beat: Starting"),
    ]


def without_owners(env: Mapping[str, str]) -> dict[str, str]:
    """An environment less the addresses that only the owner's and the signer's programs need."""
    return {name: value for name, value in env.items() if name not in OWNERS_ALONE}


QUIET = ("--loglevel", "INFO", "--without-gossip", "--without-mingle")
WORKER = ("worker", "-c", "2", *QUIET)
SIGNER = ("worker", "-P", "solo", "-Q", "sealing", "-n", "signer@%h", *QUIET)


def _beat(here: Places) -> list[str | Path]:
    return ["--loglevel", "INFO", "--schedule", here.beat / "timetable", "--pidfile", ""]


def granian(port: int) -> list[str]:
    """The web server's command line: a process per core, each with a few waiting threads."""
    workers = str(min(os.cpu_count() or 1, 4))
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    server += ["--port", str(port), "--workers", workers, "--blocking-threads", str(THREADS)]
    return [*server, "--no-ws", "cdm_portal.wsgi:application"]


def _program(
    here: Places, env: Mapping[str, str], name: str, argv: Sequence[str | Path], ready: str
) -> Program:
    def start() -> processes.Child:
        return processes.spawn(name, argv, env=env, log=here.log / f"{name}.log", cwd=ROOT)

    return Program(name, start, lambda output: ready in output)


def choose_port(asked: int | None) -> int:
    """The port asked for, or the first free one from 8000. Raises CannotRun if there is none."""
    for port in [asked] if asked is not None else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if _free(port):
            return port
    raise CannotRun(f"Port {asked} is taken." if asked is not None else "No port is free.")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether `/healthz` answers: 200, or 503 while the first heartbeats are still to come."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status in (200, 503)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
