"""Surveys of a period: what each comes to, one uploaded, one ended."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Refused
from projects import access
from projects.methodologies import surveys as rule
from projects.methodologies.base import Parameter
from projects.methodologies.listed import UnusableRows
from projects.methodologies.readings import RowProblem
from projects.models import MonitoringPeriod
from projects.participant import actions, monitoring, queries
from projects.participant.forms import SurveyForm
from projects.participant.models import Survey
from projects.participant.surveys import content


@may((Row.MONITORING, Right.UPDATE))
def surveys(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The surveys of a period; upload one."""
    at = clock.now()
    found = queries.period(access.own_project(actor_of(request), reference), number)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SurveyForm(*sent, on=at.date(), asked=_asked(found))
    problems: list[RowProblem] = []
    if form.is_valid() and _upload(request, found, form, problems):
        messages.success(request, "The survey is kept and gives the parameter its value.")
        return redirect("participant:surveys", reference=reference, number=number)
    return edges.page(request, "participant/surveys.html", {
        "project": found.project, "period": found, "form": form, "problems": problems,
        "surveys": _shown(found), "asked": _asked(found), "source": rule.SOURCE,
        "why_not": queries.why_not_report(found, at),
    })


def _upload(
    request: HttpRequest, found: MonitoringPeriod, form: SurveyForm, problems: list[RowProblem]
) -> Survey | None:
    """Try the upload; the errors of an unusable table go into `problems`, row by row."""
    given = form.cleaned_data

    def store() -> Survey:
        try:
            return actions.upload_survey(
                actor=actor_of(request), at=clock.now(), period_id=found.pk,
                symbol=given["symbol"], population=given["population"],
                filename=given["file"].name, data=given["file"].read(),
            )
        except UnusableRows as refusal:
            problems.extend(refusal.problems)
            raise

    return edges.attempt(form, store)


@require_POST
@may((Row.MONITORING, Right.UPDATE))
def end(request: HttpRequest, reference: str, number: int, symbol: str) -> HttpResponse:
    """Take a parameter from readings again."""
    found = queries.period(access.own_project(actor_of(request), reference), number)
    actions.end_survey(
        actor=actor_of(request), at=clock.now(), period_id=found.pk, symbol=symbol
    )
    messages.success(request, "The parameter comes from readings again.")
    return redirect("participant:surveys", reference=reference, number=number)


def _asked(found: MonitoringPeriod) -> tuple[Parameter, ...]:
    try:
        plan = monitoring.plan_of(found)
    except Refused:
        return ()
    return content.surveyable(plan.methodology.monitored(plan.context))


def _shown(found: MonitoringPeriod) -> list[dict[str, Any]]:
    try:
        plan = monitoring.plan_of(found)
    except Refused:
        return []
    return content.shown(content.rows(found, plan.surveyed))
