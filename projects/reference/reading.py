"""Published lists as CSV: which one it is, by its headers; each row taken or refused with its line.

Lines that begin with # are the file's own words about itself and are kept as its source.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from projects.reference.models import Edition, EditionRow
from registry.importing.remarks import Kind, Remark
from registry.importing.sheets import UnreadableFile, digest

LARGEST = 5 * 2**20
"""Bytes; the largest of these lists has nine thousand."""
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """A list: the columns it must have, those that name a row, and what may stand in a cell."""

    kind: str
    needed: tuple[str, ...]
    key: tuple[str, ...]
    check: Callable[[str, str], str]
    rest: bool = False  # whether it may have more columns


@dataclass(slots=True)
class Sheet:
    """A list as it was read: rows that are taken, and what there is to say about the others."""

    path: Path
    kind: str
    sha256: str
    source: str
    rows: list[EditionRow] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many rows are not taken."""
        return sum(1 for each in self.remarks if each.kind is Kind.REFUSED)


def _potential(column: str, cell: str) -> str:
    if column == "Species" or not cell:
        return ""
    return _number(cell)


def _number(cell: str) -> str:
    try:
        value = Decimal(cell)
    except InvalidOperation:
        return f"“{cell[:40]}” is not a number"
    return "" if value.is_finite() and value >= 0 else f"“{cell[:40]}” is not a number from 0 on"


def _whole(cell: str) -> str:
    return "" if cell.isascii() and cell.isdigit() else f"“{cell[:40]}” is not a whole number"


def _counts(*columns: str) -> Callable[[str, str], str]:
    return lambda column, cell: _whole(cell) if column in columns else ""


def _entity(column: str, cell: str) -> str:
    if column == "name" and cell.casefold() == "no info":
        return "no entity is named"
    return _whole(cell) if column == "activities_or_issuances" else ""


def _host(column: str, cell: str) -> str:
    if column == "iso2":
        two = len(cell) == 2 and cell.isascii() and cell.isalpha() and cell.isupper()
        return "" if two else f"“{cell[:40]}” is no code of two capitals"
    if column in {"ldc", "sids"}:
        return "" if cell in {"Yes", "No"} else f"“{cell[:40]}” is neither Yes nor No"
    return _whole(cell) if column in {"activities", "registered"} else ""


LAYOUTS = (
    Layout(
        Edition.Kind.POTENTIALS, ("Species", "SARGWP100", "TARGWP100", "AR4GWP100", "AR5GWP100"),
        ("Species",), _potential, rest=True,
    ),
    Layout(
        Edition.Kind.METHODOLOGIES,
        ("methodology", "activities", "registered", "scopes_seen_single", "title_from_offsets_db"),
        ("methodology",), _counts("activities", "registered"),
    ),
    Layout(
        Edition.Kind.ENTITIES, ("kind", "name", "activities_or_issuances"), ("kind", "name"),
        _entity,
    ),
    Layout(
        Edition.Kind.HOSTS, ("iso2", "name", "ldc", "sids", "activities", "registered"),
        ("iso2",), _host, rest=True,
    ),
)


def layout_of(path: Path) -> Layout | None:
    """Which list a file is; None if it is none of them. Raises UnreadableFile."""
    header = next((cells for _, cells in _lines(path, [])), [])
    return next((each for each in LAYOUTS if _fits(each, header)), None)


def read(path: Path) -> Sheet:
    """A list to its end. Raises UnreadableFile."""
    layout = layout_of(path)
    if layout is None:
        wanted = "; ".join(", ".join(each.needed) for each in LAYOUTS)
        raise UnreadableFile(f"{path.name} is none of the lists: their columns are {wanted}.")
    said: list[str] = []
    lines = _lines(path, said)
    _, header = next(lines)
    sheet = Sheet(path, layout.kind, digest(path), "")
    keys: dict[str, int] = {}
    for line, given in lines:
        cells = dict(zip(header, given, strict=False))
        fault = _fault(layout, header, given, cells, keys)
        if fault:
            sheet.remarks.append(Remark(path.name, line, Kind.REFUSED, fault))
            continue
        key = ", ".join(cells[column] for column in layout.key)
        keys[key] = line
        sheet.rows.append(EditionRow(line=line, key=key, cells=cells))
    if not sheet.rows:
        raise UnreadableFile(f"{path.name} has the columns of a list, but no row that can be used.")
    sheet.source = "\n".join(said)
    return sheet


def _fits(layout: Layout, header: list[str]) -> bool:
    return set(layout.needed) <= set(header) if layout.rest else list(layout.needed) == header


def _lines(path: Path, said: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines below the file's words about itself, which go into `said`."""
    if path.stat().st_size > LARGEST:
        raise UnreadableFile(f"{path.name} is larger than {LARGEST // 2**20} MB.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for cells in reader:
                first = cells[0].strip() if cells else ""
                if first.startswith("#"):
                    said.append(", ".join(cells).lstrip("# ").rstrip(", "))
                elif any(cell.strip() for cell in cells):
                    yield reader.line_num, [cell.strip() for cell in cells]
    except (UnicodeDecodeError, csv.Error) as fault:
        raise UnreadableFile(f"{path.name} is not CSV in UTF-8: {fault}.") from fault


def _fault(
    layout: Layout, header: list[str], given: list[str], cells: Mapping[str, str],
    keys: Mapping[str, int],
) -> str:
    """Why a row is not taken; empty if it is."""
    if len(given) != len(header):
        return f"it has {len(given)} cells, the header {len(header)}"
    if empty := [column for column in layout.key if not cells[column]]:
        return f"{empty[0]} is empty"
    key = ", ".join(cells[column] for column in layout.key)
    if key in keys:
        return f"{key} stands in line {keys[key]} already"
    if len(key) > LONGEST_KEY:
        return f"{layout.key[-1]} is longer than {LONGEST_KEY} characters"
    for column, cell in cells.items():
        if "\0" in cell:
            return f"{column} holds a character that cannot be kept"
        if fault := layout.check(column, cell):
            return f"{column}: {fault}"
    return ""
