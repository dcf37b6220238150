"""A box in which the rows of a table are typed or pasted, and the form of a period's table."""

from typing import Any

from django import forms

from cdm_portal import forms as widgets
from projects.methodologies.base import Table
from projects.participant import rows


def rows_box(table: Table, label: str, *, required: bool) -> forms.CharField:
    """A box with a line for each row; the head tells which cells a row has."""
    return forms.CharField(
        label=label, required=required, widget=widgets.Area(rows=5),
        help_text=f"A row in each line, cells parted by semicolons or pasted from a spreadsheet: "
        f"{rows.header(table)}.",
    )


def read_rows(form: forms.Form, table: Table, box: str) -> None:
    """Put the rows in the place of the text, or the fault beside the box."""
    text = form.cleaned_data.get(box)
    if not isinstance(text, str):
        return
    try:
        form.cleaned_data[box] = rows.parse(table, text)
    except ValueError as refusal:
        form.add_error(box, str(refusal))


class RowsForm(forms.Form):
    """The rows of one table in a monitoring period."""

    def __init__(self, data: Any = None, *, table: Table, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"id_{table.symbol}_%s", **kwargs)
        self.table = table
        self.fields["rows"] = rows_box(table, f"Rows of {table.symbol}", required=True)

    def clean(self) -> dict[str, Any]:
        """The rows in the place of the text."""
        given = super().clean() or {}
        read_rows(self, self.table, "rows")
        return given
