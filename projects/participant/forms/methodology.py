"""The form in which a methodology is chosen and its questions are answered."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from cdm_portal import forms as widgets
from cdm_portal import parameters
from projects.methodologies import catalogue
from projects.methodologies.base import Fact, FactKind, Methodology, UnknownMethodology
from projects.participant import facts, labels, queries
from projects.participant.forms.drafts import DraftForm, text_area

YES_OR_NO = (("True", "Yes"), ("False", "No"))
HINTS = {
    FactKind.NAMES: "Small letters, parted by commas: diesel, natural_gas. Empty for none.",
    FactKind.DAY: "A date like 2026-11-23.",
}
BY_FACT = {"reservoir_area_km2": "Hydropower with a new reservoir only."}


class MethodologyForm(DraftForm):
    """Which rules, in which version, for which scale, and what they ask of the project.

    The questions are those of the methodology that stands in the box now, sent or kept. A box that
    could not be ticked, because the page still showed another's questions, counts as unanswered.
    """

    code = forms.CharField(label=labels.BOXES["code"])
    version = forms.CharField(label=labels.BOXES["version"])
    scale = forms.CharField(label=labels.BOXES["scale"])
    asked_by = forms.CharField(required=False, widget=forms.HiddenInput)
    additionality = text_area(
        "additionality", "Why the reductions would not happen without the CDM: barriers, "
        "investment analysis, common practice.", rows=8,
    )

    def __init__(
        self, *args: Any, content: Mapping[str, Any], on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = queries.choices_of_methodology(content, on)
        self.fields["code"].widget = widgets.RadioTiles(
            hints={each["code"]: _hint(each) for each in choices}
        )
        self.fields["code"].widget.choices = [
            (each["code"], f"{each['code']}: {each['title']}") for each in choices
        ]
        self.fields["version"].widget = forms.Select(choices=self._versions(choices))
        most = parameters.number("small_scale_mw", on)
        self.fields["scale"].widget = widgets.RadioTiles(hints={
            "small": f"Within the limits of small scale: renewable electricity up to {most} MW, "
            "less for other types",
            "large": "Above the limits of small scale",
        })
        self.fields["scale"].widget.choices = list(labels.CHOICES["scale"].items())
        self._ask()

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

    def _ask(self) -> None:
        """A field for each question of the methodology that stands in the box."""
        self.asked: tuple[Fact, ...] = ()
        code = str(self["code"].value() or "")
        self.initial["asked_by"] = code
        try:
            chosen = catalogue.for_design(code)
        except UnknownMethodology:
            return
        self.asked = facts.asked(chosen)
        for fact in self.asked:
            self.fields[fact.name] = _field(chosen, fact)
            if fact.name in self.initial:
                self.initial[fact.name] = facts.shown(fact, self.initial[fact.name])

    def questions(self) -> list[forms.BoundField]:
        """The boxes of the questions, for the template."""
        return [self[fact.name] for fact in self.asked]

    def values(self) -> dict[str, Any]:
        """The choice and the answers."""
        given = super().values()
        shown = given.pop("asked_by")
        if shown == given["code"]:
            return given
        ticked = {fact.name for fact in self.asked if fact.kind is FactKind.FLAG}
        return {name: value for name, value in given.items() if value or name not in ticked}


def _field(methodology: Methodology[Any], fact: Fact) -> forms.Field:
    told: dict[str, Any] = {
        "label": labels.fact(fact), "required": fact.required,
        "initial": facts.shown(fact, facts.default(methodology, fact)),
        "help_text": BY_FACT.get(fact.name, HINTS.get(fact.kind, "")),
    }
    if fact.kind is FactKind.FLAG and not fact.required:
        return forms.BooleanField(**told)
    if fact.kind is FactKind.FLAG:
        return forms.ChoiceField(
            choices=YES_OR_NO, widget=widgets.RadioTiles(columns=True), **told
        )
    if fact.kind is FactKind.CHOICE:
        blank = [("", "Choose")] if fact.required else []
        return forms.ChoiceField(choices=[*blank, *labels.answers(fact).items()], **told)
    numeric = fact.kind in {FactKind.NUMBER, FactKind.WHOLE}
    attrs = {"inputmode": "decimal", "data-unit": labels.unit(fact)} if numeric else {}
    return forms.CharField(
        **told, widget=forms.TextInput({name: value for name, value in attrs.items() if value}
                                       | {"autocomplete": "off"}),
    )


def _hint(choice: Mapping[str, Any]) -> str:
    versions = ", ".join(version.version for version in choice["versions"]) or "none"
    scale = f"{choice['scale'].capitalize()} scale. Valid today: {versions}."
    if choice["reasons"]:
        return f"{scale} Does not apply: {'; '.join(choice['reasons'])}."
    return f"{scale} Applies to what is described so far." if choice["conditions"] else scale
