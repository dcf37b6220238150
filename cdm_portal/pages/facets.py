"""The filter rail: every facet with counts over the entries that the other facets leave."""

from collections import Counter
from typing import Any

from django.http import QueryDict

from cdm_portal.pages.catalogue import Entry, Filters
from cobenefits import criteria
from projects.models import Project

Option = dict[str, Any]


def _option(value: str, label: str, count: int, chosen: set[str]) -> Option:
    return {"value": value, "label": label, "count": count, "checked": value in chosen}


def panels(filters: Filters, found: list[Entry]) -> dict[str, Any]:
    """Every facet, under the name that the template knows it by."""
    return {
        "sectors": sectors(filters, found),
        "benefits": benefits(filters, found),
        "kinds": kinds(filters, found),
        "hosts": hosts(filters, found),
        "groups": groups(filters, found),
    }


def sectors(filters: Filters, found: list[Entry]) -> list[Option]:
    """Project types that occur."""
    counts = Counter(e.project.sector for e in filters.keep(found, but="type"))
    return [
        _option(value, str(label), counts[value], filters.sectors)
        for value, label in Project.Sector.choices
        if counts[value] or value in filters.sectors
    ]


def kinds(filters: Filters, found: list[Entry]) -> list[Option]:
    """Project activities and programmes, as far as they occur."""
    counts = Counter(e.project.kind for e in filters.keep(found, but="kind"))
    return [
        _option(value, str(label), counts[value], filters.kinds)
        for value, label in Project.Kind.choices
        if counts[value] or value in filters.kinds
    ]


def hosts(filters: Filters, found: list[Entry]) -> list[Option]:
    """Host countries that occur, by name."""
    kept = filters.keep(found, but="host")
    counts = Counter(e.project.party_code for e in kept)
    names = {e.project.party_code: e.country for e in found}
    return [
        _option(code, names[code], counts[code], filters.hosts)
        for code in sorted(names, key=lambda c: names[c])
        if counts[code] or code in filters.hosts
    ]


def groups(filters: Filters, found: list[Entry]) -> list[Option]:
    """Least developed countries and small island states."""
    kept = filters.keep(found, but="group")
    return [
        _option("ldc", "Least developed countries", sum(e.ldc for e in kept), filters.groups),
        _option("sids", "Small island states", sum(e.sids for e in kept), filters.groups),
    ]


def benefits(filters: Filters, found: list[Entry]) -> list[dict[str, Any]]:
    """The twelve criteria in their three groups."""
    kept = filters.keep(found)
    counts = Counter(key for e in kept for key in e.criteria)
    return [
        {
            "key": key,
            "label": label,
            "options": [
                _option(c.key, c.label, counts[c.key], filters.criteria)
                for c in criteria.CRITERIA
                if c.category == key
            ],
        }
        for key, label in criteria.CATEGORIES
    ]


def chips(filters: Filters, query: QueryDict, found: list[Entry]) -> list[dict[str, str]]:
    """What is filtered now, each with the address that takes it away."""
    names = {e.project.party_code: e.country for e in found}
    marked = [
        *(("type", v, str(Project.Sector(v).label)) for v in sorted(filters.sectors)),
        *(("kind", v, str(Project.Kind(v).label)) for v in sorted(filters.kinds)),
        *(("benefit", v, criteria.BY_KEY[v].label) for v in sorted(filters.criteria)),
        *(("host", v, names.get(v, v)) for v in sorted(filters.hosts)),
        *(("group", v, v.upper()) for v in sorted(filters.groups)),
    ]
    if filters.q:
        marked.append(("q", filters.q, f"“{filters.q}”"))
    if filters.low is not None:
        marked.append(("low", query.get("low", "").strip(), f"from US${filters.low}"))
    if filters.high is not None:
        marked.append(("high", query.get("high", "").strip(), f"up to US${filters.high}"))
    return [{"label": label, "remove_url": _without(query, n, v)} for n, v, label in marked]


def _without(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    kept = [v for v in rest.getlist(name) if v.strip() != value]
    rest.setlist(name, kept)
    return "?" + rest.urlencode()
