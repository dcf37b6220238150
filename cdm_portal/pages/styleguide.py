"""The style guide: every component in every state, the page that axe and the pictures run on.

A component that is not on it does not exist; a test compares it with `templates/components/`.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cdm_portal import forms as portal_forms
from cdm_portal.drawing import covers
from cdm_portal.pages import styleguide_samples
from cdm_portal.values import usd

STATIC = Path(__file__).resolve().parents[1] / "static"


class SampleForm(forms.Form):
    """One field of every kind, so that each is seen with its hint, its error and its unit."""

    name = forms.CharField(label="Name on the certificate", help_text="Printed on the certificate")
    email = forms.EmailField(
        label="Email for the receipt",
        error_messages={"invalid": "Enter an email address in the form name@example.org"},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    reason = forms.CharField(
        label="Reason for cancelling", required=False, widget=portal_forms.Area(rows=3)
    )
    capacity = forms.DecimalField(
        label="Installed capacity", widget=forms.NumberInput(attrs={"data-unit": "MW"})
    )
    tonnes = forms.IntegerField(label="Tonnes", min_value=1, widget=portal_forms.Stepper())
    start = forms.DateField(label="Start of the period", widget=portal_forms.DateInput())
    country = forms.ChoiceField(label="Host country", choices=[("KE", "Kenya"), ("IN", "India")])
    payment = forms.ChoiceField(
        label="How do you want to pay?",
        choices=[("card", "Card"), ("sandbox", "Sandbox payment")],
        widget=portal_forms.RadioTiles(
            hints={"card": "You leave this site to pay.", "sandbox": "No money moves."},
            icons={"card": "credit-card", "sandbox": "flask-conical"},
            tags={"sandbox": "Test mode only"},
        ),
    )
    doubts = forms.MultipleChoiceField(
        label="Grounds",
        help_text="Tick the requirements that you doubt",
        choices=[("additionality", "Additionality"), ("baseline", "Baseline")],
        widget=portal_forms.CheckList(columns=True),
    )
    readings = forms.FileField(
        label="Readings",
        required=False,
        widget=portal_forms.FileDrop(),
        help_text="CSV or XLSX, 10 MB at most",
    )
    public = forms.BooleanField(
        label="Show my name and reason in the public register too",
        required=False,
        help_text="Without it the register says “name withheld”.",
    )


class SampleBasket(forms.Form):
    """The fields of a line of the basket."""

    tonnes = forms.IntegerField(
        label="Tonnes", min_value=1, initial=12, widget=forms.TextInput(attrs={"data-unit": "t"})
    )
    amount = forms.DecimalField(
        label="Or for an amount", widget=forms.TextInput(attrs={"data-unit": "US$"})
    )


def basket_row() -> dict[str, object]:
    """A line of the basket that the offer has not enough tonnes for."""
    form = SampleBasket(auto_id="basket_%s")
    return {
        "title": "Ziwa Nne improved cookstoves programme", "url": "#basket",
        "cover_url": "?cover=stoves", "detail": "US$4.80 a tonne · Kenya",
        "offer": {"pk": 1, "price_version": 1}, "fields": [form["tonnes"], form["amount"]],
        "line": {"listed": True, "total": usd(Decimal("57.60"))},
        "said": "For US$60.00: US$2.40 left over and not charged.",
        "short": "Only 10 t of it are free at the moment.",
    }


def sample_form(data: Mapping[str, object] | None = None) -> SampleForm:
    """The sample form; with data it is bound and shows its errors."""
    return SampleForm(data, auto_id="bad_%s" if data is not None else "id_%s")


def icon_names() -> list[str]:
    """The names in the sprite."""
    return re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons" / "sprite.svg").read_text())


def token_names() -> list[str]:
    """The colour tokens, in their order."""
    sheet = (STATIC / "css" / "tokens.css").read_text()
    return re.findall(r"^\s+--([\w-]+): (?:light-dark\(|#)", sheet, re.M)


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component; with `?cover=<sector>` one of the covers that it shows."""
    if sector := request.GET.get("cover"):
        picture = covers.cover(sector, "99204", wide="wide" in request.GET)
        return HttpResponse(picture, content_type="image/svg+xml")
    bad = {"name": "Amina Otieno", "email": "amina.otieno@", "tonnes": "0", "capacity": "many"}
    context = styleguide_samples.everything() | {
        "form": sample_form(),
        "bad_form": sample_form(bad),
        "page": Paginator(range(68), 9).get_page(request.GET.get("page", 2)),
        "basket_row": basket_row(),
        "icons": icon_names(),
        "tokens": token_names(),
    }
    return render(request, "styleguide.html", context)
