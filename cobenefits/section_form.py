"""The form of one section of a report: a criterion with its indicators, or an extra."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django import forms

from cdm_portal.forms import Area
from cobenefits import queries
from cobenefits.actions import Statement, Told
from cobenefits.detail.models import DIGITS, PLACES, Said
from cobenefits.forms import PARTS
from cobenefits.indicators import Indicator, is_extra
from cobenefits.models import Line, Report
from projects.models import Project

BOXES = {
    "applicable", "level", "quantity", "unit", "text", "monitored", "evidence", "document",
}
YES_NO = [("yes", "Yes"), ("no", "No")]
ANSWERS = {"yes": True, "no": False}


class SectionForm(forms.Form):
    """One section: the criterion itself, unless it is an extra, and its indicators one by one.

    `documents` are (id, title) of what may be named as evidence.
    """

    def __init__(
        self, *args: Any, section: str, asked: Sequence[Indicator],
        documents: Sequence[tuple[int, str]], **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.section, self.asked = section, asked
        self.extra = is_extra(section)
        self.choices = [("", "None"), *documents]
        if not self.extra:
            self.fields |= _line_fields()
        for indicator in asked:
            self.fields |= {
                f"{indicator.key}_{box}": field for box, field in self._boxes(indicator).items()
            }

    def _boxes(self, indicator: Indicator) -> dict[str, forms.Field]:
        question = "Is it so?" if self.extra else "Does it apply?"
        found: dict[str, forms.Field] = {
            "applicable": forms.ChoiceField(
                label=question, required=False, choices=YES_NO, widget=forms.RadioSelect
            ),
        }
        if not self.extra:
            found |= {
                "level": forms.ChoiceField(
                    label="Level", required=False,
                    choices=[("", "Not said"), *Said.Level.choices],
                ),
                "quantity": forms.DecimalField(
                    label="Quantity", required=False, min_value=0, max_digits=DIGITS,
                    decimal_places=PLACES, help_text="Optional.",
                    widget=forms.TextInput(attrs={"inputmode": "decimal"}),
                ),
                "unit": forms.CharField(
                    label="Unit", required=False, max_length=40, initial=indicator.unit
                ),
            }
        return found | {
            "text": forms.CharField(
                label="In words", required=False, max_length=2000, widget=Area(rows=2)
            ),
            "monitored": forms.ChoiceField(
                label="Is it monitored?", required=False, choices=YES_NO,
                widget=forms.RadioSelect,
            ),
            "evidence": forms.CharField(label="Evidence in words", required=False, max_length=300),
            "document": forms.TypedChoiceField(
                label="Evidence as a document", required=False, choices=self.choices, coerce=int,
                empty_value=None,
            ),
        }

    def clean(self) -> dict[str, Any]:
        """What is said of an indicator begins with whether it applies."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for indicator in self.asked:
            box = f"{indicator.key}_applicable"
            if not given.get(box) and self._says_more(indicator):
                self.add_error(box, "Say whether it applies, or clear its other boxes.")
        return given

    def _says_more(self, indicator: Indicator) -> bool:
        given = self.cleaned_data
        return any(
            given.get(f"{indicator.key}_{box}") not in {None, ""}
            for box in ("level", "quantity", "text", "monitored", "evidence", "document")
        )

    def statement(self) -> Statement | None:
        """What is said of the criterion itself; None for nothing."""
        if self.extra or not any(self.cleaned_data.get(part) for part in PARTS):
            return None
        return Statement(**{part: self.cleaned_data[part] for part in PARTS})

    def told(self) -> dict[str, Told]:
        """What is said by indicator; those of which nothing is said are left out."""
        return {
            each.key: self._one(each.key) for each in self.asked
            if self.cleaned_data.get(f"{each.key}_applicable")
        }

    def _one(self, key: str) -> Told:
        given = {
            box: self.cleaned_data.get(f"{key}_{box}")
            for box in ("level", "quantity", "unit", "text", "monitored", "evidence", "document")
        }
        applies = self.cleaned_data[f"{key}_applicable"] == "yes"
        proposed = given["quantity"] is None and (not applies or not given["level"])
        return Told(
            applicable=applies, level=given["level"] or "", quantity=given["quantity"],
            unit="" if given["quantity"] is None and proposed else given["unit"] or "",
            text=given["text"] or "", monitored=ANSWERS.get(given["monitored"] or ""),
            evidence=given["evidence"] or "", document_id=given["document"],
        )

    def rows(self) -> Iterator[dict[str, Any]]:
        """The indicators with their fields, for the template; open where something is said."""
        for indicator in self.asked:
            names = [name for name in self.fields if name.startswith(f"{indicator.key}_")]
            names = [name for name in names if name.removeprefix(f"{indicator.key}_") in BOXES]
            fields = [self[name] for name in names]
            answer = self[f"{indicator.key}_applicable"].value()
            yield {
                "indicator": indicator, "fields": fields,
                "answer": dict(YES_NO).get(answer or "", ""),
                "open": bool(answer) or any(field.errors for field in fields),
            }

    def own(self) -> list[Any]:
        """The fields of the criterion itself."""
        return [] if self.extra else [self[part] for part in PARTS]


def _line_fields() -> dict[str, forms.Field]:
    return {
        "level": forms.ChoiceField(
            label="Level of the benefit", required=False,
            choices=[("", "Not reported"), *Line.Level.choices],
        ),
        "figure": forms.CharField(
            label="Figure", required=False, max_length=60,
            help_text="A quantity with its unit, such as “46 full-time jobs”.",
        ),
        "text": forms.CharField(
            label="In words", required=False, max_length=2000, widget=Area(rows=3)
        ),
        "evidence": forms.CharField(
            label="Evidence", required=False, max_length=300,
            help_text="Where somebody could check it.",
        ),
    }


def section_form(project: Project, section: str, at: datetime, sent: Any = None) -> SectionForm:
    """The form of a section of a project's report, with what is sent or else what is saved."""
    return SectionForm(
        sent, section=section, asked=queries.asked(section, at.date()),
        documents=[(each.pk, each.title) for each in queries.evidence(project)],
        initial=_initial(queries.starting(project), section),
    )


def _initial(report: Report | None, section: str) -> dict[str, Any]:
    """What is saved of a section, as the form's starting point."""
    if report is None:
        return {}
    found: dict[str, Any] = {}
    for line in report.lines.filter(criterion=section):
        found |= {part: getattr(line, part) for part in PARTS}
    for said in report.indicators.filter(section=section):
        found |= {f"{said.indicator}_{box}": value for box, value in _said_boxes(said).items()}
    return found


def _said_boxes(said: Said) -> dict[str, Any]:
    words = {True: "yes", False: "no", None: ""}
    quantity = "" if said.quantity is None else f"{said.quantity.normalize():f}"
    boxes = {
        "applicable": words[said.applicable], "level": said.level, "quantity": quantity,
        "text": said.text, "monitored": words[said.monitored], "evidence": said.evidence,
        "document": said.document_id,
    }
    return boxes | ({"unit": said.unit} if said.unit else {})
