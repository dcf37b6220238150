"""Forms about a component of a programme: its title, then everything that it needs."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import BigIntegerField
from django.utils.translation import gettext_lazy as _

from cdm_portal import forms as widgets
from projects.participant.forms.drafts import DraftForm
from projects.programmes.models import Component

DAY: dict[str, Any] = {"invalid": _("Enter a date like 2026-11-23.")}
FACTS = (
    "title", "location", "start_date", "crediting_first_date", "crediting_last_date",
    "estimated_annual_tonnes",
)


class BeginForm(forms.Form):
    """A new component needs a title."""

    title = forms.CharField(label=_("Title of the component"), max_length=200)


def _day(label: Any, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, help_text=hint, widget=widgets.DateInput(), error_messages=DAY
    )


class ComponentForm(DraftForm):
    """A draft of a component; only the title cannot be left for later, which the action says."""

    title = forms.CharField(label=_("Title of the component"), max_length=200)
    location = forms.CharField(
        label=_("Place"), max_length=200,
        help_text=_("Region, district, nearest town."),
    )
    start_date = _day(_("Start date"))
    crediting_first_date = _day(_("First day of crediting"))
    crediting_last_date = _day(_("Last day of crediting"), _("Within the programme's period."))
    estimated_annual_tonnes = forms.IntegerField(
        label=_("Expected reductions"), min_value=1, max_value=BigIntegerField.MAX_BIGINT,
        widget=forms.TextInput({"inputmode": "numeric", "data-unit": "t a year"}),
    )

    def __init__(
        self, data: Any = None, *, component: Component, criteria: Sequence[str]
    ) -> None:
        super().__init__(data, initial={name: getattr(component, name) for name in FACTS})
        self.criteria = criteria
        for number, criterion in enumerate(criteria, start=1):
            said = component.answers[number - 1] if number <= len(component.answers) else ""
            self.fields[f"answer_{number}"] = forms.CharField(
                label=_("Criterion %(number)d") % {"number": number}, help_text=criterion,
                initial=said, widget=widgets.Area(rows=3),
            )

    def values(self) -> dict[str, Any]:
        """What the action takes: the facts, and the answers in the order of the criteria."""
        given = self.cleaned_data
        numbers = range(1, len(self.criteria) + 1)
        return {name: given[name] for name in FACTS} | {
            "answers": [given[f"answer_{number}"] for number in numbers]
        }
