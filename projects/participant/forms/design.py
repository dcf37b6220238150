"""The forms of a participant: they carry what was typed; what may stand in a box is asked below.

A draft's boxes may stay empty, so its forms keep "required" for the label alone (no "(optional)")
and leave every other judgement to `actions`, whose refusals come back beside the boxes.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from cdm_portal import forms as widgets
from cdm_portal import parameters
from projects.methodologies import units
from projects.methodologies.base import Parameter
from projects.models import Project
from projects.participant import design, labels, queries, rows
from projects.participant.forms.drafts import DraftForm, decimal_box, text_area
from projects.participant.forms.tables import read_rows, rows_box

OFFSETS = [f"{sign}{hour:02d}:{minute}" for sign, hour, minute in (
    *(("-", hour, "00") for hour in range(12, 0, -1)), ("-", 3, "30"),
    *(("+", hour, "00") for hour in range(15)),
    *(("+", hour, "30") for hour in (3, 4, 5, 6, 9)), ("+", 5, "45"),
)]

UNIT_NAMES = {units.SHARE: "no unit"}


class StartForm(forms.Form):
    """A new design document needs a title and a host Party."""

    title = forms.CharField(
        label=labels.BOXES["title"], max_length=200,
        help_text="As it is to be published, for example “Jua Kubwa solar park, 55 MW”.",
    )
    kind = forms.ChoiceField(
        label="What it is", required=False, initial=Project.Kind.ACTIVITY,
        choices=Project.Kind.choices, widget=widgets.RadioTiles(hints={
            "activity": "One activity, designed and registered as it stands",
            "programme": "Components are included later, by criteria that the document states",
        }),
    )
    party_code = forms.ChoiceField(
        label="Host Party", help_text="The Party in which the project stands, not in Annex I.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = queries.host_parties().values_list("code", "name")
        self.fields["party_code"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            ("", "Choose a Party"), *parties,
        ]


class GeneralForm(DraftForm):
    """What the project is."""

    title = forms.CharField(label=labels.BOXES["title"])
    summary = text_area("summary", "What it does, and how it reduces emissions.")
    sector = forms.ChoiceField(
        label=labels.BOXES["sector"],
        choices=[("", "Choose a kind"), *labels.CHOICES["sector"].items()],
    )
    technology = text_area("technology", "What is installed: makes, numbers, expected lifetime.")
    installed_mw = decimal_box("installed_mw", "Write 10 for ten megawatts.")


class LocationForm(DraftForm):
    """Where the project stands."""

    location = forms.CharField(
        label=labels.BOXES["location"], help_text="Region, district, nearest town."
    )
    latitude = decimal_box("latitude", "North is positive: -1.28640 is south.")
    longitude = decimal_box("longitude", "East is positive: 36.81720.")
    utc_offset = forms.ChoiceField(
        label=labels.BOXES["utc_offset"],
        choices=[(each, labels.standard_time(each)) for each in OFFSETS],
        initial="+00:00",
        help_text="Days and hours of the readings are counted in it; there is no summer time.",
    )


class ParticipantsForm(DraftForm):
    """Who takes part."""

    organisation_ids = forms.MultipleChoiceField(
        label=labels.BOXES["organisation_ids"], widget=widgets.CheckList(columns=True),
        help_text="The host Party's DNA authorises them by its letter of approval.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation_ids"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            (str(pk), name) for pk, name in queries.entities().values_list("pk", "name")
        ]


class ParametersForm(DraftForm):
    """A value, a unit and a source for every fixed parameter; the monitoring plan confirmed."""

    monitored = forms.BooleanField(
        label=labels.BOXES["monitored"],
    )
    monitoring_plan = text_area(
        "monitoring_plan", "Who reads what, how often, and who checks.",
        required=False,
    )

    def __init__(
        self, data: Any = None, *, content: Mapping[str, Any], initial: Mapping[str, Any]
    ) -> None:
        self.fixed = design.fixed_parameters(content)
        flat = {name: initial[name] for name in initial if name != "fixed"}
        for symbol, row in initial.get("fixed", {}).items():
            flat |= {f"{symbol}_{name}": text for name, text in row.items()}
        super().__init__(data, initial=flat)
        for parameter in self.fixed:
            self._add(parameter)

    def _add(self, parameter: Parameter) -> None:
        symbol, needed = parameter.symbol, parameter.default is None
        default = "" if parameter.default is None else f" Default: {parameter.default:f}."
        alike = units.units_like(parameter.unit)
        self.fields[f"{symbol}_value"] = forms.CharField(
            label=f"{symbol}, value", required=needed, help_text=f"{parameter.meaning}.{default}",
            widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        )
        self.fields[f"{symbol}_unit"] = forms.ChoiceField(
            label=f"{symbol}, unit", choices=[(unit, UNIT_NAMES.get(unit, unit)) for unit in alike],
            initial=parameter.unit,
        )
        self.fields[f"{symbol}_source"] = forms.CharField(
            label=f"{symbol}, source", required=needed, help_text="Document, table, date.",
        )

    def rows(self) -> list[dict[str, Any]]:
        """The boxes by parameter, for the template."""
        return [
            {
                "parameter": parameter,
                "fields": [self[f"{parameter.symbol}_{box}"] for box in ("value", "unit")],
                "source": self[f"{parameter.symbol}_source"],
            }
            for parameter in self.fixed
        ]

    def values(self) -> dict[str, Any]:
        """{fixed: {symbol: {value, unit, source}}} and the plan. A default left blank stays out."""
        given = self.cleaned_data
        rows = {
            each.symbol: {box: given.get(f"{each.symbol}_{box}", "")
                          for box in ("value", "unit", "source")}
            for each in self.fixed
        }
        return {
            "fixed": {symbol: row for symbol, row in rows.items() if row["value"] or row["source"]},
            "monitored": given["monitored"],
            "monitoring_plan": given["monitoring_plan"],
        }


class CreditingForm(DraftForm):
    """The start date; kind, first day and length of the crediting period."""

    start_date = forms.CharField(
        label=labels.BOXES["start_date"], widget=widgets.DateInput(),
        help_text="The earliest day of implementation, construction or real action, such as "
        "committing to expenditure (unverified, from general knowledge). If it lies before the "
        "design document is published, prior consideration must have been notified in time.",
    )
    kind = forms.ChoiceField(label=labels.BOXES["kind"])
    first_date = forms.CharField(
        label=labels.BOXES["first_date"], widget=widgets.DateInput(),
        help_text="Reductions before registration are never credited.",
    )
    years = forms.CharField(
        label=labels.BOXES["years"],
        widget=forms.TextInput({"inputmode": "numeric", "data-unit": labels.UNITS["years"]}),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fixed, renewable = (
            parameters.number(name, on)
            for name in ("fixed_crediting_years", "renewable_crediting_years")
        )
        self.fields["kind"].widget = widgets.RadioTiles(hints={
            "fixed": f"Once, at most {fixed} years",
            "renewable": f"At most {renewable} years, renewable twice",
        })
        self.fields["kind"].choices = list(  # type: ignore[attr-defined] # a ChoiceField
            labels.CHOICES["kind"].items()
        )


class ReductionsForm(DraftForm):
    """What is expected in each year of crediting; a blank repeats the year before.

    A table of the methodology is a box for each year, a row in each line.
    """

    def __init__(
        self, data: Any = None, *, content: Mapping[str, Any], initial: Mapping[str, Any]
    ) -> None:
        self.indexed = {each.symbol: each for each in design.tables(content)}
        flat = {
            f"y{year}_{symbol}": rows.written(self.indexed[symbol], value)
            if symbol in self.indexed else value
            for year, row in initial.get("years", {}).items()
            for symbol, value in row.items()
        }
        super().__init__(data, initial=flat)
        self.columns = design.monitored_parameters(content)
        self.years = design.years_of(content)
        for number, _ in enumerate(self.years, start=1):
            for parameter in self.columns:
                self.fields[f"y{number}_{parameter.symbol}"] = forms.CharField(
                    label=f"{parameter.symbol} in year {number}",
                    required=number == 1 and parameter.default is None,
                    widget=forms.TextInput({
                        "inputmode": "decimal", "autocomplete": "off", "data-unit": parameter.unit,
                    }),
                )

            for symbol, table in self.indexed.items():
                self.fields[f"y{number}_{symbol}"] = rows_box(
                    table, f"{symbol} in year {number}", required=number == 1
                )

    def clean(self) -> dict[str, Any]:
        """The rows of each table in the place of its text."""
        given = super().clean() or {}
        for number, _ in enumerate(self.years, start=1):
            for symbol, table in self.indexed.items():
                read_rows(self, table, f"y{number}_{symbol}")
        return given

    def tables(self) -> list[dict[str, Any]]:
        """The boxes of each table, that of the first year and those of the others."""
        boxes = {
            symbol: [self[f"y{number}_{symbol}"] for number, _ in enumerate(self.years, start=1)]
            for symbol in self.indexed
        }
        return [
            {"table": table, "first": boxes[symbol][0], "others": boxes[symbol][1:],
             "changed": any(each.errors or each.value() for each in boxes[symbol][1:])}
            for symbol, table in self.indexed.items() if self.years
        ]

    def rows(self) -> list[dict[str, Any]]:
        """The boxes by year, for the template."""
        return [
            {"number": number, "period": year,
             "fields": [self[f"y{number}_{each.symbol}"] for each in self.columns]}
            for number, year in enumerate(self.years, start=1)
        ]

    def values(self) -> dict[str, Any]:
        """{years: {number: {symbol: value}}}."""
        years: dict[str, dict[str, str]] = {}
        for name, value in self.cleaned_data.items():
            number, _, symbol = name[1:].partition("_")
            years.setdefault(number, {})[symbol] = value
        return {"years": years}


class ConsultationForm(DraftForm):
    """Local stakeholders and the environment."""

    stakeholder_consultation = text_area(
        "stakeholder_consultation",
        "Who was invited and how, what was said, and how account was taken of it.", rows=8,
    )
    environmental_impacts = text_area(
        "environmental_impacts", "What was analysed, and what the host Party requires.", rows=8
    )


class EligibilityForm(DraftForm):
    """What a component of a programme must meet, a criterion in each line."""

    criteria = text_area(
        "criteria", "One criterion in each line; they are numbered in this order and frozen with "
        "the version.", rows=8,
    )
