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
from cdm_portal.forms import RadioTiles

WHOLE = re.compile(r"-?[0-9]{1,18}")
FRACTION = re.compile(r"-?[0-9]+[.,][0-9]+")
PRICE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
LARGEST = int(parameters.constant("order_max_tonnes"))


class TonnesField(forms.CharField):
    """A whole number of tonnes, at least 1, with a sentence of its own for each way to miss it."""

    widget = forms.TextInput(
        attrs={"inputmode": "numeric", "data-unit": "t", "autocomplete": "off"}
    )

    def clean(self, value: Any) -> Any:
        """The tonnes as an int. Raises ValidationError."""
        text = str(super().clean(value)).strip()
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
        label=_("Name on the certificate"), required=True, strip=False, max_length=120,
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
    provider = forms.CharField(widget=forms.HiddenInput)
    agreed_total = forms.DecimalField(widget=forms.HiddenInput, max_digits=20, decimal_places=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tiles = self.fields["whose"].widget
        assert isinstance(tiles, RadioTiles)
        tiles.hints = {
            "mine": gettext("Your name goes on the certificate"),
            "organisation": gettext("Its legal name goes on the certificate"),
        }

    def details(self) -> dict[str, Any]:
        """The arguments that the checkout's action takes."""
        given = self.cleaned_data
        return {
            "name": given["name"], "public": given["public"], "email": given["email"],
            "reason": given["reason"], "on_behalf": given["whose"] == "organisation",
            "reference": given["reference"], "provider": given["provider"],
            "agreed_total": given["agreed_total"],
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


class CancellationsForm(forms.Form):
    """What to look for in the public list."""

    beneficiary = forms.CharField(
        label=_("Name on the certificate"), required=False, max_length=120,
        help_text=_("Only names whose owners chose to be public"),
    )
    project = forms.CharField(
        label=_("Project"), required=False, max_length=120,
        help_text=_("Number or part of the title"),
    )
    before = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
