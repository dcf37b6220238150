"""An uploaded CSV, XLSX or Parquet file as rows of text inside the engine, numbered as in the file.

Nothing that the file says is executed: the engine reads one file, then is locked away from disk
and network; a workbook passes the gate first. Memory is bounded, more goes to the work folder.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path, PurePath

import duckdb
from _duckdb import DuckDBPyConnection as Engine  # the typed half of the package

from cdm_portal import parameters
from projects.methodologies.intervals import HALF_A_SECOND
from projects.methodologies.tables import (
    DELIMITERS,
    LONGEST_HEADER,
    MAX_COLUMNS,
    MEGABYTE,
    Cell,
    UnreadableFile,
    decoded,
    read_table,
)

MAX_SERIES_BYTES = int(parameters.constant("readings_max_mb")) * MEGABYTE
MAX_SERIES_ROWS = 5_300_000
"""Ten years of minutes, with their leap days, and some more."""

MEMORY = "256MB"
THREADS = 2
CELL_END = "\x1f"
LINE_END = "\x1e"
PARQUET = b"PAR1"
TEXT_ENDINGS = (".csv", ".txt", ".tsv")

LINES = """
CREATE TABLE line AS SELECT row_number() OVER () AS row, text
FROM read_csv($path, columns = {'text': 'VARCHAR'}, header = false, delim = chr(30), quote = '',
  escape = '', auto_detect = false, strict_mode = false, new_line = '\\n', max_line_size = 1000000)
"""
KEPT = "FROM line WHERE row > $header AND text IS NOT NULL AND trim(text, $blank) <> ''"
RAW = f"CREATE TABLE raw AS SELECT row, string_split(text, $delimiter) AS cells {KEPT}"
EXACT = """CASE WHEN t.c IS NULL THEN '' WHEN contains(CAST(t.c AS VARCHAR), 'e')
THEN CAST(TRY_CAST(t.c AS DECIMAL(38,12)) AS VARCHAR) ELSE CAST(t.c AS VARCHAR) END"""
"""A binary fraction as its shortest decimal text, at most twelve places where it is tiny."""


@contextmanager
def engine() -> Iterator[tuple[Engine, Path]]:
    """An engine with its own work folder, both gone at the end."""
    with tempfile.TemporaryDirectory(prefix="readings-") as folder:
        made = duckdb.connect(
            ":memory:",
            config={
                "threads": THREADS, "memory_limit": MEMORY, "temp_directory": folder,
                "autoinstall_known_extensions": False, "autoload_known_extensions": False,
                "preserve_insertion_order": True,
            },
        )
        made.execute("SET enable_progress_bar = false")
        try:
            yield made, Path(folder)
        finally:
            made.close()


def check(filename: str, content: bytes) -> str:
    """The ending of a file that is what its name says. Raises UnreadableFile with the reason."""
    ending = PurePath(filename).suffix.lower()
    refuse_size(len(content))
    if not content.strip(b"\0\r\n\t "):
        raise UnreadableFile("The file is empty.")
    if ending == ".parquet":
        if not (content.startswith(PARQUET) and content.endswith(PARQUET)):
            raise UnreadableFile("The file is named Parquet but is not a whole Parquet file.")
    elif ending not in (*TEXT_ENDINGS, ".xlsx"):
        raise UnreadableFile(
            f"'{ending or filename}' files are not read here. Upload CSV, XLSX or Parquet."
        )
    return ending


def refuse_size(size: int) -> None:
    """Pass, or raise UnreadableFile for more bytes than are read."""
    if size > MAX_SERIES_BYTES:
        raise UnreadableFile(
            f"The file has {size / MEGABYTE:,.1f} MB; at most "
            f"{MAX_SERIES_BYTES // MEGABYTE} MB of readings are accepted. Give shorter periods "
            "one by one, or send it as Parquet."
        )


def _refuse_rows(count: int) -> None:
    if count > MAX_SERIES_ROWS:
        raise UnreadableFile(
            f"The file has {count:,} rows; at most {MAX_SERIES_ROWS:,} are read. "
            "Give shorter periods one by one."
        )


def load(made: Engine, folder: Path, filename: str, content: bytes) -> tuple[tuple[str, ...], int]:
    """Put the rows into the table `raw` (row, cells); the header, and the row where it stands.

    Raises UnreadableFile.
    """
    ending = check(filename, content)
    try:
        if ending == ".parquet":
            header, at = _parquet(made, folder, content), 1
        else:
            header, at = _lines(made, folder, ending, filename, content)
        made.execute("SET enable_external_access = false")
    except duckdb.Error as fault:
        raise UnreadableFile("The file is damaged: its rows cannot be read.") from fault
    count = made.execute("SELECT count(*) FROM raw").fetchall()[0][0]
    if not count:
        raise UnreadableFile("The file has no rows of readings.")
    return tuple(each.strip()[:LONGEST_HEADER] for each in header), at


def _lines(
    made: Engine, folder: Path, ending: str, filename: str, content: bytes
) -> tuple[list[str], int]:
    path, delimiter = folder / "rows.csv", CELL_END
    if ending == ".xlsx":
        table = read_table(filename, content, max_bytes=MAX_SERIES_BYTES)
        _write(path, [(table.header_row, table.header), *((r.number, r.cells) for r in table.rows)])
    else:
        text = decoded(content)
        head = text.lstrip("\r\n").split("\n", 1)[0]
        delimiter = max(DELIMITERS, key=head.count)
        if '"' in text:
            _write(path, _quoted(text, delimiter))
            delimiter = CELL_END
        else:
            plain = text.replace("\r\n", "\n").replace("\r", "\n").replace(LINE_END, " ")
            path.write_text(plain, encoding="utf-8", newline="")
    made.execute(LINES, {"path": str(path)})
    first = made.execute(
        "SELECT row, text FROM line WHERE trim(coalesce(text, '')) <> '' ORDER BY row LIMIT 1"
    ).fetchone()
    if first is None:
        raise UnreadableFile("The file has no rows.")
    header = first[1].split(delimiter)
    if len(header) > MAX_COLUMNS:
        raise UnreadableFile(f"The file has more than {MAX_COLUMNS} columns.")
    kept = {"header": first[0], "blank": f" \t;,{CELL_END}"}
    _refuse_rows(made.execute(f"SELECT count(*) {KEPT}", kept).fetchall()[0][0])
    made.execute(RAW, kept | {"delimiter": delimiter})
    made.execute("DROP TABLE line")
    path.unlink()
    return header, first[0]


def _quoted(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as fault:
        raise UnreadableFile(
            f"Line {reader.line_num} is not valid CSV ({fault}). Look for a stray quotation mark."
        ) from fault


def _write(path: Path, rows: Iterable[tuple[int, Sequence[Cell]]]) -> None:
    """One line for each row of the file, so that a line's number is the row's."""
    done = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        for number, cells in rows:
            out.write("\n" * (number - done - 1))
            out.write(CELL_END.join(_text(cell) for cell in cells) + "\n")
            done = number


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, datetime):  # a spreadsheet keeps time as a fraction: even out its noise
        return (cell + HALF_A_SECOND).replace(microsecond=0).isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return " ".join((cell or "").split())


def _parquet(made: Engine, folder: Path, content: bytes) -> list[str]:
    path = folder / "rows.parquet"
    path.write_bytes(content)
    made.execute(f"CREATE VIEW t AS SELECT * FROM read_parquet('{path}')")  # noqa: S608 # our own path
    described = made.execute("DESCRIBE t").fetchall()
    if len(described) > MAX_COLUMNS:
        raise UnreadableFile(f"The file has more than {MAX_COLUMNS} columns.")
    _refuse_rows(made.execute("SELECT count(*) FROM t").fetchall()[0][0])
    cells = ", ".join(_cell(name, kind) for name, kind, *_ in described)
    made.execute(
        f"CREATE TABLE raw AS SELECT row_number() OVER () AS row, [{cells}] AS cells FROM t"  # noqa: S608 # names are quoted
    )
    made.execute("DROP VIEW t")
    path.unlink()
    return [name for name, *_ in described]


def _cell(name: str, kind: str) -> str:
    quoted = 't."' + name.replace('"', '""') + '"'
    if kind in ("DOUBLE", "FLOAT"):
        return EXACT.replace("t.c", quoted)
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"strftime(CAST({quoted} AT TIME ZONE 'UTC' AS TIMESTAMP), '%Y-%m-%dT%H:%M:%SZ')"
    return f"coalesce(CAST({quoted} AS VARCHAR), '')"
