"""Asking a DOE, and its answer; the DOE's list of cases."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from projects import access
from projects.doe import actions, forms, queries, standing
from projects.doe.models import Engagement
from projects.models import MonitoringPeriod, Project
from projects.participant import stating


@may((Row.OPINION, Right.APPROVE))
def desk_page(request: HttpRequest) -> HttpResponse:
    """What waits for the DOE, and everything it was asked to do."""
    actor = actor_of(request)
    asked = queries.engagements_of(actor.organisation_id)
    return edges.page(request, "doe/desk.html", {
        **edges.waiting(request, queries.queue(actor, clock.now())),
        "page": edges.listed(request, asked, ("-pk",), name="asked_after"),
        "components": edges.listed(
            request, queries.components_of(actor.office), ("-pk",), name="components_after"
        ),
        "actor": actor,
    })


@may((Row.DRAFT, Right.UPDATE))
def offer(request: HttpRequest, reference: str) -> HttpResponse:
    """The participant asks a DOE to validate the project."""
    return _offer(request, access.own_project(actor_of(request), reference), None)


@may((Row.MONITORING, Right.UPDATE))
def offer_period(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The participant asks a DOE to verify a monitoring period."""
    project = access.own_project(actor_of(request), reference)
    return _offer(request, project, access.period(actor_of(request), reference, number))


def _offer(
    request: HttpRequest, project: Project, period: MonitoringPeriod | None
) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    function = standing.function_for(period)
    candidates = standing.candidates(project, function=function, on=at.date(), period=period)
    at_work = standing.engaged(project, period, Engagement.State.ACCEPTED)
    form = forms.OfferForm(
        request.POST or None, candidates=candidates, takes_over=bool(at_work) and period is None
    )
    if form.is_valid() and edges.attempt(
        form, actions.offer_engagement, actor=actor, at=at, project_id=project.pk,
        organisation_id=int(form.cleaned_data["organisation"]),
        period_id=period.pk if period else None, notice=form.cleaned_data.get("notice", ""),
    ) is not None:
        messages.success(request, _("The DOE is asked; its answer will be on your desk."))
        return redirect(request.path)
    return edges.page(request, "doe/offer.html", {
        "form": form, "project": project, "period": period, "function": function,
        "refused": [c for c in candidates if c.obstacles],
        "free": [c for c in candidates if not c.obstacles],
        "asked": standing.engaged(project, period, Engagement.State.OFFERED),
        "at_work": at_work, "closed": standing.why_closed(project, period),
    })


@may((Row.OPINION, Right.APPROVE))
def engagement(request: HttpRequest, pk: int) -> HttpResponse:
    """What the DOE is asked to do; accepting and declining it."""
    actor, at = actor_of(request), clock.now()
    found = queries.engagement(pk, actor.organisation_id)
    said = request.POST.get("answer")
    reason_form = forms.ReasonForm(request.POST if said == "decline" else None)
    accept_form = forms.AcceptForm(request.POST if said == "accept" else None)
    if accept_form.is_valid() and edges.attempt(
        accept_form, actions.accept_engagement, actor=actor, at=at, engagement_id=pk,
        **accept_form.cleaned_data,
    ) is not None:
        messages.success(request, _("The engagement is accepted."))
        return redirect("doe:desk")
    if reason_form.is_valid() and edges.attempt(
        reason_form, actions.decline_engagement, actor=actor, at=at, engagement_id=pk,
        reason=reason_form.cleaned_data["reason"],
    ) is not None:
        messages.success(request, _("The engagement is declined; the participant reads why."))
        return redirect("doe:desk")
    return edges.page(request, "doe/engagement.html", {
        "engagement": found, "project": stating.stated(found.project), "period": found.period,
        "accept_form": accept_form, "reason_form": reason_form,
        "obstacles": standing.why_not_accept(found, at.date()),
    })
