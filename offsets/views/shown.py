"""How records of the shop are put into components: words, links and sums for templates."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from csp.decorators import csp_update
from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cdm_portal import formats
from offsets import pricing, queries
from offsets.baskets import BasketLine
from offsets.models import OrderLine
from offsets.payments import providers
from registry.serials import SerialNumber

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def leads_to_payment(view: View[P]) -> View[P]:
    """A page whose form may lead to the payment pages that are switched on, and to no others."""

    @wraps(view)
    def led(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        allowed = csp_update({"form-action": providers.form_actions()})
        return cast("HttpResponse", allowed(view)(request, *args, **kwargs))

    return led


def steps(now: int) -> list[dict[str, str]]:
    """The three steps of buying; `now` is the current one, 4 when all are done."""
    labels = (_("Basket"), _("Details and payment"), _("Certificate"))
    return [
        {"label": label, "state": "done" if n < now else ("now" if n == now else "")}
        for n, label in enumerate(labels, 1)
    ]


def tonnes_words(count: int) -> str:
    """ "1 tonne", "17 tonnes"."""
    return ngettext("%(n)s tonne", "%(n)s tonnes", count) % {"n": formats.tonnes(count)}


def order_lines(lines: Iterable[OrderLine]) -> list[dict[str, str]]:
    """Lines for the component order_line; lots of one offer at one price are one line."""
    merged: dict[tuple[int, str], tuple[OrderLine, int]] = {}
    for line in lines:
        key = (line.offer_id, str(line.unit_price))
        first, count = merged.get(key, (line, 0))
        merged[key] = (first, count + line.quantity)
    names = queries.countries(line.offer.project for line, _count in merged.values())
    return [_order_line(line, count, names) for line, count in merged.values()]


def _order_line(line: OrderLine, count: int, names: dict[str, str]) -> dict[str, str]:
    project = line.offer.project
    return {
        "cover_url": link("cover", project.name),
        "title": project.title,
        "url": link("project", project.name),
        "detail": f"{formats.tonnes(count)} t × {formats.usd(line.unit_price)} · "
        f"{names[project.party_code]}",
        "amount": formats.usd(line.unit_price * count),
    }


def basket_row(line: BasketLine, form: forms.Form, *, anonymous: bool) -> dict[str, Any]:
    """A line of the basket with its fields and what is to be said of it."""
    offer, project = line.offer, line.offer.project
    return {
        "line": line, "offer": offer, "cover_url": link("cover", project.name),
        "url": link("project", project.name), "title": project.title,
        "detail": _("%(price)s a tonne · %(country)s · commitment period %(cp)s") % {
            "price": formats.usd(offer.price), "country": line.country,
            "cp": offer.commitment_period,
        },
        "fields": [form[f"quantity_{offer.pk}"], form[f"amount_{offer.pk}"]],
        "said": _said(line), "short": _short(line, anonymous=anonymous),
    }


def _said(line: BasketLine) -> str:
    """What the amount bought that the buyer chose by, at the present price."""
    if line.amount is None or line.over is None or not line.listed:
        return ""
    if line.over.amount < 0:
        return _("This costs more now than the %(amount)s that you said.") % {
            "amount": formats.usd(line.amount)
        }
    return _("For %(amount)s: %(over)s left over and not charged.") % {
        "amount": formats.usd(line.amount), "over": formats.money(line.over),
    }


def _short(line: BasketLine, *, anonymous: bool) -> str:
    """Why the line cannot be held now as it is; empty when it can."""
    if not line.listed:
        return _("This offer is %(state)s. Take it out to go on.") % {
            "state": line.offer.get_state_display().lower()
        }
    if line.quantity > line.free:
        return _("Only %(n)s t of it are free at the moment.") % {"n": formats.tonnes(line.free)}
    if anonymous and line.quantity > line.may:
        return _("Without signing in at most %(n)s t can be held at the moment.") % {
            "n": formats.tonnes(line.may)
        }
    return ""


def money_words(amount: Decimal, price: Decimal) -> tuple[str, str]:
    """What an amount buys at a price: "US$50.00 buys 10 tonnes", and what is left over."""
    whole, over = pricing.bought_for(amount, price)
    bought = _("%(amount)s buys %(tonnes)s") % {
        "amount": formats.usd(amount), "tonnes": tonnes_words(whole)
    }
    if not over.amount:
        return bought, _("Nothing is left over.")
    return bought, _("%(over)s is left over and not charged.") % {"over": formats.money(over)}


def covers(count: int, wanted: int) -> str:
    """How many of the tonnes of a footprint a basket covers; empty without a footprint."""
    if not wanted:
        return ""
    if count >= wanted:
        return _("Your basket covers all %(n)s of your footprint.") % {"n": tonnes_words(wanted)}
    return _("Your basket covers %(count)s of the %(n)s of your footprint.") % {
        "count": formats.tonnes(count), "n": tonnes_words(wanted),
    }


def rules_of(lines: Iterable[OrderLine]) -> bool:
    """Whether any line's project runs under demonstration rules."""
    return any(line.offer.project.is_demonstration for line in lines)


def next_serials(line: OrderLine) -> str:
    """The serial from which the lot sells next, for the preview; others may be served before."""
    issuance = line.lot.issuance
    first = line.lot.next_serial
    return f"{issuance.party_id}-{issuance.unit_type}-{first} …"


def serial_url(serial: SerialNumber) -> str:
    """The registry's page of a block; empty when the registry has none."""
    return link("registry:serial", str(serial))


def cancelled_serial(line: OrderLine) -> dict[str, str]:
    """The serial numbers of a cancelled line and their page, for the component serial_link."""
    booked = line.cancellation
    if booked is None:
        return {}
    return {"text": str(booked.serial), "url": serial_url(booked.serial)}


def link(name: str, *args: str) -> str:
    """The address of a page, or nothing where there is no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
