"""What is on offer: prices and tonnes, counted from the registry's lots and holds."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    F,
    Func,
    Max,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest

from cdm_portal import parameters
from cdm_portal.journal.models import stamped
from offsets.errors import UnknownOffer
from offsets.models import Offer, OfferLot, Order, OrderLine
from projects.models import Project
from registry import queries as registry_queries
from registry.governance.standing import GIVING
from registry.models import Hold, Lot

Tonnes = Combinable
UNITS = BigIntegerField()
NONE = Value(0, output_field=UNITS)


def _unsold(**where: object) -> Tonnes:
    left = F("lot__hi") + 1 - F("lot__next_serial")
    lots = OfferLot.objects.filter(offer=OuterRef("pk"), **where).order_by().values("offer")
    found = lots.annotate(n=Sum(left, output_field=UNITS)).values("n")
    return Coalesce(Subquery(found, output_field=UNITS), NONE)


def _held(at: datetime | Func) -> Tonnes:
    holds = Hold.objects.filter(lot__offered__offer=OuterRef("pk"), expires_at__gt=at).order_by()
    summed = holds.values("lot__offered__offer").annotate(n=Sum("quantity"))
    return Coalesce(Subquery(summed.values("n"), output_field=UNITS), NONE)


def with_tonnes(offers: QuerySet[Offer], at: datetime | None = None) -> QuerySet[Any]:
    """Offers with tonnes as annotations: `unsold`, `held` for buyers, `available`, `sold`.

    Without `at` the database's own clock says which holds still count. Frozen units are not
    available, but they are not sold either.
    """
    moving = _unsold(
        lot__block__frozen=False, lot__block__account__frozen=False,
        lot__block__account__standing__in=GIVING,
    )
    return (
        offers.select_related("project", "seller")
        .annotate(unsold=_unsold(), held=_held(at or stamped()))
        .annotate(
            available=Greatest(moving - F("held"), NONE, output_field=UNITS),
            sold=F("quantity") - F("unsold"),
        )
    )


def listed_offers(at: datetime | None = None) -> QuerySet[Any]:
    """Every listed offer with its free tonnes in `available`; one with none left is listed too."""
    return with_tonnes(Offer.objects.filter(state=Offer.State.LISTED), at)


def offer_for(project: Project, at: datetime | None = None) -> Offer | None:
    """The offer of a project that a visitor is shown: the cheapest with something left."""
    found = listed_offers(at).filter(project=project).order_by("price", "pk")
    offer: Offer | None = found.filter(available__gt=0).first() or found.first()
    return offer


@dataclass(frozen=True, slots=True)
class BestOffer:
    """What a card of the catalogue says: the lowest price in USD and all tonnes on offer."""

    offer_id: int
    price: Decimal
    available: int


def best_offers(at: datetime | None = None) -> dict[int, BestOffer]:
    """By project, the cheapest offer with something left and the tonnes of all its offers."""
    best: dict[int, BestOffer] = {}
    for found in listed_offers(at).filter(available__gt=0).order_by("price", "pk"):
        first = best.get(found.project_id) or BestOffer(found.pk, found.price, 0)
        best[found.project_id] = replace(first, available=first.available + found.available)
    return best


def offer_with_tonnes(pk: int, at: datetime) -> Offer:
    """One offer, whatever its state, with its tonnes. Raises UnknownOffer."""
    found: Offer | None = with_tonnes(Offer.objects.filter(pk=pk), at).first()
    if found is None:
        raise UnknownOffer("There is no such offer.")
    return found


def unsold(of: Offer) -> int:
    """The tonnes of an offer that are not cancelled yet."""
    left = of.lots.aggregate(n=Sum(F("lot__hi") + 1 - F("lot__next_serial")))["n"]
    return int(left or 0)


def held(of: Offer, at: datetime) -> int:
    """The tonnes of an offer that are held for buyers now."""
    found = Hold.objects.filter(lot__offered__offer=of, expires_at__gt=at)
    return int(found.aggregate(n=Sum("quantity"))["n"] or 0)


def held_anonymously(lot_id: int, at: datetime) -> int:
    """The tonnes of a lot that unpaid orders begun without signing in hold now."""
    keys = OrderLine.objects.filter(
        lot_id=lot_id, order__anonymous=True, order__state__in=Order.OPEN
    ).values("key")
    holds = Hold.objects.filter(lot_id=lot_id, expires_at__gt=at, order_key__in=keys)
    return int(holds.aggregate(n=Sum("quantity"))["n"] or 0)


def guest_share(lot: Lot, at: datetime) -> int:
    """The units of a lot that orders begun without signing in may still hold (reliability, M11)."""
    share = parameters.value("anonymous_hold_share", at.date())
    most = max(1, int((lot.hi - lot.lo + 1) * share))
    return max(0, most - held_anonymously(lot.pk, at))


def free_to_guests(of: Offer, at: datetime) -> int:
    """The tonnes of an offer that a buyer who did not sign in could hold now."""
    return sum(
        min(registry_queries.available(offered.lot_id, at), guest_share(offered.lot, at))
        for offered in of.lots.select_related("lot")
    )


def price_range(at: datetime | None = None) -> tuple[Decimal, Decimal] | None:
    """The lowest and highest price in USD among what can be bought now; None if nothing can."""
    found = listed_offers(at).filter(available__gt=0).aggregate(low=Min("price"), high=Max("price"))
    return None if found["low"] is None else (found["low"], found["high"])
