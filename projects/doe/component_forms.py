"""Forms about a component of a programme: to whom it is submitted, and what the DOE makes of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cdm_portal import parameters
from cdm_portal.forms import Area, BoundedFile, DateInput
from cdm_portal.uploads import kinds
from projects.doe.standing import Candidate


class _DoeForm(forms.Form):
    """Which DOE to ask, of those that may include components of the programme."""

    organisation = forms.ChoiceField(label=_("Designated Operational Entity"))

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [each.organisation for each in candidates if not each.obstacles]
        self.fields["organisation"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            ("", _("Choose a DOE")), *((str(doe.pk), doe.name) for doe in free),
        ]


class SubmitForm(_DoeForm):
    """To which DOE, and that the criteria were checked."""

    checked = forms.BooleanField(
        label=_("We checked that the component meets every eligibility criterion of the programme"),
        required=False,
    )


class AskRenewalForm(_DoeForm):
    """Which DOE is to confirm the renewal, and until when."""

    last_date = forms.DateField(
        label=_("New last day of crediting"), widget=DateInput(),
        help_text=_("Within the renewed period of the programme."),
        error_messages={"invalid": _("Enter a date like 2026-11-23.")},
    )


class StatementForm(forms.Form):
    """The DOE's statement on an inclusion or a renewal."""

    no_conflict = forms.BooleanField(
        label=_("We have no conflict of interest with the participants of the programme"),
        required=False,
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = parameters.number("upload_max_mb", on)
        self.fields["file"] = BoundedFile(
            label=_("Statement"), most_mb=most, max_length=200,
            help_text=_("Public. %(kinds)s, at most %(most)d MB.")
            % {"kinds": kinds.LABELS, "most": most},
        )
        self.order_fields(["file", "no_conflict"])


class ReturnForm(forms.Form):
    """Why a component goes back."""

    reasons = forms.CharField(
        label=_("Reasons"), widget=Area(rows=4), max_length=10_000,
        help_text=_("The coordinating/managing entity reads them beside its draft."),
    )
