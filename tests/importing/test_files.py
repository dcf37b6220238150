"""Files that are not what they should be: a specific sentence, exit code 1, nothing changed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from registry.importing import remarks, reports, sheets
from registry.importing.sheets import UnreadableFile
from registry.models import Issuance
from tests.importing import books
from tests.importing.books import Files, cancelled, issued
from tests.importing.command import manage
from tests.importing.conftest import Import

Said = Callable[[], list[dict[str, str]]]
Unchanged = Callable[[], AbstractContextManager[None]]


def read(files: Files) -> reports.Report:
    return reports.read_issuances(files.written()["issuances"], "")


# The same content in other clothes: read all the same ---------------------------------------------


def test_a_sheet_is_found_by_its_headers_whatever_it_is_called(files: Files) -> None:
    options = files.written()
    rows = [*files.issuances, books.total(4)]
    books.book(options["issuances"], books.ISSUED_HEADS, rows, sheet="Renamed")
    book = openpyxl.load_workbook(options["issuances"])
    book.create_sheet("First", 0).append(["Notes", "about", "this", "file"])
    book.save(options["issuances"])
    assert len(reports.read_issuances(options["issuances"], "").bookings) == 4


def test_columns_may_stand_in_any_order_with_more_between_and_rows_above(files: Files) -> None:
    options = files.written()
    order = [8, 3, 0, 7, 6, 5, 4, 2, 1]
    rows = [[row[i] for i in order] + ["x"] for row in [*files.issuances, books.total(4)]]
    rows[-1] = [*rows[-1][:-1], ""]
    heads = [books.ISSUED_HEADS[i].upper() for i in order] + ["Remarks"]
    books.book(options["issuances"], ["Downloaded in 2023"], [heads, *rows])
    with pytest.raises(UnreadableFile, match="total counts rows 2 to 5, the report has rows 3 to"):
        reports.read_issuances(options["issuances"], "")
    rows[-1][0] = "=SUM(I3:I6)"
    books.book(options["issuances"], ["Downloaded in 2023"], [heads, *rows])
    found = reports.read_issuances(options["issuances"], "").bookings
    assert [b.lo for b in found] == [1, 101, 1, 1001]


def test_a_declared_dimension_of_one_cell_is_not_believed(files: Files, tmp_path: Path) -> None:
    whole, lying = files.written()["issuances"], tmp_path / "lying.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(lying, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                assert b"<sheetData>" in data
                data = data.replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>')
            target.writestr(name, data)
    assert len(reports.read_issuances(lying, "").bookings) == 4


def test_the_hash_of_a_row_covers_what_it_says_not_where_it_stands(files: Files) -> None:
    before = {b.sha256 for b in read(files).bookings}
    files.issuances.reverse()
    assert {b.sha256 for b in read(files).bookings} == before
    files.issuances[0][0] = datetime(2012, 3, 4, 9, 30, 1)
    assert len({b.sha256 for b in read(files).bookings} & before) == 3


# Faults -------------------------------------------------------------------------------------------

ROW = 2  # the first row of the report, as it is numbered in the sheet


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        (0, 40972.5, "row 2, “Completion date”: not a date with its time"),
        (0, "2012-03-04", "row 2, “Completion date”: not a date with its time"),
        (1, "Cancellation (4)", "row 2, “Transaction type”: not “Issuance \\(1\\)”"),
        (2, "5 - Terminated", "row 2, “Status”: not “4 - Completed”"),
        (3, "1-100", "row 2, “SERIAL RANGE”: not as the registry prints it"),
        (3, "one - 100", "row 2, “SERIAL RANGE”: not as the registry prints it"),
        (3, "100 - 1", "row 2, “SERIAL RANGE”: not a block of serials"),
        (3, "0 - 99", "row 2, “SERIAL RANGE”: not a block of serials"),
        (3, 100, "row 2, “SERIAL RANGE”: not as the registry prints it"),
        (4, "ERU", "row 2, “Unit Type”: the CDM registry issues CER, tCER, lCER, not ERU"),
        (5, "3", "row 2, “CP”: not as the registry prints it"),
        (6, "Kenya", "row 2, “PARTY CODE”: not as the registry prints it"),
        (7, "KE-7", "row 2, “Project number”: not as the registry prints it"),
        (8, 101, "row 2, “Total”: the serials are 100 units"),
        (8, "100", "row 2, “Total”: not a whole number"),
        (8, 100.5, "row 2, “Total”: not a whole number"),
    ],
)
def test_a_row_of_another_form_is_named_with_its_column(
    column: int, cell: Any, says: str, files: Files
) -> None:
    files.issuances[0][column] = cell
    with pytest.raises(UnreadableFile, match=says):
        read(files)


def test_swapped_columns_under_the_right_headers_are_refused(files: Files) -> None:
    for row in files.issuances:
        row[5], row[6] = row[6], row[5]
    with pytest.raises(UnreadableFile, match=r"cannot be imported: row 2.*and 1 more"):
        read(files)


def test_a_report_without_its_total_is_taken_for_half_a_file(files: Files) -> None:
    path = files.written()["issuances"]
    books.book(path, books.ISSUED_HEADS, files.issuances[:2])
    with pytest.raises(UnreadableFile, match="does not end with its row “Total”"):
        reports.read_issuances(path, "")


@pytest.mark.parametrize(
    ("said", "says"),
    [(1451, "the total is 1451, the rows add up to 1450"),
     ("=SUM(I2:I9)", "the total counts rows 2 to 9, the report has rows 2 to 5")],
)  # fmt: skip
def test_a_total_that_is_wrong_is_refused(said: Any, says: str, files: Files) -> None:
    rows = [*files.issuances, [*books.total(4)[:8], said]]
    path = books.book(files.folder / "issuances.xlsx", books.ISSUED_HEADS, rows)
    with pytest.raises(UnreadableFile, match=says):
        reports.read_issuances(path, "")


def test_rows_behind_the_total_are_refused(files: Files) -> None:
    files.issuances.insert(2, books.total(2))
    with pytest.raises(UnreadableFile, match="a row behind the total"):
        read(files)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("text", "issuances.xlsx is not a whole Excel file"),
        ("half", "issuances.xlsx is not a whole Excel file"),
        ("empty", "issuances.xlsx is not a whole Excel file"),
        ("zip", "issuances.xlsx is not a whole Excel file"),
        ("bare", "but no row"),
        ("missing", "issuances.xlsx is not a whole Excel file|cannot be read: No such file"),
        ("other", "not the CDM registry's issuance report: no sheet of it has the columns “Unit"),
        ("headless", "no sheet of it has the columns “Completion date”"),
        ("double", "has the column “CP” more than once"),
    ],
)
def test_a_file_that_is_something_else_is_refused(name: str, says: str, files: Files) -> None:
    options = files.written()
    path = options["issuances"]
    whole = path.read_bytes()
    spoil: dict[str, Callable[[], object]] = {
        "text": lambda: path.write_text("Completion date,Transaction type\n"),
        "half": lambda: path.write_bytes(whole[: len(whole) // 2]),
        "empty": lambda: path.write_bytes(b""),
        "zip": lambda: zipfile.ZipFile(path, "w").writestr("a.txt", "a"),
        "bare": lambda: books.book(path, books.ISSUED_HEADS, []),
        "missing": path.unlink,
        "other": lambda: path.write_bytes(options["cancellations"].read_bytes()),
        "headless": lambda: books.book(path, ["a", "b"], files.issuances),
        "double": lambda: books.book(path, [*books.ISSUED_HEADS, "CP"], files.issuances),
    }
    spoil[name]()
    with pytest.raises(UnreadableFile, match=says):
        sheets.digest(path)
        reports.read_issuances(path, "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda f: f.issuances.pop(0), "KE: serials 1 to 100 are missing before row 2"),
        (lambda f: f.issuances.append(issued("KE", 401, 401, day=1)) or f.issuances.append(
            issued("KE", 399, 401)), "KE: row 7 begins at serial 399, which another row issued"),
        (lambda f: f.issuances.append(issued("QQ", 1, 1)), "row 6: the registry does not know"),
        (lambda f: f.cancellations.append(["Total", *[""] * 8]), None),
        (lambda f: f.cancellations.append(cancelled("KE", 5, 4)), "not a block of serials"),
        (lambda f: f.activities.clear(), "but no row"),
        (lambda f: [row.__setitem__(3, "x") for row in f.activities], "no registered activity"),
        (lambda f: [row.__setitem__(8, None) for row in f.requests], "no row can be read; row 2"),
    ],
)
def test_the_whole_is_checked_before_anything_is_booked(
    spoil: Callable[[Files], object], says: str | None, files: Files, run: Import,
    nothing_written: Unchanged,
) -> None:
    spoil(files)
    if says is None:
        run()
        assert Issuance.objects.count() == 4
        return
    with nothing_written(), pytest.raises(CommandError, match=says):
        run()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (cancelled("KE", 50, 55), "row 2 cancels some of these units already"),
        (cancelled("KE", 100, 101), "no issuance of the report made all of these units"),
        (cancelled("KE", 900, 901), "no issuance of the report made all of these units"),
        (cancelled("UG", 1, 1), "no issuance of the report made all of these units"),
        (cancelled("KE", 70, 71, project="8"), "row 2 of the issuance report made these units"),
        (cancelled("KE", 70, 71, unit="tCER"), "row 2 of the issuance report made these units"),
        (cancelled("KE", 70, 71, period="2"), "row 2 of the issuance report made these units"),
    ],
)
def test_a_cancellation_that_cannot_be_is_refused_alone(
    row: list[Any], reason: str, files: Files, run: Import, said: Said
) -> None:
    files.cancellations.append(row)
    run()
    found = [r for r in said() if r["what"] == "refused" and r["row"] == "7"]
    assert len(found) == 1
    assert reason in found[0]["reason"]


def test_a_cell_of_the_report_is_no_formula(files: Files, tmp_path: Path) -> None:
    files.issuances[0][6] = "=1+1"
    with pytest.raises(reports.MalformedReport) as refusal:
        read(files)
    reports_file = tmp_path / "said.csv"
    remarks.write(reports_file, refusal.value.remarks)
    assert ",'=1+1," in reports_file.read_text(encoding="utf-8")


def test_half_a_file_is_exit_code_1_and_one_sentence(ledger_db: str, files: Files) -> None:
    options = files.written()
    half = options["cancellations"].read_bytes()[:-200]
    options["cancellations"].write_bytes(half)
    refused = manage(ledger_db, options)
    assert refused.returncode == 1, refused.stderr
    assert "cancellations.xlsx is not a whole Excel file" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert Issuance.objects.count() == 0


def test_two_imports_at_once_are_one(ledger_db: str, files: Files) -> None:
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    other = psycopg2.connect(**parameters)
    try:
        other.cursor().execute(
            "SELECT pg_advisory_lock(hashtextextended('registry_import', 0))"
        )
        with pytest.raises(CommandError, match="Another import is running"):
            call_command("import_unfccc", **files.written())
    finally:
        other.close()
    assert Issuance.objects.count() == 0
