"""What a national authority and a participant fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cdm_portal.forms import Area, CheckList
from projects.dna import queries, rubrics
from projects.dna.models import Letter


class IssueForm(forms.Form):
    """The declarations, the third of the host Party alone, and whom the Party authorises."""

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

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation_ids"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = list(queries.named_entities(letter).values_list("pk", "name"))
        if not letter.host:
            del self.fields["sustainable_development"]
            field.help_text = _("The entities of your Party that the design document names.")
        rubric = queries.rubric_for(letter)
        self.criteria = list(rubric.criteria.all()) if rubric else []
        for each in self.criteria:
            self.fields[rubrics.box(each)] = forms.IntegerField(
                label=f"{each.group}: {each.name}", min_value=each.minimum, max_value=each.maximum,
                help_text=_("%(low)d to %(high)d points") % {
                    "low": each.minimum, "high": each.maximum,
                },
            )

    def given(self) -> dict[str, Any]:
        """As `issue_letter` takes it: the points apart, by the number of the criterion."""
        values = dict(self.cleaned_data)
        scores = {each.pk: values.pop(rubrics.box(each)) for each in self.criteria}
        return values | {"scores": scores}


class CriteriaForm(forms.Form):
    """A Party's criteria of sustainable development as text."""

    criteria = forms.CharField(
        widget=Area(rows=14), label=_("Criteria"), required=False, max_length=20_000,
        help_text=_("One in each line: group | criterion | minimum | maximum. Leave it empty to "
                    "issue letters without points."),
    )


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


class AskForm(forms.Form):
    """Which Party is asked for its letter."""

    party_code = forms.CharField(widget=forms.HiddenInput(), required=False, max_length=2)
