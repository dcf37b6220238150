"""Small spreadsheets as the UNFCCC publishes them, with and without faults, made by the tests; and
where the published ones lie (`CDM_DATA`)."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from projects.activities import columns
from registry.importing import reports

FIRST = datetime(2012, 3, 4, 9, 30, 0, 250000)
ISSUED_HEADS = list(reports.ISSUANCES.columns.values())
CANCELLED_HEADS = list(reports.CANCELLATIONS.columns.values())
ACTIVITY_HEADS = list(columns.ACTIVITIES.columns.values())
REQUEST_HEADS = list(columns.REQUESTS.columns.values())


def issued(
    party: str, lo: int, hi: int, project: str = "7", unit: str = "CER", period: str = "1",
    day: int = 0,
) -> list[Any]:
    """A row of the issuance report."""
    return [
        FIRST + timedelta(days=day), "Issuance (1)", "4 - Completed", f"{lo} - {hi}", unit, period,
        party, project, hi - lo + 1,
    ]  # fmt: skip


def cancelled(
    party: str, lo: int, hi: int, project: str = "7", unit: str = "CER", period: str = "1",
    day: int = 0, platform: str = "Yes",
) -> list[Any]:
    """A row of the cancellation report."""
    return [
        FIRST + timedelta(days=1000 + day), "Cancellation (4)", f"{lo} - {hi}",
        f"{party}-{project}", "4 - Completed", period, unit, hi - lo + 1, platform,
    ]  # fmt: skip


def activity(number: int | None, **changes: Any) -> list[Any]:
    """A row of the project database; `changes` are named as in projects/activities/columns.py."""
    row = {
        "number": number, "identifier": f"ID{number}", "title": f"Activity {number}", "kind": "PA",
        "scale": "LARGE", "scopes": "1", "methodologies": "ACM0002", "type": "Wind",
        "subtype": "Wind", "doe": "A DOE", "began": FIRST, "requested": 38216, "decided": 38419,
        "progress": "Registered", "status": "Registered", "crediting": "Fixed", "first": FIRST,
        "last": FIRST + timedelta(days=3652), "annual": 1000, "second": None, "third": None,
        "hosts": "KE", "capacity": 12.5,
        "page": "<a href=https://cdm.unfccc.int/Projects/DB/X/view.html>Link</a>",
    } | changes  # fmt: skip
    return [row[word] for word in columns.ACTIVITIES.columns]


def requested(number: int, party: str, units: int, **changes: Any) -> list[Any]:
    """A row of the request list."""
    row = {
        "kind": "PA", "number": number, "party": party, "doe": "A DOE", "process": f"P{units}",
        "requested": FIRST, "first": FIRST - timedelta(days=700),
        "last": FIRST - timedelta(days=300), "units": units, "period": 1, "report": 1,
    } | changes  # fmt: skip
    return [row[word] for word in columns.REQUESTS.columns]


def book(path: Path, heads: list[str], rows: list[list[Any]], sheet: str = "Sheet1") -> Path:
    """Write a workbook of one sheet; answers its path."""
    made = openpyxl.Workbook(write_only=True)
    page = made.create_sheet(sheet)
    for row in [heads, *rows]:
        page.append(row)
    made.save(path)
    return path


def total(rows: int) -> list[Any]:
    """The row that closes the issuance report."""
    return ["Total", "", "", "", "", "", None, "", f"=SUM(I2:I{rows + 1})"]


@dataclass
class Files:
    """Four files of one small CDM: two Parties, serials out of the order of time, a split block."""

    folder: Path
    issuances: list[list[Any]] = field(default_factory=lambda: [
        issued("KE", 1, 100, day=5), issued("KE", 101, 400, "8", period="2"),
        issued("IN", 1, 1000, "9", day=9), issued("IN", 1001, 1050, "10", "tCER"),
    ])  # fmt: skip
    cancellations: list[list[Any]] = field(default_factory=lambda: [
        cancelled("KE", 40, 60), cancelled("KE", 1, 1, day=3), cancelled("IN", 1000, 1000, "9"),
        cancelled("RO", 5000, 5009, "1000080", "ERU (from RMU)", "2"),
        cancelled("IN", 1001, 1050, "10", "tCER", platform="No"),
    ])  # fmt: skip
    activities: list[list[Any]] = field(default_factory=lambda: [
        activity(7), activity(8, status="Rejected"), activity(9, hosts="IN"),
        activity(10, hosts="IN"),
    ])  # fmt: skip
    requests: list[list[Any]] = field(default_factory=lambda: [
        requested(7, "KE", 100), requested(8, "KE", 300, period=2), requested(9, "IN", 1000),
    ])  # fmt: skip

    def written(self) -> dict[str, Path]:
        """Write them; answers the options of the command."""
        self.folder.mkdir(parents=True, exist_ok=True)
        rows = [*self.issuances, total(len(self.issuances))]
        return {
            "projects": book(self.folder / "projects.xlsx", ACTIVITY_HEADS, self.activities),
            "requests": book(self.folder / "requests.xlsx", REQUEST_HEADS, self.requests),
            "issuances": book(self.folder / "issuances.xlsx", ISSUED_HEADS, rows),
            "cancellations": book(
                self.folder / "cancellations.xlsx", CANCELLED_HEADS, self.cancellations
            ),
            "report": self.folder / "report.csv",
        }


DATA = Path(os.environ.get("CDM_DATA", "/nowhere"))
FILES = {
    "projects": "cdm_database_pas_poas_2021-11.xlsx",
    "requests": "CDM-Issuances-November_2023.xlsx",
    "issuances": "CDM_Issuance_Completed_November_2023.xlsx",
    "cancellations": "CDM_Retired_November_2023.xlsx",
}
LOCATIONS = "cdm_project_locations.csv"


def published(folder: Path) -> dict[str, Path]:
    """The options of the command for the published files, wherever below CDM_DATA they lie.

    The test is skipped where they are not. The report goes into `folder`.
    """
    found = {what: next(iter(DATA.rglob(name)), DATA / name) for what, name in FILES.items()}
    missing = [path.name for path in found.values() if not path.exists()]
    if missing:
        pytest.skip(f"CDM_DATA names no folder with {', '.join(missing)}")
    if places := list(DATA.rglob(LOCATIONS)):
        found["locations"] = places[0]
    return found | {"report": folder / "report.csv"}
