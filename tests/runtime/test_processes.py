"""Children: they never outlive their parent, and their logs are shown whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cdm_portal.runtime import processes, terminal
from cdm_portal.runtime.places import ROOT

PARENT = """
import os, sys, time
from pathlib import Path
from cdm_portal.runtime import processes
log, root = Path(sys.argv[1]), Path("/")
child = processes.spawn("sleeper", ["sleep", "600"], env=os.environ, log=log, cwd=root)
print(child.process.pid, flush=True)
time.sleep(600)
"""


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


def spawn(tmp_path: Path, code: str) -> processes.Child:
    return processes.spawn(
        "child", [sys.executable, "-u", "-c", code], env=os.environ,
        log=tmp_path / "child.log", cwd=tmp_path,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_child_ends_with_its_killed_parent(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(50):
        if not alive(child):
            break
        time.sleep(0.1)
    assert not alive(child)


def test_a_child_has_a_session_of_its_own(tmp_path: Path) -> None:
    child = spawn(tmp_path, "import time; time.sleep(600)")
    assert os.getsid(child.process.pid) == child.process.pid
    assert child.stop() == -signal.SIGTERM


def test_a_child_that_will_not_end_is_made_to_with_all_it_started(tmp_path: Path) -> None:
    code = (
        "import signal, subprocess, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print(subprocess.Popen(['sleep', '600']).pid)\n"
        "time.sleep(600)"
    )
    child = spawn(tmp_path, code)
    while not child.output().strip():
        time.sleep(0.02)
    grandchild = int(child.output())
    assert child.stop(patience=0.3) == -signal.SIGKILL
    for _ in range(50):
        if not alive(grandchild):
            break
        time.sleep(0.1)
    assert not alive(grandchild)


def test_a_tail_shows_whole_lines_once_behind_the_childs_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "child.log"
    log.write_text("from an earlier run\n", encoding="utf-8")
    child = spawn(tmp_path, "print('one'); print('two and', end=' '); print('a half')")
    child.process.wait()
    tail = terminal.Tail(child)
    tail.show()
    tail.show()
    assert capsys.readouterr().out == "   child | one\n   child | two and a half\n"
    assert child.output() == "one\ntwo and a half\n"
