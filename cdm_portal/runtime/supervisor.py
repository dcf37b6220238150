"""`manage.py up`: everything the portal needs, started in order, watched, and stopped clean."""

import argparse
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from cdm_portal.runtime import embedded, places, processes, web
from cdm_portal.runtime.errors import CannotRun, InUse
from cdm_portal.runtime.places import DEFAULT_DATA, ROOT, Places
from cdm_portal.runtime.restarts import Restarts
from cdm_portal.runtime.terminal import Tail, say

TICK = 0.2  # seconds between two looks at the children
SHOWN_LINES = 20  # of a dead child's log
PATIENCE = 180.0  # seconds until every child must be ready


class Stopped(Exception):
    """The reader asked the run to stop."""


@dataclass(frozen=True)
class Options:
    """What `up` was asked for."""

    port: int | None
    data: Path
    demo: bool
    reset: bool
    yes: bool


def options(arguments: Sequence[str]) -> Options:
    """Read the command line of `up`; exits with a usage message when it is wrong."""
    parser = argparse.ArgumentParser(prog="manage.py up", description="Serve the portal here.")
    parser.add_argument("--port", type=int, help="of 127.0.0.1 (default: 8000 or the next free)")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="where state is kept")
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="no demonstration")
    parser.add_argument("--reset", action="store_true", help="delete the data directory first")
    parser.add_argument("--yes", action="store_true", help="do not ask before --reset")
    return Options(**vars(parser.parse_args(arguments)))


def up(options: Options) -> int:
    """Serve the portal until it is told to stop; answers the exit code."""
    if os.environ.get("CDM_ENV") == "production":
        raise CannotRun("`up` is for one machine; production runs its processes itself.")
    for name in ("DATABASE_OWNER_URL", "DATABASE_SIGNER_URL"):
        if os.environ.get("DATABASE_URL") and not os.environ.get(name):
            raise CannotRun(f"DATABASE_URL is set: {name} must name that role's too.")
    here = Places.at(options.data)
    try:
        with here.held():
            if options.reset and not _emptied(here, options):
                return 1
            return Run(here, options).serve()
    except InUse:
        running = here.read_state()
        where = running.get("url") or f"process {running.get('pid', 'unknown')}"
        say(f"Already running on {here.home}: {running.get('command', 'a command')}, {where}")
        return 1


def _emptied(here: Places, options: Options) -> bool:
    """Delete the data after a question; whether it was deleted."""
    if not options.yes:
        say(f"This deletes everything in {here.home}.")
        if not sys.stdin.isatty() or input("Delete it? [y/N] ").strip().lower() != "y":
            say("Nothing was deleted.")
            return False
    embedded.Services(here, os.environ).destroy()
    here.empty()
    return True


@dataclass
class Watched:
    """A child that is to run as long as the run does, and how to start it."""

    name: str
    start: Callable[[], processes.Child]
    ready: Callable[[str], bool]
    vital: bool = False
    child: processes.Child | None = None
    tail: Tail | None = None
    restarts: Restarts = field(default_factory=Restarts)
    due: float | None = None

    def begin(self) -> None:
        """Start the child and follow its log."""
        self.child, self.due = self.start(), None
        self.tail = Tail(self.child)

    def describe(self) -> dict[str, float]:
        """For the state file: process id, start (seconds of the epoch), deaths of late."""
        if self.child is None:
            return {}
        up = time.time() - (time.monotonic() - self.child.started)
        return {"pid": self.child.process.pid, "up": up, "deaths": len(self.restarts.deaths)}


class Run:
    """One run of the portal on one data directory."""

    def __init__(self, here: Places, options: Options) -> None:
        self.here = here
        self.options = options
        self.began = time.monotonic()
        self.env = dict(os.environ)
        self.servers: embedded.Services
        self.watched: list[Watched] = []
        self.stopping = False
        self.url = ""
        self.description = embedded.describe_run("up", {})

    def serve(self) -> int:
        """Start in order, watch, stop in the reverse order; answers the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        self.servers = embedded.Services(self.here, self.env)
        code = 1
        try:
            self._start()
            self._watch()
        except Stopped:
            code = 0
        except CannotRun as reason:
            say(str(reason))
        finally:
            self._stop()
        return code

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _check(self) -> None:
        if self.stopping:
            raise Stopped

    # -- start ------------------------------------------------------------------------------

    def _start(self) -> None:
        port = web.choose_port(self.options.port)
        self.url = f"http://127.0.0.1:{port}/"
        self._frame()
        self._start_servers()
        for name, arguments in self._steps():
            began = time.monotonic()
            self._step(name, arguments)
            say(f"{name:>13} {time.monotonic() - began:5.1f} s")
        for watched in web.programs(self.here, self.env, port):
            self._keep(watched.name, watched.start, watched.ready)
        self._write_state()
        self._wait_until_ready(port)
        logins = self._logins()
        say(f"ready {self.url}")
        say(
            f"after {time.monotonic() - self.began:.1f} s · Ctrl-C stops it · logs: {self.here.log}"
        )
        if logins:
            say(logins)

    def _frame(self) -> None:
        places.write_private(self.here.mode, "demo" if self.options.demo else "local")
        self.env["CDM_ENV"] = embedded.last_mode(self.here)
        self.env |= embedded.frame(self.here, self.env)
        self.env |= {"SITE_URL": self.url.rstrip("/"), "PYTHONUNBUFFERED": "1"}
        self.env["DJANGO_SETTINGS_MODULE"] = "cdm_portal.settings"

    def _start_servers(self) -> None:
        cluster, redis = self.servers.cluster, self.servers.redis
        if cluster:
            self._keep("postgres", cluster.start, vital=True)
        self._check()
        if redis and redis.program:
            self._keep("redis", redis.start_server)
        self.env |= self.servers.addresses()
        for line in self.servers.describe():
            say(line)
        self._write_state()

    def _keep(
        self,
        name: str,
        start: Callable[[], processes.Child],
        ready: Callable[[str], bool] = bool,
        *,
        vital: bool = False,
    ) -> None:
        self._check()
        watched = Watched(name, start, ready, vital=vital)
        watched.begin()
        self.watched.append(watched)

    def _steps(self) -> Iterator[tuple[str, list[str]]]:
        yield "migrate", ["migrate", "--noinput"]
        if self.options.demo:
            yield "clock", ["clock", "--begin"]
            yield "seed_demo", ["seed_demo"]
        yield "collectstatic", ["collectstatic", "--noinput", "--verbosity", "0"]

    def _step(self, name: str, arguments: list[str]) -> str:
        """Run one management command to its end; answers its output, raises if it failed."""
        child = processes.spawn(
            name,
            [sys.executable, ROOT / "manage.py", *arguments],
            env=self.env,
            log=self.here.log / f"{name}.log",
            cwd=ROOT,
        )
        while child.alive:
            if self.stopping:
                child.stop(ask=signal.SIGINT)
                raise Stopped
            self._look_after()
            time.sleep(TICK / 4)
        if child.process.returncode:
            raise CannotRun(f"{name} failed:\n{_telling_lines(child.output())}\nLog: {child.log}")
        return child.output()

    def _wait_until_ready(self, port: int) -> None:
        deadline = time.monotonic() + PATIENCE
        waiting = [watched for watched in self.watched if watched.child]
        while waiting or not web.answers(port):
            self._check()
            self._look_after()
            waiting = [w for w in waiting if w.child and not w.ready(w.child.output())]
            if time.monotonic() > deadline:
                missing = ", ".join(w.name for w in waiting) or "web"
                raise CannotRun(f"Not ready after {PATIENCE:.0f} s: {missing}. {self.here.log}")
            time.sleep(TICK)

    def _logins(self) -> str:
        """The demonstration's sign-ins as a table; nothing where there are none."""
        with contextlib.suppress(CannotRun):
            return self._step("demo_logins", ["demo_logins"]).rstrip() if self.options.demo else ""
        return ""

    # -- watch ------------------------------------------------------------------------------

    def _watch(self) -> None:
        while True:
            self._check()
            self._look_after()
            time.sleep(TICK)

    def _look_after(self) -> None:
        """Show what the children wrote, bury the dead, start those whose time has come."""
        for watched in self.watched:
            if watched.tail:
                watched.tail.show()
            if watched.child and not watched.child.alive:
                self._bury(watched, watched.child)
            elif watched.due is not None and time.monotonic() >= watched.due:
                self._revive(watched)

    def _bury(self, watched: Watched, child: processes.Child) -> None:
        """Name a dead child, show its log, and set the time of its return."""
        died = time.monotonic()
        child.signal_group(signal.SIGKILL)
        say(f"{watched.name} died: {_how(child.process.returncode)}. Its log, {child.log}:")
        say(_telling_lines(child.output(), from_start=died - child.started < 10))
        watched.child = watched.tail = None
        if watched.vital:
            raise CannotRun(f"Without {watched.name} nothing can go on.")
        delay = watched.restarts.after_death(started=child.started, died=died)
        if delay is None:
            raise CannotRun(f"{watched.name} dies again and again: the run gives up.")
        say(f"{watched.name} starts again in {delay:.0f} s")
        watched.due = died + delay

    def _revive(self, watched: Watched) -> None:
        watched.begin()
        self._write_state()
        say(f"{watched.name} started again")

    def _write_state(self) -> None:
        state = self.description | {"addresses": self.servers.addresses()}
        state["url"] = self.url
        state["mode"] = self.env["CDM_ENV"]
        state["children"] = {w.name: w.describe() for w in self.watched if w.child}
        self.here.write_state(state)

    # -- stop -------------------------------------------------------------------------------

    def _stop(self) -> None:
        """Stop beat first and PostgreSQL last; name who did not obey."""
        say("stopping …")
        unclean = []
        for watched in reversed(self.watched):
            if watched.child:
                ask = signal.SIGINT if watched.vital else signal.SIGTERM
                code = watched.child.stop(ask=ask)
                if code not in (0, -ask):  # -ask: it had not yet come to listening
                    unclean.append(f"{watched.name} with {_how(code)}")
            if watched.tail:
                watched.tail.show()
        say(f"stopped; {', '.join(unclean)}" if unclean else "stopped")


def _telling_lines(output: str, *, from_start: bool = False) -> str:
    """The lines of a log that tell why: the first ones of a failed start, else the last."""
    lines = output.strip().splitlines()
    shown = lines[:SHOWN_LINES] if from_start else lines[-SHOWN_LINES:]
    return "\n".join(f"    {line}" for line in shown)


def _how(returncode: int) -> str:
    if returncode >= 0:
        return f"exit code {returncode}"
    return f"killed by {signal.Signals(-returncode).name}"
