"""Home: the counters from the ledger, the map, and the catalogue with its exports."""

from typing import Any
from uuid import uuid4

from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import Round
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse

from cdm_portal import clock, edges
from cdm_portal.drawing import covers, world
from cdm_portal.identity.access import may
from cdm_portal.pages import catalogue as pages_catalogue
from cdm_portal.pages import catalogue_files as files
from cdm_portal.pages import facets
from cdm_portal.pages.catalogue import Filters
from cdm_portal.permissions import Right, Row
from cobenefits import queries as cobenefits_queries
from offsets import queries as offsets_queries
from offsets.models import CatalogueEntry
from offsets.views.browser import first_quantity
from offsets.views.footprint import WANTED
from registry import queries as registry_queries

PER_PAGE = 12
CELL = 3
"""Degrees of latitude and longitude within which the map draws projects as one circle."""
MOST_CIRCLES = 300


@may((Row.PUBLISHED, Right.SEE))
def home(request: HttpRequest) -> HttpResponse:
    """The front page: hero, counters, catalogue."""
    return render(request, "pages/home.html", _context(request, hero=True))


@may((Row.PUBLISHED, Right.SEE))
def catalogue(request: HttpRequest) -> HttpResponse:
    """The catalogue alone."""
    return render(request, "pages/home.html", _context(request, hero=False))


def _context(request: HttpRequest, *, hero: bool) -> dict[str, Any]:
    filters = Filters.read(request.GET)
    counts = facets.count(filters)
    rows = filters.rows().annotate(checked_at=cobenefits_queries.checked_at())
    shown = rows.select_related("project", "project__owner")
    page = edges.listed(request, shown, filters.order, size=PER_PAGE, apart=True)
    found = pages_catalogue.told(page.rows)
    query = request.GET.copy()
    query.pop("after", None)
    first = first_quantity(request)
    context: dict[str, Any] = facets.panels(filters, counts) | {
        "filters": filters,
        "total": counts.total,
        "cards": [_card(row, first) for row in found],
        "rows": found,
        "page": page,
        "chips": facets.chips(filters, query, counts),
        "sorts": pages_catalogue.SORTS,
        "views": _views(query, filters),
        "exports": [_export(form, query) for form in files.FORMS],
        "nav_current": "catalogue", "wanted_tonnes": request.session.get(WANTED),
    }
    if filters.view == "map":
        context["circles"] = _circles(filters.rows())
    return context | _hero() if hero else context


def _hero() -> dict[str, Any]:
    shown = CatalogueEntry.objects.filter(shown=True)
    return {"hero": True, "stats": _stats(shown), "points": _circles(shown)}


def _views(query: QueryDict, filters: Filters) -> list[dict[str, Any]]:
    made = []
    for key, label, icon in pages_catalogue.VIEWS:
        other = query.copy()
        other["view"] = key
        made.append({"label": label, "icon": icon, "url": f"?{other.urlencode()}#catalogue",
                     "current": filters.view == key})
    return made


def _card(row: pages_catalogue.Row, first: int) -> dict[str, Any]:
    project, entry = row.project, row.entry
    url = reverse("project", args=[project.name])
    card: dict[str, Any] = {
        "url": url,
        "title": project.title,
        "cover_url": reverse("cover", args=[project.name]),
        "sector": project.get_sector_display(),
        "sector_icon": covers.sector_icon(project.sector),
        "country": entry.country,
        "reductions": _years(entry.vintages),
        "strip": cobenefits_queries.strip(set(entry.criteria)),
        "checked": getattr(entry, "checked_at", None),
    }
    if project.is_demonstration:
        card |= {"tag": "Demonstration", "tag_kind": "plum"}
    if row.on_offer:
        card |= {"price": row.price, "available": row.available, "offer_id": row.offer_id,
                 "basket_url": reverse("offsets:basket_add"), "order_key": uuid4(),
                 "first": min(first, row.available)}
    elif row.price is not None:
        card |= {"price": row.price, "none_free": True}
    return card


def _years(vintages: list[int]) -> str:
    if not vintages:
        return ""
    first, last = vintages[0], vintages[-1]
    return str(first) if first == last else f"{first}–{last}"


def _stats(shown: QuerySet[CatalogueEntry]) -> list[dict[str, Any]]:
    offered = Q(price__isnull=False)
    told = shown.aggregate(
        projects=Count("pk", filter=offered), low=Min("price"), high=Max("price"),
        countries=Count("party_code", filter=offered, distinct=True),
    )
    last = offsets_queries.last_certificate()
    price = "–"
    if told["low"] is not None:
        price = f"US${told['low']}"
        if told["high"] != told["low"]:
            price += f"–{told['high']}"
    return [
        {"label": "Cancelled here for the climate", "value": registry_queries.cancelled_total(),
         "unit": "tCO2e"},
        {"label": "Projects with units on offer", "value": told["projects"],
         "unit": f"in {told['countries']} countries"},
        {"label": "Price per tonne today", "value": price, "unit": ""},
        {"label": "Last certificate issued", "value": _ago(last), "unit": ""},
    ]


def _ago(last: Any) -> str:
    if last is None:
        return "none yet"
    minutes = int((clock.now() - last.issued_at).total_seconds() // 60)
    if minutes < 120:
        return f"{max(minutes, 0)} minutes ago"
    hours = minutes // 60
    return f"{hours} hours ago" if hours < 48 else f"{hours // 24} days ago"


def _circles(rows: QuerySet[Any]) -> list[world.Place]:
    """Entries on the map, those of a neighbourhood as one circle with their number: a link to the
    one project, or to those of the host country where it has all of them.
    """
    cells = rows.filter(latitude__isnull=False).annotate(
        north=Round(F("latitude") / CELL), east=Round(F("longitude") / CELL)
    )
    found = cells.order_by().values("north", "east").annotate(
        count=Count("pk"), latitude_=Avg("latitude"), longitude_=Avg("longitude"),
        title_=Min("title"), name=Min("project__reference"), number=Min("project__number"),
        host=Min("party_code"), other_host=Max("party_code"), country_=Min("country"),
    )
    largest = found.order_by("-count", "north", "east")[:MOST_CIRCLES]
    return world.points(_circle(cell) for cell in largest)


def _circle(cell: dict[str, Any]) -> dict[str, object]:
    place = {"latitude": cell["latitude_"], "longitude": cell["longitude_"], "count": cell["count"]}
    if cell["count"] == 1:
        url = reverse("project", args=[cell["number"] or cell["name"]])
        return place | {"label": cell["title_"], "url": url}
    query = QueryDict(mutable=True)
    query["all"] = "1"
    where = "neighbouring countries"
    if cell["host"] == cell["other_host"]:
        query["host"] = cell["host"]
        where = cell["country_"]
    url = f"{reverse('catalogue')}?{query.urlencode()}#catalogue"
    return place | {"label": f"{cell['count']} projects in {where}", "url": url}


def _export(form: str, query: QueryDict) -> dict[str, str]:
    url = reverse("catalogue_export", args=[form])
    return {"label": form.upper(), "url": f"{url}?{query.urlencode()}"}


@may((Row.PUBLISHED, Right.SEE))
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Exactly the filtered rows, as CSV, JSON or XLSX."""
    if form not in files.FORMS:
        raise Http404
    filters = Filters.read(request.GET)
    entries = filters.rows().select_related("project", "project__owner").order_by(*filters.order)
    return files.answer(form, pages_catalogue.told(entries))
