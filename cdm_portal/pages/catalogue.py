"""The catalogue behind the home page: entries, filters with their counts, and sorting.

A filter is a query string, so any view of the catalogue is an address (guide, 1). Everything is
worked out from the entries themselves; the page and its exports show exactly the same rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from cobenefits import criteria
from cobenefits import queries as cobenefits_queries
from offsets import queries as offsets_queries
from offsets.stock import BestOffer
from projects import access
from projects.lifecycle import Stage
from projects.models import Project
from registry.models import Party

SORTS = (
    ("benefits", "Most co-benefits"), ("price", "Lowest price"), ("newest", "Newest reductions"),
    ("name", "Name"),
)
VIEWS = (("cards", "Cards", "layout-grid"), ("table", "Table", "table-2"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One public project with what the catalogue says about it. Price in USD per tonne."""

    project: Project
    country: str
    ldc: bool
    sids: bool
    criteria: frozenset[str]
    years: tuple[int, int] | None
    price: Decimal | None
    available: int
    offer_id: int | None

    @property
    def on_offer(self) -> bool:
        """Whether units can be bought now."""
        return self.offer_id is not None and self.available > 0


@dataclass(slots=True)
class Filters:
    """What the visitor asked for; `problems` names what could not be read, field by field."""

    q: str = ""
    sectors: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    criteria: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
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
            q=query.get("q", "").strip()[:100],
            sectors=set(query.getlist("type")) & set(Project.Sector.values),
            kinds=set(query.getlist("kind")) & set(Project.Kind.values),
            criteria=set(query.getlist("benefit")) & set(criteria.BY_KEY),
            hosts={code for code in query.getlist("host") if len(code) == 2},
            groups=set(query.getlist("group")) & {"ldc", "sids"},
            everything=query.get("all") == "1",
        )
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
        if not price.is_finite() or price < 0 or "_" in text:
            self.problems[name] = f"“{text[:20]}” is not a price in US dollars, such as 4.80."
            return None
        return price

    @property
    def tests(self) -> dict[str, Callable[[Entry], bool]]:
        """One test per facet, so that each facet's counts can leave its own test out."""
        return {
            "all": lambda e: self.everything or e.on_offer,
            "q": lambda e: not self.q or self.q.casefold() in _words(e),
            "type": lambda e: not self.sectors or e.project.sector in self.sectors,
            "kind": lambda e: not self.kinds or e.project.kind in self.kinds,
            "benefit": lambda e: self.criteria <= e.criteria,
            "host": lambda e: not self.hosts or e.project.party_code in self.hosts,
            "group": lambda e: not self.groups
            or ("ldc" in self.groups and e.ldc) or ("sids" in self.groups and e.sids),
            "low": lambda e: self.low is None or (e.price is not None and e.price >= self.low),
            "high": lambda e: self.high is None or (e.price is not None and e.price <= self.high),
        }

    def keep(self, entries: Iterable[Entry], *, but: str = "") -> list[Entry]:
        """The entries that pass every test except that of facet `but`."""
        tests = [test for name, test in self.tests.items() if name != but]
        return [entry for entry in entries if all(test(entry) for test in tests)]

    def order(self, entries: list[Entry]) -> list[Entry]:
        """Sorted as asked; the default is not the price (guide, 1)."""
        keys: dict[str, Callable[[Entry], Any]] = {
            "benefits": lambda e: (-len(e.criteria), e.project.title),
            "price": lambda e: (e.price is None, e.price or 0, e.project.title),
            "newest": lambda e: (-(e.years[1] if e.years else 0), e.project.title),
            "name": lambda e: e.project.title,
        }
        return sorted(entries, key=keys[self.sort])


def _words(entry: Entry) -> str:
    project = entry.project
    parts = (project.title, project.name, project.reference, project.owner.name, entry.country)
    return " ".join(parts).casefold()


def entries() -> list[Entry]:
    """Every public project that has not ended, in five queries."""
    parties = {party.code: party for party in Party.objects.all()}
    offers = offsets_queries.best_offers()
    ended = [Stage.WITHDRAWN, Stage.REJECTED, Stage.VALIDATION_NEGATIVE, Stage.DEREGISTERED,
             Stage.VALIDATION_TERMINATED]
    projects = list(
        access.visible(None).exclude(stage__in=ended).prefetch_related("periods").order_by("title")
    )
    reported = cobenefits_queries.reported(project.pk for project in projects)
    return [
        _entry(
            project, parties.get(project.party_code), offers.get(project.pk),
            frozenset(reported.get(project.pk, ())),
        )
        for project in projects
    ]


def _entry(
    project: Project, party: Party | None, offer: BestOffer | None,
    reported: frozenset[str],
) -> Entry:
    return Entry(
        project=project,
        country=party.name if party else project.party_code,
        ldc=bool(party and party.ldc),
        sids=bool(party and party.sids),
        criteria=reported,
        years=_years(project),
        price=offer.price if offer else None,
        available=offer.available if offer else 0,
        offer_id=offer.offer_id if offer else None,
    )


def _years(project: Project) -> tuple[int, int] | None:
    issued = [p for p in project.periods.all() if p.issued_tonnes]
    if not issued:
        return None
    return min(p.first_date.year for p in issued), max(p.last_date.year for p in issued)
