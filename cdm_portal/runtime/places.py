"""Where a run keeps its state: one private directory, `.cdm/` beside `manage.py` unless told."""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdm_portal.runtime.errors import CannotRun, InUse

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_DATA = ROOT / ".cdm"
LONGEST_SOCKET_PATH = 107  # bytes of sockaddr_un.sun_path on Linux, less the closing zero


@dataclass(frozen=True)
class Places:
    """The files and folders of one data directory."""

    home: Path

    @classmethod
    def at(cls, home: Path) -> "Places":
        """The places under `home`, made (mode 0700) where they are missing."""
        places = cls(home.expanduser().resolve())
        for folder in (places.home, places.log, places.redis, places.beat, places.static):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        places.media.mkdir(mode=0o700, exist_ok=True)
        places.home.chmod(0o700)
        return places

    @property
    def log(self) -> Path:
        """One log file per process."""
        return self.home / "log"

    @property
    def redis(self) -> Path:
        """The broker's append-only file, or the folder of the file-system broker."""
        return self.home / "redis"

    @property
    def static(self) -> Path:
        """Collected style sheets, scripts and fonts."""
        return self.home / "static"

    @property
    def media(self) -> Path:
        """Uploaded files."""
        return self.home / "media"

    @property
    def mail(self) -> Path:
        """Mails that were sent without a mail server, one file each."""
        return self.home / "mail"

    @property
    def beat(self) -> Path:
        """The timetable's memory."""
        return self.home / "beat"

    @property
    def mode(self) -> Path:
        """Says whether this data directory was last served as `demo` or as `local`."""
        return self.home / "mode"

    @property
    def state(self) -> Path:
        """What runs on this directory now: command, process ids, addresses (JSON)."""
        return self.home / "state.json"

    def empty(self) -> None:
        """Delete everything but the lock, which the caller holds."""
        for entry in self.home.iterdir():
            if entry.name == "lock":
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        Places.at(self.home)

    def secret_key(self) -> str:
        """The key that signs sessions, made once for this data directory."""
        path = self.home / "secret_key"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(50))
        return path.read_text(encoding="utf-8")

    def signing_key(self) -> Path:
        """The file with the key that signs tree heads, made once; read by the signer alone."""
        path = self.home / "signing_key"
        if not path.exists():
            write_private(path, secrets.token_hex(32))
        return path

    @property
    def certificate_key(self) -> Path:
        """The file with the key that signs certificates; the signer makes it when it starts."""
        return self.home / "certificate_key.p12"

    @property
    def heads(self) -> Path:
        """Every signed tree head, kept outside the database."""
        return self.home / "heads.jsonl"

    def read_state(self) -> dict[str, Any]:
        """The running command's own description; empty when nothing runs."""
        try:
            state = json.loads(self.state.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def write_state(self, state: dict[str, Any]) -> None:
        """Replace the description of what runs, in one step."""
        write_private(self.state, json.dumps(state, indent=1))

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the directory alone.

        Raises InUse when another command holds it. The lock dies with its process, so a killed
        run never blocks the next one.
        """
        with (self.home / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InUse(f"{self.home} is in use by another command.") from None
            try:
                yield
            finally:
                self.state.unlink(missing_ok=True)

    @contextlib.contextmanager
    def borrowed(self) -> Iterator[None]:
        """Count as a guest of the servers that another command started."""
        with (self.home / "guests").open("a") as guests:
            fcntl.flock(guests, fcntl.LOCK_SH)
            yield

    def wait_for_guests(self) -> None:
        """Return when no other command uses the servers any more."""
        with (self.home / "guests").open("a") as guests:
            fcntl.flock(guests, fcntl.LOCK_EX)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)


def fingerprint(path: Path) -> str:
    """A short name for a folder, the same at every start."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def socket_directory(home: Path) -> Path:
    """A folder of mode 0700 whose sockets fit into a socket address: `home`/run if that fits.

    Raises CannotRun when somebody else made the stand-in folder first.
    """
    run = home / "run"
    if len(os.fsencode(run / ".s.PGSQL.5432.lock")) > LONGEST_SOCKET_PATH:
        run = Path(tempfile.gettempdir()) / f"cdm-{fingerprint(home)}-{os.getuid()}"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = run.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise CannotRun(f"{run} belongs to somebody else; remove it or choose another --data.")
    run.chmod(0o700)
    return run
