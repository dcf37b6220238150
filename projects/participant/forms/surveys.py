"""The form of a survey: which parameter, of how many units, the table of answers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from cdm_portal import forms as widgets
from cdm_portal import parameters
from projects.methodologies.base import Parameter


class SurveyForm(forms.Form):
    """A survey that gives a parameter its value."""

    symbol = forms.ChoiceField(label="Parameter")
    population = forms.IntegerField(
        label="Units in all", min_value=1, widget=forms.TextInput({"inputmode": "numeric"}),
        help_text="Of how many the sample was drawn, such as stoves distributed.",
    )

    def __init__(self, *args: Any, on: date, asked: Sequence[Parameter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = parameters.number("upload_max_mb", on)
        self.fields["symbol"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            (each.symbol, f"{each.symbol} [{each.unit}]: {each.meaning}") for each in asked
        ]
        self.fields["file"] = widgets.BoundedFile(
            label="Table of answers", most_mb=most, accept=".csv,.xlsx", max_length=200,
            help_text="CSV in UTF-8 or XLSX with the columns unit, date and value [unit], a row "
            f"for each unit that was asked; yes and no where it is a share. At most {most} MB.",
        )
