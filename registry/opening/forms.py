"""Forms of requests for accounts: they check shape, the actions decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cdm_portal.forms import Area, BoundedFile, CheckList
from registry.actions import Asked, Upload
from registry.models import Party
from registry.opening import evidence
from registry.opening.models import EvidenceItem

KINDS = ".pdf,.png,.jpg,.jpeg"
FILES = [(item.key, item.label) for item in evidence.WITH_FILES]


class RequestForm(forms.Form):
    """A holding account is asked for, with the first evidence."""

    party = forms.ModelChoiceField(
        label=_("Party"), queryset=Party.objects.all(), empty_label=_("Choose"),
        help_text=_("Whose authorisation your organisation acts under."),
    )  # fmt: skip
    account_name = forms.CharField(label=_("Name of the account"), max_length=200)
    registration_number = forms.CharField(
        label=_("Registration number of the organisation"), max_length=100
    )
    address = forms.CharField(label=_("Registered address"), max_length=400, widget=Area(rows=3))
    signatory = forms.CharField(label=_("Who signs for the organisation"), max_length=200)
    position = forms.CharField(label=_("Position of the signatory"), max_length=200)
    representatives = forms.TypedMultipleChoiceField(
        label=_("Representatives of the account"), coerce=int, widget=CheckList(columns=True),
        help_text=_("One to three. Each has a sign-in of their own, and only they act for it."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, people: list[tuple[int, str]], most_mb: int, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["representatives"].choices = people  # type: ignore[attr-defined] # a choice
        for item in evidence.WITH_FILES:
            self.fields[item.key] = BoundedFile(
                most_mb=most_mb, accept=KINDS, label=item.label, help_text=item.hint
            )

    def asked(self) -> dict[str, Any]:
        """As `request_account` takes it."""
        data = self.cleaned_data
        said = {name: data[name] for name in Asked.__slots__ if name != "party_code"}
        return {
            "asked": Asked(party_code=data["party"].code, **said),
            "people": data["representatives"],
            "files": [upload(item.key, data[item.key]) for item in evidence.WITH_FILES],
        }  # fmt: skip


class EvidenceForm(forms.Form):
    """One more file for an item of the evidence."""

    item = forms.ChoiceField(label=_("What it proves"), choices=FILES)

    def __init__(self, *args: Any, most_mb: int, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["file"] = BoundedFile(most_mb=most_mb, accept=KINDS, label=_("File"))

    def asked(self) -> dict[str, Any]:
        """As `add_evidence` takes it."""
        return {"file": upload(self.cleaned_data["item"], self.cleaned_data["file"])}


class AnswerForm(forms.Form):
    """An answer about an item."""

    item = forms.ChoiceField(
        choices=[(item.key, item.label) for item in evidence.ITEMS], widget=forms.HiddenInput()
    )
    text = forms.CharField(label=_("Your answer"), max_length=4000, widget=Area(rows=3))

    def asked(self) -> dict[str, Any]:
        """As `answer_evidence` takes it."""
        return self.cleaned_data


class MarkForm(forms.Form):
    """An item is proven, or questioned in words; the button says which."""

    item = forms.ChoiceField(
        choices=[(item.key, item.label) for item in evidence.ITEMS], widget=forms.HiddenInput()
    )
    mark = forms.ChoiceField(
        choices=[(mark.value, mark.label) for mark in
                 (EvidenceItem.Mark.PROVEN, EvidenceItem.Mark.QUESTIONED)],
        widget=forms.HiddenInput(),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Note, or question"), max_length=4000, required=False, widget=Area(rows=2)
    )

    def asked(self) -> dict[str, Any]:
        """As `mark_evidence` takes it."""
        return self.cleaned_data


class ReasonsForm(forms.Form):
    """Why a request is refused."""

    reasons = forms.CharField(label=_("Reasons"), max_length=4000, widget=Area(rows=4))

    def asked(self) -> dict[str, Any]:
        """As `refuse_account_request` takes it."""
        return self.cleaned_data


class ActForm(forms.Form):
    """An act that needs no words."""

    def asked(self) -> dict[str, Any]:
        """Nothing."""
        return {}


def upload(item: str, file: Any) -> Upload:
    """A file of a form, read; the form has bounded its size."""
    return Upload(item, file.name or "", file.read())
