"""Forms of meters: a calibration with its certificate, corrections for late ones."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from cdm_portal import forms as widgets
from cdm_portal import parameters
from cdm_portal.uploads import kinds
from projects.methodologies.base import Parameter
from projects.methodologies.calibration import Correction
from projects.participant.forms.monitoring import DAY
from projects.participant.models import Calibration

PERCENT = {"inputmode": "decimal", "autocomplete": "off", "data-unit": "%"}


class CalibrationForm(forms.Form):
    """What the certificate of a calibration says."""

    symbol = forms.ChoiceField(label="What the meter measures")
    meter = forms.CharField(
        label="Meter", max_length=80, help_text="Its serial number, written alike every time."
    )
    done_date = forms.DateField(
        label="Calibrated on", widget=widgets.DateInput(), error_messages=DAY
    )
    interval_months = forms.IntegerField(
        label="Interval, in months", widget=widgets.Stepper({"min": "1"}), initial=12, min_value=1,
        help_text="As the monitoring plan says. The next calibration is due on the same day then.",
    )
    laboratory = forms.CharField(label="Laboratory", max_length=200)
    accuracy_class = forms.CharField(
        label="Accuracy class", max_length=40, help_text="For example 0.2S."
    )
    permissible_error = forms.DecimalField(
        label="Maximum permissible error", max_digits=7, decimal_places=4,
        widget=forms.TextInput(PERCENT), help_text="In per cent of the reading.",
    )
    error_found = forms.DecimalField(
        label="Error found", max_digits=7, decimal_places=4, widget=forms.TextInput(PERCENT),
        help_text="In per cent of the reading, below zero where the meter shows too little.",
    )
    out_of_use = forms.BooleanField(
        label="The meter was taken out of use on that day: no further calibration is due",
        required=False,
    )

    def __init__(
        self, *args: Any, on: date, asked: Sequence[Parameter], current: Sequence[Calibration],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        most = parameters.number("upload_max_mb", on)
        self.fields["symbol"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            (each.symbol, f"{each.symbol}: {each.meaning}") for each in asked
        ]
        self.fields["file"] = widgets.BoundedFile(
            label="Certificate", most_mb=most, max_length=200,
            help_text=f"{kinds.LABELS}, at most {most} MB.",
        )
        if current:
            self.fields["replaces"] = forms.TypedChoiceField(
                label="Puts right a mistaken record", required=False, coerce=int, empty_value=None,
                choices=[("", "No, it is a calibration of its own"),
                         *((each.pk, str(each)) for each in current)],
            )

    @property
    def told(self) -> dict[str, Any]:
        """What the certificate says, without the file and the record put right."""
        return {
            name: value for name, value in self.cleaned_data.items()
            if name not in {"file", "replaces"}
        }


class CorrectionsForm(forms.Form):
    """Which corrections are accepted, and why the calibration was late."""

    keys = forms.MultipleChoiceField(label="Corrections", widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label="Why the calibration was late", max_length=500,
        help_text="For example: the laboratory had no earlier date. It stands in the report.",
    )

    def __init__(self, *args: Any, found: Sequence[Correction], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "corrections_%s"} | kwargs)
        self.fields["keys"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            (each.key, each.key) for each in found
        ]
