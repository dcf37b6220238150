"""Engaging a DOE: the participant asks, the DOE answers (domain, 2.3 and 2.5)."""

from datetime import datetime

from django.db import transaction

from cdm_portal.identity import queries as people
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.values import Actor, Role
from projects import lifecycle
from projects.doe import entries, locks, standing
from projects.doe.errors import AlreadyEngaged, CaseClosed, NotAccredited
from projects.doe.models import Engagement, Validation
from projects.lifecycle import Stage
from projects.models import MonitoringPeriod, Project

REASON_LIMIT = 2000


def offer_engagement(
    *, actor: Actor, at: datetime, project_id: int, organisation_id: int,
    period_id: int | None = None, notice: str = "",
) -> Engagement:
    """Ask a DOE to validate the project or, with a period, to verify it.

    While a DOE validates and has given no opinion, another may be asked to take the work over, with
    a notice of why, which becomes public (domain, 3.1). Raises NotAccredited with every reason,
    AlreadyEngaged, CaseClosed, Forbidden, NotFound, Invalid without a notice that is needed.
    """
    with transaction.atomic():
        project, period = locks.case(project_id, period_id)
        standing.require_participant(actor, project, at.date())
        _require_open(project, period)
        function = standing.function_for(period)
        doe = people.organisation(organisation_id)
        said = _notice(project, period, notice)
        reasons = standing.obstacles(doe, project, function=function, on=at.date(), period=period)
        if reasons:
            raise NotAccredited.because(doe.name, reasons)
        made = Engagement.objects.create(
            project=project, period=period, organisation=doe, function=function, offered_at=at,
            notice=said,
        )
        _record("doe.offer_engagement", actor, at, made)
    return made


def accept_engagement(
    *, actor: Actor, at: datetime, engagement_id: int, no_conflict: bool
) -> Engagement:
    """The DOE takes the work on, and is named as validator or verifier.

    It declares that it has no conflict of interest with the participants (domain, 4). Asked again
    on this day: accreditation, independence, two sides. Raises Invalid without the declaration,
    NotAccredited, CaseClosed, BothSides, NotFound.
    """
    with transaction.atomic():
        engagement = locks.engagement(engagement_id)
        _require_offered_to(actor, engagement, at)
        if not no_conflict:
            raise Invalid.of(
                "no_conflict", "Declare that there is no conflict of interest, or decline."
            )
        _take_on(actor, at, engagement)
    return engagement


def _require_offered_to(actor: Actor, engagement: Engagement, at: datetime) -> None:
    """Pass if the actor may answer this engagement now. Raises NotFound, BothSides, CaseClosed."""
    if actor.role != Role.DOE or actor.organisation_id != engagement.organisation_id:
        raise NotFound("There is no such engagement.")
    standing.refuse_both_sides(actor, engagement.project, at.date())
    if engagement.state != Engagement.State.OFFERED:
        raise CaseClosed(f"The engagement is {engagement.get_state_display().lower()}.")


def _take_on(actor: Actor, at: datetime, engagement: Engagement) -> None:
    """Accept a locked engagement inside the caller's transaction. Raises NotAccredited."""
    project, period = engagement.project, engagement.period
    _require_open(project, period)
    if reasons := standing.why_not_accept(engagement, at.date()):
        raise NotAccredited.because(engagement.organisation.name, reasons)
    former = _hand_over(at, engagement)
    engagement.accept()
    engagement.decided_at = engagement.no_conflict_at = at
    engagement.save(update_fields=["state", "decided_at", "no_conflict_at"])
    if period is None:
        project.validator = engagement.organisation
        if project.stage == Stage.VALIDATION:
            lifecycle.ask(project, "replace_validation", actor)
            project.replace_validation()
        project.save(update_fields=["validator", "stage"])
    else:
        period.verifier = engagement.organisation
        period.save(update_fields=["verifier"])
    _record("doe.accept_engagement", actor, at, engagement)
    if former is not None:
        _record("doe.replace_validation", actor, at, former)


def _notice(project: Project, period: MonitoringPeriod | None, notice: str) -> str:
    """The notice of a replacement, where one DOE is at work; nothing where none is.

    Raises AlreadyEngaged, Invalid.
    """
    if asked := standing.engaged(project, period, Engagement.State.OFFERED):
        raise AlreadyEngaged(f"{asked.organisation} has been asked and has not answered yet.")
    at_work = standing.engaged(project, period, Engagement.State.ACCEPTED)
    if at_work is None:
        return ""
    if period is not None:
        raise AlreadyEngaged(f"{at_work.organisation} verifies the period.")
    what = f"why another DOE is to take the work over from {at_work.organisation}"
    return entries.words("notice", notice, longest=REASON_LIMIT, what=what)


def _hand_over(at: datetime, engagement: Engagement) -> Engagement | None:
    """End the engagement and the open validation of the DOE whose work is taken over, if any."""
    former = locks.accepted_engagement(engagement.project, engagement.period)
    if former is None:
        return None
    former.end()
    former.decided_at = at
    former.save(update_fields=["state", "decided_at"])
    case = locks.latest_validation(engagement.project)
    if case is not None and case.state == Validation.State.OPEN:
        case.replace()
        case.conclusion, case.decided_at = engagement.notice, at
        case.save(update_fields=["state", "conclusion", "decided_at"])
    return former


def decline_engagement(
    *, actor: Actor, at: datetime, engagement_id: int, reason: str
) -> Engagement:
    """The DOE does not take the work on; the participant may ask another.

    Raises NotFound, BothSides, CaseClosed, Invalid without a reason.
    """
    said = entries.words("reason", reason, longest=REASON_LIMIT, what="the reason")
    with transaction.atomic():
        engagement = locks.engagement(engagement_id)
        _require_offered_to(actor, engagement, at)
        engagement.decline()
        engagement.decided_at, engagement.reason = at, said
        engagement.save(update_fields=["state", "decided_at", "reason"])
        _record("doe.decline_engagement", actor, at, engagement)
    return engagement


def end_engagement(*, actor: Actor, at: datetime, project: Project) -> Engagement | None:
    """The work of the DOE engaged for the validation ends with the case, which is locked already.
    Part of the caller's act, inside its transaction; None where no DOE was engaged.
    """
    engagement = locks.accepted_engagement(project, None)
    if engagement is not None:
        engagement.end()
        engagement.decided_at = at
        engagement.save(update_fields=["state", "decided_at"])
    return engagement


def end_validation(*, actor: Actor, at: datetime, project: Project, conclusion: str) -> None:
    """The project, locked already, ends: with it the work of the DOE that validates, and the
    validation that is open, which comes to no opinion. Part of the caller's act, inside its
    transaction.
    """
    end_engagement(actor=actor, at=at, project=project)
    validation = locks.latest_validation(project)
    if validation is not None and validation.state == Validation.State.OPEN:
        validation.terminate()
        validation.conclusion, validation.decided_at = conclusion, at
        validation.save(update_fields=["state", "conclusion", "decided_at"])
        record(
            "doe.terminate_validation", actor=actor, subject=validation, at=at,
            project=project.reference, facts={"reason": conclusion},
        )


def _require_open(project: Project, period: MonitoringPeriod | None) -> None:
    if reason := standing.why_closed(project, period):
        raise CaseClosed(reason)


def _record(verb: str, actor: Actor, at: datetime, engagement: Engagement) -> None:
    facts = {"doe": engagement.organisation_id, "function": engagement.function}
    if engagement.period is not None:
        facts["period"] = engagement.period.number
    record(
        verb, actor=actor, subject=engagement, at=at,
        project=engagement.project.reference, facts=facts,
    )
