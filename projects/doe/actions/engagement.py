"""Engaging a DOE: the participant asks, the DOE answers (domain, 2.3 and 2.5)."""

from datetime import datetime

from django.db import transaction

from cdm_portal.identity import queries as people
from cdm_portal.journal.record import record
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from projects.doe import entries, locks, standing
from projects.doe.errors import AlreadyEngaged, CaseClosed, NotAccredited
from projects.doe.models import Engagement
from projects.lifecycle import Stage
from projects.models import MonitoringPeriod, Project

REASON_LIMIT = 2000


def offer_engagement(
    *, actor: Actor, at: datetime, project_id: int, organisation_id: int,
    period_id: int | None = None,
) -> Engagement:
    """Ask a DOE to validate the project or, with a period, to verify it.

    Raises NotAccredited with every reason, AlreadyEngaged, CaseClosed, Forbidden, NotFound.
    """
    with transaction.atomic():
        project, period = locks.case(project_id, period_id)
        standing.require_participant(actor, project, at.date())
        _require_stage(project, period)
        function = standing.function_for(period)
        doe = people.organisation(organisation_id)
        if live := standing.live_engagement(project, period, function):
            raise AlreadyEngaged(f"{live.organisation} has been asked: {live.get_state_display()}.")
        reasons = standing.obstacles(doe, project, function=function, on=at.date(), period=period)
        if reasons:
            raise NotAccredited.because(doe.name, reasons)
        made = Engagement.objects.create(
            project=project, period=period, organisation=doe, function=function, offered_at=at
        )
        _record("doe.offer_engagement", actor, at, made)
    return made


def accept_engagement(*, actor: Actor, at: datetime, engagement_id: int) -> Engagement:
    """The DOE takes the work on, and is named as validator or verifier.

    Asked again on this day: accreditation, independence, two sides. Raises NotAccredited,
    CaseClosed, BothSides, NotFound.
    """
    with transaction.atomic():
        engagement = locks.engagement(engagement_id)
        require_offered_to(actor, engagement, at)
        take_on(actor, at, engagement)
    return engagement


def require_offered_to(actor: Actor, engagement: Engagement, at: datetime) -> None:
    """Pass if the actor may answer this engagement now. Raises NotFound, BothSides, CaseClosed."""
    if actor.role != Role.DOE or actor.organisation_id != engagement.organisation_id:
        raise NotFound("There is no such engagement.")
    standing.refuse_both_sides(actor, engagement.project, at.date())
    if engagement.state != Engagement.State.OFFERED:
        raise CaseClosed(f"The engagement is {engagement.get_state_display().lower()}.")


def take_on(actor: Actor, at: datetime, engagement: Engagement) -> None:
    """Accept a locked engagement inside the caller's transaction. Raises NotAccredited."""
    project, period = engagement.project, engagement.period
    _require_stage(project, period)
    reasons = standing.obstacles(
        engagement.organisation, project, function=engagement.function, on=at.date(), period=period
    )
    if reasons:
        raise NotAccredited.because(engagement.organisation.name, reasons)
    engagement.accept()
    engagement.decided_at = at
    engagement.save(update_fields=["state", "decided_at"])
    if period is None:
        project.validator = engagement.organisation
        project.save(update_fields=["validator"])
    else:
        period.verifier = engagement.organisation
        period.save(update_fields=["verifier"])
    _record("doe.accept_engagement", actor, at, engagement)


def decline_engagement(
    *, actor: Actor, at: datetime, engagement_id: int, reason: str
) -> Engagement:
    """The DOE does not take the work on; the participant may ask another.

    Raises NotFound, BothSides, CaseClosed, Invalid without a reason.
    """
    said = entries.words("reason", reason, longest=REASON_LIMIT, what="the reason")
    with transaction.atomic():
        engagement = locks.engagement(engagement_id)
        require_offered_to(actor, engagement, at)
        engagement.decline()
        engagement.decided_at, engagement.reason = at, said
        engagement.save(update_fields=["state", "decided_at", "reason"])
        _record("doe.decline_engagement", actor, at, engagement)
    return engagement


def _require_stage(project: Project, period: MonitoringPeriod | None) -> None:
    if period is None:
        if project.stage == Stage.DESIGN:
            raise CaseClosed("Submit the design document first: it decides the sectoral scope.")
        if project.stage != Stage.NATIONAL_APPROVAL:
            raise CaseClosed("A DOE is engaged before validation begins; that time is over.")
    elif period.stage not in {Stage.MONITORING, Stage.VERIFICATION}:
        raise CaseClosed("The monitoring period has been verified.")


def _record(verb: str, actor: Actor, at: datetime, engagement: Engagement) -> None:
    facts = {"doe": engagement.organisation_id, "function": engagement.function}
    if engagement.period is not None:
        facts["period"] = engagement.period.number
    record(
        verb, actor=actor, subject=engagement, at=at,
        project=engagement.project.reference, facts=facts,
    )
