"""The small CDM, and the command that imports it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.importing.books import Files
from tests.registry.conftest import ledger

__all__ = ["ledger"]

Import = Callable[..., str]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Four small files, not yet written."""
    return Files(tmp_path)


@pytest.fixture
def run(files: Files) -> Import:
    """Writes the files and imports them; answers what the command said."""

    def imported(**options: Any) -> str:
        out = io.StringIO()
        call_command("import_unfccc", **(files.written() | options), stdout=out)
        return out.getvalue()

    return imported


@pytest.fixture
def said(files: Files) -> Callable[[], list[dict[str, str]]]:
    """The report that the import wrote."""

    def read() -> list[dict[str, str]]:
        with (files.folder / "report.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read
