"""The checks that other programs make, as tests; each sees a planted violation fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.laws import PACKAGES, ROOT

BIN = Path(sys.executable).parent


def run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_ruff_finds_nothing() -> None:
    done = run(str(BIN / "ruff"), "check", "--output-format", "concise", "--no-cache", ".")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("TID251", "from django.utils.timezone import now\n"),
        ("PLC0415", "def f() -> None:\n    import os\n"),
        ("FBT001", "def f(flag: bool) -> None:\n    return None\n"),
        ("C901", "def f(x: int) -> int:\n" + "".join(
            f"    if x == {n}:\n        return {n}\n" for n in range(9)) + "    return x\n"),
        ("ANN", "def f(x):\n    return x\n"),
        ("DTZ", "from datetime import datetime\nX = datetime(2024, 1, 1)\n"),
    ],
)
def test_ruff_finds_a_planted_violation(code: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(text)
    done = run(
        str(BIN / "ruff"), "check", "--config", str(ROOT / "pyproject.toml"), "--no-cache",
        "--output-format", "concise", str(tmp_path / "planted.py"),
    )
    assert done.returncode == 1
    assert code in done.stdout


def test_imports_go_down_the_stairs() -> None:
    done = run(str(BIN / "lint-imports"), "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("registry/queries/accounts.py", "from projects import models as upstairs"),
        ("projects/participant/queries.py", "from projects.board import models as later"),
        ("cdm_portal/values.py", "import django"),
        ("projects/doe/queries/cases.py", "from projects.doe import actions as up"),
    ],
)
def test_an_import_that_goes_up_is_found(where: str, line: str, tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    target = tmp_path / where
    target.write_text(target.read_text() + f"\n{line}\n")
    done = run(str(BIN / "lint-imports"), "--no-cache", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr


def test_a_stray_module_in_the_works_is_found(tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "projects" / "tools.py").write_text('"""Stray."""\n')
    assert run(str(BIN / "lint-imports"), "--no-cache", cwd=tmp_path).returncode == 1


def test_types_are_strict() -> None:
    done = run(str(BIN / "mypy"))
    assert done.returncode == 0, done.stdout[-6000:]


def test_mypy_finds_a_planted_violation(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("def f(x):\n    return x + 1\n\nY: int = 'a'\n")
    done = run(str(BIN / "mypy"), "--config-file", str(ROOT / "pyproject.toml"), str(planted))
    assert done.returncode == 1
    assert "assignment" in done.stdout


def test_templates_are_clean() -> None:
    done = run(str(BIN / "djlint"), "--lint", "--quiet", "templates")
    assert done.returncode == 0, done.stdout


def test_djlint_finds_a_planted_violation(tmp_path: Path) -> None:
    (tmp_path / "planted.html").write_text("<img src='a.png'><p style='color:red'>x</p>\n")
    done = run(
        str(BIN / "djlint"), "--lint", "--configuration", str(ROOT / "pyproject.toml"),
        str(tmp_path),
    )
    assert done.returncode == 1


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_a_missing_migration_is_found() -> None:
    from django.core.management import call_command
    from django.db import models

    from cdm_portal.models import Heartbeat

    field = models.IntegerField(null=True)
    field.contribute_to_class(Heartbeat, "planted")
    try:
        with pytest.raises(SystemExit):
            call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    finally:
        Heartbeat._meta.local_fields.remove(field)
        Heartbeat._meta._expire_cache()
