"""The filter rail: every facet with counts over the entries that the other facets leave.

All counts are one statement over the same entries. A facet that nothing is picked of has the same
entries as the page; one with picks counts as if it had none, so that the visitor sees what another
choice would bring.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, Value
from django.http import QueryDict

from cdm_portal.pages.catalogue import COLUMNS, GROUPS, LISTS, Filters
from cobenefits import criteria
from offsets.models import CatalogueEntry
from projects.models import Project

Option = dict[str, Any]
TOTAL = "total"
GROUP_NAMES = {"ldc": "Least developed countries", "sids": "Small island states"}


@dataclass(slots=True)
class Counts:
    """How many entries pass, and by facet how many have each value; `names` are the countries'."""

    total: int = 0
    values: dict[str, dict[str, int]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def count(filters: Filters) -> Counts:
    """The counts of every facet, in one statement that reads each entry once."""
    rows: Any = CatalogueEntry.objects.filter(filters.base()).annotate(**_fits(filters))
    columns = (*COLUMNS.values(), "country", *LISTS.values(), "criteria", *GROUPS, *_fits(filters))
    inner, parameters = rows.order_by().values(*columns).query.sql_with_params()
    with connection.cursor() as cursor:
        counted = _counted(filters, inner)
        cursor.execute(f"WITH counted AS MATERIALIZED ({counted}) {_asked(filters)}", parameters)
        found = cursor.fetchall()
    made = Counts()
    for name, value, label, number in found:
        if name == TOTAL:
            made.total = int(number)
        elif number:
            made.values.setdefault(name, {})[value] = int(number)
            if name == "host":
                made.names[value] = label
    return made


def _fits(filters: Filters) -> dict[str, Any]:
    """By column, whether an entry is what the picks ask: all of them, or all but one facet's."""
    return {
        f"fits_{name}": ExpressionWrapper(
            filters.choice(but=name) or Q(Value(True)), output_field=BooleanField()
        )
        for name in (TOTAL, *filters.chosen)
    }


FAMILIES = (
    ("party_code", "region", "country", *GROUPS), ("sector", "kind", "scale", "methodology"),
    ("vintages", "periods"), ("criteria",),
)
"""Columns whose values mostly come together. Thousands of entries have a few hundred different
ones of each family, so that an entry is looked at once for each family, and the facets are counted
over what is left: lists are not taken apart for each entry.
"""
LEVEL = {
    column: 2 ** len(FAMILIES) - 1 - 2 ** (len(FAMILIES) - 1 - n)
    for n, family in enumerate(FAMILIES) for column in family
}
"""By column, what PostgreSQL's grouping() answers for the rows of its family: a bit for each other.
"""
WHOLE = 2 ** len(FAMILIES) - 1


def _counted(filters: Filters, entries: str) -> str:
    """By family, how many entries have the same values of it: those that fit all picks, and those
    that fit all but a facet's. An entry that fits none of these is counted nowhere.
    """
    fits = list(_fits(filters))
    numbers = ", ".join(f"count(*) FILTER (WHERE {each}) AS {each}" for each in fits)
    sets = ", ".join(f"({', '.join(family)})" for family in FAMILIES)
    return (
        f"SELECT {', '.join(LEVEL)}, {numbers}, "  # noqa: S608 # our columns
        f"grouping({', '.join(family[0] for family in FAMILIES)}) AS level "
        f"FROM ({entries}) AS entry WHERE {' OR '.join(fits)} GROUP BY GROUPING SETS ({sets}, ())"
    )


def _asked(filters: Filters) -> str:
    """What is summed of what was counted: (facet, value, label, how many)."""

    return " UNION ALL ".join((
        f"SELECT '{TOTAL}', '', '', fits_{TOTAL}::numeric FROM counted WHERE level = {WHOLE}",  # noqa: S608 # our columns
        *(_sum(filters, name, column, column) for name, column in COLUMNS.items()),
        *(_sum(filters, name, column, f"unnest({column})::text") for name, column in LISTS.items()),
        _sum(filters, "benefit", "criteria", "unnest(criteria)::text"),
        *(_sum(filters, "group", group, f"'{group}'", f" AND {group}") for group in GROUPS),
    ))


def _sum(filters: Filters, name: str, column: str, value: str, also: str = "") -> str:
    """A facet's values. One with picks counts as if it had none, but for benefits: a project has
    to have all of those."""
    own = name if name in filters.chosen and name != "benefit" else TOTAL
    label = "max(country)" if name == "host" else "''"
    return (
        f"SELECT '{name}', {value}, {label}, sum(fits_{own}) FROM counted "  # noqa: S608 # our columns
        f"WHERE level = {LEVEL[column]}{also} GROUP BY 2"
    )


# The rail


def panels(filters: Filters, counts: Counts) -> dict[str, Any]:
    """Every facet, under the name that the template knows it by."""
    return {
        key: _options(name, labels, filters, counts)
        for key, (name, labels) in {**_known(), **_occurring(filters, counts)}.items()
    } | {
        "groups": [_option("group", *each, filters, counts) for each in GROUP_NAMES.items()],
        "benefits": [
            {"key": key, "label": label, "options": [
                _option("benefit", c.key, c.label, filters, counts)
                for c in criteria.CRITERIA if c.category == key
            ]}
            for key, label in criteria.CATEGORIES
        ],
    }


Facet = tuple[str, Iterable[tuple[str, str]]]
"""A facet's name in the address, and its values with their labels."""


def _known() -> dict[str, Facet]:
    """Facets whose values are known beforehand."""
    return {
        "sectors": ("type", Project.Sector.choices), "kinds": ("kind", Project.Kind.choices),
        "scales": ("scale", Project.Scale.choices),
    }


def _occurring(filters: Filters, counts: Counts) -> dict[str, Facet]:
    """Facets whose values are those that occur, and those picked."""

    def found(name: str) -> list[str]:
        return sorted({*counts.values.get(name, {}), *filters.picked(name)})

    def named(code: str) -> str:
        return counts.names.get(code, code)

    return {
        "regions": ("region", ((each, each) for each in found("region"))),
        "hosts": ("host", ((code, named(code)) for code in sorted(found("host"), key=named))),
        "methodologies": ("methodology", ((code, code) for code in found("methodology"))),
        "periods": ("period", ((n, f"Commitment period {n}") for n in found("period"))),
        "vintages": ("vintage", ((year, year) for year in reversed(found("vintage")))),
    }


def _options(
    name: str, labels: Iterable[tuple[str, str]], filters: Filters, counts: Counts
) -> list[Option]:
    """The values that occur, and those picked."""
    made = [_option(name, value, str(label), filters, counts) for value, label in labels]
    return [each for each in made if each["count"] or each["checked"]]


def _option(name: str, value: str, label: str, filters: Filters, counts: Counts) -> Option:
    return {
        "value": value, "label": label, "count": counts.values.get(name, {}).get(value, 0),
        "checked": value in filters.picked(name),
    }


# What is filtered now


def chips(filters: Filters, query: QueryDict, counts: Counts) -> list[dict[str, str]]:
    """What is filtered now, each with the address that takes it away."""
    marked = [
        (name, value, _said(name, value, counts))
        for name in ("type", "kind", "scale", "benefit", "region", "host", "group", "methodology",
                     "period", "vintage")
        for value in sorted(filters.picked(name))
    ]
    if filters.q:
        marked.append(("q", query.get("q", "").strip(), f"“{filters.q}”"))
    if filters.low is not None:
        marked.append(("low", query.get("low", "").strip(), f"from US${filters.low}"))
    if filters.high is not None:
        marked.append(("high", query.get("high", "").strip(), f"up to US${filters.high}"))
    return [{"label": label, "remove_url": _without(query, n, v)} for n, v, label in marked]


def _said(name: str, value: str, counts: Counts) -> str:
    labels: dict[str, dict[str, str]] = {
        "type": dict(Project.Sector.choices), "kind": dict(Project.Kind.choices),
        "scale": dict(Project.Scale.choices), "host": counts.names,
        "benefit": {c.key: c.label for c in criteria.CRITERIA}, "group": GROUP_NAMES,
        "period": {value: f"Commitment period {value}"},
    }
    return str(labels.get(name, {}).get(value, value))


def _without(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    rest.pop("after", None)
    kept = [v for v in rest.getlist(name) if v.strip() != value]
    rest.setlist(name, kept)
    return "?" + rest.urlencode()
