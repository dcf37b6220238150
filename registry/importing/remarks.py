"""What an import says about single rows of the files, and the file in which it says it."""

import csv
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What became of a row."""

    CORRECTED = "corrected"
    REFUSED = "refused"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Remark:
    """One row that was not taken as it stands: where, which column, why, what it says and what was
    taken instead."""

    sheet: str
    row: int
    kind: Kind
    reason: str
    column: str = ""
    said: str = ""
    taken: str = ""


COLUMNS = ("sheet", "row", "what", "column", "reason", "said", "taken")


def default_report(name: str, at: datetime) -> Path:
    """Where the remarks of an import go unless somebody says otherwise."""
    home = Path(os.environ.get("CDM_HOME", "."))
    return home / "reports" / f"{name}-{at:%Y%m%dT%H%M%SZ}.csv"


def write(path: Path, remarks: Iterable[Remark]) -> None:
    """Write the remarks as CSV, in the order of the files and their rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for r in remarks:
            cells = (r.sheet, r.row, r.kind.value, r.column, r.reason, r.said, r.taken)
            writer.writerow([inert(str(cell)) for cell in cells])


def inert(text: str) -> str:
    """A cell that a spreadsheet will not run as a formula (reliability, U6); a number stays one."""
    harmless = text.removeprefix("-").replace(".", "", 1).isdigit()
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not harmless else text


def counted(remarks: Iterable[Remark]) -> Counter[tuple[str, Kind]]:
    """How many remarks of each kind each sheet has."""
    return Counter((remark.sheet, remark.kind) for remark in remarks)
