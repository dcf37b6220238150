"""What anybody can read of a design document: its published versions and how they differ."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cdm_portal.identity.access import actor_or_none, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import NotFound
from projects import access
from projects.participant import changes, queries, sheets


@may((Row.PUBLISHED, Right.SEE))
def design_version(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """A published version, with what changed against another published one."""
    case = access.project(actor_or_none(request), reference)
    published = queries.versions(case, public=True)
    version = next((each for each in published if each.number == number), None)
    if version is None:
        raise NotFound("There is no such published version.")
    return render(request, "participant/public_version.html", {
        "project": case, "version": version,
        **changes.shown(version, published, request.GET.get("against", "")),
        "years": sheets.years(version.calculation),
        "steps": sheets.steps(version.calculation["years"][0]["calculation"]),
        "nav_current": "catalogue",
    })
