"""What a national authority and a participant fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cdm_portal.forms import Area, CheckList
from projects.models import Project


class IssueForm(forms.Form):
    """The three declarations, and whom the Party authorises."""

    ratified = forms.BooleanField(
        required=False, label=_("The Party has ratified the Kyoto Protocol")
    )
    voluntary = forms.BooleanField(required=False, label=_("Participation is voluntary"))
    sustainable_development = forms.BooleanField(
        required=False, label=_("The project contributes to sustainable development in the Party")
    )
    organisation_ids = forms.TypedMultipleChoiceField(
        coerce=int, widget=CheckList(), label=_("Entities that you authorise"),
        help_text=_("The entities that the design document names as project participants."),
        error_messages={"required": _("Name at least one entity that you authorise.")},
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = project.participations.select_related("organisation").order_by("id")
        field = self.fields["organisation_ids"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(p.organisation_id, p.organisation.name) for p in named]


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(
        widget=Area(rows=3), label=_("Reason"),
        help_text=_("The participant reads it word for word."),
    )


class TextForm(forms.Form):
    """A question or an answer in words."""

    text = forms.CharField(widget=Area(rows=4), label=_("Question"))

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label


class NoForm(forms.Form):
    """A button only; it carries the refusal back to the page."""
