"""Forms with files and days: attachments, monitoring periods, tables of readings, gaps."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from cdm_portal import forms as widgets
from cdm_portal import parameters
from cdm_portal.uploads import kinds
from projects.methodologies.intervals import Resolution
from projects.models import Document
from projects.programmes.models import Component

RESOLUTIONS = [
    (Resolution.MINUTE.value, "Minute"), (Resolution.QUARTER.value, "Quarter of an hour"),
    (Resolution.HOUR.value, "Hourly"), (Resolution.DAY.value, "Daily"),
    (Resolution.MONTH.value, "Monthly"),
]
DAY = {"invalid": "Enter a date like 2026-11-23."}


class AttachmentForm(forms.Form):
    """One more attachment."""

    title = forms.CharField(label="What the file is", max_length=200)
    part = forms.ChoiceField(
        label="What it supports", choices=[("", "Choose a part"), *Document.Part.choices]
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = parameters.number("upload_max_mb", on)
        self.fields["file"] = widgets.BoundedFile(
            label="File", most_mb=most, max_length=200,
            help_text=f"{kinds.LABELS}, at most {most} MB.",
        )
        self.fields["confidential"] = forms.BooleanField(
            label="Confidential", required=False,
            help_text="Not published: the public reads only that there is such a file. Baseline, "
            "additionality and environmental impacts cannot be kept confidential (unverified, "
            "from general knowledge).",
        )


class WithdrawForm(forms.Form):
    """Withdrawing needs a reason."""

    reason = forms.CharField(
        label="Reason for withdrawing", max_length=500, widget=widgets.Area(rows=3)
    )


class PeriodForm(forms.Form):
    """First and last day of a monitoring period, both included."""

    first = forms.DateField(label="First day", widget=widgets.DateInput(), error_messages=DAY)
    last = forms.DateField(label="Last day", widget=widgets.DateInput(), error_messages=DAY)

    def __init__(
        self, *args: Any, components: Sequence[Component] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if components is not None:
            self.fields["component_ids"] = forms.TypedMultipleChoiceField(
                label="Components that the period covers", coerce=int, widget=widgets.CheckList(),
                choices=[(each.pk, str(each)) for each in components],
            )


class ReadingsForm(forms.Form):
    """A table of readings."""

    resolution = forms.ChoiceField(
        label="One row for each", choices=RESOLUTIONS,
        widget=widgets.RadioTiles(columns=True, hints={
            "minute": "Times like 2026-03-01T14:05", "quarter": "Times like 2026-03-01T14:15",
            "hour": "Times like 2026-03-01T14:00", "day": "Days like 2026-03-01",
            "month": "Months like 2026-03",
        }), initial=Resolution.HOUR.value,
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most, short = (parameters.number(f"{name}_max_mb", on) for name in ("readings", "upload"))
        self.fields["file"] = widgets.BoundedFile(
            label="Table of readings", most_mb=most, accept=".csv,.xlsx,.parquet", max_length=200,
            help_text=f"CSV in UTF-8, XLSX or Parquet, headed as in the template. At most {short} "
            f"MB; up to {most} MB for readings of a minute or a quarter of an hour.",
        )
        self.fields["treat"] = forms.BooleanField(
            label="Keep a faulty table and let me choose a treatment for each fault",
            required=False,
        )


class GapsForm(forms.Form):
    """Which gaps are accepted, and why the readings are missing."""

    keys = forms.MultipleChoiceField(label="Gaps", widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label="Why the readings are missing", max_length=500, required=False,
        help_text="For example: meter exchanged, data logger failed. It stands in the report. "
        "Leave it empty where an event of the period tells it.",
    )

    def __init__(self, *args: Any, gaps: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keys"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            (gap["key"], gap["key"]) for gap in gaps
        ]
