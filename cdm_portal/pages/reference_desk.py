"""The pages on which two persons enter reference data."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.models import TwoPersons
from cdm_portal.pages.reference import factor_row
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import NotFound
from cdm_portal.rulebook import deciding
from cdm_portal.rulebook.forms import DecisionForm
from cdm_portal.values import Actor, Role
from projects.methodologies import catalogue, validity
from projects.reference import actions, forms, queries
from projects.reference.models import GridFactor, VersionDates
from projects.reference.queries import Listed

READS = (
    (Row.PARAMETERS, Right.READ_ALL), (Row.PARAMETERS, Right.UPDATE),
    (Row.PARAMETERS, Right.APPROVE),
)
TAKEN_OVER = (
    "party_code", "grid", "technologies", "om", "bm", "cm", "w_om", "tool_version", "source",
    "address",
)
"""What a factor that replaces another begins with."""


@may(*READS)
def entries(request: HttpRequest) -> HttpResponse:
    """Every entry, the newest first, and the versions whose days could be changed."""
    factors = GridFactor.objects.order_by("-pk")
    calculables = (*catalogue.methodologies(), *catalogue.tools())
    return edges.page(request, "reference/entries.html", {
        "page": Paginator(factors, 50).get_page(request.GET.get("page")),
        "dates": VersionDates.objects.order_by("-pk")[:50],
        "may_propose": actor_of(request).role == Role.SECRETARIAT,
        "versions": [(each.code, validity.versions(each)[::-1]) for each in calculables],
    })


@may((Row.PARAMETERS, Right.UPDATE))
def factor_new(request: HttpRequest) -> HttpResponse:
    """Propose a factor; with `replaces`, one that takes the place of another."""
    actor, at = actor_of(request), clock.now()
    replaced = _replaced(request)
    form = forms.FactorForm(
        request.POST if request.method == "POST" else None, parties=queries.party_names(),
        initial=_begun(replaced),
    )
    if form.is_bound and form.is_valid():
        made = edges.attempt(
            form, actions.propose_factor, actor=actor, at=at, stated=form.stated(),
            replaces_id=replaced.pk if replaced else None,
        )
        if made is not None:
            return _proposed(request, made)
    context = {"form": form, "replaced": replaced}
    return edges.page(request, "reference/factor_new.html", context)


@may((Row.PARAMETERS, Right.UPDATE))
def version_dates_new(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Propose other days for a version."""
    actor, at = actor_of(request), clock.now()
    queries.built(code, version)
    now = validity.version(catalogue.get(code), version)
    form = forms.DatesForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(now, name) for name in ("valid_from", "valid_to", "grace_to")},
    )
    if form.is_bound and form.is_valid():
        made = edges.attempt(
            form, actions.propose_dates, actor=actor, at=at, code=code, version=version,
            **form.cleaned_data,
        )
        if made is not None:
            return _proposed(request, made)
    context = {"form": form, "about": catalogue.get(code), "now": now}
    return edges.page(request, "reference/dates_new.html", context)


@may(
    (Row.PARAMETERS, Right.READ_ALL),
    post=[(Row.PARAMETERS, Right.UPDATE), (Row.PARAMETERS, Right.APPROVE)],
)
def entry(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One entry: approve it as a second person, or reject it."""
    actor, found = actor_of(request), queries.entry(kind, pk)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        made = _decide(form, actor, kind, pk)
        if made is not None:
            messages.success(request, _("The entry is %s.") % made.get_state_display().lower())
            return redirect("reference_entry", kind=kind, pk=pk)
    return edges.page(request, "reference/entry.html", {
        "form": form, "entry": found, **_shown(found),
        "why_not": deciding.same_person(found, actor.person_id, "entry"),
        "may_decide": actor.role in deciding.DECIDERS
        and found.state == TwoPersons.State.PROPOSED,
        "may_replace": actor.role == Role.SECRETARIAT and isinstance(found, GridFactor)
        and found.state == TwoPersons.State.APPROVED,
    })  # fmt: skip


def _proposed(request: HttpRequest, made: TwoPersons) -> HttpResponse:
    messages.success(request, _("The entry is proposed; another person approves it."))
    return redirect("reference_entry", kind=queries.kind_of(made), pk=made.pk)


def _decide(form: DecisionForm, actor: Actor, kind: str, pk: int) -> Any:
    at, data = clock.now(), form.cleaned_data
    if data["decision"] == "approve":
        return edges.attempt(form, actions.approve, actor=actor, at=at, kind=kind, pk=pk)
    return edges.attempt(
        form, actions.reject, actor=actor, at=at, kind=kind, pk=pk, reason=data["reason"]
    )


def _replaced(request: HttpRequest) -> GridFactor | None:
    """The factor that the address names as replaced. Raises NotFound."""
    asked = request.GET.get("replaces", "")
    if not asked:
        return None
    number = int(asked) if asked.isdecimal() and len(asked) < 18 else 0
    found = queries.by_number({number}).get(number)
    if found is None:
        raise NotFound("There is no such grid factor.")
    return found.factor


def _begun(replaced: GridFactor | None) -> dict[str, Any]:
    if replaced is None:
        return {}
    begun = {name: getattr(replaced, name) for name in TAKEN_OVER}
    return {
        name: value.normalize() if hasattr(value, "normalize") else value
        for name, value in begun.items()
    }


def _shown(found: GridFactor | VersionDates) -> dict[str, Any]:
    if isinstance(found, GridFactor):
        return factor_row(Listed(found, found.valid_to), queries.party_names())
    calculable = catalogue.get(found.code)
    return {"about": calculable, "now": validity.version(calculable, found.version)}
