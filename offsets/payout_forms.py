"""What the secretariat fills in about money that was sent to a seller."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cdm_portal import formats
from cdm_portal.forms import Area, DateInput
from offsets.forms import AmountField
from offsets.payouts import Balance

AMOUNT = "amount_"


class PayoutForm(forms.Form):
    """One transfer: the bank's reference, its day, and the amount for each project with money due.

    An amount that is left empty sends nothing for its project.
    """

    bank_reference = forms.CharField(
        label=_("The bank's reference of the transfer"), max_length=80,
        error_messages={"required": _("Enter the bank's reference.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sent_on = forms.DateField(
        label=_("Sent on"), widget=DateInput(),
        error_messages={"required": _("Enter the day on which it was sent."),
                        "invalid": _("Enter a day like 2026-11-30.")},
    )

    def __init__(self, *args: Any, balances: Iterable[Balance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names: dict[str, int] = {}
        for each in balances:
            name = f"{AMOUNT}{each.project_id}"
            self._names[name] = each.project_id
            self.fields[name] = AmountField(
                label=f"{each.title} ({each.number})", required=False, initial=f"{each.open:.2f}",
                help_text=_("%(due)s is due") % {"due": formats.usd(each.open)},
            )

    def amounts(self) -> dict[int, Decimal]:
        """By project, what was sent; of a valid form."""
        typed = {pk: self.cleaned_data[name] for name, pk in self._names.items()}
        return {pk: amount for pk, amount in typed.items() if amount is not None}

    def amount_fields(self) -> Iterator[forms.BoundField]:
        """The fields of the projects."""
        return (self[name] for name in self._names)


class PayoutAsideForm(forms.Form):
    """Why a transfer was not sent as it was recorded."""

    reason = forms.CharField(
        label=_("Why it is set aside"), max_length=300, widget=Area(rows=2),
        error_messages={"required": _("Say why it is set aside.")},
    )
