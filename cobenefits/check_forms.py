"""Forms of evidence, of the checks of DOEs, and of the list of indicators."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms

from cdm_portal import parameters
from cdm_portal.forms import Area, BoundedFile, DateInput, RadioTiles
from cobenefits import criteria
from cobenefits.actions import Found
from cobenefits.forms import MOST
from cobenefits.indicators import SECTIONS, label
from cobenefits.models import Check, CheckLine


class EvidenceForm(forms.Form):
    """A file that indicators may name."""

    title = forms.CharField(label="What the file is", max_length=200)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = BoundedFile(
            label="File", most_mb=parameters.number("upload_max_mb", on),
            help_text="Public once a published version names it.",
        )


class AskForm(forms.Form):
    """Which DOE is asked to check the version in view."""

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation_id"] = forms.TypedChoiceField(
            label="DOE", coerce=int, widget=RadioTiles(), choices=choices
        )


class AskAnyForm(forms.Form):
    """The same by the API, which names the organisation by its id."""

    organisation_id = forms.IntegerField(min_value=1, max_value=MOST)


class AcceptForm(forms.Form):
    """The DOE takes the check on."""

    no_conflict = forms.BooleanField(
        required=False,
        label="We have no conflict of interest with the participants in this project",
    )


class DeclineForm(forms.Form):
    """The DOE does not take the check on."""

    reason = forms.CharField(
        label="Reason for declining", max_length=2000, widget=Area(rows=2),
        help_text="For the participants.",
    )


class FindingsForm(forms.Form):
    """For each criterion of the version an outcome and words; the statement that is published. All
    of it is needed to publish, nothing to keep what is found so far (`final` false).
    """

    def __init__(
        self, *args: Any, reported: Sequence[str], final: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reported = [key for key in criteria.BY_KEY if key in reported]
        for key in self.reported:
            self.fields[f"{key}_outcome"] = forms.ChoiceField(
                label="Outcome", required=final, choices=CheckLine.Outcome.choices,
                widget=forms.RadioSelect,
            )
            self.fields[f"{key}_text"] = forms.CharField(
                label="What was looked at, and what was found", required=final,
                max_length=2000, widget=Area(rows=2),
            )
        self.fields["statement"] = forms.CharField(
            label="Statement", required=final, max_length=4000, widget=Area(rows=5),
            help_text="Public with the report, under the name of your organisation.",
        )

    def findings(self) -> dict[str, Found]:
        """What the actions take."""
        given = self.cleaned_data
        return {
            key: Found(given[f"{key}_outcome"], given[f"{key}_text"]) for key in self.reported
        }

    def groups(self) -> Iterator[dict[str, Any]]:
        """The fields by criterion, for the template."""
        for key in self.reported:
            yield {
                "key": key, "label": criteria.BY_KEY[key].label,
                "fields": [self[f"{key}_outcome"], self[f"{key}_text"]],
            }


def findings_initial(check: Check) -> dict[str, str]:
    """What the DOE has kept so far."""
    found = {"statement": check.statement}
    for line in check.lines.all():
        found |= {f"{line.criterion}_outcome": line.outcome, f"{line.criterion}_text": line.text}
    return found


class IndicatorForm(forms.Form):
    """A new indicator, or another wording of one."""

    section = forms.ChoiceField(
        label="Section", choices=[(key, label(key)) for key in SECTIONS]
    )
    key = forms.CharField(
        label="Name in the API", max_length=40,
        help_text="Small letters, digits and low lines. The same name words an indicator anew.",
    )
    label = forms.CharField(label="What is asked", max_length=120)
    unit = forms.CharField(label="Unit proposed", max_length=40, required=False)
    source = forms.CharField(label="Source", max_length=300)
    verified = forms.BooleanField(
        label="I have compared the source; it says this", required=False
    )
    valid_from = forms.DateField(label="Asked from", widget=DateInput())


class EndForm(forms.Form):
    """An indicator that is asked no more."""

    section = forms.ChoiceField(
        label="Section", choices=[(key, label(key)) for key in SECTIONS],
        widget=forms.HiddenInput,
    )
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    source = forms.CharField(label="Why, and by which source", max_length=300)
    valid_from = forms.DateField(label="Asked no more from", widget=DateInput())
