"""Where the servers of a run keep their files."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cdm_portal.runtime import pytest_services as services


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place that passes for memory with plenty of room, in a run that is not a full one."""
    monkeypatch.setattr(services, "MEMORY", tmp_path)
    monkeypatch.setattr(services, "_room", lambda: services.ROOM)
    monkeypatch.setattr(sys, "argv", ["pytest"])
    return tmp_path


def test_what_a_killed_run_left_is_deleted_and_no_more(memory: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    left, lives, other = (
        memory / name
        for name in (f"cdm-test-{gone.pid}-a", f"cdm-test-{os.getpid()}-a", "cdm-test-else")
    )
    for folder in (left, lives, other):
        folder.mkdir()
        (folder / "file").touch()
    assert services._home().parent == memory
    assert [folder.exists() for folder in (left, lives, other)] == [False, True, True]


@pytest.mark.parametrize(
    ("room", "argument"), [(services.ROOM - 1, "-q"), (services.ROOM, "--full")]
)
def test_without_room_and_in_full_the_disk_is_used(
    room: int, argument: str, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_room", lambda: room)
    monkeypatch.setattr(sys, "argv", ["pytest", argument])
    home = services._home()
    home.rmdir()
    assert home.parent == Path(tempfile.gettempdir())
    assert list(memory.iterdir()) == []


def test_room_is_counted_in_bytes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert services._room() >= 0
    monkeypatch.setattr(services, "MEMORY", tmp_path)  # no file system of its own
    assert services._room() == 0
