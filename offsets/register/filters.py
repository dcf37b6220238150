"""What a visitor looks for in the public record. A filter is a query string, so any view is an
address; the API reads the same words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from offsets.models import CancelledEntry
from projects.activities.models import Activity
from projects.models import Project
from registry.models import Account

NEWEST, LARGEST = ("-at", "-cancellation_id"), ("-quantity", "-cancellation_id")
SORTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "newest": (_("Newest"), NEWEST), "oldest": (_("Oldest"), ("at", "cancellation_id")),
    "largest": (_("Most tonnes"), LARGEST),
    "smallest": (_("Fewest tonnes"), ("quantity", "cancellation_id")),
}
"""By sort, its words and the columns of the order; the last tells rows apart."""

FACETS = {
    "year": "year", "host": "party_code", "source": "source", "kind": "kind", "named": "named",
}
"""By facet, the column that is one of the values chosen; `named` is asked of the beneficiary."""
KINDS = {str(kind.value) for kind in Account.Kind if kind.value >= Account.Kind.VOLUNTARY.value}
NAMED = {"yes": ~Q(beneficiary=""), "no": Q(beneficiary="", source="shop")}
MOST_VALUES = 100
LONGEST = 120


@dataclass(slots=True)
class Filters:
    """What is asked for: words, and by facet the values picked. What no row can have is ignored."""

    beneficiary: str = ""
    project: str = ""
    organisation: str = ""
    chosen: dict[str, set[str]] = field(default_factory=dict)
    sort: str = "newest"

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        """Read a query string."""
        made = cls(
            beneficiary=query.get("beneficiary", "").strip()[:LONGEST],
            project=query.get("project", "").strip()[:LONGEST],
        )
        for name in FACETS:
            if values := _known(name, query.getlist(name)):
                made.chosen[name] = values
        if (sort := query.get("sort")) in SORTS:
            made.sort = sort
        return made

    @property
    def order(self) -> tuple[str, ...]:
        """The columns of the order asked for."""
        return SORTS[self.sort][1]

    @property
    def filtered(self) -> bool:
        """Whether anything is left out."""
        return bool(self.beneficiary or self.project or self.chosen)

    def picked(self, name: str) -> set[str]:
        """The values picked of a facet."""
        return self.chosen.get(name, set())

    def condition(self, *, but: str = "") -> Q:
        """What an entry must be, the facet `but` left out: its own counts do not depend on it."""
        found = Q()
        if self.organisation:
            found &= Q(organisation=self.organisation)
        if self.beneficiary:  # a name that is withheld is not in the table
            found &= ~Q(beneficiary="") & Q(beneficiary__icontains=self.beneficiary)
        if self.project:
            found &= _of_project(self.project)
        for name, values in self.chosen.items():
            if name != but:
                found &= _one_of(name, values)
        return found

    def rows(self) -> QuerySet[CancelledEntry]:
        """The entries that pass, with what a page shows of them; unsorted."""
        return (
            CancelledEntry.objects.filter(self.condition())
            .select_related("cancellation__lot__issuance", "cancellation__tx", "order__certificate")
            .defer("order__certificate__pdf")
        )  # fmt: skip


def _known(name: str, values: Iterable[str]) -> set[str]:
    """The values of an address that a facet could have."""
    found = set(sorted({each for each in values if 0 < len(each) <= 8})[:MOST_VALUES])
    if name == "year":
        return {each for each in found if each.isascii() and each.isdecimal() and len(each) == 4}
    if name == "host":
        return {each for each in found if each.isascii() and each.isupper() and len(each) == 2}
    known = {"source": set(CancelledEntry.Source.values), "kind": KINDS, "named": set(NAMED)}
    return found & known[name]


def _one_of(name: str, values: set[str]) -> Q:
    if name != "named":
        return Q(**{f"{FACETS[name]}__in": sorted(values)})
    either = Q()
    for each in values:
        either |= NAMED[each]
    return either


def _of_project(asked: str) -> Q:
    """By a project's number, its reference here, or words of its title, here or as published."""
    own = Project.objects.filter(Q(title__icontains=asked) | Q(reference__iexact=asked))
    published = Activity.objects.filter(title__icontains=asked)
    return (
        Q(project_number=asked)
        | Q(project_number__in=own.exclude(number=None).values("number"))
        | Q(project_number__in=published.values("reference"))
    )
