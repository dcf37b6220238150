"""Child processes that never outlive their parent and write one log file each."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
LARGEST_LOG = 10_000_000  # bytes; a larger file is set aside once at the next start
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Identity:
    """As whom a program runs: a prefix to its command line, or another user's id."""

    name: str = "as this user"
    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None

    @property
    def extra_groups(self) -> list[int] | None:
        """Another user takes none of root's groups along."""
        return None if self.user is None else []

    def run(
        self, argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a short program to its end from the root folder, its output captured as text."""
        return subprocess.run(
            [*self.prefix, *map(str, argv)],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            env=env,
            user=self.user,
            group=self.group,
            extra_groups=self.extra_groups,
        )


@dataclass
class Child:
    """A running program, its log and since when it runs (monotonic seconds)."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    log_start: int
    started: float = field(default_factory=time.monotonic)

    @property
    def alive(self) -> bool:
        """Whether the program still runs."""
        return self.process.poll() is None

    def output(self) -> str:
        """What this run of the program has written so far."""
        with self.log.open("rb") as log:
            log.seek(self.log_start)
            return log.read().decode("utf-8", "replace")

    def signal_group(self, number: int) -> None:
        """Send a signal to the program and to all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def stop(
        self, ask: int = signal.SIGTERM, insist: int = signal.SIGKILL, patience: float = 15
    ) -> int:
        """Ask the program to end, insist after `patience` seconds; answers its exit code."""
        if self.alive:
            self.process.send_signal(ask)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.process.send_signal(insist)
        code = self.process.wait()
        self.signal_group(signal.SIGKILL)
        return code


def spawn(
    name: str,
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path,
    cwd: Path,
    death_signal: int = signal.SIGTERM,
    identity: Identity | None = None,
) -> Child:
    """Start a program in a session of its own; it gets `death_signal` when this process dies."""
    identity = identity or Identity()
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        start = output.tell()
        process = subprocess.Popen(
            [*identity.prefix, *map(str, argv)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_die_with_parent(death_signal),  # noqa: PLW1509 - only prctl and getppid
            user=identity.user,
            group=identity.group,
            extra_groups=identity.extra_groups,
        )
    return Child(name, process, log, start)


def _die_with_parent(death_signal: int) -> Callable[[], None] | None:
    """For the child between fork and exec; the parent may die in that very moment too."""
    if _LIBC is None:
        return None
    libc, parent = _LIBC, os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:
            os._exit(1)

    return arrange
