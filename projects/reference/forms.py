"""What one person fills in about an entry of the reference data."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cdm_portal.forms import Area, DateInput
from projects.methodologies import units
from projects.reference.models import GridFactor
from projects.reference.stating import Factor

COMPARED = _("I have compared the text of the source with these values")


def _margin(
    label: Any, hint: Any = "", *, unit: Any = units.GRID_FACTOR, digits: int = 12, places: int = 8
) -> forms.DecimalField:
    box = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "data-unit": unit})
    return forms.DecimalField(
        label=label, help_text=hint, widget=box, required=False, max_digits=digits,
        decimal_places=places,
    )


class FactorForm(forms.Form):
    """A published grid emission factor."""

    party_code = forms.ChoiceField(label=_("Party"))
    grid = forms.CharField(
        max_length=120, label=_("Grid"), help_text=_("As its publisher names it."),
    )
    technologies = forms.ChoiceField(
        choices=GridFactor.Technologies.choices, label=_("Plants that the combined margin is for"),
    )
    first_year = forms.IntegerField(label=_("First year of the data"))
    last_year = forms.IntegerField(label=_("Last year of the data"))
    om = _margin(_("Operating margin"), _("Empty where it is not published."))
    bm = _margin(_("Build margin"))
    cm = _margin(_("Combined margin"))
    w_om = _margin(
        _("Weight of the operating margin"),
        _("From 0 to 1, as 0.75; the build margin has the rest."),
        unit=_("share"), digits=5, places=4,
    )
    tool_version = forms.CharField(
        max_length=10, required=False, label=_("Version of TOOL07"),
        help_text=_("By which it was worked out, if the source says so."),
    )
    source = forms.CharField(
        max_length=300, label=_("Source"), help_text=_("Who published it, in which document."),
    )
    address = forms.URLField(
        max_length=300, required=False, assume_scheme="https", label=_("Address of the source"),
    )
    published_on = forms.DateField(required=False, label=_("Published on"), widget=DateInput())
    valid_from = forms.DateField(label=_("Valid from"), widget=DateInput())
    valid_to = forms.DateField(
        required=False, label=_("Valid to"), widget=DateInput(),
        help_text=_("The last day. Empty: until another factor replaces it."),
    )
    note = forms.CharField(max_length=500, required=False, label=_("Note"), widget=Area(rows=2))
    verified = forms.BooleanField(required=False, label=COMPARED)

    def __init__(self, *args: Any, parties: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party_code"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            ("", _("Choose a Party")), *sorted(parties.items(), key=lambda each: each[1]),
        ]

    def stated(self) -> Factor:
        """What the action takes, of a form that is valid."""
        return Factor(**self.cleaned_data)


class DatesForm(forms.Form):
    """The days on which a version can be taken up."""

    valid_from = forms.DateField(label=_("Valid from"), widget=DateInput())
    valid_to = forms.DateField(
        required=False, label=_("Valid to"), widget=DateInput(),
        help_text=_("The last day on which a design can take it up. Empty: no end is known."),
    )
    grace_to = forms.DateField(
        required=False, label=_("Time of grace to"), widget=DateInput(),
        help_text=_("The last day on which requests that rest on it are received, if later."),
    )
    source = forms.CharField(
        max_length=300, label=_("Source"),
        help_text=_("The decision or document and its paragraph."),
    )
    verified = forms.BooleanField(required=False, label=COMPARED)
