"""What offers cost since when: read from the journal, which keeps every price with who set it.

The journal is of record, and an action writes a price and its entry in one transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cdm_portal.journal import queries as journal
from cdm_portal.journal.models import Entry
from offsets.models import Offer
from projects.models import Project

VERBS = ("offsets.list_offer", "offsets.change_price")
MOST = 200
"""Changes that a page shows, the latest ones."""


@dataclass(frozen=True, slots=True)
class Priced:
    """An offer cost so many US dollars a tonne from a moment on; `who` set it is for its seller."""

    offer_id: int
    at: datetime
    price: Decimal
    who: str


@dataclass(frozen=True, slots=True)
class History:
    """The prices of one offer in their order, and when it ended."""

    offer_id: int
    commitment_period: int
    ended_at: datetime | None
    prices: list[Priced]


def of_project(project: Project) -> list[History]:
    """The prices of a project's offers, the newest offer first. Two statements."""
    entries = journal.of_project(project.reference).filter(verb__in=VERBS).order_by("-id")[:MOST]
    told: dict[int, list[Priced]] = {}
    for priced in _told(entries):
        told.setdefault(priced.offer_id, []).append(priced)
    if not told:
        return []
    offers = Offer.objects.filter(project=project, pk__in=told).order_by("-pk")
    return [
        History(each.pk, each.commitment_period, each.ended_at, told[each.pk]) for each in offers
    ]


def of_offer(offer: Offer) -> list[Priced]:
    """The prices of one offer with who set them, the latest first. One statement."""
    entries = journal.of(offer).filter(verb__in=VERBS).order_by("-id")[:MOST]
    return _told(entries)[::-1]


def _told(entries: Iterable[Entry]) -> list[Priced]:
    """In the order of time, from entries that come latest first."""
    return [
        Priced(
            int(entry.subject_id), entry.effective_at, Decimal(entry.facts["price_usd"]),
            entry.actor_name,
        )
        for entry in reversed(list(entries))
    ]
