"""Admin classes that only show: for the ledger, the journal and the cases (decisions, 17).

Every member of staff may look, a superuser too may do no more. Rows leave as CSV, never change.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[models.Model]
else:  # generic for the type checker only
    ModelAdmin = admin.ModelAdmin

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins like this for a formula."""


class Echo:
    """A file that hands back what is written to it, for rows that leave one by one."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def cell(value: object) -> object:
    """A value as a spreadsheet should read it: ISO 8601 moments, bytes as hex, no formula."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return "" if value is None else value


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of a CSV file, made as they are asked for."""
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(list(header))
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def csv_answer(
    filename: str, header: Iterable[str], rows: Iterable[Iterable[object]]
) -> StreamingHttpResponse:
    """A download of `filename`.csv."""
    answer = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{filename}.csv"'
    return answer


class ReadOnlyAdmin(ModelAdmin):
    """Shows rows to staff and changes none, whoever asks."""

    actions = ("export_csv",)
    show_full_result_count = False
    list_per_page = 50
    save_on_top = False

    @admin.action(description=_("Export the selected rows as CSV"))
    def export_csv(
        self, request: HttpRequest, queryset: models.QuerySet[models.Model]
    ) -> HttpResponse:
        """Every column of exactly these rows."""
        names = [field.attname for field in self.model._meta.concrete_fields]
        rows = queryset.values_list(*names).iterator(chunk_size=2000)
        return csv_answer(self.model._meta.model_name or "rows", names, rows)  # type: ignore[return-value] # streaming

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        """All of them, and what the class adds."""
        fields = [field.name for field in self.model._meta.fields]
        return [*fields, *(n for n in self.readonly_fields if n not in fields)]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the app is listed: for staff."""
        return is_staff(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Staff may look."""
        return is_staff(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody deletes."""
        return False


def is_staff(request: HttpRequest) -> bool:
    """Whether a member of staff asks."""
    user = request.user
    return not isinstance(user, AnonymousUser) and user.is_active and user.is_staff
