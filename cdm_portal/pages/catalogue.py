"""The catalogue behind the home page: filters, sorting, and the rows of a page.

A filter is a query string, so any view of the catalogue is an address (guide, 1). Rows are chosen
from the entries that the database keeps (`offsets.models.CatalogueEntry`); the tonnes that are free
now are read from the registry for the rows that are shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict

from cobenefits import criteria
from offsets import queries as offsets_queries
from offsets.models import CatalogueEntry
from offsets.stock import BestOffer
from projects.models import Project

SORTS = (
    ("benefits", "Most co-benefits"), ("price", "Lowest price"), ("newest", "Newest reductions"),
    ("name", "Name"),
)
VIEWS = (
    ("cards", "Cards", "layout-grid"), ("table", "Table", "table-2"), ("map", "Map", "map"),
)
NO_PRICE = Decimal(10**9)
"""Behind every price: where a project without an offer stands when sorted by it."""
ORDERS: dict[str, tuple[str, ...]] = {
    "benefits": ("-benefits", "title", "pk"),
    "price": ("cost", "title", "pk"),
    "newest": ("-newest", "title", "pk"),
    "name": ("title", "pk"),
}
"""By sort, the columns of the order; the last tells rows apart. The first of SORTS is the default,
and it is not the price (guide, 1)."""

COLUMNS = {
    "type": "sector", "kind": "kind", "host": "party_code", "region": "region", "scale": "scale",
    "methodology": "methodology",
}
"""By facet, the column that is one of the values chosen."""
LISTS = {"period": "periods", "vintage": "vintages"}
"""By facet, the column that has one of the whole numbers chosen among its own."""
GROUPS = ("ldc", "sids")
LONGEST_VALUE = 40
MOST_VALUES = 100
"""Of one facet in an address: what is longer, or more, is no choice that a page offers."""


@dataclass(slots=True)
class Filters:
    """What the visitor asked for; `problems` names what could not be read, field by field.

    `chosen` has, by facet, the values picked; a facet that is not in it filters nothing.
    """

    q: str = ""
    chosen: dict[str, set[str]] = field(default_factory=dict)
    low: Decimal | None = None
    high: Decimal | None = None
    everything: bool = False
    sort: str = "benefits"
    view: str = "cards"
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        """Read a query string; unknown values are ignored, unreadable prices are named."""
        made = cls(
            q=query.get("q", "").strip()[:100], everything=query.get("all") == "1"
        )
        for name in (*COLUMNS, *LISTS, "benefit", "group"):
            if values := _known(name, query.getlist(name)):
                made.chosen[name] = values
        made.low = made._price(query, "low")
        made.high = made._price(query, "high")
        if (sort := query.get("sort")) in dict(SORTS):
            made.sort = sort
        if (view := query.get("view")) in {key for key, _, _ in VIEWS}:
            made.view = view
        return made

    def _price(self, query: QueryDict, name: str) -> Decimal | None:
        text = query.get(name, "").strip()
        if not text:
            return None
        try:
            price = Decimal(text)
        except InvalidOperation:
            price = Decimal("NaN")
        if not price.is_finite() or not 0 <= price < NO_PRICE or "_" in text:
            self.problems[name] = f"“{text[:20]}” is not a price in US dollars, such as 4.80."
            return None
        return price

    def picked(self, name: str) -> set[str]:
        """The values picked of a facet."""
        return self.chosen.get(name, set())

    def base(self) -> Q:
        """What an entry must be whatever is picked of the facets."""
        found = Q(shown=True)
        if not self.everything:
            found &= Q(price__isnull=False)
        for word in self.q.lower().split():
            found &= Q(words__contains=word)
        if self.low is not None:
            found &= Q(price__gte=self.low)
        if self.high is not None:
            found &= Q(price__lte=self.high)
        return found

    def condition(self, *, but: str = "") -> Q:
        """What an entry must be, the facet `but` left out: its own counts do not depend on it."""
        return self.base() & self.choice(but=but)

    def choice(self, *, but: str = "") -> Q:
        """What the picks ask of an entry, those of the facet `but` left out."""
        found = Q()
        for name, values in self.chosen.items():
            if name != but:
                found &= _one_of(name, values)
        return found

    def rows(self) -> QuerySet[Any]:
        """The entries that pass, with `cost` to sort by; unsorted."""
        cost = Coalesce("price", Value(NO_PRICE), output_field=CatalogueEntry.price.field)
        return CatalogueEntry.objects.filter(self.condition()).annotate(cost=cost)

    @property
    def order(self) -> tuple[str, ...]:
        """The columns of the order asked for."""
        return ORDERS[self.sort]


def _known(name: str, values: Iterable[str]) -> set[str]:
    """The values of an address that a facet could have."""
    found = {each for each in values if each and len(each) <= LONGEST_VALUE}
    known: dict[str, set[str]] = {
        "type": set(Project.Sector.values), "kind": set(Project.Kind.values),
        "scale": set(Project.Scale.values), "benefit": set(criteria.BY_KEY), "group": set(GROUPS),
    }
    if name in known:
        return found & known[name]
    if name in LISTS:
        found = {each for each in found if each.isascii() and each.isdecimal() and len(each) < 5}
    return set(sorted(found)[:MOST_VALUES])


def _one_of(name: str, values: set[str]) -> Q:
    if name == "benefit":  # a project that has all of them
        return Q(criteria__contains=sorted(values))
    if name == "group":
        either = Q()
        for each in values:
            either |= Q(**{each: True})
        return either
    if name in LISTS:
        return Q(**{f"{LISTS[name]}__overlap": sorted(int(each) for each in values)})
    return Q(**{f"{COLUMNS[name]}__in": sorted(values)})


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as a page or a file shows it: `price` in USD per tonne, None without an offer;
    `available` tonnes are free now, 0 also where all that is offered is held or frozen.
    """

    entry: CatalogueEntry
    project: Project
    price: Decimal | None
    available: int
    offer_id: int = 0
    """The offer of that price, 0 without one that has something left."""

    @property
    def on_offer(self) -> bool:
        """Whether units can be bought now."""
        return self.available > 0


def told(entries: Iterable[CatalogueEntry]) -> list[Row]:
    """What the catalogue says of some entries that were read with their project. One statement,
    for the tonnes. The price is the lowest among the offers with something left, or among all.
    """
    found = list(entries)
    best = offsets_queries.best_offers(projects=[entry.pk for entry in found])
    return [_row(entry, best.get(entry.pk)) for entry in found]


def _row(entry: CatalogueEntry, best: BestOffer | None) -> Row:
    if best is None:
        return Row(entry, entry.project, entry.price, 0)
    return Row(entry, entry.project, best.price, best.available, best.offer_id)
