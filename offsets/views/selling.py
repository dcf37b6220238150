"""The participant's desk of the shop."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges, formats, keyset
from cdm_portal.edges import attempt, page
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Forbidden, NotFound, Refused
from offsets import actions, consenting, prices, queries, sellers
from offsets.errors import UnknownOffer
from offsets.forms import OfferForm, PriceForm
from offsets.models import Offer
from projects import access


@may((Row.OFFER, Right.CREATE))
def offers(request: HttpRequest) -> HttpResponse:
    """My offers, and what could be offered."""
    actor, at = actor_of(request), clock.now()
    units = edges.listed(
        request, sellers.offerable(actor), ("account_id", "pk"), name="units_after",
        size=keyset.SHORT,
    )
    return render(request, "offsets/offers.html", {
        "offers": edges.listed(request, sellers.offers_by(actor, at), ("-pk",)),
        "units": units, "offerable": sellers.told_offerable(units.rows),
    })


def _named(units: sellers.Offerable) -> str:
    return _("%(n)s CERs of commitment period %(cp)s in %(account)s") % {
        "n": formats.tonnes(units.quantity), "cp": units.commitment_period,
        "account": units.account_number,
    }


@may((Row.OFFER, Right.CREATE))
def offer_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Offer issued CERs of one project."""
    actor = actor_of(request)
    project = access.own_project(actor, reference)
    units = {
        f"{u.account_id}-{u.commitment_period}": u
        for u in sellers.told_offerable(sellers.offerable(actor, project))
    }
    form = OfferForm(request.POST or None, units=[(key, _named(u)) for key, u in units.items()])
    if form.is_valid():
        chosen = units[form.cleaned_data["units"]]
        made = attempt(
            form, actions.list_offer, actor=actor, at=clock.now(), project=project,
            account_id=chosen.account_id, commitment_period=chosen.commitment_period,
            quantity=form.cleaned_data["quantity"], price=form.cleaned_data["price"],
        )
        if made is not None:
            messages.success(request, _("The offer is listed."))
            return redirect("offsets:offers")
    return page(request, "offsets/offer_new.html", {"form": form, "project": project,
                                                     "units": list(units.values()),
                                                     "named": consenting.who_consents(
                                                         project, actor.office)})


@may((Row.OFFER, Right.CREATE))
def price(request: HttpRequest, pk: int) -> HttpResponse:
    """Set another price."""
    actor = actor_of(request)
    offer = _own(request, pk)
    form = PriceForm(request.POST or None, initial={"price": offer.price})
    if form.is_valid():
        changed = attempt(
            form, actions.change_price, actor=actor, at=clock.now(), offer_id=pk,
            price=form.cleaned_data["price"],
        )
        if changed is not None:
            messages.success(request, _("The price is changed."))
            return redirect("offsets:offers")
    return page(request, "offsets/offer_price.html", {
        "form": form, "offer": offer, "history": prices.of_offer(offer),
    })


@may((Row.OFFER, Right.CREATE))
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an offer off the list."""
    return _act(request, pk, actions.pause, _("The offer is paused."))


@may((Row.OFFER, Right.CREATE))
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """List a paused offer again."""
    return _act(request, pk, actions.resume, _("The offer is listed again."))


@may((Row.OFFER, Right.CREATE))
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End an offer and take the unsold units back."""
    return _act(
        request, pk, actions.close_offer,
        _("The offer is closed; the unsold units are free in your account again."),
    )


def _own(request: HttpRequest, pk: int) -> Offer:
    """An offer of the acting participant; anybody else's does not exist for them."""
    found = queries.offer_with_tonnes(pk, clock.now())
    if found.seller_id != actor_of(request).organisation_id:
        raise UnknownOffer("There is no such offer.")
    return found


def _act(request: HttpRequest, pk: int, verb: Callable[..., Offer], done: str) -> HttpResponse:
    _own(request, pk)
    try:
        verb(actor=actor_of(request), at=clock.now(), offer_id=pk)
        messages.success(request, done)
    except (NotFound, Forbidden):
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("offsets:offers")
