"""Which form each section of a draft has, filled with what is kept or what was sent."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from projects.participant import design
from projects.participant.forms.design import (
    ConsultationForm,
    CreditingForm,
    EligibilityForm,
    GeneralForm,
    LocationForm,
    ParametersForm,
    ParticipantsForm,
    ReductionsForm,
)
from projects.participant.forms.drafts import DraftForm
from projects.participant.forms.methodology import MethodologyForm

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
    if isinstance(initial.get("criteria"), list):
        initial["criteria"] = "\n".join(initial["criteria"])
    more: dict[str, Any] = {}
    if section in ASKS_CONTENT:
        more["content"] = content
    if section in ASKS_DAY:
        more["on"] = on
    return SECTION_FORMS[section](data, initial=initial, **more)
