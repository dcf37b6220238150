"""A published spreadsheet, read row by row: found by its headers, whatever its sheets are called.

Only the first sheet that carries the wanted headers is read, in whatever order its columns stand.
The dimension that a sheet declares of itself is ignored: one published file says `A1` and has
13,161 rows.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError  # the name of an error, no parser

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from cdm_portal.refusals import Refused

Value = str | int | bool | Decimal | datetime | date | None
Row = Mapping[str, Value]

HEADER_ROWS = 5
"""How far down the headers may stand."""
LARGEST = 500 * 2**20
"""Bytes that a file may unpack to; the largest published one has 60 million."""
FAULTS = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError,
    EOFError, OSError, IndexError, TypeError, AttributeError,
)  # fmt: skip
"""What the reader of spreadsheets raises on a file that is none, or on half of one."""


class UnreadableFile(Refused):
    """The file is not the spreadsheet that it should be; the message says what is wrong with it."""

    code = "unreadable_file"


@dataclass(frozen=True, slots=True)
class Layout:
    """What a published file is called, and its columns: our word for each, and its header there."""

    title: str
    columns: Mapping[str, str]

    def places(self, header: Sequence[object]) -> dict[str, int]:
        """Where the columns stand in a row of headers; those that are missing are left out."""
        found: dict[str, int] = {}
        for place, cell in enumerate(header):
            for word, title in self.columns.items():
                if plain(cell) == plain(title):
                    found.setdefault(word, place)
        return found

    def missing(self, header: Sequence[object]) -> list[str]:
        """The headers that a row of headers lacks."""
        found = self.places(header)
        return [title for word, title in self.columns.items() if word not in found]

    def doubled(self, header: Sequence[object]) -> list[str]:
        """The headers that it has more than once."""
        cells = [plain(cell) for cell in header]
        return [title for title in self.columns.values() if cells.count(plain(title)) > 1]


def plain(cell: object) -> str:
    """A header without what does not matter: case, and how many spaces."""
    return " ".join(str(cell or "").split()).casefold()


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises UnreadableFile."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from error


def rows(path: Path, layout: Layout) -> Iterator[tuple[int, Row]]:
    """The rows below the headers with their numbers in the sheet; empty rows are left out.

    Raises UnreadableFile for a file that is no spreadsheet, is cut off, or has no sheet with these
    columns.
    """
    try:
        with path.open("rb") as file:
            yield from _rows(path.name, _book(file), layout)
    except FAULTS as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        why = said.strip() or type(error).__name__
        raise UnreadableFile(f"{path.name} is not a whole Excel file (.xlsx): {why}.") from error


def _book(file: BinaryIO) -> Any:
    with zipfile.ZipFile(file) as packed:
        if sum(part.file_size for part in packed.infolist()) > LARGEST:
            raise ValueError(f"it unpacks to more than {LARGEST // 2**20} MB")
    file.seek(0)
    return openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)


def _rows(name: str, book: Any, layout: Layout) -> Iterator[tuple[int, Row]]:
    sheet, begins, places = _sheet(name, book, layout)
    found = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if number <= begins or all(cell in (None, "") for cell in cells):
            continue
        found += 1
        yield number, {
            word: cells[place] if place < len(cells) else None for word, place in places.items()
        }
    if found == 0:
        raise UnreadableFile(f"{name} has the columns of the {layout.title}, but no row.")


def _sheet(name: str, book: Any, layout: Layout) -> tuple[Any, int, dict[str, int]]:
    """The sheet with the wanted headers, the row they stand in, and where each column stands."""
    nearest: list[str] = list(layout.columns.values())
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        for number, cells in enumerate(islice(sheet.iter_rows(values_only=True), HEADER_ROWS), 1):
            missing, doubled = layout.missing(cells), layout.doubled(cells)
            if not missing and doubled:
                raise UnreadableFile(f"{name} has the column “{doubled[0]}” more than once.")
            if not missing:
                return sheet, number, layout.places(cells)
            nearest = min(nearest, missing, key=len)
    lacks = ", ".join(f"“{title}”" for title in nearest[:5])
    more = f" and {len(nearest) - 5} more" if len(nearest) > 5 else ""
    raise UnreadableFile(
        f"{name} is not the {layout.title}: no sheet of it has the column"
        f"{'s' if len(nearest) > 1 else ''} {lacks}{more}."
    )
