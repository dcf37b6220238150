"""The import as a person calls it: a process of its own, whose memory is the import's alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from cdm_portal.runtime import testing
from cdm_portal.runtime.places import ROOT


def manage(
    database: str, options: dict[str, Path], seconds: int = 120
) -> subprocess.CompletedProcess[str]:
    """`manage.py import_unfccc`, connected as the owner of the tables."""
    url = testing.address(os.environ["DATABASE_URL"], role="cdm_owner", database=database)
    env = os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": url, "CDM_ENV": "test"}
    named = [word for name, path in options.items() for word in (f"--{name}", str(path))]
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "import_unfccc", *named],
        env=env, capture_output=True, text=True, timeout=seconds, cwd=ROOT,
    )  # fmt: skip
