"""Organisations as buyers named them: their tonnes, by year, and their spellings.

One is known by its name alone, alike but for case and spaces; nobody verified that the buyer was
of that organisation, and pages say so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from cdm_portal.drawing import charts
from cdm_portal.refusals import NotFound
from offsets.models import CancelledEntry


@dataclass(frozen=True, slots=True)
class Year:
    """What was cancelled for an organisation in a year, in tonnes."""

    year: int
    cancellations: int
    tonnes: int


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation: `name` as its newest cancellation spells it, `spellings` all there are."""

    key: str
    name: str
    spellings: list[str]
    years: list[Year]

    @property
    def tonnes(self) -> int:
        """All tonnes cancelled for it."""
        return sum(each.tonnes for each in self.years)

    @property
    def cancellations(self) -> int:
        """How often units were cancelled for it."""
        return sum(each.cancellations for each in self.years)


def find(key: str) -> Named:
    """The organisation of a key, with every year between its first and its last. Two statements.

    Raises NotFound where no cancellation names one so, or none does any more.
    """
    rows = CancelledEntry.objects.filter(organisation=key) if key else CancelledEntry.objects.none()
    told = rows.order_by("-at", "-pk").values_list("beneficiary", flat=True)
    spellings = list(dict.fromkeys(told))
    if not spellings:
        raise NotFound("No cancellation is known for an organisation of this name.")
    summed = rows.order_by("year").values("year").annotate(n=Count("pk"), tonnes=Sum("quantity"))
    found = {each["year"]: Year(each["year"], each["n"], each["tonnes"]) for each in summed}
    years = [found.get(y, Year(y, 0, 0)) for y in range(min(found), max(found) + 1)]
    return Named(key, spellings[0], spellings, years)


LARGEST = ("-tonnes", "pk")
"""The order of the list: the most tonnes first."""


def listed() -> QuerySet[CancelledEntry]:
    """Every organisation that a public name gave, as its newest entry, with `tonnes` and `times` of
    all its entries; unsorted.
    """
    same = CancelledEntry.objects.filter(organisation=OuterRef("organisation")).order_by()
    later = same.filter(Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")))
    all_of = same.values("organisation")
    return (
        CancelledEntry.objects.exclude(organisation="").filter(~Exists(later))
        .annotate(
            tonnes=Subquery(all_of.annotate(n=Sum("quantity")).values("n")),
            times=Subquery(all_of.annotate(n=Count("pk")).values("n")),
        )
    )  # fmt: skip


def chart(of: Iterable[Year]) -> str:
    """Tonnes cancelled by year, as SVG."""
    bars = [charts.Bar(str(each.year), issued=Decimal(each.tonnes)) for each in of]
    return charts.bars(bars, _("tonnes"), _("Cancelled by year"))
