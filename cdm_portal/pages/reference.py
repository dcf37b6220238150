"""The reference data, publicly: grid emission factors, sets of potentials, lists as published."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cdm_portal import clock
from cdm_portal.identity.access import may
from cdm_portal.permissions import Right, Row
from projects.methodologies import catalogue
from projects.reference import potentials as sets
from projects.reference import queries
from projects.reference.models import Edition, EditionRow, GridFactor
from projects.reference.queries import Listed

LISTS = (Edition.Kind.METHODOLOGIES, Edition.Kind.ENTITIES, Edition.Kind.HOSTS)
"""The lists that are shown as they stand; potentials have a page of their own."""
HEADS: dict[str, tuple[tuple[str, str], ...]] = {
    Edition.Kind.METHODOLOGIES: (
        ("methodology", "Code"), ("title_from_offsets_db", "Title"), ("activities", "Activities"),
        ("registered", "Registered"),
    ),
    Edition.Kind.ENTITIES: (
        ("name", "Name"), ("kind", "Named as"), ("activities_or_issuances", "Times"),
    ),
    Edition.Kind.HOSTS: (
        ("iso2", "Code"), ("name", "Name"), ("region", "Region"),
        ("ldc", "Least developed country"), ("sids", "Small island developing State"),
        ("activities", "Activities"), ("registered", "Registered"),
    ),
}
NAMED_AS = {
    "validating_doe_full_name": "Validating entity, in full",
    "verifying_doe_short_name": "Verifying entity, in short",
}
"""How the file's words for the two ways of naming an entity are shown."""
COUNTS = {"activities", "registered", "activities_or_issuances"}


@may((Row.PARAMETERS, Right.SEE))
def reference(request: HttpRequest) -> HttpResponse:
    """What there is, how much of it, and from when."""
    newest = queries.newest()
    return render(request, "reference/overview.html", {
        "factors": queries.listed().count(),
        "editions": [(kind, newest.get(kind)) for kind in LISTS],
        "potentials": newest.get(Edition.Kind.POTENTIALS),
    })


@may((Row.PARAMETERS, Right.SEE))
def grid_factors(request: HttpRequest) -> HttpResponse:
    """Every published factor with its vintage, source and days; those of one Party, if asked."""
    asked, today = request.GET.get("party", ""), clock.today()
    parties = queries.party_names()
    rows = queries.listed()
    found = queries.of(rows.filter(party_code=asked) if asked else rows)
    return render(request, "reference/grid_factors.html", {
        "rows": [factor_row(each, parties) | {"holds": each.holds_on(today)} for each in found],
        "today": today, "tabs": _tabs(asked, parties),
    })


@may((Row.PARAMETERS, Right.SEE))
def potentials(request: HttpRequest) -> HttpResponse:
    """The sets beside one another, and which of them the rules use when."""
    today, edition = clock.today(), queries.edition(Edition.Kind.POTENTIALS)
    rows = list(queries.rows(edition)) if edition else []
    known = {each.key: each for each in rows}
    return render(request, "reference/potentials.html", {
        "edition": edition, "used": sets.used(known), "today": today,
        "sets": list(sets.SETS), "compared": sets.compared(known, today),
        "rows": [
            (each.key, [sets.value(each.cells, column) for column in sets.SETS.values()])
            for each in rows
        ],
    })  # fmt: skip


@may((Row.PARAMETERS, Right.SEE))
def listed(request: HttpRequest, kind: str) -> HttpResponse:
    """One list as its newest edition says it."""
    edition = queries.edition(kind) if kind in LISTS else None
    if edition is None:
        raise Http404
    heads = HEADS[kind]
    return render(request, "reference/list.html", {
        "edition": edition, "heads": [(label, name in COUNTS) for name, label in heads],
        "rows": [_cells(row, [name for name, _label in heads]) for row in queries.rows(edition)],
    })


def _tabs(asked: str, parties: dict[str, str]) -> list[dict[str, Any]]:
    """All factors, or those of one Party that has some."""
    return [
        {"label": label, "url": f"?party={code}" if code else "?", "current": code == asked}
        for code, label in [
            ("", _("All Parties")),
            *((code, parties.get(code, code)) for code in queries.parties_with_factors()),
        ]
    ]


def factor_row(each: Listed, parties: dict[str, str]) -> dict[str, Any]:
    """A factor as pages and the API show it."""
    found: GridFactor = each.factor
    return {
        "factor": found, "last": each.last,
        "party": parties.get(found.party_code, found.party_code),
        "w_bm": None if found.w_om is None else 1 - found.w_om,
    }


def _cells(row: EditionRow, names: list[str]) -> list[dict[str, Any]]:
    """The cells of a row in order; a methodology that is calculated here is a link."""
    texts = [row.cells.get(name, "") for name in names]
    cells: list[dict[str, Any]] = [
        {"text": NAMED_AS.get(text, text), "count": name in COUNTS}
        for name, text in zip(names, texts, strict=True)
    ]
    if "methodology" in names and row.key in catalogue.BY_CODE:
        cells[0]["code"] = row.key
    return cells
