"""Forms of long series: treatments of faults, and which column holds what."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from cdm_portal.forms import RadioTiles
from projects.methodologies import units
from projects.methodologies.readings import Column
from projects.methodologies.series.headers import COUNTER, TIME
from projects.participant.series import content

NOT_READ = "-"


class TreatmentsForm(forms.Form):
    """One treatment for each open group of faults, and one reason."""

    reason = forms.CharField(
        label="Why the readings are faulty", max_length=500,
        help_text="For example: logger set up anew, file edited by hand. The DOE reads it.",
        error_messages={"required": "Say why the readings are faulty."},
    )

    def __init__(self, *args: Any, faults: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = [each for each in faults if not each.get("choice")]
        for number, each in enumerate(self.groups):
            self.fields[f"choice-{number}"] = forms.ChoiceField(
                label=f"{each['column']} {each['said']}", choices=content.offers(each["fault"]),
                initial=content.offers(each["fault"])[0][0], widget=RadioTiles(columns=True),
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
                label=header, choices=due, initial=header if header in dict(due) else NOT_READ,
            )

    @property
    def mapping(self) -> dict[str, str]:
        """What each header of the file stands for; those that are not read are left out."""
        given = {
            header: self.cleaned_data[f"column-{number}"]
            for number, header in enumerate(self.headers)
        }
        return {header: due for header, due in given.items() if due != NOT_READ}


def _due(columns: Sequence[Column]) -> list[tuple[str, str]]:
    """The headers that a column can stand for."""
    found = [(NOT_READ, "Not read"), (TIME, "Time: beginning of each interval")]
    for column in columns:
        for unit in units.units_like(column.unit):
            plain = f"{column.symbol} [{unit}]"
            found += [(plain, plain), (f"{plain} {COUNTER}", f"{plain}, state of a counter")]
    return found
