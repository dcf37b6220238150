"""The forms of a participant: `design` for stage 1, `monitoring` for files and stage 5."""

from projects.participant.forms.both import both
from projects.participant.forms.design import (
    SECTION_FORMS,
    DraftForm,
    StartForm,
    section_form,
)
from projects.participant.forms.monitoring import (
    AttachmentForm,
    GapsForm,
    PeriodForm,
    ReadingsForm,
    WithdrawForm,
)

__all__ = [
    "SECTION_FORMS",
    "AttachmentForm",
    "DraftForm",
    "GapsForm",
    "PeriodForm",
    "ReadingsForm",
    "StartForm",
    "WithdrawForm",
    "both",
    "section_form",
]
