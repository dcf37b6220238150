"""Co-benefits of up to five projects side by side, as a page with an address and as CSV; what this
form asks and what the published tool asks.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse

from cdm_portal.identity.access import actor_or_none, may
from cdm_portal.permissions import Right, Row
from cdm_portal.readonly_admin import csv_answer
from cobenefits import comparison, tool
from cobenefits.views import shown

SEES = (Row.CO_BENEFIT, Right.SEE)


@may(SEES)
def compare(request: HttpRequest) -> HttpResponse:
    """12 criteria by projects: levels, quantities, badges. The address says which projects."""
    names = comparison.picked(request.GET.getlist("project"))
    found = comparison.table(actor_or_none(request), names)
    query = QueryDict(mutable=True)
    query.setlist("project", [project.name for project in found.projects])
    return render(request, "cobenefits/compare.html", {
        "table": found, "most": comparison.MOST, "query": query.urlencode(),
        "reporting": comparison.reporting(), "unknown": found.unknown,
        "csv_url": f"{reverse('cobenefits:compare_csv')}?{query.urlencode()}",
        "nav_current": "catalogue",
    })


@may(SEES)
def compare_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same comparison as CSV, one row for each criterion or indicator of each project."""
    names = comparison.picked(request.GET.getlist("project"))
    found = comparison.table(actor_or_none(request), names)
    return csv_answer("co-benefits", comparison.COLUMNS, comparison.csv_rows(found))


@may(SEES)
def asked(request: HttpRequest) -> HttpResponse:
    """What this form asks and what the published tool asks, question by question."""
    context: dict[str, Any] = {
        "questions": tool.QUESTIONS, "critics": tool.CRITICS, "sections": shown.asked_today(),
    }
    return render(request, "cobenefits/asked.html", context)
