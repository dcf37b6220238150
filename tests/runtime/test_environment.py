"""`manage.py` needs nothing installed, and the environment is exactly what the locks say."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cdm_portal.runtime import environment
from cdm_portal.runtime.places import ROOT

BASE_PYTHON = getattr(sys, "_base_executable", sys.executable)
RUNTIME = ROOT / "cdm_portal" / "runtime"
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)


def test_manage_py_loads_with_the_standard_library_alone() -> None:
    code = (
        "import json, sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "import manage\n"
        "top = {name.split('.')[0] for name in sys.modules}\n"
        "print(json.dumps(sorted(top - sys.stdlib_module_names)))"
    )
    done = subprocess.run([BASE_PYTHON, "-S", "-E", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["__main__", "cdm_portal", "manage"]


@pytest.mark.parametrize("path", sorted(RUNTIME.glob("*.py")), ids=lambda path: path.stem)
def test_the_runtime_imports_only_itself_and_the_standard_library(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    allowed = (*sys.stdlib_module_names, "cdm_portal.runtime")
    strangers = {
        name for name in imported if name.split(".")[0] not in allowed
        and not name.startswith("cdm_portal.runtime")
    }
    assert strangers == set()


@pytest.mark.parametrize("lock", [environment.RUNTIME_LOCK, environment.DEV_LOCK])
def test_a_lock_names_no_address_and_hashes_every_package(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=[a-z0-9])", text)
    pinned = [entry for entry in entries if PIN.match(entry)]
    assert len(pinned) > 50
    assert [entry.split()[0] for entry in pinned if "--hash=sha256:" not in entry] == []


def test_what_tests_run_on_is_what_is_served() -> None:
    served = dict(PIN.findall((ROOT / environment.RUNTIME_LOCK).read_text(encoding="utf-8")))
    tested = dict(PIN.findall((ROOT / environment.DEV_LOCK).read_text(encoding="utf-8")))
    assert {name: tested.get(name) for name in served} == served


@pytest.fixture
def bare_checkout(tmp_path: Path) -> Path:
    """The commands alone, with a lock that asks for nothing."""
    checkout = tmp_path / "checkout"
    shutil.copytree(RUNTIME, checkout / "cdm_portal" / "runtime")
    (checkout / "cdm_portal" / "__init__.py").touch()
    shutil.copy(ROOT / "manage.py", checkout)
    (checkout / environment.RUNTIME_LOCK).write_text("# nothing\n", encoding="ascii")
    return checkout


def manage(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a bare checkout's manage.py with the Python that has no package of ours."""
    return subprocess.run(
        [BASE_PYTHON, "manage.py", *arguments], cwd=checkout, capture_output=True, text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(checkout)},
    )


def test_the_environment_is_made_once_and_again_when_half_made_or_outdated(
    bare_checkout: Path,
) -> None:
    first = manage(bare_checkout, "status")
    assert first.returncode == 1, first.stderr
    assert "Installing the packages of requirements.lock" in first.stdout
    assert f"Nothing runs on {bare_checkout / '.cdm'}." in first.stdout

    assert "Installing" not in manage(bare_checkout, "status").stdout

    (bare_checkout / environment.RUNTIME_LOCK).write_text("# nothing else\n", encoding="ascii")
    assert "Installing" in manage(bare_checkout, "status").stdout
    assert "Installing" not in manage(bare_checkout, "status").stdout

    stray = bare_checkout / ".venv" / "left-by-a-killed-installation"
    stray.touch()
    (bare_checkout / ".venv" / "unfinished").touch()
    assert "Installing" in manage(bare_checkout, "status").stdout
    assert not stray.exists()


def test_an_unknown_package_stops_the_command_with_pips_own_words(bare_checkout: Path) -> None:
    wrong = f"attrs==0.0.0 --hash=sha256:{'0' * 64}\n"
    (bare_checkout / environment.RUNTIME_LOCK).write_text(wrong, encoding="ascii")
    done = manage(bare_checkout, "up")
    assert done.returncode == 2
    assert "attrs==0.0.0" in done.stderr
    assert "pip could not install requirements.lock" in done.stderr


def test_a_python_that_is_too_old_or_too_new_is_told_so() -> None:
    code = "import sys; sys.version_info = (3, 10, 0); sys.path.insert(0, '.'); import manage"
    done = subprocess.run([BASE_PYTHON, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13" in done.stderr
