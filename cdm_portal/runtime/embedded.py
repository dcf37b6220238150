"""The servers a command needs, and the environment in which it finds them."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from cdm_portal.runtime.errors import CannotRun, InUse
from cdm_portal.runtime.places import Places
from cdm_portal.runtime.postgres import Cluster
from cdm_portal.runtime.redis import Redis

OWNER_COMMANDS = {
    "clock",
    "import_unfccc",
    "makemigrations",
    "migrate",
    "optimizemigration",
    "showmigrations",
    "sqlmigrate",
    "squashmigrations",
}
SERVERLESS_COMMANDS = {
    "calculate",
    "collectstatic",
    "compilemessages",
    "help",
    "makemessages",
    "version",
}


class Services:
    """The database and the broker of one data directory: the reader's own, or embedded ones."""

    def __init__(self, places: Places, environ: Mapping[str, str]) -> None:
        self.places = places
        self.environ = environ
        production = environ.get("CDM_ENV") == "production"
        missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not environ.get(name)]
        if production and missing:
            raise CannotRun(f"In production {' and '.join(missing)} must name real servers.")
        self.cluster = None if environ.get("DATABASE_URL") else Cluster(places.home)
        self.redis = None if environ.get("REDIS_URL") else Redis(places.home)

    def describe(self) -> list[str]:
        """One line per server: on which rung the run stands."""
        return [
            str(self.cluster) if self.cluster else "PostgreSQL at DATABASE_URL",
            str(self.redis) if self.redis else "Redis at REDIS_URL",
        ]

    def start(self) -> dict[str, str]:
        """Start what is embedded; answers the environment in which it is found."""
        if self.cluster:
            self.cluster.start()
        if self.redis:
            self.redis.start()
        return self.addresses()

    def stop(self) -> list[int]:
        """Stop what was started, the database last; answers the exit codes."""
        return [server.stop() for server in (self.redis, self.cluster) if server]

    def destroy(self) -> None:
        """Delete the embedded servers' files, wherever they are; nothing runs on them."""
        if self.cluster:
            self.cluster.destroy()

    def addresses(self) -> dict[str, str]:
        """The variables that settings read, for the servers that are embedded."""
        found: dict[str, str] = {}
        if self.cluster:
            found["DATABASE_URL"] = self.cluster.url("cdm_app")
            found["DATABASE_OWNER_URL"] = self.cluster.url("cdm_owner")
            found["DATABASE_AUDIT_URL"] = self.cluster.url("cdm_audit")
            found["DATABASE_SIGNER_URL"] = self.cluster.url("cdm_signer")
        if self.redis:
            found |= self.redis.addresses()
        return found


def frame(places: Places, environ: Mapping[str, str]) -> dict[str, str]:
    """What every process of a data directory is told besides the servers."""
    told = {
        "CDM_ENV": last_mode(places),
        "CDM_STATIC_ROOT": str(places.static),
        "CDM_MEDIA_ROOT": str(places.media),
        "CDM_MAIL_ROOT": str(places.mail),
        "HEADS_FILE": str(places.heads),
    }
    if not environ.get("SECRET_KEY"):
        told["SECRET_KEY"] = places.secret_key()
    return {name: value for name, value in told.items() if not environ.get(name)}


def last_mode(places: Places) -> str:
    """`demo` or `local`, as this data directory was last served."""
    return places.mode.read_text(encoding="utf-8").strip() if places.mode.exists() else "demo"


@contextlib.contextmanager
def for_command(command: str, home: Path) -> Iterator[None]:
    """Put the servers' addresses into this process's environment for one management command.

    The running portal's servers if it runs on this data directory; otherwise embedded ones for
    the command's own duration. An environment that names its servers is left as it is.
    """
    if command in SERVERLESS_COMMANDS or os.environ.get("CDM_ENV") == "production":
        yield
        return
    places = Places.at(home)
    os.environ.update(frame(places, os.environ))
    with contextlib.ExitStack() as stack:
        if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
            found = stack.enter_context(_servers(command, places))
            os.environ.update(unnamed(found, os.environ))
        yield


def unnamed(found: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """The addresses of servers that the reader has not named; one owner per database."""
    named = tuple(name for name in ("DATABASE_URL", "REDIS_URL") if environ.get(name))
    families = tuple(name.removesuffix("URL") for name in named)
    return {name: value for name, value in found.items() if not name.startswith(families)}


def as_owner(command: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The change of address for commands that only the database's owner may run."""
    if command in OWNER_COMMANDS and environ.get("DATABASE_OWNER_URL"):
        return {"DATABASE_URL": environ["DATABASE_OWNER_URL"], "CDM_AS_OWNER": "1"}
    return {}


@contextlib.contextmanager
def _servers(command: str, places: Places) -> Iterator[dict[str, str]]:
    try:
        with places.held(), _own_servers(command, places) as addresses:
            yield addresses
    except InUse:
        with places.borrowed():
            yield _addresses_of_the_running(places)


@contextlib.contextmanager
def _own_servers(command: str, places: Places) -> Iterator[dict[str, str]]:
    servers = Services(places, os.environ)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        addresses = servers.start()
        places.write_state(describe_run(command, addresses))
        yield addresses
        places.wait_for_guests()
    finally:
        servers.stop()


def _addresses_of_the_running(places: Places) -> dict[str, str]:
    """Wait a moment for a run that is only just starting, then read where its servers are."""
    deadline = time.monotonic() + 30
    while not (addresses := places.read_state().get("addresses")):
        if time.monotonic() > deadline:
            raise CannotRun(f"{places.home} is in use, but by nothing that can be talked to.")
        time.sleep(0.2)
    return {str(name): str(value) for name, value in addresses.items()}


def describe_run(command: str, addresses: Mapping[str, str]) -> dict[str, object]:
    """The beginning of a state file; times in UTC."""
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return {"command": command, "pid": os.getpid(), "since": since, "addresses": dict(addresses)}
