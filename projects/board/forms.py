"""What a DOE, the secretariat, a member of the Board and a DNA fill in about a request."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cdm_portal import formats, parameters
from cdm_portal.forms import Area, BoundedFile, CheckList, DateInput, RadioTiles
from cdm_portal.uploads import kinds
from cdm_portal.values import Role
from projects.board.grounds import GROUNDS
from projects.board.models import Request
from projects.board.queries import members_there, payment_waiting, rulings_for
from projects.board.standing import LONGEST_TEXT


class RequestForm(forms.Form):
    """A form about one request; its choices follow from the request as it is at a moment."""

    def __init__(
        self, *args: Any, about: Request | None = None, at: datetime | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if about is not None and at is not None:
            self.prepare(about, at)

    def prepare(self, about: Request, at: datetime) -> None:
        """Fill in what depends on the request and the moment."""


class ButtonForm(RequestForm):
    """A button only; it carries a refusal back to the page."""


class PaymentForm(RequestForm):
    """What the bank statement says."""

    amount = forms.DecimalField(
        max_digits=12, decimal_places=2, label=_("Amount received"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    currency = forms.CharField(
        max_length=3, min_length=3, initial="USD", label=_("Currency"),
        help_text=_("Three letters, as on the bank statement."),
    )
    payment_reference = forms.CharField(
        max_length=80, label=_("Reference of the payment"),
        help_text=_("As on the bank statement; a payment counts once."),
    )
    received_on = forms.DateField(label=_("Received on"), widget=DateInput())

    def clean_currency(self) -> str:
        """In capitals, as currencies are written."""
        return str(self.cleaned_data["currency"]).upper()


class ProofForm(RequestForm):
    """By what the participant shows that the fee was paid."""

    proof = forms.CharField(
        max_length=200, label=_("Reference of the transfer"),
        help_text=_("As your bank names it; the secretariat looks for it on its statement."),
    )


class ConfirmForm(RequestForm):
    """The payment that the second person found too, named so that no other is confirmed."""

    payment_id = forms.IntegerField(widget=forms.HiddenInput())
    seen = forms.BooleanField()

    def prepare(self, about: Request, at: datetime) -> None:
        """The payment that waits, in words."""
        payment = payment_waiting(about.invoice) if hasattr(about, "invoice") else None
        if payment is not None:
            self.fields["payment_id"].initial = payment.pk
            self.fields["seen"].label = _(
                "I found %(amount)s, reference %(reference)s, of %(day)s on the bank statement"
            ) % {
                "amount": formats.usd(payment.amount_usd), "reference": payment.reference,
                "day": formats.day(payment.received_on),
            }

    def clean(self) -> dict[str, Any]:
        """The action asks for the payment alone."""
        data = super().clean() or {}
        return {key: value for key, value in data.items() if key != "seen"}


class CheckForm(RequestForm):
    """Whether an item is met."""

    met = forms.TypedChoiceField(
        choices=[("yes", _("Met")), ("no", _("Not met"))], coerce=lambda value: value == "yes",
        widget=RadioTiles(hints={"no": "The reason becomes public"}), label=_("Finding"),
    )
    reason = forms.CharField(
        required=False, widget=Area(rows=3), label=_("Reason or remark"),
        help_text=_("Needed when the item is not met."),
    )


class NoteForm(RequestForm):
    """The summary note with which a request is published."""

    note = forms.CharField(
        widget=Area(rows=4), label=_("Summary note"), help_text=_("Public, word for word."),
    )


class ResubmitForm(RequestForm):
    """What the DOE put right."""

    note = forms.CharField(
        widget=Area(rows=4), label=_("What was put right"), help_text=_("Public, word for word."),
    )


class ReasonForm(RequestForm):
    """A reason in words."""

    reason = forms.CharField(widget=Area(rows=3), label=_("Reason"))


class ScopeForm(RequestForm):
    """What a review will look at."""

    scope = forms.CharField(
        widget=Area(rows=3), label=_("Scope of the review"),
        help_text=_("Limited to the grounds of the requests."),
    )


class ReviewForm(RequestForm):
    """Asking for a review."""

    grounds = forms.MultipleChoiceField(
        widget=CheckList(columns=True), label=_("Ask for a review"),
        help_text=_("Tick the requirements that you doubt"),
        error_messages={"required": _("Tick at least one ground.")},
    )
    reasons = forms.CharField(
        widget=Area(rows=3), label=_("Reasons"),
        help_text=_("Published with your name, word for word"),
    )

    def prepare(self, about: Request, at: datetime) -> None:
        """The grounds that the kind of request allows."""
        field = self.fields["grounds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(GROUNDS[about.kind].items())


class AbsenceForm(RequestForm):
    """Which member is absent."""

    seat_number = forms.TypedChoiceField(
        coerce=int, empty_value=None, label=_("Absent member"),
        help_text=_("For the rest of this case; the alternate asks, objects and votes instead."),
    )

    def prepare(self, about: Request, at: datetime) -> None:
        """The members who have neither voted nor stood aside."""
        field = self.fields["seat_number"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("Choose a member")),
            *((number, f"{number}: {name}") for number, name in members_there(about, at)),
        ]


class ReplyForm(RequestForm):
    """What the participant or the DOE answers to a review."""

    text = forms.CharField(
        widget=Area(rows=5), label=_("Your reply"), help_text=_("Public, word for word; once."),
    )
    file = BoundedFile(
        label=_("File"), required=False, max_length=200, help_text=kinds.LABELS,
        most_mb=int(parameters.constant("upload_max_mb")),
    )

    def clean(self) -> dict[str, Any]:
        """The action takes a name and bytes."""
        given = super().clean() or {}
        file = given.get("file")
        return {
            "text": given.get("text", ""), "filename": file.name if file else None,
            "data": file.read() if file else None,
        }


class AssessmentForm(RequestForm):
    """What an assessment recommends, and why."""

    recommendation = forms.ChoiceField(widget=RadioTiles(), label=_("Recommendation"))
    reasons = forms.CharField(
        widget=Area(rows=5), label=_("Reasons of the assessment"),
        help_text=_("Public, word for word, once both assessments are filed."),
    )

    def prepare(self, about: Request, at: datetime) -> None:
        """The rulings that the kind of request allows, each with what follows."""
        _offer_rulings(self.fields["recommendation"], about)


class ObjectionForm(RequestForm):
    """Why a member objects to the proposed decision."""

    reasons = forms.CharField(
        widget=Area(rows=3), label=_("Reasons of the objection"),
        help_text=_("For the Board; that a member objected is public."),
    )


def _offer_rulings(field: forms.Field, about: Request) -> None:
    assert isinstance(field, forms.ChoiceField)
    words = rulings_for(about)
    field.choices = [(key, name) for key, (name, _follows) in words.items()]
    field.widget.hints = {key: follows for key, (_name, follows) in words.items()}


class VoteForm(RequestForm):
    """A seat's vote."""

    ruling = forms.ChoiceField(widget=RadioTiles(), label=_("Your vote"))
    reasons = forms.CharField(
        required=False, widget=Area(rows=3), label=_("Note for the Board"),
        help_text=_("Single votes and notes are for the Board."),
    )

    def prepare(self, about: Request, at: datetime) -> None:
        """The rulings that the kind of request allows, each with what follows."""
        _offer_rulings(self.fields["ruling"], about)


class RulingForm(RequestForm):
    """The reasons of the ruling."""

    reasons = forms.CharField(
        widget=Area(rows=4), label=_("Reasons of the ruling"),
        help_text=_("Public, word for word."),
    )


class EndReasonForm(forms.Form):
    """Why the participants ask for a withdrawal or a deregistration."""

    reason = forms.CharField(
        widget=Area(rows=4), label=_("Reason"), max_length=LONGEST_TEXT,
        help_text=_("Public, word for word."),
    )


class StatementForm(forms.Form):
    """What the DOE says to the withdrawal that it files."""

    statement = forms.CharField(
        widget=Area(rows=4), label=_("What the DOE says to it"), max_length=LONGEST_TEXT,
        help_text=_("Public, word for word."),
    )


class DecisionForm(forms.Form):
    """What a member of the Board decides on a deregistration."""

    grant = forms.TypedChoiceField(
        label=_("Decision"), coerce=lambda value: value == "grant", widget=RadioTiles(),
        choices=[("grant", _("Deregister")), ("refuse", _("Refuse"))],
    )
    reasons = forms.CharField(
        widget=Area(rows=5), label=_("Reasons"), max_length=LONGEST_TEXT,
        help_text=_("Public, word for word."),
    )


TURNS: dict[Role, type[forms.Form]] = {
    Role.PARTICIPANT: EndReasonForm, Role.BOARD: DecisionForm,
}
"""What each role fills in about a deregistration."""
class MoveMeetingForm(RequestForm):
    """The days and the place of a meeting of the Board."""

    first_date = forms.DateField(label=_("First day"), widget=DateInput())
    last_date = forms.DateField(label=_("Last day"), widget=DateInput())
    place = forms.CharField(label=_("Place"), max_length=200)


class MeetingForm(MoveMeetingForm):
    """A meeting of the Board that is planned."""

    number = forms.IntegerField(
        label=_("Number of the meeting"), min_value=1, max_value=2_000_000_000,
        help_text=_("Counted through since the first, as in EB 118."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    field_order = ("number", "first_date", "last_date", "place")
