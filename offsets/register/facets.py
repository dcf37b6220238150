"""Counts of the public record: every facet over the entries that the others leave, in one
statement, a branch a facet; and what is filtered now, each with the address that takes it away."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, F, Sum, Value
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _

from offsets.models import CancelledEntry
from offsets.register.filters import FACETS, NAMED, Filters
from registry.exports import KIND_WORDS
from registry.models import Account, Party

TEXT = CharField()
TOTAL = "total"
Option = dict[str, Any]


@dataclass(slots=True)
class Counts:
    """How many entries pass and their tonnes, and by facet how many have each value."""

    total: int = 0
    tonnes: int = 0
    values: dict[str, dict[str, int]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def count(filters: Filters) -> Counts:
    """The counts of every facet. Two statements: the counts, and the countries' names."""
    branches = [
        _branch(filters, TOTAL, Value("")),
        *(_branch(filters, name, F(column)) for name, column in FACETS.items() if name != "named"),
        *(_named(filters, each) for each in NAMED),
    ]
    made = Counts(names=dict(Party.objects.values_list("code", "name")))
    first, *others = branches
    for name, value, found, tonnes in first.union(*others, all=True):
        if name == TOTAL:
            made.total, made.tonnes = found, tonnes
        elif value and found:
            made.values.setdefault(name, {})[value] = found
    return made


def _branch(filters: Filters, name: str, value: Any) -> Any:
    rows = CancelledEntry.objects.filter(filters.condition(but=name))
    return _counted(rows, name, value)


def _named(filters: Filters, each: str) -> Any:
    rows = CancelledEntry.objects.filter(filters.condition(but="named"), NAMED[each])
    return _counted(rows, "named", Value(each))


def _counted(rows: Any, name: str, value: Any) -> Any:
    tonnes = Cast(Coalesce(Sum("quantity"), 0), BigIntegerField())
    shown = rows.annotate(facet=Value(name, TEXT), value=Cast(value, TEXT)).order_by()
    grouped = shown.values("facet", "value").annotate(found=Count("pk"), tonnes=tonnes)
    return grouped.values_list("facet", "value", "found", "tonnes")


def panels(filters: Filters, counts: Counts) -> dict[str, list[Option]]:
    """Every facet's values with their counts: those that occur, and those picked."""
    return {
        f"{name}_options": [
            {"value": value, "label": label_of(name, value, counts), "checked": value in picked,
             "count": counts.values.get(name, {}).get(value, 0)}
            for value in _sorted(name, {*counts.values.get(name, {}), *picked}, counts)
        ]
        for name in FACETS for picked in [filters.picked(name)]
    }  # fmt: skip


def _sorted(name: str, values: Iterable[str], counts: Counts) -> list[str]:
    if name == "host":
        return sorted(values, key=lambda code: counts.names.get(code, code))
    return sorted(values, reverse=name in {"year", "named"})


def label_of(name: str, value: str, counts: Counts) -> str:
    """What a value of a facet is called."""
    if name == "host":
        return counts.names.get(value, value)
    if name == "source":
        return str(CancelledEntry.Source(value).label)
    if name == "kind":
        kind = Account.Kind(int(value))
        return KIND_WORDS.get(kind, str(kind.label)).capitalize()
    if name == "named":
        return _("Name is public") if value == "yes" else _("Name withheld")
    return value


def chips(filters: Filters, query: QueryDict, counts: Counts) -> list[dict[str, str]]:
    """What is filtered now, each with the address without it."""
    marked = [
        (name, value, label_of(name, value, counts))
        for name in FACETS for value in sorted(filters.picked(name))
    ]
    marked += [
        (name, query.get(name, "").strip(), f"“{said}”")
        for name in ("beneficiary", "project") if (said := getattr(filters, name))
    ]
    return [{"label": label, "remove_url": _without(query, n, v)} for n, v, label in marked]


def _without(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    rest.pop("after", None)
    rest.setlist(name, [v for v in rest.getlist(name) if v.strip() != value])
    return "?" + rest.urlencode()
