"""What a participant fills in to begin a renewal or a post-registration change."""

from datetime import datetime
from typing import Any

from django import forms

from cdm_portal import forms as widgets
from projects.models import Project
from projects.participant import revised
from projects.participant.actions import Wish
from projects.revisions.models import Revision

DAY = {"invalid": "Enter a date like 2026-11-23."}
HINTS: dict[str, Any] = {
    "renewal": "The baseline and the estimate are updated, under the methodology's version of "
    "today. The days follow by themselves.",
    "deviation": "For some days only. The registered document stays as it is.",
    "correction": "Errors in the registered document.",
    "start_date": "Only before anything is monitored in the crediting period.",
    "plan_included": "The monitoring plan was left out at registration.",
    "plan": "Monitored otherwise from a day on.",
    "design": "Built or run otherwise than described, from a day on.",
}


class RevisionForm(forms.Form):
    """Which revision, why, how it is decided, and from which day it applies."""

    kind = forms.ChoiceField(label="What is to be revised", widget=widgets.RadioTiles(hints=HINTS))
    reasons = forms.CharField(
        label="What changes and why", widget=widgets.Area(rows=5), max_length=5_000,
        help_text="Public once it is requested.",
    )
    track = forms.ChoiceField(
        label="How a change is decided", choices=Revision.Track.choices, initial="prior",
        widget=widgets.RadioTiles(), help_text="A renewal is always approved before.",
    )
    period_number = forms.TypedChoiceField(
        label="Monitoring period", coerce=int, empty_value=None, required=False,
        help_text="With which request for issuance it is decided.",
    )
    effective_date = forms.DateField(
        label="Applies from", required=False, widget=widgets.DateInput(), error_messages=DAY,
        help_text="For a change that is approved before: the first day of a monitoring period.",
    )
    last_date = forms.DateField(
        label="Deviation until", required=False, widget=widgets.DateInput(), error_messages=DAY,
    )

    def __init__(self, *args: Any, project: Project, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refused = refused = revised.refusals(project, at)
        kinds = [
            (kind.value, kind.label) for kind in Revision.Kind if kind.value not in refused
        ]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined] # a ChoiceField
        open_ = [p for p in project.periods.all() if revised.takes_changes(p)]
        self.fields["period_number"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            ("", "None"), *((p.number, f"Period {p.number}") for p in open_),
        ]

    def wish(self) -> Wish:
        """What is asked for, once the form is valid."""
        return Wish(**self.cleaned_data)
