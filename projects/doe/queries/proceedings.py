"""Proceedings about accreditations: who may read which, what waits, what stands in the way."""

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from cdm_portal import formats
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from projects.doe.models import Accreditation, Proceeding

READERS = {Role.SECRETARIAT, Role.BOARD, Role.AUDITOR}


def proceedings(actor: Actor | None) -> QuerySet[Proceeding]:
    """What an actor may know of, newest first: all who decide, a DOE its own, anyone the decided.

    Decisions are public with their reasons (domain, 3.8).
    """
    found: QuerySet[Proceeding] = Proceeding.objects.select_related(
        "organisation", "project", "prepared_by", "decided_by"
    )
    if actor is not None and actor.role in READERS:
        return found
    public = Q(decided_at__isnull=False)
    if actor is not None and actor.role == Role.DOE:
        return found.filter(public | Q(organisation_id=actor.office))
    return found.filter(public)


def proceeding(actor: Actor | None, pk: int) -> Proceeding:
    """One proceeding. Raises NotFound for what the actor may not know of."""
    found = proceedings(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such proceeding.")
    return found


def why_no_answer(found: Proceeding, at: datetime) -> str:
    """Why the entity cannot answer now; empty while the hearing runs."""
    if found.state != Proceeding.State.HEARING:
        return f"There is no hearing: {found.get_state_display().lower()}."
    if found.hearing_ends(at):
        return f"The time to answer ended on {_last_moment(found)}."
    return ""


def decision_obstacles(found: Proceeding, at: datetime) -> list[str]:
    """Why nobody can decide now, in words; empty when a member of the Board can."""
    if found.is_decided:
        return [f"This is decided: {found.get_state_display().lower()}."]
    if found.state == Proceeding.State.ASKED:
        return ["The secretariat has not prepared it."]
    if not found.hearing_ends(at):
        return [f"{found.organisation.name} may answer until {_last_moment(found)}."]
    return []


def _last_moment(found: Proceeding) -> str:
    return f"{formats.day(found.answer_last_day)}, 24:00 UTC" if found.answer_last_day else ""


def next_first_day(organisation_id: int, scope: int, function: str, on: date) -> date:
    """When a new term could begin: on that day, or after the end of the one that runs then."""
    ends = [
        row.valid_to
        for row in Accreditation.objects.filter(
            organisation_id=organisation_id, scope=scope, function=function,
            state__in=[Accreditation.State.ACTIVE, Accreditation.State.SUSPENDED],
        )
        if row.valid_to is not None and row.valid_to >= on
    ]
    return max(ends) + timedelta(days=1) if ends else on
