"""The participant's side: offering issued CERs, pricing them, taking the unsold ones back."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from cdm_portal import parameters
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor, Role
from offsets import locks, queries
from offsets.actions import consents
from offsets.errors import BuyersWaiting, NotYourOffer, NotYourUnits, OfferNotOpen
from offsets.models import Offer, OfferConsent, OfferLot
from projects import access
from projects.models import Project
from registry import access as registry_access
from registry import actions as registry_actions
from registry.models import Account

CENT = Decimal("0.01")


def list_offer(
    *,
    actor: Actor,
    at: datetime,
    project: Project,
    account_id: int,
    quantity: int,
    commitment_period: int,
    price: Decimal,
) -> Offer:
    """Offer units of the participant's own project from its own account, at `price` USD a tonne.

    The registry earmarks whole units, lowest serials first: they leave the account only by sale
    until the offer is closed. A focal point of scope (a) who is not the seller has consented first.
    Raises NotYourUnits, NeedsConsent, Invalid, or the registry's refusal.
    """
    _ask_price(price, at)
    if quantity < 1:
        raise Invalid.of("quantity", "Offer at least 1 whole tonne.")
    with transaction.atomic():
        _ask_units(actor, project, account_id)
        consent = consents.needed(project, project.owner_id, commitment_period, quantity, price)
        lots = registry_actions.earmark(
            actor=actor, at=at, account_id=account_id, project_number=project.number or "",
            quantity=quantity, commitment_period=commitment_period,
        )
        offer = Offer.objects.create(
            project=project, seller_id=project.owner_id, commitment_period=commitment_period,
            quantity=quantity, price=price, listed_at=at,
        )
        consents.bind(consent, offer)
        OfferLot.objects.bulk_create(OfferLot(offer=offer, lot=lot) for lot in lots)
        _record("offsets.list_offer", actor, offer, at, quantity=quantity)
    return offer


def change_price(*, actor: Actor, at: datetime, offer_id: int, price: Decimal) -> Offer:
    """Set another price. Orders that hold units keep theirs; who is looking must agree again.

    Not below what the focal points consented to. Raises NotYourOffer, OfferNotOpen, Invalid.
    """
    _ask_price(price, at)
    with transaction.atomic():
        offer = _own(actor, offer_id)
        if offer.state not in {Offer.State.LISTED, Offer.State.PAUSED}:
            raise OfferNotOpen("The offer has ended; its price stays as it is.")
        agreed = OfferConsent.objects.filter(offer=offer).first()
        if agreed is not None and price < agreed.lowest_price:
            raise Invalid.of(
                "price", f"The focal points consented to US${agreed.lowest_price} or more."
            )
        if offer.price != price:
            offer.price = price
            offer.price_version += 1
            offer.save(update_fields=["price", "price_version"])
            _record("offsets.change_price", actor, offer, at)
    return offer


def pause(*, actor: Actor, at: datetime, offer_id: int) -> Offer:
    """Take an offer off the list. Orders that hold units can still be paid."""
    with transaction.atomic():
        offer = _own(actor, offer_id)
        if offer.state != Offer.State.LISTED:
            raise OfferNotOpen("Only a listed offer can be paused.")
        offer.pause()
        offer.save(update_fields=["state"])
        _record("offsets.pause", actor, offer, at)
    return offer


def resume(*, actor: Actor, at: datetime, offer_id: int) -> Offer:
    """List a paused offer again."""
    with transaction.atomic():
        offer = _own(actor, offer_id)
        if offer.state != Offer.State.PAUSED:
            raise OfferNotOpen("Only a paused offer can be listed again.")
        offer.resume()
        offer.save(update_fields=["state"])
        _record("offsets.resume", actor, offer, at)
    return offer


def close_offer(*, actor: Actor, at: datetime, offer_id: int) -> Offer:
    """End an offer; the registry gives its unsold units back to the account, for good.

    Raises NotPermitted for who does not act for the account, whatever the offer's state;
    BuyersWaiting while units are held, OfferNotOpen when it has ended already.
    """
    with transaction.atomic():
        offer = _own(actor, offer_id)
        for offered in offer.lots.all():
            registry_access.disposes_of_lot(actor, offered.lot_id)
        if offer.state not in {Offer.State.LISTED, Offer.State.PAUSED}:
            raise OfferNotOpen("The offer has ended already.")
        held = queries.held(offer, at)
        if held:
            raise BuyersWaiting(
                f"{held} tonnes are held for buyers. Pause the offer and close it when they are "
                "paid or their time is over."
            )
        for offered in offer.lots.all():
            registry_actions.release_lot(actor=actor, at=at, lot_id=offered.lot_id)
        offer.close()
        offer.ended_at = at
        offer.save(update_fields=["state", "ended_at"])
        _record("offsets.close_offer", actor, offer, at)
    return offer


def _own(actor: Actor, offer_id: int) -> Offer:
    offer = locks.offer(offer_id)
    if actor.role != Role.PARTICIPANT or actor.organisation_id != offer.seller_id:
        raise NotYourOffer("Only the participant that made the offer can change it.")
    return offer


def _ask_price(price: Decimal, at: datetime) -> None:
    most = parameters.value("price_max", at.date())
    if not price.is_finite() or price <= 0:
        raise Invalid.of("price", "The price must be more than 0.")
    if price > most:
        raise Invalid.of("price", f"The price can be at most US${most:,} a tonne.")
    if price != price.quantize(CENT):
        raise Invalid.of("price", "Give the price in whole cents.")


def _ask_units(actor: Actor, project: Project, account_id: int) -> None:
    if not access.owns(actor, project):
        raise NotYourUnits("Only the project's participant offers its units.")
    own = Account.objects.filter(
        pk=account_id, kind=Account.Kind.HOLDING, holder_id=actor.organisation_id
    )
    if not own.exists():
        raise NotYourUnits("Units are offered from the participant's own holding account.")


def _record(verb: str, actor: Actor, offer: Offer, at: datetime, **facts: int) -> None:
    record(
        verb, actor=actor, subject=offer, at=at, project=offer.project.reference,
        facts={"price_usd": str(offer.price), "price_version": offer.price_version, **facts},
    )
