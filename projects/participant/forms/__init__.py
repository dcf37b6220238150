"""The forms of a participant: `design` for stage 1, `monitoring` for files and stage 5."""

from projects.participant.forms.both import both
from projects.participant.forms.components import BeginForm, ComponentForm
from projects.participant.forms.design import SECTION_FORMS, DraftForm, StartForm, section_form
from projects.participant.forms.monitoring import (
    AttachmentForm,
    GapsForm,
    PeriodForm,
    ReadingsForm,
    WithdrawForm,
)
from projects.participant.forms.prior import ListForm, NoticeForm, PublishForm
from projects.participant.forms.revisions import RevisionForm
from projects.participant.forms.series import ColumnsForm, TreatmentsForm

__all__ = [
    "SECTION_FORMS",
    "AttachmentForm",
    "BeginForm",
    "ColumnsForm",
    "ComponentForm",
    "DraftForm",
    "GapsForm",
    "ListForm",
    "NoticeForm",
    "PeriodForm",
    "PublishForm",
    "ReadingsForm",
    "RevisionForm",
    "StartForm",
    "TreatmentsForm",
    "WithdrawForm",
    "both",
    "section_form",
]
