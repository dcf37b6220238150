"""The forms of a DOE's cases. Limits and rules stand in the actions; forms only ask."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cdm_portal import parameters
from cdm_portal.forms import Area, BoundedFile, CheckList, RadioTiles
from cdm_portal.identity import queries as people
from cdm_portal.identity.models import Organisation
from cdm_portal.uploads import kinds
from projects.doe.models import Function
from projects.doe.queries import Ceiling
from projects.doe.standing import Candidate
from projects.models import Finding, Project

KIND_HINTS: dict[str, Any] = {
    "CAR": _("An error, or a requirement that is not met. Blocks until closed."),
    "CL": _("Something is unclear or missing. Blocks until closed."),
    "FAR": _("To be checked at the next verification. Does not block."),
}
OPINION_HINTS: dict[str, Any] = {
    "positive": _("The project meets the requirements; registration can be requested."),
    "negative": _("The project does not meet them; it ends here."),
}
ASK_HINTS: dict[str, Any] = {
    "accredit": _("For the first time, or again after a withdrawal."),
    "extend": _("Scopes or functions that you do not hold yet."),
    "renew": _("A new term after the one that you hold."),
    "reinstate": _("A suspension is to be lifted: corrections are made."),
}
PROPOSE_HINTS: dict[str, Any] = {
    "suspend": _("No new contracts and no requests; running work may go on. Heard first."),
    "reinstate": _("The suspension is lifted."),
    "withdraw": _("For good. Heard first."),
}
ASSESSMENTS: dict[str, tuple[Any, Any]] = {
    "close": (_("Close it"), _("The response resolves the finding")),
    "again": (_("Ask again"), _("Send it back for another round")),
    "forward": (_("Turn into a forward action"), _("Check it at the next verification")),
}


class NoForm(forms.Form):
    """A button: nothing to fill in, yet a refusal has a place."""


class OfferForm(forms.Form):
    """Which DOE to ask, of those that can be engaged."""

    organisation = forms.ChoiceField(label=_("Designated Operational Entity"))

    notice = forms.CharField(
        label=_("Why another DOE is to take the work over"), widget=Area(rows=4), max_length=2000,
        help_text=_("Public. The validation so far is kept and shown as replaced."),
    )

    def __init__(
        self, *args: Any, candidates: Sequence[Candidate], takes_over: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not takes_over:
            del self.fields["notice"]
        free = [c for c in candidates if not c.obstacles]
        field = self.fields["organisation"]
        field.widget = RadioTiles()
        field.choices = [(str(c.organisation.pk), c.organisation.name) for c in free]  # type: ignore[attr-defined] # a ChoiceField
        for candidate in candidates:
            if candidate.obstacles and self["organisation"].data == str(candidate.organisation.pk):
                why = " ".join((candidate.organisation.name + ":", *candidate.obstacles))
                field.error_messages["invalid_choice"] = why.replace("%", "%%")


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(label=_("Reason"), widget=Area(rows=4), max_length=20_000)


class CommentForm(forms.Form):
    """A public comment on a design document."""

    name = forms.CharField(
        label=_("Your name"), max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    affiliation = forms.CharField(
        label=_("Affiliation"), max_length=200, required=False,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("Not shown to the public."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    text = forms.CharField(
        label=_("Comment"), max_length=5000, widget=Area(rows=8),
        help_text=_("Up to 5,000 characters. It is public and cannot be changed afterwards."),
    )


class ResponseForm(forms.Form):
    """How the DOE took account of a comment."""

    text = forms.CharField(
        label=_("Response"), max_length=5000, widget=Area(rows=3),
        help_text=_("Goes into the validation report word for word."),
    )


class RaiseForm(forms.Form):
    """A new finding, anchored to a section or parameter."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=Finding.Kind.choices,
        widget=RadioTiles(hints=KIND_HINTS),
    )
    section = forms.ChoiceField(label=_("Section or parameter"))
    passage = forms.CharField(
        label=_("Passage"), required=False, max_length=500,
        help_text=_("Words of that section exactly as they stand there. Empty: all of it."),
    )
    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(label=_("What is wrong or unclear"), widget=Area(rows=6))

    def __init__(
        self, *args: Any, anchors: Sequence[tuple[str, str]], quotes: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not quotes:
            del self.fields["passage"]
        self.fields["section"].choices = list(anchors)  # type: ignore[attr-defined] # a ChoiceField


class AnswerForm(forms.Form):
    """The participant's answer to a finding."""

    text = forms.CharField(label=_("Your answer"), widget=Area(rows=5), max_length=10_000)
    file = BoundedFile(
        label=_("File"), required=False, max_length=200, help_text=kinds.LABELS,
        most_mb=int(parameters.constant("upload_max_mb")),
    )


class AssessForm(forms.Form):
    """The DOE's assessment of an answered or inherited finding."""

    assessment = forms.ChoiceField(label=_("Your assessment"))
    reason = forms.CharField(
        label=_("Reason"), widget=Area(rows=4), max_length=10_000,
        help_text=_("Goes into the report word for word."),
    )

    def __init__(self, *args: Any, inherited: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = ("close",) if inherited else ("close", "again", "forward")
        field = self.fields["assessment"]
        field.widget = RadioTiles(hints={key: ASSESSMENTS[key][1] for key in keys})
        field.choices = [(key, ASSESSMENTS[key][0]) for key in keys]  # type: ignore[attr-defined] # a ChoiceField


class OpinionForm(forms.Form):
    """The opinion that ends a validation."""

    opinion = forms.ChoiceField(
        label=_("Opinion"),
        choices=[("positive", _("Positive")), ("negative", _("Negative"))],
        widget=RadioTiles(hints=OPINION_HINTS),
    )
    conclusion = forms.CharField(
        label=_("Conclusion"), widget=Area(rows=8), max_length=20_000,
        help_text=_("Stands in the validation report word for word. The report is public."),
    )


REVISION_HINTS: dict[str, Any] = {
    "positive": _("The revision meets the requirements; it can be requested."),
    "negative": _("It does not; this revision ends, and another can be drafted."),
}


class RevisionOpinionForm(OpinionForm):
    """The opinion on a renewal or a post-registration change."""

    opinion = forms.ChoiceField(
        label=_("Opinion"),
        choices=[("positive", _("Positive")), ("negative", _("Negative"))],
        widget=RadioTiles(hints=REVISION_HINTS),
    )


class CertifyForm(forms.Form):
    """The amounts to certify, one box for each commitment period, and the signed statement."""

    statement = forms.CharField(
        label=_("Statement"), widget=Area(rows=6), max_length=20_000,
        help_text=_("Stands in the certification report word for word. The report is public."),
    )

    def __init__(self, *args: Any, ceilings: Mapping[str, Ceiling], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, ceiling in ceilings.items():
            self.fields[f"tonnes_{key}"] = forms.IntegerField(
                label=_("Commitment period %(key)s") % {"key": key}, initial=ceiling.most,
                help_text=_("Claimed %(claimed)s t, recalculated %(ours)s t.")
                % {"claimed": ceiling.claimed, "ours": ceiling.recalculated},
                widget=forms.TextInput({"inputmode": "numeric", "data-unit": "t"}),
            )
        self.order_fields([*(f"tonnes_{key}" for key in ceilings), "statement"])

    @property
    def tonnes(self) -> dict[int, int]:
        """What was entered, by commitment period."""
        prefix = "tonnes_"
        return {
            int(name.removeprefix(prefix)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }


class ConclusionForm(forms.Form):
    """Why the reductions cannot be verified."""

    conclusion = forms.CharField(
        label=_("Why the reductions cannot be verified"), widget=Area(rows=6), max_length=20_000,
        help_text=_("Stands in the verification report word for word. The report is public."),
    )


class AcceptForm(forms.Form):
    """The declaration with which a DOE accepts an engagement."""

    no_conflict = forms.BooleanField(
        required=False,
        label=_(
            "Our organisation has no conflict of interest with the participants, and nobody who "
            "works on the case takes part in the project."
        ),
    )


class PairsForm(forms.Form):
    """Functions and sectoral scopes."""

    functions = forms.MultipleChoiceField(
        label=_("Functions"), choices=Function.choices, widget=CheckList()
    )
    scopes = forms.TypedMultipleChoiceField(
        label=_("Sectoral scopes"), coerce=int, widget=CheckList(columns=True),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = range(1, int(parameters.constant("sectoral_scopes")) + 1)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined] # a choice field
            (scope, str(scope)) for scope in scopes
        ]


class AskForm(PairsForm):
    """What a DOE asks for."""

    kind = forms.ChoiceField(
        label=_("What your organisation asks for"),
        choices=[
            ("accredit", _("Accreditation")), ("extend", _("Extension of scopes")),
            ("renew", _("Reaccreditation")), ("reinstate", _("Reinstatement")),
        ],
        widget=RadioTiles(hints=ASK_HINTS),
    )
    statement = forms.CharField(
        label=_("What you rely on"), widget=Area(rows=6), max_length=10_000,
        help_text=_("Competence, procedures, corrections. Public with the decision."),
    )
    field_order = ("kind", "functions", "scopes", "statement")


class RelinquishForm(PairsForm):
    """What a DOE gives back."""

    reason = forms.CharField(label=_("Reason"), widget=Area(rows=4), max_length=5000)


class ProposeForm(PairsForm):
    """What the secretariat proposes about a DOE."""

    kind = forms.ChoiceField(
        label=_("What is proposed"),
        choices=[
            ("suspend", _("Suspension")), ("reinstate", _("Reinstatement")),
            ("withdraw", _("Withdrawal of accreditation")),
        ],
        widget=RadioTiles(hints=PROPOSE_HINTS),
    )
    organisation = forms.ModelChoiceField(
        label=_("Designated Operational Entity"), queryset=Organisation.objects.none()
    )
    months = forms.IntegerField(
        label=_("Months to put things right"), required=False,
        help_text=_("For a suspension. Counted from the decision."),
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    reasons = forms.CharField(
        label=_("Reasons"), widget=Area(rows=6), max_length=10_000,
        help_text=_("The entity reads them at once, the public with the decision."),
    )
    field_order = ("kind", "organisation", "functions", "scopes", "months", "reasons")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        does = people.organisations(Organisation.Kind.DOE)
        self.fields["organisation"].queryset = does  # type: ignore[attr-defined] # a ModelChoiceField


class ExemptForm(forms.Form):
    """A large-scale project whose validator is to verify it too."""

    project = forms.ModelChoiceField(
        label=_("Large-scale project"), queryset=Project.objects.none(),
        empty_label=None,
    )
    reasons = forms.CharField(
        label=_("Reasons"), widget=Area(rows=6), max_length=10_000,
        help_text=_("Public with the decision."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        large = Project.objects.filter(scale=Project.Scale.LARGE, validator__isnull=False)
        self.fields["project"].queryset = large  # type: ignore[attr-defined] # a ModelChoiceField


class PrepareForm(forms.Form):
    """The secretariat's assessment of what a DOE asked for."""

    reasons = forms.CharField(
        label=_("Assessment for the Board"), widget=Area(rows=6), max_length=10_000,
        help_text=_("Public with the decision."),
    )


class HearingForm(forms.Form):
    """The DOE's answer to what is proposed against it."""

    text = forms.CharField(
        label=_("Your answer"), widget=Area(rows=6), max_length=10_000,
        help_text=_("Given once. Public with the decision."),
    )


class DecideForm(forms.Form):
    """The decision of a member of the Board."""

    outcome = forms.ChoiceField(
        label=_("Decision"), choices=[("grant", _("As proposed")), ("refuse", _("Refuse"))],
        widget=RadioTiles(),
    )
    reasons = forms.CharField(
        label=_("Reasons"), widget=Area(rows=6), max_length=10_000, help_text=_("Public."),
    )
