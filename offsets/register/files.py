"""The public record as a file: exactly the rows that a page filters, in the order asked for."""

import io
from collections.abc import Iterable, Iterator

import openpyxl
from django.http import HttpResponse, HttpResponseBase

from cdm_portal.readonly_admin import cell
from offsets import codes
from offsets.register.shown import Row
from registry import exports

FORMS = ("csv", "json", "xlsx")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = (
    "cancelled_at", "tonnes", "host", "project", "title", "beneficiary", "reason",
    "serial_numbers", "kind", "source", "certificate", "code", "registry_reference", "rules",
)  # fmt: skip


def answer(form: str, rows: Iterable[Row]) -> HttpResponseBase:
    """The rows in one of FORMS; the caller refuses any other."""
    lines = values(rows)
    if form != "xlsx":
        return exports.answer(form, "cancellations", HEAD, lines)
    response = HttpResponse(_book(lines), content_type=SHEET)
    response["Content-Disposition"] = 'attachment; filename="cancellations.xlsx"'
    return response


def values(rows: Iterable[Row]) -> Iterator[list[object]]:
    """The cells of each row; tonnes are a number, all else is text."""
    for row in rows:
        entry, made = row.entry, row.certificate
        yield [
            entry.at.isoformat(), entry.quantity, entry.party_code, entry.project_number,
            guarded(row.title), guarded(row.name), guarded(entry.reason), str(row.serial),
            row.kind, entry.source, made.number if made else "",
            codes.show(made.code) if made else "", row.reference,
            "demonstration" if row.is_demonstration else "historic",
        ]  # fmt: skip


def guarded(text: str) -> str:
    """Text that no spreadsheet runs, also behind blanks: they strip them before they look."""
    made = cell(text.lstrip())
    return f"'{text}" if made != text.lstrip() or (text[:1] in "\t\r\n" and text) else text


def _book(rows: Iterable[list[object]]) -> bytes:
    """A workbook of one sheet: tonnes as numbers, the rest as text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Cancellations")
    sheet.append(list(HEAD))
    for row in rows:
        sheet.append([
            each if isinstance(each, int) else _printable(str(each)) for each in row
        ])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _printable(text: str) -> str:
    """What a workbook may hold: other control characters are refused in names already."""
    return openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", text)
