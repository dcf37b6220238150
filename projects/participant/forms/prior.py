"""The forms of prior consideration: the notice, its publication, the search of the public list."""

from typing import Any

from django import forms

from cdm_portal import forms as widgets
from projects.participant import prior

DAY = {"invalid": "Enter a date like 2026-11-23."}
DEGREES = {"inputmode": "decimal", "autocomplete": "off", "data-unit": "degrees"}


class NoticeForm(forms.Form):
    """What the host Party's DNA and the secretariat are told."""

    start_date = forms.DateField(
        label="Start date of the project activity", widget=widgets.DateInput(), error_messages=DAY,
        help_text="The earliest day of implementation, construction or real action.",
    )
    location = forms.CharField(label="Place", max_length=200)
    latitude = forms.DecimalField(
        label="Latitude", max_digits=8, decimal_places=5, widget=forms.TextInput(DEGREES)
    )
    longitude = forms.DecimalField(
        label="Longitude", max_digits=8, decimal_places=5, widget=forms.TextInput(DEGREES)
    )
    description = forms.CharField(
        label="Brief description", max_length=10_000, widget=widgets.Area(rows=4)
    )


class PublishForm(forms.Form):
    """A button only; it carries a refusal back to the page."""


class ListForm(forms.Form):
    """Search of the public list."""

    q = forms.CharField(label="Words", max_length=200, required=False)
    party = forms.ChoiceField(label="Host Party", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            ("", "Every Party"), *prior.parties_named()
        ]
