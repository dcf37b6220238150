"""The public record of cancellations: the list, its files, and what an organisation cancelled."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cdm_portal import edges, keyset
from offsets.register import facets, files, organisations, shown
from offsets.register.filters import NEWEST, SORTS, Filters


@require_safe
def cancellations(request: HttpRequest) -> HttpResponse:
    """Every cancellation there is, filtered and sorted; names only where their owners chose so."""
    filters = Filters.read(request.GET)
    counts = facets.count(filters)
    page = edges.listed(request, filters.rows(), filters.order)
    query = request.GET.copy()
    query.pop("after", None)
    context: dict[str, Any] = facets.panels(filters, counts) | {
        "filters": filters, "counts": counts, "page": page, "rows": shown.told(page.rows),
        "chips": facets.chips(filters, query, counts),
        "sorts": [(key, words) for key, (words, _order) in SORTS.items()],
        "exports": [_export(form, query.urlencode()) for form in files.FORMS],
    }
    return render(request, "offsets/cancellations.html", context)


def _export(form: str, query: str) -> dict[str, str]:
    url = reverse("offsets:cancellations_export", args=[form])
    return {"label": form.upper(), "url": f"{url}?{query}"}


@require_safe
def cancellations_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Exactly the filtered rows, as CSV, JSON or XLSX."""
    if form not in files.FORMS:
        raise Http404
    filters = Filters.read(request.GET)
    rows = filters.rows().order_by(*filters.order).iterator(chunk_size=shown.CHUNK)
    return files.answer(form, shown.in_turn(rows))


@require_safe
def organisations_named(request: HttpRequest) -> HttpResponse:
    """The organisations in whose public name units were cancelled, the most tonnes first."""
    page = edges.listed(request, organisations.listed(), organisations.LARGEST)
    return render(request, "offsets/organisations.html", {"page": page})


@require_safe
def organisation(request: HttpRequest, key: str) -> HttpResponse:
    """What was cancelled in the name of an organisation, as buyers gave it."""
    found = organisations.find(key)
    rows = Filters(organisation=key).rows()
    page = edges.listed(request, rows, NEWEST, size=keyset.SHORT)
    return render(request, "offsets/organisation.html", {
        "found": found, "page": page, "rows": shown.told(page.rows),
        "drawn": organisations.chart(found.years),
    })
