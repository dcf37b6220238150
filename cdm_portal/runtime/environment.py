"""The virtual environment: made once, kept equal to the hash-locked requirements."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from cdm_portal.runtime.errors import CannotRun
from cdm_portal.runtime.places import ROOT

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME_LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"
COVERS = {RUNTIME_LOCK: [RUNTIME_LOCK], DEV_LOCK: [RUNTIME_LOCK, DEV_LOCK]}


def enter(lock: str, argv: list[str]) -> None:
    """Make `.venv` hold what `lock` names, and go on inside it with the same arguments.

    Returns only inside the environment. Raises CannotRun when it cannot be made.
    """
    with _alone():
        if not _holds(lock):
            _install(lock)
    if not inside():
        os.execv(PYTHON, [str(PYTHON), *argv])


def enter_if_any(argv: list[str]) -> None:
    """Go on inside `.venv`; where Django is installed without one (an image), stay there."""
    if inside() or PYTHON.exists() or importlib.util.find_spec("django") is None:
        enter(RUNTIME_LOCK, argv)


def inside() -> bool:
    """Whether this very process runs in `.venv`."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def digest(lock: str) -> str:
    """The SHA-256 of a lock file, hexadecimal."""
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two commands on a fresh clone must not build the environment at the same time."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _stamp(lock: str) -> Path:
    return VENV / f"{lock}.sha256"


def _unfinished() -> Path:
    return VENV / "unfinished"


def _holds(lock: str) -> bool:
    if not PYTHON.exists() or _unfinished().exists():
        return False
    return _stamp(lock).exists() and _stamp(lock).read_text(encoding="ascii") == digest(lock)


def _install(lock: str) -> None:
    if VENV.exists() and (_unfinished().exists() or not PYTHON.exists()):
        shutil.rmtree(VENV)
    if not VENV.exists():
        VENV.mkdir()
        _unfinished().touch()
        _create()
    _unfinished().touch()
    print(f"Installing the packages of {lock} into .venv (about a minute) …", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / lock)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
        raise CannotRun(f"pip could not install {lock}; its message is above.")
    for covered in COVERS[lock]:
        _stamp(covered).write_text(digest(covered), encoding="ascii")
    _unfinished().unlink()


def _create() -> None:
    base = getattr(sys, "_base_executable", sys.executable)
    made = subprocess.run(
        [base, "-m", "venv", str(VENV)], check=False, capture_output=True, text=True
    )
    if made.returncode:
        print(made.stdout + made.stderr, file=sys.stderr)
        raise CannotRun("Python cannot make a virtual environment: apt-get install python3-venv")
