"""`manage.py test`: pytest, with the portal's two habits."""

import os
import sys
from typing import NoReturn

from cdm_portal.runtime.places import ROOT

PROCESSES = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
"""How the whole suite runs: a file stays with one process, which makes what its tests share once,
and files begin in the order of collection, in which tests/conftest.py puts the longest first.
"""
CAMPAIGN = ("--full", "--timeout=0")
"""A campaign at its full size takes as long as it takes; every other test has pyproject's limit."""


def run(arguments: list[str]) -> NoReturn:
    """Become pytest; its closing line and its exit code are the command's."""
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *pytest_arguments(arguments)])


def pytest_arguments(arguments: list[str]) -> list[str]:
    """What pytest is told: two processes unless a path or a number of them is named."""
    kept = [part for a in arguments for part in (CAMPAIGN if a == "--full" else (a,))]
    counted = any(a.startswith(("-n", "--numprocesses", "--dist")) for a in kept)
    named = any((ROOT / a.split("::")[0]).exists() for a in kept if not a.startswith("-"))
    return kept if counted or named else [*PROCESSES, *kept]
