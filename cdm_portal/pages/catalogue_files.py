"""The catalogue as a file: exactly the rows that a page filters, in the order asked for."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

import openpyxl
from django.http import HttpResponse, JsonResponse

from cdm_portal.pages.catalogue import Row
from cdm_portal.readonly_admin import cell

FORMS = ("csv", "json", "xlsx")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = (
    "number", "title", "type", "host", "country", "region", "stage", "rules", "scale",
    "methodology", "price_usd", "available_tonnes", "commitment_periods", "co_benefits",
    "reductions_from", "reductions_to",
)  # fmt: skip


def answer(form: str, rows: Iterable[Row]) -> HttpResponse:
    """The rows in one of FORMS; the caller refuses any other."""
    told = [_values(row) for row in rows]
    if form == "json":
        return JsonResponse({"data": [dict(zip(HEAD, _texts(each), strict=True)) for each in told]})
    if form == "xlsx":
        return _attached(_book(told), SHEET, form)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    writer.writerows([cell(value) for value in _texts(each)] for each in told)
    return _attached(text.getvalue().encode(), "text/csv; charset=utf-8", form)


def _attached(content: bytes, media_type: str, form: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="projects.{form}"'
    return response


def _values(row: Row) -> tuple[object, ...]:
    project, entry = row.project, row.entry
    years = (entry.vintages[0], entry.vintages[-1]) if entry.vintages else (None, None)
    return (
        project.name, project.title, project.get_sector_display(), project.party_code,
        entry.country, entry.region, project.get_stage_display(), project.rules, project.scale,
        project.methodology, row.price, None if row.price is None else row.available,
        " ".join(str(each) for each in entry.periods), " ".join(entry.criteria), *years,
    )  # fmt: skip


def _texts(values: tuple[object, ...]) -> list[str]:
    return ["" if each is None else str(each) for each in values]


def _book(rows: Iterable[tuple[object, ...]]) -> bytes:
    """A workbook of one sheet: numbers as numbers, and text that no spreadsheet runs."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Projects")
    sheet.append(list(HEAD))
    for row in rows:
        sheet.append([
            each if each is None or isinstance(each, (int, Decimal)) else cell(str(each))
            for each in row
        ])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
