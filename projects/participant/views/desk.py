"""The participant's projects: the list, a new one, the overview of one, withdrawing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cdm_portal import clock, edges, keyset
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from projects import access, lifecycle
from projects import queries as landing
from projects.models import Project
from projects.participant import actions, overview, queries, stating
from projects.participant.forms import StartForm, WithdrawForm


@may((Row.DRAFT, Right.CREATE))
def projects(request: HttpRequest) -> HttpResponse:
    """All projects of the acting organisation with their stage."""
    own = queries.projects_of(actor_of(request))
    page = edges.listed(request, own, ("-pk",))
    last = landing.latest_periods(page)
    rows = [
        {"project": each, "stage": landing.current_stage(each, last.get(each.pk))}
        for each in page
    ]
    return render(request, "participant/projects.html", {"rows": rows, "page": page})


@may((Row.DRAFT, Right.CREATE))
def new(request: HttpRequest) -> HttpResponse:
    """Start a design document. Under the demonstration it runs under demonstration rules."""
    demonstration = clock.is_demonstration()
    rules = Project.Rules.DEMONSTRATION if demonstration else Project.Rules.HISTORIC
    form = StartForm(request.POST or None)
    if form.is_valid() and (
        made := edges.attempt(
            form, actions.start_design, actor=actor_of(request), at=clock.now(), rules=rules,
            title=form.cleaned_data["title"], party_code=form.cleaned_data["party_code"],
            kind=form.cleaned_data["kind"] or Project.Kind.ACTIVITY,
        )
    ):
        return redirect("participant:design", reference=made.reference)
    return edges.page(request, "participant/new.html", {"form": form, "rules": rules.label})


@may((Row.DRAFT, Right.UPDATE))
def project(request: HttpRequest, reference: str) -> HttpResponse:
    """Where a project stands, what its participant can do next, and why not yet."""
    case = access.own_project(actor_of(request), reference)
    return render(request, "participant/project.html", _overview(request, case))


@may((Row.DRAFT, Right.UPDATE))
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """End the project before registration, with a reason."""
    actor = actor_of(request)
    case = access.own_project(actor, reference)
    form = WithdrawForm(request.POST or None)
    if form.is_valid() and edges.attempt(
        form, actions.withdraw, actor=actor, at=clock.now(), project_id=case.pk,
        reason=form.cleaned_data["reason"],
    ) is not None:
        messages.success(request, "The project is withdrawn.")
        return redirect("participant:project", reference=case.name)
    blocked = lifecycle.why_not(case, "withdraw", actor)
    context = {"project": case, "form": form, "why_not": " ".join(blocked)}
    return edges.page(request, "participant/withdraw.html", context)


def _overview(request: HttpRequest, case: Project) -> dict[str, Any]:
    at, case = clock.now(), stating.stated(case)
    latest = landing.latest_period(case)
    stage = landing.current_stage(case, latest)
    return {
        "project": case,
        "stage": stage,
        "steps": landing.stage_track(case, latest),
        "loop": landing.loop_note(latest),
        "end_note": landing.end_note(case),
        "stage_number": lifecycle.EIGHT.index(stage) + 1 if stage in lifecycle.EIGHT else 0,
        "acts": overview.acts(case, at),
        "versions": case.design_versions.order_by("-number").select_related("document"),
        "periods": edges.listed(
            request, overview.periods(case), ("-number",), name="periods_after",
            size=keyset.SHORT,
        ),
        "participations": case.participations.select_related("organisation"),
        "documents": overview.documents(case),
        "history": overview.history(case),
        "way_out": overview.way_out(case),
        "facts": overview.facts(case),
    }
