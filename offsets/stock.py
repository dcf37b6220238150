"""What is on offer: prices and tonnes, counted from the registry's lots and holds."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection
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
from offsets.models.payments import BY_TRANSFER
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


def best_offers(
    at: datetime | None = None, *, projects: Collection[int] | None = None
) -> dict[int, BestOffer]:
    """By project, the cheapest offer with something left and the tonnes of all its offers; of all
    projects or of some."""
    listed = listed_offers(at).filter(available__gt=0)
    if projects is not None:
        listed = listed.filter(project__in=projects)
    best: dict[int, BestOffer] = {}
    for found in listed.order_by("price", "pk"):
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


@dataclass(frozen=True, slots=True)
class FreeLot:
    """A lot of an offer: its `free` units, and how many of them guests may hold (reliability, M11).

    Guests are those who did not sign in; together their unpaid orders hold only a share of a lot.
    """

    lot_id: int
    offer_id: int
    free: int
    guests: int


def free_lots(offer_ids: Collection[int], at: datetime) -> list[FreeLot]:
    """The lots of some offers that buyers can hold from, lowest first. One statement."""
    asked = sorted(set(offer_ids))
    if not asked:
        return []
    sql, places = _free_lots(len(asked))
    told: dict[Any, Any] = {SOME_TIME: at}
    told |= {-n: pk for n, pk in enumerate(asked, 1)}
    with connection.cursor() as cursor:
        cursor.execute(sql, [told.get(each, each) for each in places])
        found = cursor.fetchall()
    share = parameters.value("anonymous_hold_share", at.date())
    return [
        FreeLot(pk, offer_id, free, min(free, max(0, _most(units, share) - int(anonymous))))
        for pk, offer_id, left, anonymous, units in found if (free := max(0, int(left)))
    ]


SOME_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def _free_lots(count: int) -> tuple[str, tuple[Any, ...]]:
    """The statement for so many offers, written once for all orders: the ORM takes longer to write
    it than the database to answer. Its parameters have SOME_TIME in the place of the present and
    -1, -2, … in those of the offers. Sums come back as PostgreSQL makes them, as numeric.
    """
    guests = (
        Hold.objects.filter(
            lot_id=OuterRef("pk"), expires_at__gt=SOME_TIME,
            order_key__in=OrderLine.objects.filter(
                lot_id=OuterRef("lot_id"), order__anonymous=True, order__state__in=Order.OPEN
            ).values("key"),
        )
        .order_by().values("lot_id").annotate(n=Sum("quantity")).values("n")
    )  # fmt: skip
    offers = [-n for n in range(1, count + 1)]
    lots = registry_queries.moving_lots(Lot.objects.filter(offered__offer__in=offers), SOME_TIME)
    found = lots.annotate(
        offer_id=F("offered__offer_id"), anonymous=Coalesce(Subquery(guests), NONE),
        units=F("hi") + 1 - F("lo"),
    ).order_by("pk")  # fmt: skip
    told = found.values_list("pk", "offer_id", "left", "anonymous", "units")
    written: tuple[str, tuple[Any, ...]] = told.query.sql_with_params()
    return written


def _most(units: int, share: Decimal) -> int:
    return max(1, int(units * share))


def guests_may_wait(of: Order, at: datetime) -> bool:
    """Whether an order begun without signing in may hold its units for as long as an invoice takes:
    of each lot only a share waits for such invoices (reliability, M11).
    """
    share = parameters.value("invoice_guest_share", at.date())
    waiting = OrderLine.objects.filter(
        order__anonymous=True, order__state=Order.State.PAYMENT_PENDING,
        order__attempts__provider=BY_TRANSFER, order__attempts__state="pending",
    ).exclude(order=of)
    for line in of.lines.select_related("lot"):
        held = waiting.filter(lot=line.lot_id).aggregate(n=Sum("quantity"))["n"] or 0
        most = _most(line.lot.hi - line.lot.lo + 1, share)
        if held + line.quantity > most:
            return False
    return True


def free_to_guests(of: Offer, at: datetime) -> int:
    """The tonnes of an offer that a buyer who did not sign in could hold now."""
    return sum(lot.guests for lot in free_lots([of.pk], at))


def price_range(at: datetime | None = None) -> tuple[Decimal, Decimal] | None:
    """The lowest and highest price in USD among what can be bought now; None if nothing can."""
    found = listed_offers(at).filter(available__gt=0).aggregate(low=Min("price"), high=Max("price"))
    return None if found["low"] is None else (found["low"], found["high"])
