"""Uploaded files that are not what they say, and those that are."""

import io
import warnings
import zipfile
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest

from projects.methodologies import tables
from projects.methodologies.tables import Row, UnreadableFile, read_table

SIMPLE = "timestamp,EG_export [MWh]\n2013-05-01T00:00,1.5\n"


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repacked(content: bytes, parts: dict[str, bytes | None]) -> bytes:
    """The workbook with parts replaced, added or (None) left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        kept = {each: archive.read(each) for each in archive.namelist() if each not in parts}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**kept, **parts}.items():
            if data is not None:
                archive.writestr(name, data)
    return target.getvalue()


PLAIN = workbook([["timestamp", "EG_export [MWh]"], [datetime(2013, 5, 1), 1.5]])
SHEET = "xl/worksheets/sheet1.xml"


def refusal(filename: str, content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_table(filename, content)
    assert refused.value.errors == {"file": [refused.value.reason]}
    return refused.value.reason


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_in_the_usual_encodings_and_delimiters(delimiter: str, encoding: str) -> None:
    text = "timestamp,FC_öl [t]\r\n\r\n2013-05-01T00:00,1.5\r\n".replace(",", delimiter)

    table = read_table("readings.csv", text.encode(encoding))

    assert table.header == ("timestamp", "FC_öl [t]")
    assert table.rows == (Row(3, ("2013-05-01T00:00", "1.5")),)


def test_xlsx_keeps_the_decimals_that_were_typed() -> None:
    table = read_table("readings.xlsx", PLAIN)

    assert table.header == ("timestamp", "EG_export [MWh]")
    assert table.rows == (Row(2, (datetime(2013, 5, 1), Decimal("1.5"))),)


def test_xlsx_that_states_a_wrong_size_for_itself_is_read_in_full() -> None:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    lying = repacked(PLAIN, {SHEET: sheet.replace(b'ref="A1:B2"', b'ref="A1"')})

    assert len(read_table("readings.xlsx", lying).rows) == 1
    assert len(read_table("readings.xlsx", lying).header) == 2


def test_a_file_above_the_limit_is_refused_with_both_sizes() -> None:
    content = b"x" * (tables.MAX_UPLOAD_BYTES + 1)

    assert "20.1 MB; at most 20 MB" in refusal("readings.csv", content)


def test_two_hundred_megabytes_are_refused_before_anything_is_read() -> None:
    assert "200 MB; at most 20 MB" in refusal("readings.csv", bytes(200_000_000))


def test_the_limit_is_the_callers() -> None:
    with pytest.raises(UnreadableFile, match="at most 0"):
        read_table("readings.csv", SIMPLE.encode(), max_bytes=10)


@pytest.mark.parametrize(
    ("filename", "content", "words"),
    [
        ("readings.csv", b"", "empty"),
        ("readings.csv", b" \r\n ", "empty"),
        ("readings.csv", b",,\n,,\n", "no rows"),
        ("readings.csv", PLAIN, "named as text"),
        ("readings.csv", b"a,b\x00\n", "binary"),
        ("readings.csv", SIMPLE.encode("utf-16"), "UTF-16"),
        ("readings.csv", b"timestamp,\x81\x8d\n", "characters"),
        ("readings.csv", b'timestamp,"EG\n1,2\n', "stray quotation mark"),
        ("readings.xlsx", SIMPLE.encode(), "is not an XLSX workbook"),
        ("readings.xlsx", b"PK\x03\x04 and then nothing", "not an XLSX workbook"),
        ("readings.xlsx", tables.OLE_MAGIC + bytes(600), "password"),
        ("readings.xlsx", PLAIN[: len(PLAIN) // 2], "damaged"),
        ("readings.xlsm", PLAIN, "macros"),
        ("readings.xls", tables.OLE_MAGIC, "'.xls' files are not read"),
        ("readings.pdf", b"%PDF-1.7", "'.pdf' files are not read"),
        ("readings", SIMPLE.encode(), "'readings' files are not read"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    filename: str, content: bytes, words: str
) -> None:
    assert words in refusal(filename, content)


def many_parts() -> bytes:
    return repacked(PLAIN, {f"xl/junk{number}.xml": b"" for number in range(2_001)})


def repeated_part() -> bytes:
    target = io.BytesIO(PLAIN)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        with zipfile.ZipFile(target, "a") as archive:
            archive.writestr("xl/workbook.xml", b"<workbook/>")
    return target.getvalue()


def bomb() -> bytes:
    return repacked(PLAIN, {"xl/junk": bytes(30 * 1024 * 1024)})


def lying_bomb() -> bytes:
    """The index says ten bytes, the part unpacks to thirty million."""
    content = bytearray(bomb())
    size = (30 * 1024 * 1024).to_bytes(4, "little")
    return bytes(content.replace(size, (10).to_bytes(4, "little")))


def entities() -> bytes:
    billion = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
        b"<worksheet>&b;</worksheet>"
    )
    return repacked(PLAIN, {SHEET: billion})


def macros_by_type() -> bytes:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        types = archive.read("[Content_Types].xml")
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    assert kind in types
    return repacked(PLAIN, {"[Content_Types].xml": types.replace(kind, macro)})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (many_parts, "at most 2000"),
        (repeated_part, "names a part twice"),
        (bomb, "more than 100 times its size"),
        (lying_bomb, "workbook"),
        (entities, "document types"),
        (macros_by_type, "macros"),
        (lambda: repacked(PLAIN, {"xl/vbaProject.bin": b"x"}), "macros"),
        (lambda: repacked(PLAIN, {"xl/embeddings/oleObject1.bin": b"x"}), "embedded objects"),
        (lambda: repacked(PLAIN, {"xl/workbook.xml": None}), "not an XLSX"),
        (lambda: repacked(PLAIN, {"[Content_Types].xml": None}), "not an XLSX"),
        (lambda: repacked(PLAIN, {SHEET: b"<worksheet><sheetData><row>"}), "damaged"),
        (lambda: repacked(PLAIN, {SHEET: b"\xff\xfe\x00"}), "damaged"),
    ],
)
def test_a_workbook_made_to_harm_is_refused(content: Callable[[], bytes], words: str) -> None:
    assert words in refusal("readings.xlsx", content())


def test_a_declared_size_above_the_limit_is_refused() -> None:
    lying = bytearray(PLAIN)
    entry = lying.index(b"PK\x01\x02")  # the first entry of the archive's index: its size at 24
    lying[entry + 24 : entry + 28] = (tables.MAX_UNPACKED_BYTES + 1).to_bytes(4, "little")

    assert "unpacks to more than 200 MB" in refusal("readings.xlsx", bytes(lying))


def test_too_many_rows_and_columns_are_refused() -> None:
    wide = ",".join(["timestamp", *(f"c{number}" for number in range(100))])
    assert "101 columns" in refusal("readings.csv", wide.encode())

    assert "more than 100,000 rows" in refusal("readings.csv", b"1,2\n" * (tables.MAX_ROWS + 1))
    far = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    far += b'<sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'
    assert "more than 100,000 rows" in refusal("readings.xlsx", repacked(PLAIN, {SHEET: far}))


def test_a_workbook_whose_only_sheet_is_hidden_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        book = archive.read("xl/workbook.xml")
    hidden = book.replace(b'state="visible"', b'state="hidden"')
    assert hidden != book

    assert "no visible sheet" in refusal(
        "readings.xlsx", repacked(PLAIN, {"xl/workbook.xml": hidden})
    )
