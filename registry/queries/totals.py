"""Totals: units issued and cancelled, whole and by Party, project, year, type or period."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Count, F, QuerySet, Sum
from django.db.models.functions import ExtractYear

from registry.models import Cancellation, Issuance, Party, Reconciliation
from registry.queries.accounts import ADAPTATION, PENDING, balance
from registry.queries.sums import CANCELLED, UNITS, total
from registry.serials import UNIT_TYPES


@dataclass(frozen=True, slots=True)
class Total:
    """A line of a table of totals: units, and how many transactions made them."""

    key: str
    label: str
    issued: int
    issuances: int
    cancelled: int
    cancellations: int


@dataclass(frozen=True, slots=True)
class Grouping:
    """A way to group: the issuance's column (None: the year), and the words for its values."""

    key: str
    column: str | None
    filter_name: str
    by_amount: bool


GROUPINGS = {
    "party": Grouping("party", "party_id", "party", by_amount=True),
    "project": Grouping("project", "project_number", "project", by_amount=True),
    "year": Grouping("year", None, "year", by_amount=False),
    "type": Grouping("type", "unit_type", "type", by_amount=False),
    "period": Grouping("period", "applicable_cp", "period", by_amount=False),
}
"""The groupings that the registry offers; `filter_name` is the field of the lists' filter."""

PERIODS = {1: "First (2008–2012)", 2: "Second (2013–2020)", 3: "Third"}


def issued_total() -> int:
    """Units ever issued."""
    return total(Issuance.objects.all(), UNITS)


def cancelled_total() -> int:
    """Units ever cancelled."""
    return total(Cancellation.objects.filter(kind="c"), CANCELLED)


def issued_of_project(project_number: str) -> int:
    """Units issued for a project so far."""
    return total(Issuance.objects.filter(project_number=project_number), UNITS)


def cancelled_of_project(project_number: str) -> int:
    """Units of a project cancelled so far."""
    rows = Cancellation.objects.filter(kind="c", lot__issuance__project_number=project_number)
    return total(rows, CANCELLED)


def totals() -> dict[str, int]:
    """Units issued, cancelled, and what is where now."""
    issued, cancelled = issued_total(), cancelled_total()
    pending, adaptation = balance(PENDING), balance(ADAPTATION)
    return {
        "issued": issued,
        "cancelled": cancelled,
        "pending": pending,
        "share_of_proceeds": adaptation,
        "held": issued - cancelled - pending - adaptation,
    }


def last_reconciliation() -> Reconciliation | None:
    """What the last run of the invariants found."""
    return Reconciliation.objects.first()


def totals_by(grouping: Grouping) -> list[Total]:
    """Units issued and cancelled by one grouping: the most issued first, years and types in their
    order. Two statements, and one for the names of Parties."""
    column = grouping.column
    issued = _grouped(Issuance.objects.all(), column or ExtractYear("effective_at"), UNITS)
    gone = Cancellation.objects.filter(kind="c")
    through = f"lot__issuance__{column}" if column else ExtractYear("effective_at")
    cancelled = _grouped(gone, through, CANCELLED)
    words = _words(grouping)
    lines = [
        Total(str(key), words(key), *issued.get(key, (0, 0)), *cancelled.get(key, (0, 0)))
        for key in issued.keys() | cancelled.keys()
    ]
    return _ordered(lines, grouping)


def _ordered(lines: Iterable[Total], grouping: Grouping) -> list[Total]:
    if grouping.by_amount:
        return sorted(lines, key=lambda line: (-line.issued, line.key))
    return sorted(lines, key=lambda line: line.key)


def _grouped(rows: QuerySet[Any], by: Any, units: Any) -> dict[Any, tuple[int, int]]:
    found = (
        rows.order_by().annotate(group=F(by) if isinstance(by, str) else by)
        .values("group")
        .annotate(units=Sum(units, output_field=BigIntegerField()), rows=Count("id"))
    )  # fmt: skip
    return {row["group"]: (int(row["units"]), row["rows"]) for row in found}


def _words(grouping: Grouping) -> Callable[[Any], str]:
    if grouping.key == "party":
        names = dict(Party.objects.values_list("code", "name"))
        return lambda key: names.get(key, str(key))
    if grouping.key == "type":
        return lambda key: UNIT_TYPES.get(key, str(key))
    if grouping.key == "period":
        return lambda key: PERIODS.get(key, str(key))
    return str
