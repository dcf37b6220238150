"""Forms of events: one that is typed, and a table in place of the list."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from cdm_portal import forms as widgets
from cdm_portal import parameters
from projects.methodologies import events


class EventForm(forms.Form):
    """Something that happened between two moments."""

    kind = forms.ChoiceField(label="What happened", choices=[*events.LABELS.items()])
    symbol = forms.ChoiceField(label="Parameter", required=False)
    begins = forms.CharField(
        label="Begin", max_length=40, help_text="Like 2026-11-23 14:05, the project's time."
    )
    ends = forms.CharField(label="End", max_length=40)
    note = forms.CharField(label="Note", max_length=events.LONGEST_NOTE, required=False)

    def __init__(self, *args: Any, symbols: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["symbol"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            ("", "Every parameter"), *((each, each) for each in symbols)
        ]


class EventFileForm(forms.Form):
    """A table of events."""

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "list_%s"} | kwargs)
        most = parameters.number("upload_max_mb", on)
        self.fields["file"] = widgets.BoundedFile(
            label="Table of events", most_mb=most, accept=".csv,.xlsx", max_length=200,
            help_text="CSV in UTF-8 or XLSX with the columns kind, begin, end and, if you like, "
            f"parameter and note; kind is one of {', '.join(events.Kind)}. At most {most} MB.",
        )
