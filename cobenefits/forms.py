"""One form for the 12 criteria: an empty level means that the criterion is not reported."""

from collections.abc import Iterator
from typing import Any

from django import forms

from cdm_portal.forms import Area, RadioTiles
from cobenefits import criteria
from cobenefits.actions import LONGEST_REASON, LONGEST_TEXT, Statement
from cobenefits.models import Line, Report

MOST = 2**31 - 1
"""The greatest number that the database keeps in a column of this kind."""

PARTS = ("level", "figure", "text", "evidence")


class ReportForm(forms.Form):
    """For each criterion a level, a figure, words and evidence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in criteria.CRITERIA:
            self._add(criterion)

    def _add(self, criterion: criteria.Criterion) -> None:
        key = criterion.key
        self.fields[f"{key}_level"] = forms.ChoiceField(
            label="Level", required=False,
            choices=[("", "Not reported"), *Line.Level.choices],
        )
        self.fields[f"{key}_figure"] = forms.CharField(
            label="Figure", required=False, max_length=60,
            help_text="A quantity with its unit, such as “46 full-time jobs”.",
        )
        self.fields[f"{key}_text"] = forms.CharField(
            label="In words", required=False, max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=f"For example: {', '.join(criterion.indicators)}.",
        )
        self.fields[f"{key}_evidence"] = forms.CharField(
            label="Evidence", required=False, max_length=300,
            help_text="Where somebody could check it.",
        )

    def statements(self) -> dict[str, Statement]:
        """What the actions take: the criteria about which anything is said."""
        given = self.cleaned_data
        said = {
            c.key: {part: given[f"{c.key}_{part}"] for part in PARTS} for c in criteria.CRITERIA
        }
        return {key: Statement(**parts) for key, parts in said.items() if any(parts.values())}

    def groups(self) -> Iterator[dict[str, Any]]:
        """The fields by category and criterion, for the template."""
        for key, label in criteria.CATEGORIES:
            yield {
                "key": key, "label": label,
                "criteria": [
                    {
                        "criterion": c,
                        "fields": [
                            self[f"{c.key}_{part}"] for part in PARTS
                        ],
                    }
                    for c in criteria.CRITERIA
                    if c.category == key
                ],
            }


def initial(report: Report | None) -> dict[str, str]:
    """The draft, or the report in view, as the form's starting point."""
    if report is None:
        return {}
    return {
        f"{line.criterion}_{part}": getattr(line, part)
        for line in report.lines.all()
        for part in PARTS
    }


class WithdrawForm(forms.Form):
    """Withdrawing needs a reason."""

    reason = forms.CharField(
        label="Reason for withdrawing", max_length=LONGEST_REASON, widget=Area(rows=2),
        help_text="Public with the report.",
    )


class TurnForm(forms.Form):
    """Which handing in was looked at."""

    turn = forms.IntegerField(min_value=1, max_value=MOST, widget=forms.HiddenInput)


class ReturnForm(TurnForm):
    """What is wrong with the form of a report."""

    reason = forms.CharField(
        label="What is to be put right", max_length=LONGEST_TEXT, widget=Area(rows=3)
    )


class PublicationForm(TurnForm):
    """The secretariat publishes a report or sends it back."""

    outcome = forms.ChoiceField(
        label="The form of the report",
        choices=[("publish", "Publish it"), ("return", "Send it back")],
        widget=RadioTiles(hints={
            "publish": "It is filled in as the tool asks. Nobody has verified what it says.",
            "return": "It is a draft again; nothing that was typed is lost.",
        }),
    )
    reason = forms.CharField(
        label="What is to be put right", max_length=LONGEST_TEXT, widget=Area(rows=3),
        required=False, help_text="For the participants, if it is sent back.",
    )


class CommentForm(forms.Form):
    """A comment of the host Party's authority on the version in view."""

    version = forms.IntegerField(min_value=1, max_value=MOST, widget=forms.HiddenInput)
    text = forms.CharField(
        label="Comment", max_length=LONGEST_TEXT, widget=Area(rows=5),
        help_text="Public with the report, as the comment of the host Party's authority.",
    )
