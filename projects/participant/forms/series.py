"""Forms of long series: treatments of faults, and which column holds what."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from projects.methodologies import units
from projects.methodologies.readings import Column
from projects.methodologies.series.headers import COUNTER, TIME
from projects.participant.series import content


class TreatmentsForm(forms.Form):
    """One treatment for each open group of faults, and one reason."""

    reason = forms.CharField(
        label="Why the readings are faulty", max_length=500,
        help_text="For example: logger set up anew, file edited by hand. The DOE reads it.",
    )

    def __init__(self, *args: Any, faults: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = [each for each in faults if not each.get("choice")]
        for number, each in enumerate(self.groups):
            self.fields[f"choice-{number}"] = forms.ChoiceField(
                label="What to do", choices=content.offers(each["fault"]),
            )
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    @property
    def shown(self) -> list[tuple[Mapping[str, Any], forms.BoundField]]:
        """Each group with its field."""
        return [(each, self[f"choice-{number}"]) for number, each in enumerate(self.groups)]

    @property
    def choices(self) -> dict[str, str]:
        """The treatment chosen for each group, by its key."""
        return {
            each["key"]: self.cleaned_data[f"choice-{number}"]
            for number, each in enumerate(self.groups)
        }


class ColumnsForm(forms.Form):
    """What each column of a file holds."""

    def __init__(
        self, *args: Any, headers: Sequence[str], columns: Sequence[Column], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.headers = list(headers)
        due = _due(columns)
        for number, header in enumerate(self.headers):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=header, choices=due, required=False,
                initial=header if header in dict(due) else "",
            )

    @property
    def mapping(self) -> dict[str, str]:
        """What each header of the file stands for."""
        return {
            header: self.cleaned_data[f"column-{number}"]
            for number, header in enumerate(self.headers)
        }


def _due(columns: Sequence[Column]) -> list[tuple[str, str]]:
    """The headers that a column can stand for."""
    found = [("", "Not read"), (TIME, "Time: beginning of each interval")]
    for column in columns:
        for unit in units.units_like(column.unit):
            plain = f"{column.symbol} [{unit}]"
            found += [(plain, plain), (f"{plain} {COUNTER}", f"{plain}, state of a counter")]
    return found
