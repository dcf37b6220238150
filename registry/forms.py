"""Forms of the registry's pages: they check shape, the registry's verbs decide."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cdm_portal.forms import Area, RadioTiles
from cdm_portal.identity.models import Organisation
from registry import queries
from registry.governance.standing import RESTRICTIONS
from registry.models import Account, Party
from registry.serials import PROJECT_NUMBER, UNIT_TYPES, SerialNumber, Unreadable

PERIODS = (("", _("Any")), ("1", _("First (2008–2012)")), ("2", _("Second (2013–2020)")))
if TYPE_CHECKING:
    AccountChoice = forms.ModelChoiceField[Account]
else:  # generic for the type checker only
    AccountChoice = forms.ModelChoiceField

RESTRICTION_HINTS = {
    "restricted": "Its units are cancelled or sold, not transferred. It may receive.",
    "suspended_partially": "It gives no units, not even those on offer. It may receive.",
    "suspended": "It neither gives nor receives.",
}
HOLDING = (Account.Kind.PARTY_HOLDING, Account.Kind.FORMER_HOLDING, Account.Kind.HOLDING)


class NamedAccount(AccountChoice):
    """An account by number and holder."""

    def label_from_instance(self, obj: Account) -> str:
        """`KE-121-1001-2-14 · Ziwa Sun Limited`."""
        return f"{obj.number} · {obj.name}"


class ProjectNumber(forms.CharField):
    """A project number as it stands in serial numbers."""

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(label=_("Project number"), max_length=10, required=required)

    def clean(self, value: object) -> str:
        """The number without spaces around it. Raises ValidationError for anything else."""
        number = str(super().clean(value)).strip().upper()
        if number and PROJECT_NUMBER.fullmatch(number) is None:
            raise forms.ValidationError(_("A project number looks like 3335, or like BR-2569."))
        return number


def period() -> forms.TypedChoiceField:
    """First or second commitment period, or any."""
    return forms.TypedChoiceField(
        label=_("Commitment period"), choices=PERIODS, coerce=int, empty_value=None, required=False
    )


def units() -> forms.IntegerField:
    """A whole number of units, at least one."""
    return forms.IntegerField(
        label=_("Units"), min_value=1, max_value=10**15 - 1,
        widget=forms.NumberInput({"inputmode": "numeric", "step": "1", "data-unit": "CERs"}),
    )  # fmt: skip


UNIT_TYPE_CHOICES = (("", _("Any")), *((str(key), word) for key, word in UNIT_TYPES.items()))
KINDS = (
    ("", _("Any")),
    (str(Account.Kind.VOLUNTARY.value), _("Voluntary")),
    (str(Account.Kind.MANDATORY.value), _("Mandatory")),
    (str(Account.Kind.ADMINISTRATIVE.value), _("Administrative")),
    (str(Account.Kind.EXCESS.value), _("Excess issuance")),
)


def choice(label: Any, choices: Any) -> forms.TypedChoiceField:
    """One whole number of a few, or any."""
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=int, empty_value=None, required=False
    )


class Filter(forms.Form):
    """Which rows of a public list. `until` is the last year that is offered."""

    project = ProjectNumber(required=False)
    party = forms.ModelChoiceField(
        label=_("Host Party"), queryset=Party.objects.none(), required=False, empty_label=_("Any")
    )
    period = period()
    type = choice(_("Unit type"), UNIT_TYPE_CHOICES)
    year = choice(_("Year"), ())

    def __init__(self, *args: Any, until: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["party"].queryset = queries.issuing_parties()  # type: ignore[attr-defined] # a model choice
        years = [(str(year), str(year)) for year in queries.years(until)]
        self.fields["year"].choices = [("", _("Any")), *years]  # type: ignore[attr-defined] # a choice

    def wanted(self) -> queries.Wanted | None:
        """As the queries take it; None if something cannot be used."""
        if not self.is_bound:
            return queries.Wanted()
        if not self.is_valid():
            return None
        data = self.cleaned_data
        party: Party | None = data["party"]
        return queries.Wanted(
            project_number=data["project"], party_code=party.code if party else "",
            commitment_period=data["period"], unit_type=data["type"], year=data["year"],
            kind=data.get("kind"),
        )  # fmt: skip


class CancellationFilter(Filter):
    """Which cancellations: also by what they were for."""

    kind = choice(_("Kind"), KINDS)


class AccountForm(forms.Form):
    """An account to be opened: a holder's here, or one of a simulated national registry."""

    where = forms.ChoiceField(
        label=_("Where"), initial="here", required=False,
        choices=[("here", _("In this registry")),
                 ("national", _("In the simulated national registry of the Party"))],
    )  # fmt: skip
    holder = forms.ModelChoiceField(
        label=_("Holder"), queryset=Organisation.objects.filter(kind="participant"),
        required=False, help_text=_("An account of a national registry may have none."),
    )  # fmt: skip
    party = forms.ModelChoiceField(
        label=_("Party"), queryset=Party.objects.all(),
        help_text=_("Whose authorisation the holder acts under."),
    )  # fmt: skip
    kind = forms.TypedChoiceField(
        label=_("Kind of account"), coerce=int, initial=Account.Kind.PARTY_HOLDING,
        choices=[
            (Account.Kind.HOLDING.value, _("Holding account of a participant (121), national")),
            (Account.Kind.PARTY_HOLDING.value, _("Holding account of a Party (100)")),
            (Account.Kind.FORMER_HOLDING.value, _("Former operator holding account (120)")),
            (Account.Kind.VOLUNTARY.value, _("Voluntary cancellation account (230), national")),
            (Account.Kind.RETIREMENT.value, _("Retirement account (300), national")),
        ],
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name of the account"), max_length=200, required=False,
        help_text=_("Left empty, it bears the holder’s name."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Here, an account has a holder."""
        data = self.cleaned_data
        missing = not data.get("holder") and "holder" not in self.errors
        here = data.get("where") != "national"
        if missing and here:
            self.add_error("holder", _("Choose whose account it is."))
        if here and data.get("kind") == Account.Kind.HOLDING:
            self.add_error("kind", _(
                "A participant asks for its holding account itself; two persons open it from there."
            ))  # fmt: skip
        return data

    def asked(self) -> dict[str, Any]:
        """As the action takes it."""
        data = self.cleaned_data
        holder, party = data["holder"], data["party"]
        return {
            "kind": data["kind"], "party_code": party.code,
            "holder_id": holder.pk if holder else None, "external": data["where"] == "national",
            "name": data["name"] or (holder or party).name,
        }  # fmt: skip


class Serials(forms.CharField):
    """The serial number of the very units that are meant."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Serial number"), max_length=120, required=False,
            help_text=_("Of one unit or of a block, such as KE-5-1001-1050-2-2-0-3335. Left empty, "
                        "the lowest free serials of the project are taken."),
        )  # fmt: skip

    def clean(self, value: object) -> SerialNumber | None:
        """The number, read. Raises ValidationError with the code of the check that it breaks."""
        text = str(super().clean(value))
        if not text:
            return None
        try:
            return SerialNumber.parse(text)
        except Unreadable as wrong:
            raise forms.ValidationError(str(wrong), code=wrong.check) from None


class UnitsForm(forms.Form):
    """Which units: so many of a project, or exactly these serials."""

    use_required_attribute = False  # a serial number says everything
    project = ProjectNumber()
    period = period()
    type = forms.TypedChoiceField(
        label=_("Unit type"), choices=UNIT_TYPE_CHOICES[1:], coerce=int, required=False,
        empty_value=None,
    )  # fmt: skip
    quantity = units()
    serials = Serials()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        typed = str(self.data.get(self.add_prefix("serials")) or "").strip()
        for name, missing in (
            ("project", _("Enter the project number, or a serial number.")),
            ("quantity", _("Enter how many units, or a serial number.")),
        ):
            self.fields[name].required = not typed
            self.fields[name].error_messages["required"] = missing

    def asked(self) -> dict[str, Any]:
        """As `propose_forwarding` takes it."""
        data = self.cleaned_data
        return {
            "project_number": data["project"], "quantity": data["quantity"] or 0,
            "commitment_period": data["period"], "unit_type": data["type"] or 5,
            "serials": data["serials"],
        }  # fmt: skip


class ForwardForm(UnitsForm):
    """A forwarding to be proposed."""

    to_account = NamedAccount(
        label=_("To account"),
        queryset=Account.objects.filter(
            kind__in=HOLDING, adaptation_fund=False, closed_at=None
        ).order_by("external", "id"),
    )
    authorised = forms.BooleanField(
        label=_(
            "The request is on file, and the holder is an authorised participant of this project."
        )
    )


class TransferForm(UnitsForm):
    """A transfer to an account of a national registry, to be proposed."""

    to_account = NamedAccount(
        label=_("To account"),
        queryset=Account.objects.filter(external=True, terminal=False, closed_at=None),
        help_text=_("To an account that is not on the list of trusted ones it goes after a delay."),
    )  # fmt: skip


class CancelForm(UnitsForm):
    """A cancellation outside the shop, to be proposed. Holders cancel voluntarily alone."""

    kind = forms.TypedChoiceField(
        label=_("Kind of cancellation"), choices=KINDS[1:], coerce=int, required=False,
        empty_value=None, initial=Account.Kind.VOLUNTARY.value,
    )  # fmt: skip
    understood = forms.BooleanField(
        label=_("Cancelled units never come back. There is no reversal.")
    )

    def __init__(self, *args: Any, by_holder: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if by_holder:
            del self.fields["kind"]

    @property
    def to_account_id(self) -> int:
        """The registry's own cancellation account of the kind."""
        kind = self.cleaned_data.get("kind") or Account.Kind.VOLUNTARY
        return Account.objects.get(kind=kind, pk__lt=1000).pk


class TrustForm(forms.Form):
    """An account to be trusted, or no longer."""

    trusted = NamedAccount(
        label=_("Account of a national registry"),
        queryset=Account.objects.filter(external=True, terminal=False, closed_at=None),
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=Area(rows=3))


class RepresentativeForm(forms.Form):
    """Somebody of the holder's organisation who is to act for its account."""

    person = forms.TypedChoiceField(label=_("Person"), coerce=int)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = [("", _("Choose")), *people]  # type: ignore[attr-defined] # a choice


class AuthorisationForm(forms.Form):
    """A letter on file that lets a holder, or a Party, receive units of a project."""

    project = ProjectNumber()
    holder = forms.ModelChoiceField(
        label=_("Holder"), queryset=Organisation.objects.filter(kind="participant"), required=False
    )
    party = forms.ModelChoiceField(
        label=_("or the national registry of"), queryset=Party.objects.all(), required=False
    )
    letter = forms.CharField(label=_("Letter"), max_length=100)

    def asked(self) -> dict[str, Any]:
        """As `authorise` takes it."""
        data = self.cleaned_data
        return {
            "project_number": data["project"], "letter": data["letter"],
            "holder_id": data["holder"].pk if data["holder"] else None,
            "party_code": data["party"].code if data["party"] else None,
        }  # fmt: skip


class ReasonForm(forms.Form):
    """Why something is rejected, frozen or lifted."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=Area(rows=3))


class TakeBackForm(forms.Form):
    """That a closure is asked for is taken back: it needs no words."""


class RestrictForm(ReasonForm):
    """How an account is restricted, and why."""

    standing = forms.ChoiceField(
        label=_("From now on"), widget=RadioTiles(hints=RESTRICTION_HINTS),
        choices=[(each.value, each.label) for each in RESTRICTIONS],
    )  # fmt: skip
    field_order = ("standing", "reason")


class ApproveForm(forms.Form):
    """The hash that the page showed comes back with the yes."""

    seen_sha256 = forms.RegexField("[0-9a-f]{64}", widget=forms.HiddenInput())
