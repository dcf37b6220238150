"""The historic record for everybody: activities as published, with the units that the ledger has.

The text is the UNFCCC's database, units are the registry's, so the pages are on the roof.
"""

import re
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from cdm_portal import edges
from cdm_portal.identity.access import may
from cdm_portal.permissions import Right, Row
from projects.activities import queries
from projects.activities.models import Activity
from registry import queries as registry_queries
from registry.importing import queries as import_queries
from registry.models import Issuance, Party
from registry.queries import Wanted

PAGE = 50
ROWS = 50
"""Issuances and cancellations that an activity's page shows; the registry's lists have all."""


class ActivityFilter(forms.Form):
    """Which activities of the record."""

    q = forms.CharField(label=_("Title or number"), max_length=100, required=False)
    host = forms.ModelChoiceField(
        label=_("Host Party"), queryset=Party.objects.all(), required=False, empty_label=_("Any")
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("Any")), *Activity.Status.choices], required=False
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("Any")), *Activity.Kind.choices], required=False
    )

    def wanted(self) -> queries.Wanted | None:
        """As the query takes it; None if something cannot be used."""
        if not self.is_bound:
            return queries.Wanted()
        if not self.is_valid():
            return None
        data = self.cleaned_data
        return queries.Wanted(
            data["q"].strip(), data["host"].code if data["host"] else "", data["status"],
            data["kind"],
        )  # fmt: skip


@may((Row.PUBLISHED, Right.SEE))
def activities(request: HttpRequest) -> HttpResponse:
    """The list, filtered, a keyset page at a time."""
    form = ActivityFilter(request.GET or None)
    wanted = form.wanted()
    rows = queries.activities(wanted) if wanted else queries.activities().none()
    after = request.GET.get("after", "")
    total = rows.count()
    behind = int(after) if re.fullmatch("[0-9]{1,9}", after) else 0
    shown = list(rows.filter(sheet_row__gt=behind)[: PAGE + 1])
    context = {
        "form": form, "rows": shown[:PAGE], "total": total, "first": behind == 0,
        "registered": rows.filter(status=Activity.Status.REGISTERED).count(),
        "untitled": queries.untitled(), **_editions(),
        "next": shown[PAGE - 1].sheet_row if len(shown) > PAGE else None,
    }  # fmt: skip
    return edges.page(request, "pages/activities.html", context)


@may((Row.PUBLISHED, Right.SEE))
def activity(request: HttpRequest, reference: str) -> HttpResponse:
    """One activity: what was published about it, and the life of its units."""
    if "\0" in reference:
        raise Http404
    found = queries.activity(reference)
    number = found.number or ""
    units = Wanted(project_number=number)
    context = {
        "activity": found, "facts": _facts(found), "published": _published(found),
        "requests": queries.requests_of(number)[:ROWS], "sites": queries.sites_of(number)[:ROWS],
        "shares": registry_queries.standing_of_project(number) if number else [],
        "issuances": _issuances(units) if number else [],
        "cancellations": registry_queries.cancellations(units)[:ROWS] if number else [],
        **_editions(), "limit": ROWS,
    }  # fmt: skip
    return edges.page(request, "pages/activity.html", context)


def _issuances(units: Wanted) -> list[Issuance]:
    """The newest issuances of a project, each with where it comes from."""
    return list(registry_queries.with_origin(registry_queries.issuances(units))[:ROWS])


def _editions() -> dict[str, Any]:
    """How far the published files reach; they do not print their edition."""
    return {"latest": import_queries.latest(), "decided": queries.latest_decision()}


def _facts(activity: Activity) -> list[dict[str, Any]]:
    return [
        {"term": _("Number"), "value": activity.number or _("none yet"), "mono": True},
        {"term": _("Host Party"), "value": _hosts(activity)},
        {"term": _("Type"), "value": activity.type or _("not stated")},
        {"term": _("Scale"), "value": activity.scale or _("not stated")},
    ]


def _hosts(activity: Activity) -> str:
    names = dict(Party.objects.filter(code__in=activity.hosts).values_list("code", "name"))
    return ", ".join(names.get(code, code) for code in activity.hosts)


def _published(activity: Activity) -> list[dict[str, Any]]:
    """Everything else that was published, with the text as it stood where it was changed."""
    said = [
        (_("Status, as published"), activity.status_text), (_("Progress"), activity.progress_text),
        (_("Methodologies"), ", ".join(activity.methodologies)),
        (_("Methodologies, as published"), activity.methodologies_text),
        (_("Sectoral scopes"), ", ".join(str(scope) for scope in activity.scopes)),
        (_("Subtype"), activity.subtype), (_("DOE of the validation"), activity.doe),
        (_("Identifier"), activity.identifier), (_("Hosts, as published"), activity.hosts_text),
        (_("Crediting period"), activity.crediting_kind),
    ]  # fmt: skip
    return [{"term": term, "value": value} for term, value in said if value]
