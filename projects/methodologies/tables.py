"""An uploaded file as a table: CSV or XLSX, opened with suspicion, refused in plain words.

A file is what its bytes say, not what its name says. A workbook is opened only after the gate
(`cdm_portal.uploads.workbooks`) has looked through it and counted every byte that comes out of it.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from numbers import Real
from pathlib import PurePath

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from cdm_portal import parameters
from cdm_portal.refusals import Invalid
from cdm_portal.uploads import signatures, workbooks
from cdm_portal.uploads.errors import Unacceptable

MEGABYTE = 1_000_000
MAX_UPLOAD_BYTES = int(parameters.constant("upload_max_mb")) * MEGABYTE
MAX_UNPACKED_BYTES = workbooks.MAX_UNPACKED_BYTES
MAX_ROWS = 100_000
MAX_COLUMNS = 100

DELIMITERS = ",;\t"
ZIP_MAGIC, OLE_MAGIC = signatures.ZIP, signatures.OLE
LONGEST_HEADER = 200

Cell = str | Decimal | date | datetime | None


class UnreadableFile(Invalid):
    """The file cannot be read as a table; `reason` says why, and what to do instead."""

    code = "unreadable_file"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__({"file": [reason]})


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number in the file, where the first line is 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The first row that is not empty as header, then every other row that is not empty."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    header_row: int = 1


def read_table(filename: str, content: bytes, *, max_bytes: int = MAX_UPLOAD_BYTES) -> Table:
    """The table in an uploaded CSV or XLSX file. Raises UnreadableFile with the reason."""
    if len(content) > max_bytes:
        raise UnreadableFile(
            f"The file has {_megabytes(len(content))} MB; at most {_megabytes(max_bytes)} MB "
            "are accepted. Upload shorter periods one by one."
        )
    if not content.strip():
        raise UnreadableFile("The file is empty.")
    ending = PurePath(filename).suffix.lower()
    if ending == ".xlsx":
        return _table(_workbook_rows(content))
    if ending in (".csv", ".txt", ".tsv"):
        return _table(_text_rows(content))
    if ending in (".xlsm", ".xltm", ".xlsb"):
        raise UnreadableFile("Workbooks with macros are not accepted. Save it as XLSX or CSV.")
    raise UnreadableFile(f"'{ending or filename}' files are not read here. Upload CSV or XLSX.")


def _megabytes(size: int) -> str:
    return f"{-(-size * 10 // MEGABYTE) / 10:g}"


def _table(rows: Iterable[Row]) -> Table:
    filled: list[Row] = []
    for row in rows:
        if len(row.cells) > MAX_COLUMNS:
            raise UnreadableFile(
                f"Row {row.number} has {len(row.cells)} columns; at most {MAX_COLUMNS} are read."
            )
        if any(cell not in (None, "") for cell in row.cells):
            filled.append(row)
        if len(filled) > MAX_ROWS or row.number > 2 * MAX_ROWS:
            raise UnreadableFile(
                f"The file has more than {MAX_ROWS:,} rows. Upload shorter periods one by one."
            )
    if not filled:
        raise UnreadableFile("The file has no rows.")
    first, *others = filled
    header = tuple(
        "" if cell is None else str(cell).strip()[:LONGEST_HEADER] for cell in first.cells
    )
    return Table(header, tuple(others), first.number)


def _text_rows(content: bytes) -> Iterator[Row]:
    text = decoded(content)
    first_line = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield Row(reader.line_num, tuple(cell.strip() for cell in cells))
    except csv.Error as fault:
        raise UnreadableFile(
            f"Line {reader.line_num} is not valid CSV ({fault}). Look for a stray quotation mark."
        ) from fault


def decoded(content: bytes) -> str:
    """The text of a CSV file, in UTF-8 or Windows' Latin. Raises UnreadableFile."""
    if content.startswith((ZIP_MAGIC, OLE_MAGIC)):
        raise UnreadableFile("The file is named as text but is a workbook or an archive.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile("The file is in UTF-16. Save it as CSV in UTF-8.")
    if b"\0" in content:
        raise UnreadableFile("The file is named as text but holds binary data.")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("The characters of the file cannot be read. Save it as CSV in UTF-8.")


def _workbook_rows(content: bytes) -> Iterator[Row]:
    check_workbook(content)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=False, keep_links=False
        )
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise UnreadableFile("The workbook has no visible sheet.")
        sheets[0].reset_dimensions()  # the size a sheet states for itself is often wrong
        rows = sheets[0].iter_rows(values_only=True, max_col=MAX_COLUMNS + 1)
        for number, cells in enumerate(rows, start=1):
            yield Row(number, _trimmed(cells))
    except UnreadableFile:
        raise
    except (InvalidFileException, zipfile.BadZipFile) as fault:
        raise UnreadableFile("The file is not an XLSX workbook.") from fault
    except Exception as fault:  # whatever a broken part makes the reader stumble over
        raise UnreadableFile("The workbook is damaged. Save it again, or as CSV.") from fault


def _trimmed(cells: Sequence[object]) -> tuple[Cell, ...]:
    used = len(cells)
    while used and cells[used - 1] in (None, ""):
        used -= 1
    return tuple(_cell(cell) for cell in cells[:used])


def _cell(value: object) -> Cell:
    """A cell as this portal knows cells; whatever else a workbook can hold becomes its text."""
    if value is None or isinstance(value, date | datetime):
        return value
    if not isinstance(value, bool) and isinstance(value, Real):
        return Decimal(str(value))
    if isinstance(value, ArrayFormula | DataTableFormula):
        return "="
    return str(value).strip()


def check_workbook(content: bytes) -> None:
    """Pass, or raise UnreadableFile for what is not a plain XLSX workbook of bounded size."""
    try:
        workbooks.check(content)
    except Unacceptable as refusal:
        raise UnreadableFile(refusal.reason) from refusal
