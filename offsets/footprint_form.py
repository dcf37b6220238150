"""The calculator's forms: who and where; and the questions, each with its figure and source."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cdm_portal import formats
from cdm_portal.forms import RadioTiles
from cdm_portal.templatetags.cdm import co2
from offsets.footprint import factors, reading, saying
from offsets.footprint.factors import Factor
from offsets.footprint.questions import Asked, Kind, Part, Sheet, Who
from offsets.footprint.reading import Answer

WHOSE = (
    (Who.PERSON, _("A person"), "user"), (Who.HOUSEHOLD, _("A household"), "house"),
    (Who.EVENT, _("An event"), "calendar-days"),
    (Who.ORGANISATION, _("An organisation"), "building-2"),
)


class WhoForm(forms.Form):
    """Whose footprint, and where."""

    who = forms.ChoiceField(
        label=_("Whose footprint?"), initial=Who.PERSON.value,
        choices=[(who.value, label) for who, label, _icon in WHOSE],
        widget=RadioTiles(columns=True, icons={who.value: icon for who, _label, icon in WHOSE}),
        error_messages={"invalid_choice": _("Choose one of the four.")},
    )
    country = forms.ChoiceField(
        label=_("Country or territory"),
        help_text=_("Decides the carbon intensity of electricity and what an average is."),
        error_messages={
            "required": _("Choose a country."), "invalid_choice": _("Choose a country."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("Choose a country")), *factors.countries().items()]


class AnswerField(forms.CharField):
    """A count, an amount or a figure, read strictly by `footprint.reading`."""

    def __init__(self, asked: Asked, **kwargs: Any) -> None:
        count = asked.question.kind is Kind.COUNT
        attrs = {"inputmode": "numeric" if count else "decimal", "autocomplete": "off"}
        if asked.question.unit:
            attrs["data-unit"] = asked.question.unit
        super().__init__(required=False, strip=False, widget=forms.TextInput(attrs), **kwargs)
        self.asked = asked

    def clean(self, value: Any) -> Answer | None:
        """The answer; None for an empty one. Raises ValidationError."""
        try:
            return reading.answer(self.asked, str(value or ""))
        except reading.Unreadable as fault:
            raise ValidationError(str(fault)) from None


class FootprintForm(forms.Form):
    """The questions of a sheet. `on` is the day whose figures are used."""

    use_required_attribute = False

    def __init__(
        self, sheet: Sheet, data: Any = None, typed: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data, initial=dict(typed or {}))
        self.sheet = sheet
        for asked in sheet.asked:
            self.fields[asked.name] = _field(asked)

    def groups(self) -> list[dict[str, Any]]:
        """The fields by what they are about."""
        found = [
            {"part": part.value, "label": part.label, "fields": [
                self[asked.name] for asked in self.sheet.asked if asked.question.part is part
            ]}
            for part in Part
        ]
        return [group for group in found if group["fields"]]

    def answers(self) -> dict[str, Answer]:
        """What was answered, after `is_valid`."""
        return {
            name: answer for name, answer in self.cleaned_data.items()
            if answer is not None and answer != ""
        }


def _field(asked: Asked) -> forms.Field:
    """The field of a question; one that has a figure says it, with its source and year."""
    words: dict[str, Any] = {"label": asked.label, "help_text": hint(asked)}
    if asked.question.kind is Kind.CHOICE:
        choices = [("", gettext("Not counted")) if asked.name != "car" else ("", "—")]
        choices += [
            (value, f"{label} ({formats.figure(figure.value)} {figure.unit})")
            for value, label, figure in asked.options
        ]
        return forms.ChoiceField(
            choices=choices, required=False,
            error_messages={"invalid_choice": _("Choose one of the list.")}, **words,
        )
    if asked.initial is not None:
        words["initial"] = formats.figure(asked.initial).replace(formats.NARROW, "")
    return AnswerField(asked, **words)


def hint(asked: Asked) -> SafeString:
    """What stands under the label: words, and the figure with its year, place and standing."""
    figure, kind = asked.options[0][2] if asked.options else asked.factor, asked.question.kind
    told = format_html("{}", asked.question.hint)
    if figure is None or asked.name == "electricity":  # its figure is the field beside it
        return told
    cited = saying.cited(figure)
    words = f"{formats.figure(figure.value)} {figure.unit}" if kind is Kind.AMOUNT else ""
    said = [words, saying.dated(cited), cited.place, cited.title if cited.verified else ""]
    line = " · ".join(each for each in said if each)
    if told:
        line = line[0].upper() + line[1:]
    return format_html("{} {}{}", told, co2(line), _standing(cited))


def _standing(cited: saying.Cited) -> SafeString:
    """The label of a figure that was not verified, which names its source."""
    if not cited.label:
        return SafeString()
    return format_html(' <span class="tag warn">{}</span>', cited.label)


def source(figure: Factor) -> SafeString:
    """The source, year and place of a figure with its label, as a result tells them."""
    cited = saying.cited(figure)
    said = [cited.title, saying.dated(cited), cited.place]
    return format_html("{}{}", " · ".join(each for each in said if each), _standing(cited))


def day(text: str, today: date) -> date | None:
    """The day that a link names, today where it names none; None for what is no day."""
    if not text:
        return today
    try:
        return min(date.fromisoformat(text), today)
    except ValueError:
        return None
