"""The public pages of a programme's components: the list, and one with its papers and history."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cdm_portal.identity.access import actor_or_none, may
from cdm_portal.journal import queries as journal
from cdm_portal.permissions import Right, Row
from cdm_portal.values import Role
from projects import access
from projects import components as programmes
from projects.models import Project
from projects.programmes.models import Component

SHOWN = 50
ACTS = {
    "doe.include_component": "Included",
    "doe.renew_component": "Crediting period renewed",
    "board.exclude_component": "Excluded by the Executive Board",
}


def _programme(request: HttpRequest, reference: str) -> Project:
    case = access.project(actor_or_none(request), reference)
    if not case.is_programme:
        raise Http404
    return case


@may((Row.PUBLISHED, Right.SEE))
def components(request: HttpRequest, reference: str) -> HttpResponse:
    """Every component that a DOE has included, excluded ones too."""
    case = _programme(request, reference)
    page = Paginator(programmes.public(case), SHOWN).get_page(request.GET.get("page"))
    return render(request, "pages/components.html", {
        "project": case, "page": page, "components": page.object_list, "nav_current": "catalogue",
    })


@may((Row.PUBLISHED, Right.SEE))
def component(request: HttpRequest, reference: str, order: int) -> HttpResponse:
    """One component: what it is, how it meets the criteria, the DOE's statements, its history."""
    case = _programme(request, reference)
    found = programmes.public(case).filter(order=order).first()
    if found is None:
        raise Http404
    actor = actor_or_none(request)
    return render(request, "pages/component.html", {
        "project": case, "component": found, "documents": _documents(found),
        "events": _events(found), "nav_current": "catalogue",
        "exclusions": found.exclusions.exclude(decided_at=None),
        "may_exclude": found.is_live and actor is not None and (
            actor.role in {Role.SECRETARIAT, Role.BOARD}
        ),
        "periods": found.covered.select_related("period").order_by("period__number"),
    })


def _documents(found: Component) -> list[dict[str, Any]]:
    filed = found.documents.filter(public=True).select_related("blob", "filed_by")
    return [
        {
            "name": each.title, "url": reverse("document", args=[each.pk]), "dated": each.filed_at,
            "from": each.filed_by.name if each.filed_by else "", "fingerprint": each.blob_id,
            "size": each.blob.size_bytes, "note": each.note,
        }
        for each in filed.defer("blob__data")
    ]


def _events(found: Component) -> list[dict[str, Any]]:
    acts = journal.of_project(found.programme.reference).filter(
        verb__in=ACTS, facts__number=found.number
    )
    return [
        {"at": entry.effective_at, "text": ACTS[entry.verb],
         "who": entry.actor_organisation or entry.actor_name}
        for entry in acts.order_by("-effective_at", "-id")
    ]
