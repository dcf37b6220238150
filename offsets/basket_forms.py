"""What is filled in on the way into the basket, and in it: tonnes, or an amount of money."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from offsets.forms import AmountField, TonnesField
from offsets.models import BasketItem
from offsets.values import Ask, Item

NO_TONNES = _("Enter how many tonnes to cancel.")


class AddForm(forms.Form):
    """Tonnes of one offer, or whole tonnes for an amount. The amount decides where both stand."""

    offer = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    order_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    quantity = TonnesField(
        label=_("Tonnes"), required=False, help_text=_("Whole tonnes; one tonne is one CER."),
    )
    amount = AmountField(
        label=_("Or for an amount of money"), required=False,
        help_text=_("You get the whole tonnes that it buys; the rest is not charged."),
    )

    def clean(self) -> dict[str, Any]:
        """Asks for tonnes unless an amount was typed."""
        found = super().clean() or {}
        typed = bool(self.data.get("amount", "").strip())
        if typed:
            self.errors.pop("quantity", None)
        elif found.get("quantity") is None and "quantity" not in self.errors:
            self.add_error("quantity", NO_TONNES)
        return found

    def ask(self) -> Ask:
        """What is to go into the basket."""
        if self.cleaned_data["amount"] is not None:
            return Ask(amount=self.cleaned_data["amount"], field="amount")
        return Ask(self.cleaned_data["quantity"])

    def key(self) -> UUID | None:
        """The key that the page was made with, if it was."""
        found: UUID | None = self.cleaned_data.get("order_key")
        return found


class BasketForm(forms.Form):
    """The lines of a basket: of each its tonnes, an amount instead, and the price that was seen."""

    order_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, basket: Sequence[BasketItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.there = {item.offer_id: item.quantity for item in basket}
        for item in basket:
            pk, title = item.offer_id, item.offer.project.title
            self.fields[f"quantity_{pk}"] = TonnesField(
                label=_of(gettext("Tonnes"), title), required=False, initial=item.quantity,
            )
            self.fields[f"amount_{pk}"] = AmountField(
                label=_of(gettext("Or for an amount"), title), required=False
            )
            self.fields[f"version_{pk}"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, min_value=1
            )

    def clean(self) -> dict[str, Any]:
        """Every line on the page has tonnes or an amount."""
        found = super().clean() or {}
        for pk in self.there:
            name = f"quantity_{pk}"
            if str(self.data.get(f"amount_{pk}", "")).strip():
                self.errors.pop(name, None)
            elif name in self.data and name not in self.errors and found.get(name) is None:
                self.add_error(name, ValidationError(NO_TONNES))
        return found

    def asks(self) -> dict[int, Ask]:
        """By offer, what is asked for otherwise than it is in the basket."""
        asked = {}
        for pk, count in self.there.items():
            amount = self.cleaned_data.get(f"amount_{pk}")
            tonnes = self.cleaned_data.get(f"quantity_{pk}")
            if amount is not None:
                asked[pk] = Ask(amount=amount, field=f"amount_{pk}")
            elif tonnes not in {None, count}:
                asked[pk] = Ask(tonnes, field=f"quantity_{pk}")
        return asked

    def unseen(self) -> list[int]:
        """The offers of lines that were not on the page: put in from another one meanwhile."""
        return [pk for pk in self.there if self.cleaned_data.get(f"version_{pk}") is None]

    def items(self) -> list[Item]:
        """What is ordered, each at the price that the page showed."""
        return [
            Item(pk, self.cleaned_data[f"quantity_{pk}"], self.cleaned_data[f"version_{pk}"],
                 f"quantity_{pk}")
            for pk in self.there
        ]

    def key(self) -> UUID | None:
        """The key that the page was made with, if it was."""
        found: UUID | None = self.cleaned_data.get("order_key")
        return found


def _of(words: str, title: str) -> str:
    return format_html('{}<span class="sr"> · {}</span>', words, title)
