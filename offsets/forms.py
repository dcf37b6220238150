"""What buyers and participants fill in. Numbers are read strictly: ASCII digits, nothing else."""

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cdm_portal import formats, parameters
from cdm_portal.forms import Area, BoundedFile, RadioTiles
from offsets.banking import statements
from offsets.payments import providers

WHOLE = re.compile(r"-?[0-9]{1,18}")
FRACTION = re.compile(r"-?[0-9]+[.,][0-9]+")
PRICE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
LARGEST = int(parameters.constant("order_max_tonnes"))
LONGEST_NAME = int(parameters.constant("name_max_length"))


class TonnesField(forms.CharField):
    """A whole number of tonnes, at least 1, with a sentence of its own for each way to miss it."""

    widget = forms.TextInput(
        attrs={"inputmode": "numeric", "data-unit": "t", "autocomplete": "off"}
    )

    def clean(self, value: Any) -> Any:
        """The tonnes as an int; None where they may be left out. Raises ValidationError."""
        text = str(super().clean(value)).strip()
        if not text and not self.required:
            return None
        if FRACTION.fullmatch(text):
            raise ValidationError(_("Only whole tonnes can be cancelled: enter a number like 2."))
        if not WHOLE.fullmatch(text):
            raise ValidationError(_("Enter whole tonnes with the digits 0 to 9 only, like 25."))
        tonnes = int(text)
        if tonnes < 1:
            raise ValidationError(_("Enter 1 tonne or more."))
        if tonnes > LARGEST:
            most = formats.tonnes(LARGEST)
            raise ValidationError(_("One order takes at most %(most)s tonnes.") % {"most": most})
        return tonnes


class PriceField(forms.CharField):
    """US dollars a tonne, more than zero, at most two decimals behind a point."""

    widget = forms.TextInput(
        attrs={"inputmode": "decimal", "data-unit": "US$/t", "autocomplete": "off"}
    )

    def clean(self, value: Any) -> Any:
        """The price as a Decimal. Raises ValidationError."""
        text = str(super().clean(value)).strip()
        if not PRICE.fullmatch(text):
            raise ValidationError(_("Enter a price in US dollars like 4.80."))
        price = Decimal(text)
        if price <= 0:
            raise ValidationError(_("The price must be more than 0."))
        return price


class AmountField(forms.CharField):
    """US dollars, more than zero, at most two decimals behind a point."""

    widget = forms.TextInput(
        attrs={"inputmode": "decimal", "data-unit": "US$", "autocomplete": "off"}
    )

    def clean(self, value: Any) -> Any:
        """The amount as a Decimal; None when nothing was typed. Raises ValidationError."""
        text = str(super().clean(value)).strip()
        if not text:
            return None
        if not PRICE.fullmatch(text) or Decimal(text) <= 0:
            raise ValidationError(_("Enter an amount in US dollars like 50 or 49.90."))
        return Decimal(text)


class OrderForm(forms.Form):
    """How many tonnes of one offer, at the price that the page showed."""

    offer = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    price_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    order_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    quantity = TonnesField(
        label=_("Tonnes"), help_text=_("Whole tonnes; one tonne is one CER."),
        error_messages={"required": _("Enter how many tonnes to cancel.")},
    )

    def key(self) -> UUID | None:
        """The key that the page was made with, if it was."""
        found: UUID | None = self.cleaned_data.get("order_key")
        return found


class CheckoutForm(forms.Form):
    """Whose emissions they are. What is printed is checked by the action, word for word."""

    whose = forms.ChoiceField(
        label=_("Whose emissions are these?"),
        choices=[("mine", _("Mine or my household's")), ("organisation", _("An organisation's"))],
        initial="mine",
        widget=RadioTiles(columns=True),
    )
    name = forms.CharField(
        label=_("Name on the certificate"), required=True, strip=False, max_length=LONGEST_NAME,
        help_text=_("Printed on the certificate"),
        error_messages={"required": _("Enter the name to print on the certificate.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.CharField(
        label=_("Email for the receipt"),
        help_text=_("Your certificate's link is sent there; it is never shown"),
        error_messages={"required": _("Enter an email address in the form name@example.org")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    reference = forms.CharField(
        label=_("Reference of the organisation"), required=False, strip=False, max_length=60,
        help_text=_("A registration or order number, printed under its name"),
    )
    reason = forms.CharField(
        label=_("Reason for cancelling"), required=False, strip=False,
        help_text=_("Printed on the certificate, up to 140 characters"),
    )
    public = forms.BooleanField(
        label=_("Show my name and reason in the public register too"), required=False,
        help_text=_(
            "Without it the register says “name withheld”. The serial numbers are always public."
        ),
    )
    provider = forms.ChoiceField(
        label=_("How do you want to pay?"),
        widget=RadioTiles,
        error_messages={
            "required": _("Choose how you want to pay."), "invalid_choice": providers.OFF,
        },
    )
    agreed_currency = forms.CharField(widget=forms.HiddenInput, required=False, max_length=3)
    agreed_total = forms.DecimalField(widget=forms.HiddenInput, max_digits=20, decimal_places=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tiles = self.fields["whose"].widget
        assert isinstance(tiles, RadioTiles)
        tiles.hints = {
            "mine": gettext("Your name goes on the certificate"),
            "organisation": gettext("Its legal name goes on the certificate"),
        }
        self._offer_ways()

    def _offer_ways(self) -> None:
        """The ways of paying that are switched on; the first is chosen until the buyer chooses."""
        ways, field = providers.available(), self.fields["provider"]
        assert isinstance(field, forms.ChoiceField)
        assert isinstance(field.widget, RadioTiles)
        field.choices = [(way.slug, way.label) for way in ways]
        field.initial = ways[0].slug if ways else ""
        field.widget.hints = {way.slug: f"{way.hint} {way.next_step}" for way in ways}
        field.widget.tags = {way.slug: gettext("Test mode only") for way in ways if way.test_only}

    def details(self) -> dict[str, Any]:
        """The arguments that the checkout's action takes."""
        given = self.cleaned_data
        return {
            "name": given["name"], "public": given["public"], "email": given["email"],
            "reason": given["reason"], "on_behalf": given["whose"] == "organisation",
            "reference": given["reference"], "provider": given["provider"],
            "agreed_total": given["agreed_total"], "agreed_currency": given["agreed_currency"],
        }


class OfferForm(forms.Form):
    """Units of one account, project and commitment period, and their price."""

    units = forms.ChoiceField(label=_("Which CERs"))
    quantity = TonnesField(
        label=_("Tonnes to offer"),
        help_text=_("They stay in your account, earmarked, until they are sold or you close it."),
        error_messages={"required": _("Enter how many tonnes to offer.")},
    )
    price = PriceField(
        label=_("Price per tonne"), help_text=_("Set by you; all of it is yours."),
        error_messages={"required": _("Enter a price in US dollars like 4.80.")},
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["units"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = units


class PriceForm(forms.Form):
    """Another price for an offer."""

    price = PriceField(
        label=_("New price per tonne"),
        help_text=_("Orders that hold units already keep the price that they were shown."),
        error_messages={"required": _("Enter a price in US dollars like 4.80.")},
    )


class AddressForm(forms.Form):
    """The address on the orders."""

    email = forms.EmailField(
        label=_("Email address of your orders"), max_length=254,
        error_messages={
            "required": _("Enter an email address in the form name@example.org"),
            "invalid": _("Enter an email address in the form name@example.org"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class StatementForm(forms.Form):
    """A statement of the bank account, as the bank gives it out."""

    file = BoundedFile(
        most_mb=int(parameters.constant("bank_statement_max_mb")), accept=statements.ACCEPT,
        label=_("Account statement"),
        help_text=_("camt.053 (.xml), or a table (.csv) with the columns below"),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )


class MatchForm(forms.Form):
    """The invoice that a credit pays."""

    reference = forms.CharField(
        label=_("Reference of the invoice"), max_length=80,
        help_text=_("RF and what follows, or the code of the order"),
        error_messages={"required": _("Enter the reference of an invoice.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SetAsideForm(forms.Form):
    """Why a credit is not this order's."""

    reason = forms.CharField(
        label=_("Why it is another order's"), max_length=300, widget=Area(rows=2),
        error_messages={"required": _("Say why it is set aside.")},
    )


class RefundForm(forms.Form):
    """To which account money was sent back, and under which reference of the bank."""

    payee_name = forms.CharField(
        label=_("Sent to"), max_length=140,
        error_messages={"required": _("Enter the holder of the account.")},
    )
    payee_iban = forms.CharField(
        label=_("IBAN"), max_length=50,
        error_messages={"required": _("Enter the IBAN to which it was sent.")},
    )
    bank_reference = forms.CharField(
        label=_("The bank's reference of the transfer"), max_length=80,
        error_messages={"required": _("Enter the bank's reference.")},
    )


class DisputeForm(forms.Form):
    """How a dispute about a payment ended."""

    note = forms.CharField(
        label=_("How it ended"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was done, and who bears the loss"),
        error_messages={"required": _("Say how it ended.")},
    )


class VerifyFileForm(forms.Form):
    """A PDF to be compared with what was signed here."""

    file = forms.FileField(
        label=_("PDF of a certificate"), allow_empty_file=True,
        help_text=_("It is compared and not kept."),
        error_messages={"required": _("Choose the PDF of a certificate.")},
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def clean_file(self) -> Any:
        """The file. Raises ValidationError for one that is too large to be a certificate."""
        file, most = self.cleaned_data["file"], int(parameters.constant("verify_file_max_mb"))
        if file.size > most * 1_000_000:
            raise ValidationError(
                _("This file has more than %(most)s MB; no certificate has.") % {"most": most}
            )
        return file


class ReissueForm(forms.Form):
    """The name as it should be, and what was wrong. What is printed is checked by the action."""

    name = forms.CharField(
        label=_("Corrected name"), strip=False, max_length=LONGEST_NAME,
        error_messages={"required": _("Enter the name to print on the certificate.")},
    )
    why = forms.CharField(
        label=_("What was wrong?"), max_length=200,
        help_text=_("For the record; it is not printed and not shown to others"),
        error_messages={"required": _("Say what was wrong with the name.")},
    )


class OrderCodeForm(forms.Form):
    """An order to take to one's desk: a link is mailed to its address."""

    code = forms.CharField(
        label=_("Code of the order"), max_length=60,
        help_text=_("It stands in the address of the order’s page: ord_…"),
        error_messages={"required": _("Enter the code of an order.")},
    )
