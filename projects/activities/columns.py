"""The columns that are read of the published lists, and how their cells become values."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from numbers import Real
from typing import Any

from registry.importing.remarks import Kind, Remark
from registry.importing.sheets import Layout, Row, Value

ACTIVITIES = Layout("UNFCCC's project database", {
    "number": "CDM project reference number",
    "identifier": "Unique project identifier (traceable with Google)",
    "title": "Registration project title", "kind": "Type of CDM project: PA/PoA",
    "scale": "Project classification", "scopes": "Sectoral scope number(s)",
    "methodologies": "Methodologies used at registration", "type": "Project type (UNEP DTU)",
    "subtype": "Project subtype (UNEP DTU)", "doe": "DOE", "began": "Start of validation",
    "requested": "PA:Lastest registration request/PoA:Lastest CPA request",
    "decided": "Registered or rejected", "progress": "Simplified project status",
    "status": "Website project status", "crediting": "Type of crediting period",
    "first": "Start of first crediting period", "last": "End of first crediting period",
    "annual":
        "Amount Of Reductions (PDD ex-ante) per year in CP1 (PoA based on the sum of curr",
    "second": "End of second crediting period", "third": "End of third crediting period",
    "hosts": "List of host countries (ISO 2)",
    "capacity": "Installed capacity (MW elec/thermal)", "page": "Project Link",
})  # fmt: skip
REQUESTS = Layout("UNFCCC's list of requests for issuance", {
    "kind": "PA/PoA", "number": "CDM project reference number", "party": "HostParty", "doe": "DOE",
    "process": "Issuance process ID", "requested": "Issuance date",
    "first": "Monitoring report started", "last": "Monitoring report ended",
    "units": "Units - Total", "period": "CP", "report": "Monitoring report number",
})  # fmt: skip
SITES = Layout("list of locations", {
    "number": "ref", "latitude": "lat", "longitude": "lon", "title": "title_short",
})  # fmt: skip

DAY_ZERO = date(1899, 12, 30)
"""Day 0 of the serial numbers in which a spreadsheet keeps dates."""


@dataclass(slots=True)
class Cells:
    """One row while it is read: its cells become values, and what is odd becomes a remark."""

    sheet: str
    number: int
    layout: Layout
    row: Row
    remarks: list[Remark] = field(default_factory=list)

    def text(self, word: str) -> str:
        """A cell's text without spaces around it; empty for an empty cell."""
        cell = self.row[word]
        return "" if cell is None else " ".join(str(cell).split())

    def several(self, word: str) -> list[str]:
        """The parts of a cell that lists several things, in their order, each once."""
        parts = (part.strip() for part in self.text(word).split(";"))
        return list(dict.fromkeys(part for part in parts if part))

    def day(self, word: str) -> date | None:
        """A date, whether the cell keeps it as one or as the serial number of a day."""
        cell = self.row[word]
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, int) and not isinstance(cell, bool) and 1 < cell < 100_000:
            return DAY_ZERO + timedelta(days=cell)
        if cell is not None:
            self.note(Kind.NOTED, "no date can be read; left empty", word)
        return None

    def count(self, word: str) -> int | None:
        """A whole number, 0 or more."""
        cell = self.row[word]
        if isinstance(cell, int) and not isinstance(cell, bool) and 0 <= cell < 10**15:
            return cell
        if cell is not None:
            self.note(Kind.NOTED, "no whole number can be read; left empty", word)
        return None

    def exact(self, word: str) -> Decimal | None:
        """A number with its decimals, as printed."""
        cell = self.row[word]
        if isinstance(cell, bool) or not isinstance(cell, Real | Decimal):
            return None
        return Decimal(str(cell))

    def note(self, kind: Kind, reason: str, word: str = "", taken: object = "") -> None:
        """Keep a remark on the row."""
        title = self.layout.columns.get(word, "")
        said = self.text(word) if word else ""
        self.remarks.append(Remark(self.sheet, self.number, kind, reason, title, said, str(taken)))

    @property
    def sha256(self) -> str:
        """The hash of what the row says, in hexadecimal."""
        return hashed(self.row)


def hashed(row: Row) -> str:
    """SHA-256 over the cells, dates in ISO 8601."""
    return hashlib.sha256(json.dumps(list(_plain(row.values()))).encode()).hexdigest()


def _plain(cells: Any) -> Iterator[Value]:
    for cell in cells:
        yield cell.isoformat() if isinstance(cell, date | datetime) else (
            cell if cell is None or isinstance(cell, str | int) else str(cell)
        )
