"""The forms of a participant: `sections` for the draft, `monitoring` for files and stage 5."""

from projects.participant.forms.both import both
from projects.participant.forms.components import BeginForm, ComponentForm
from projects.participant.forms.design import StartForm
from projects.participant.forms.drafts import DraftForm
from projects.participant.forms.events import EventFileForm, EventForm
from projects.participant.forms.instruments import CalibrationForm, CorrectionsForm
from projects.participant.forms.monitoring import (
    AttachmentForm,
    GapsForm,
    PeriodForm,
    ReadingsForm,
    WithdrawForm,
)
from projects.participant.forms.prior import ListForm, NoticeForm, PublishForm
from projects.participant.forms.revisions import RevisionForm
from projects.participant.forms.sections import SECTION_FORMS, section_form
from projects.participant.forms.series import ColumnsForm, TreatmentsForm
from projects.participant.forms.surveys import SurveyForm
from projects.participant.forms.tables import RowsForm

__all__ = [
    "SECTION_FORMS",
    "AttachmentForm",
    "BeginForm",
    "CalibrationForm",
    "ColumnsForm",
    "ComponentForm",
    "CorrectionsForm",
    "DraftForm",
    "EventFileForm",
    "EventForm",
    "GapsForm",
    "ListForm",
    "NoticeForm",
    "PeriodForm",
    "PublishForm",
    "ReadingsForm",
    "RevisionForm",
    "RowsForm",
    "StartForm",
    "SurveyForm",
    "TreatmentsForm",
    "WithdrawForm",
    "both",
    "section_form",
]
