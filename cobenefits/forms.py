"""One form for the 12 criteria: an empty level means that the criterion is not reported."""

from collections.abc import Iterator
from typing import Any

from django import forms

from cobenefits import criteria
from cobenefits.actions import Statement
from cobenefits.models import Line, Report


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

    def clean(self) -> dict[str, Any]:
        """Words without a level would be lost: say so."""
        cleaned = super().clean() or {}
        for criterion in criteria.CRITERIA:
            said = any(cleaned.get(f"{criterion.key}_{p}") for p in ("figure", "text", "evidence"))
            if said and not cleaned.get(f"{criterion.key}_level"):
                message = "Choose a level, or clear the other boxes."
                self.add_error(f"{criterion.key}_level", message)
        return cleaned

    def statements(self) -> dict[str, Statement]:
        """What the action takes: the criteria with a level."""
        given = self.cleaned_data
        return {
            c.key: Statement(
                level=given[f"{c.key}_level"], text=given[f"{c.key}_text"],
                figure=given[f"{c.key}_figure"], evidence=given[f"{c.key}_evidence"],
            )
            for c in criteria.CRITERIA
            if given[f"{c.key}_level"]
        }

    def groups(self) -> Iterator[dict[str, Any]]:
        """The fields by category and criterion, for the template."""
        for key, label in criteria.CATEGORIES:
            yield {
                "key": key, "label": label,
                "criteria": [
                    {
                        "criterion": c,
                        "fields": [
                            self[f"{c.key}_{p}"] for p in ("level", "figure", "text", "evidence")
                        ],
                    }
                    for c in criteria.CRITERIA
                    if c.category == key
                ],
            }


def initial(report: Report | None) -> dict[str, str]:
    """The standing report as the form's starting point for an amendment."""
    if report is None:
        return {}
    return {
        f"{line.criterion}_{part}": getattr(line, part)
        for line in report.lines.all()
        for part in ("level", "figure", "text", "evidence")
    }


class WithdrawForm(forms.Form):
    """Withdrawing needs a reason."""

    reason = forms.CharField(
        label="Reason for withdrawing", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
