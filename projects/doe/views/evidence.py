"""The DOE at its sample, and at checks that are not met."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import NotFound
from projects.doe import actions, audited, evidence_forms, queries
from projects.doe.models import Verification, VerificationRun
from projects.doe.views import cases
from projects.models import MonitoringPeriod


@may((Row.OPINION, Right.APPROVE))
def sample(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The sampled records, each to be ticked as checked or told how it differs."""
    actor = actor_of(request)
    period = cases.own_verification(actor, reference, number)
    case, run = _done(period)
    said = queries.said(case, run)
    form = evidence_forms.SampleForm(_sent(request), rows=audited.sample_rows(run, said))
    if form.is_valid() and edges.attempt(
        form, actions.check_records, actor=actor, at=clock.now(), period_id=period.pk,
        notes=form.notes,
    ) is not None:
        messages.success(request, _("Recorded. It stands in the verification report."))
        return redirect("doe:sample", reference=reference, number=number)
    return edges.page(request, "doe/sample.html", _context(period, case, form) | {
        "sampled": audited.counts(run, said),
    })


@may((Row.OPINION, Right.APPROVE))
def explain(request: HttpRequest, reference: str, number: int, code: str) -> HttpResponse:
    """Say why a check that is not met does not stand in the way of a certification."""
    actor = actor_of(request)
    period = cases.own_verification(actor, reference, number)
    case, run = _done(period)
    rows = audited.checks(period, run, queries.said(case, run), is_open=queries.is_open(case))
    found = next((each for each in rows if each["code"] == code), None)
    if found is None:
        raise NotFound("There is no such check.")
    form = evidence_forms.ExplainForm(
        _sent(request), initial={"text": found["word"].text if found["word"] else ""}
    )
    if form.is_valid() and edges.attempt(
        form, actions.explain_check, actor=actor, at=clock.now(), period_id=period.pk, code=code,
        text=form.cleaned_data["text"],
    ) is not None:
        messages.success(request, _("Recorded. It stands in the verification report."))
        return redirect("doe:verification", reference=reference, number=number)
    return edges.page(request, "doe/explain.html", _context(period, case, form) | {"found": found})


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, even if nothing was ticked."""
    return request.POST if request.method == "POST" else None


def _context(period: MonitoringPeriod, case: Verification, form: Any) -> dict[str, Any]:
    return {
        "project": period.project, "period": period, "is_open": queries.is_open(case),
        "form": form,
    }


def _done(period: MonitoringPeriod) -> tuple[Verification, VerificationRun]:
    """The verification and its last recomputation. Raises NotFound before it is done."""
    case = queries.verification_of(period)
    run = queries.last_run(case) if case else None
    if case is None or run is None or "checks" not in run.result:
        raise NotFound("The independent recalculation is not done yet.")
    return case, run
