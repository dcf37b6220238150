"""Stage 6 at the DOE's desk: the workspace, the recalculation's progress, the certification."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor
from projects.doe import actions, forms, queries, screens, workspace
from projects.doe.models import Verification
from projects.doe.views import cases
from projects.models import Finding, MonitoringPeriod


@may((Row.OPINION, Right.APPROVE))
def verification(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The workspace: tasks, the monitoring report, the recalculation, findings."""
    return page(request, cases.own_verification(actor_of(request), reference, number))


def page(
    request: HttpRequest, period: MonitoringPeriod, finding: str = "", **bound: Any
) -> HttpResponse:
    """The workspace of a verification, with the form that came back if there is one."""
    context = screens.verification(
        period, actor_of(request), clock.now(),
        wanted=finding or request.GET.get("finding", ""), shown=request.GET.get("show", "open"),
    )
    current = context["current"]
    inherited = current is not None and current.state == current.State.FORWARDED
    context["form"] = forms.AssessForm(inherited=inherited)
    context["act_form"] = forms.NoForm()
    return edges.page(request, "doe/verification.html", context | bound)


def heir(actor: Actor, finding: Finding) -> MonitoringPeriod | None:
    """The period in which the actor's DOE deals with a finding: its own, or one that inherits."""
    if finding.state == Finding.State.FORWARDED:
        mine = queries.heirs(finding).filter(organisation_id=actor.organisation_id or 0)
        found = mine.select_related("period__project").first()
        if found is not None:
            return found.period
    return finding.period


@may((Row.OPINION, Right.APPROVE))
@require_POST
def publish(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Publish the monitoring report; the recalculation starts."""
    actor = actor_of(request)
    period = cases.own_verification(actor, reference, number)
    form = forms.NoForm(request.POST)
    if edges.attempt(
        form, actions.open_verification, actor=actor, at=clock.now(), period_id=period.pk
    ) is not None:
        messages.success(request, _("The report is public; the recalculation is queued."))
        return redirect("doe:verification", reference=reference, number=number)
    return page(request, period, act_form=form)


@may((Row.OPINION, Right.APPROVE))
@require_POST
def recompute(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Recalculate again, for the latest version of the report."""
    actor = actor_of(request)
    period = cases.own_verification(actor, reference, number)
    form = forms.NoForm(request.POST)
    if edges.attempt(
        form, actions.request_recompute, actor=actor, at=clock.now(), period_id=period.pk
    ) is not None:
        messages.success(request, _("The recalculation is queued."))
        return redirect("doe:verification", reference=reference, number=number)
    return page(request, period, act_form=form)


@may((Row.OPINION, Right.APPROVE))
def progress(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The progress of the recalculation, polled by the workspace."""
    period = cases.own_verification(actor_of(request), reference, number)
    run = queries.last_run(_case(period))
    if run is None:
        raise NotFound("There is no recalculation.")
    context = {"job": workspace.job(run, period), "is_over": run.state not in queries.UNDER_WAY}
    response = render(request, "doe/progress.html", context)
    response["Cache-Control"] = "no-store"
    return response


@may((Row.OPINION, Right.APPROVE))
def certify(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The certification of the amount, or why it cannot be given yet."""
    actor, at = actor_of(request), clock.now()
    period = cases.own_verification(actor, reference, number)
    case = _case(period)
    form = forms.CertifyForm(request.POST or None, ceilings=queries.ceilings(period, case))
    if form.is_valid() and edges.attempt(
        form, actions.certify, actor=actor, at=at, period_id=period.pk,
        tonnes_by_period=form.tonnes, statement=form.cleaned_data["statement"],
    ) is not None:
        messages.success(request, _("The amount is certified; issuance can be requested."))
        return redirect("doe:verification", reference=reference, number=number)
    return edges.page(request, "doe/certify.html", {
        "project": period.project, "period": period, "case": case, "form": form,
        "obstacles": queries.certification_obstacles(period, at.date()),
    })


@may((Row.OPINION, Right.APPROVE))
def negative(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Report that the reductions cannot be verified."""
    actor = actor_of(request)
    period = cases.own_verification(actor, reference, number)
    case = _case(period)
    form = forms.ConclusionForm(request.POST or None)
    if form.is_valid() and edges.attempt(
        form, actions.conclude_negative, actor=actor, at=clock.now(), period_id=period.pk,
        conclusion=form.cleaned_data["conclusion"],
    ) is not None:
        messages.success(request, _("The report is public; nothing is issued for this period."))
        return redirect("doe:verification", reference=reference, number=number)
    context = {"project": period.project, "period": period, "case": case, "form": form}
    return edges.page(request, "doe/negative.html", context)


def _case(period: MonitoringPeriod) -> Verification:
    case = queries.verification_of(period)
    if case is None:
        raise NotFound("The period is not at verification.")
    return case
