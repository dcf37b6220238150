"""Home: the counters from the ledger, the map, and the catalogue with its exports."""

import csv
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse

from cdm_portal import clock
from cdm_portal.drawing import covers, world
from cdm_portal.identity.access import may
from cdm_portal.pages import catalogue as pages_catalogue
from cdm_portal.pages import facets
from cdm_portal.pages.catalogue import Entry, Filters
from cdm_portal.permissions import Right, Row
from cobenefits import queries as cobenefits_queries
from offsets import queries as offsets_queries
from registry import queries as registry_queries

PER_PAGE = 12


@may((Row.PUBLISHED, Right.SEE))
def home(request: HttpRequest) -> HttpResponse:
    """The front page: hero, counters, catalogue."""
    return render(request, "pages/home.html", _context(request, hero=True))


@may((Row.PUBLISHED, Right.SEE))
def catalogue(request: HttpRequest) -> HttpResponse:
    """The catalogue alone."""
    return render(request, "pages/home.html", _context(request, hero=False))


def _context(request: HttpRequest, *, hero: bool) -> dict[str, Any]:
    found = pages_catalogue.entries()
    filters = Filters.read(request.GET)
    rows = filters.order(filters.keep(found))
    shown = _shown(request)
    query = request.GET.copy()
    query.pop("show", None)
    context: dict[str, Any] = facets.panels(filters, found) | {
        "filters": filters,
        "total": len(rows),
        "rows": [_card(entry) for entry in rows[:shown]],
        "entries": rows[:shown],
        "shown": min(shown, len(rows)),
        "more": shown + PER_PAGE if len(rows) > shown else 0,
        "chips": facets.chips(filters, query, found),
        "sorts": pages_catalogue.SORTS,
        "views": _views(request, filters),
        "exports": [_export(form, query) for form in ("csv", "json")],
        "nav_current": "catalogue",
    }
    if hero:
        context |= {"hero": True, "stats": _stats(found), "points": _points(found)}
    return context


def _shown(request: HttpRequest) -> int:
    text = request.GET.get("show", "")
    return min(int(text), 1200) if text.isdecimal() and text.isascii() else PER_PAGE


def _views(request: HttpRequest, filters: Filters) -> list[dict[str, Any]]:
    made = []
    for key, label, icon in pages_catalogue.VIEWS:
        query = request.GET.copy()
        query["view"] = key
        made.append({"label": label, "icon": icon, "url": f"?{query.urlencode()}#catalogue",
                     "current": filters.view == key})
    return made


def _card(entry: Entry) -> dict[str, Any]:
    project = entry.project
    url = reverse("project", args=[project.name])
    card: dict[str, Any] = {
        "url": url,
        "title": project.title,
        "cover_url": reverse("cover", args=[project.name]),
        "sector": project.get_sector_display(),
        "sector_icon": covers.sector_icon(project.sector),
        "country": entry.country,
        "reductions": _years(entry.years),
        "strip": cobenefits_queries.strip(set(entry.criteria)),
    }
    if project.is_demonstration:
        card |= {"tag": "Demonstration", "tag_kind": "plum"}
    if entry.on_offer:
        card |= {"price": entry.price, "available": entry.available, "add_url": f"{url}#buy",
                 "add_label": "Choose"}
    return card


def _years(years: tuple[int, int] | None) -> str:
    if years is None:
        return ""
    first, last = years
    return str(first) if first == last else f"{first}–{last}"


def _stats(found: list[Entry]) -> list[dict[str, Any]]:
    offered = [entry for entry in found if entry.on_offer]
    prices = sorted(entry.price for entry in offered if entry.price is not None)
    last = offsets_queries.last_certificate()
    countries = len({entry.country for entry in offered})
    price = "–"
    if prices:
        price = f"US${prices[0]}" if prices[0] == prices[-1] else f"US${prices[0]}–{prices[-1]}"
    return [
        {"label": "Cancelled here for the climate", "value": registry_queries.cancelled_total(),
         "unit": "tCO2e"},
        {"label": "Projects with units available", "value": len(offered),
         "unit": f"in {countries} countries"},
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


def _points(found: list[Entry]) -> list[world.Place]:
    return world.points(
        [
            {"latitude": e.project.latitude, "longitude": e.project.longitude,
             "label": e.project.title, "url": reverse("project", args=[e.project.name]),
             "count": 1}
            for e in found
            if e.project.latitude is not None
        ]
    )


def _export(form: str, query: QueryDict) -> dict[str, str]:
    url = reverse("catalogue_export", args=[form])
    return {"label": form.upper(), "url": f"{url}?{query.urlencode()}"}


FIELDS = ("number", "title", "type", "host", "stage", "rules", "price_usd", "available_tonnes",
          "co_benefits", "reductions_from", "reductions_to")


def _row(entry: Entry) -> dict[str, str]:
    project = entry.project
    return {
        "number": project.name,
        "title": project.title,
        "type": project.get_sector_display(),
        "host": project.party_code,
        "stage": project.get_stage_display(),
        "rules": project.rules,
        "price_usd": str(entry.price) if entry.on_offer else "",
        "available_tonnes": str(entry.available) if entry.on_offer else "",
        "co_benefits": " ".join(sorted(entry.criteria)),
        "reductions_from": str(entry.years[0]) if entry.years else "",
        "reductions_to": str(entry.years[1]) if entry.years else "",
    }


@may((Row.PUBLISHED, Right.SEE))
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Exactly the filtered rows, as CSV or JSON."""
    filters = Filters.read(request.GET)
    rows = [_row(e) for e in filters.order(filters.keep(pages_catalogue.entries()))]
    if form == "json":
        return JsonResponse({"data": rows})
    if form != "csv":
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="projects.csv"'
    writer = csv.DictWriter(response, FIELDS)
    writer.writeheader()
    writer.writerows({k: _inert(v) for k, v in row.items()} for row in rows)
    return response


def _inert(text: str) -> str:
    """A cell that a spreadsheet will not run as a formula (reliability, U6)."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
