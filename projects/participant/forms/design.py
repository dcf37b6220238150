"""The forms of a participant: they carry what was typed; what may stand in a box is asked below.

A draft's boxes may stay empty, so its forms keep "required" for the label alone (no "(optional)")
and leave every other judgement to `actions`, whose refusals come back beside the boxes.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from cdm_portal import forms as widgets
from cdm_portal import parameters
from projects.methodologies import units
from projects.methodologies.base import Activity, GridFactor, Parameter
from projects.models import Project
from projects.participant import design, labels, queries

OFFSETS = [f"{sign}{hour:02d}:{minute}" for sign, hour, minute in (
    *(("-", hour, "00") for hour in range(12, 0, -1)), ("-", 3, "30"),
    *(("+", hour, "00") for hour in range(15)),
    *(("+", hour, "30") for hour in (3, 4, 5, 6, 9)), ("+", 5, "45"),
)]

UNIT_NAMES = {units.SHARE: "no unit"}


class DraftForm(forms.Form):
    """A section of a draft: an empty box is no error."""

    use_required_attribute = False

    def full_clean(self) -> None:
        """Check the form with every box allowed to be empty."""
        needed = [field for field in self.fields.values() if field.required]
        for field in needed:
            field.required = False
        super().full_clean()
        for field in needed:
            field.required = True

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return dict(self.cleaned_data)


def _area(box: str, hint: str = "", *, rows: int = 5, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=labels.BOXES[box], help_text=hint, required=required, widget=widgets.Area(rows=rows)
    )


def _decimal(box: str, hint: str = "", *, required: bool = True) -> forms.CharField:
    attrs = {"inputmode": "decimal", "autocomplete": "off", "data-unit": labels.UNITS[box]}
    return forms.CharField(
        label=labels.BOXES[box], help_text=hint, required=required, widget=forms.TextInput(attrs)
    )


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
    summary = _area("summary", "What it does, and how it reduces emissions.")
    sector = forms.ChoiceField(
        label=labels.BOXES["sector"],
        choices=[("", "Choose a kind"), *labels.CHOICES["sector"].items()],
    )
    technology = _area("technology", "What is installed: makes, numbers, expected lifetime.")
    installed_mw = _decimal("installed_mw", "Write 10 for ten megawatts.")


class LocationForm(DraftForm):
    """Where the project stands."""

    location = forms.CharField(
        label=labels.BOXES["location"], help_text="Region, district, nearest town."
    )
    latitude = _decimal("latitude", "North is positive: -1.28640 is south.")
    longitude = _decimal("longitude", "East is positive: 36.81720.")
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


class MethodologyForm(DraftForm):
    """Which rules, in which version, for which scale."""

    code = forms.CharField(label=labels.BOXES["code"])
    version = forms.CharField(label=labels.BOXES["version"])
    scale = forms.CharField(label=labels.BOXES["scale"])
    activity = forms.ChoiceField(
        label=labels.BOXES["activity"],
        choices=list(labels.CHOICES["activity"].items()),
        initial=Activity.GREENFIELD.value,
    )
    grid_factor = forms.ChoiceField(
        label=labels.BOXES["grid_factor"],
        choices=list(labels.CHOICES["grid_factor"].items()),
        initial=GridFactor.COMBINED_MARGIN.value,
    )
    reservoir_area_km2 = _decimal(
        "reservoir_area_km2", "Hydropower with a new reservoir only.", required=False
    )
    fuels = forms.CharField(
        label=labels.BOXES["fuels"], required=False,
        help_text="Small letters, parted by commas: diesel, natural_gas. Empty for none.",
    )
    grid_connected = forms.BooleanField(
        label=labels.BOXES["grid_connected"], required=False, initial=True
    )
    equipment_transferred = forms.BooleanField(
        label=labels.BOXES["equipment_transferred"], required=False
    )
    additionality = _area(
        "additionality", "Why the reductions would not happen without the CDM: barriers, "
        "investment analysis, common practice.", rows=8,
    )

    def __init__(
        self, *args: Any, content: Mapping[str, Any], on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = queries.choices_of_methodology(content, on)
        self.fields["code"].widget = widgets.RadioTiles(
            hints={each["code"]: _methodology_hint(each) for each in choices}
        )
        self.fields["code"].widget.choices = [
            (each["code"], f"{each['code']}: {each['title']}") for each in choices
        ]
        self.fields["version"].widget = forms.Select(choices=self._versions(choices))
        most = parameters.number("small_scale_mw", on)
        self.fields["scale"].widget = widgets.RadioTiles(hints={
            "small": f"Renewable energy up to {most} MW",
            "large": "Above the limits of small scale",
        })
        self.fields["scale"].widget.choices = list(labels.CHOICES["scale"].items())

    def _versions(self, choices: Sequence[Mapping[str, Any]]) -> list[tuple[str, Any]]:
        """The versions valid on the day by methodology; a version kept since then stays shown."""
        groups: list[tuple[str, Any]] = [("", "Choose a version")]
        valid: set[str] = set()
        for each in choices:
            versions = [v.version for v in each["versions"]]
            valid.update(versions)
            groups.append((each["code"], [(v, f"{each['code']} version {v}") for v in versions]))
        kept = str(self["version"].value() or "")
        if kept and kept not in valid:
            groups.append((kept, f"Version {kept} (not valid today)"))
        return groups


def _methodology_hint(choice: Mapping[str, Any]) -> str:
    versions = ", ".join(version.version for version in choice["versions"]) or "none"
    scale = f"{choice['scale'].capitalize()} scale. Valid today: {versions}."
    if choice["reasons"]:
        return f"{scale} Does not apply: {'; '.join(choice['reasons'])}."
    return f"{scale} Applies to what is described so far." if choice["conditions"] else scale


class ParametersForm(DraftForm):
    """A value, a unit and a source for every fixed parameter; the monitoring plan confirmed."""

    monitored = forms.BooleanField(
        label=labels.BOXES["monitored"],
    )
    monitoring_plan = _area(
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
    """What is expected in each year of crediting; a blank repeats the year before."""

    def __init__(
        self, data: Any = None, *, content: Mapping[str, Any], initial: Mapping[str, Any]
    ) -> None:
        flat = {
            f"y{year}_{symbol}": value
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

    stakeholder_consultation = _area(
        "stakeholder_consultation",
        "Who was invited and how, what was said, and how account was taken of it.", rows=8,
    )
    environmental_impacts = _area(
        "environmental_impacts", "What was analysed, and what the host Party requires.", rows=8
    )


class EligibilityForm(DraftForm):
    """What a component of a programme must meet, a criterion in each line."""

    criteria = _area(
        "criteria", "One criterion in each line; they are numbered in this order and frozen with "
        "the version.", rows=8,
    )


SECTION_FORMS: dict[str, type[DraftForm]] = {
    "general": GeneralForm,
    "location": LocationForm,
    "participants": ParticipantsForm,
    "methodology": MethodologyForm,
    "parameters": ParametersForm,
    "crediting": CreditingForm,
    "reductions": ReductionsForm,
    "consultation": ConsultationForm,
    "eligibility": EligibilityForm,
}
ASKS_CONTENT = {"methodology", "parameters", "reductions"}
ASKS_DAY = {"methodology", "crediting"}


def section_form(
    section: str, content: Mapping[str, Any], on: date, data: Any = None
) -> DraftForm:
    """The form of a section, filled with what is kept or what was sent."""
    initial = design.part(content, section)
    if isinstance(initial.get("fuels"), list):
        initial["fuels"] = ", ".join(initial["fuels"])
    if isinstance(initial.get("criteria"), list):
        initial["criteria"] = "\n".join(initial["criteria"])
    more: dict[str, Any] = {}
    if section in ASKS_CONTENT:
        more["content"] = content
    if section in ASKS_DAY:
        more["on"] = on
    return SECTION_FORMS[section](data, initial=initial, **more)
