"""Withdrawal through the DOE, deregistration, and another attempt after a rejection (domain, 3.1).

That the participants may revise a rejected project, and that issued CERs stay valid after
deregistration, is unverified, from general knowledge of the published procedure.
"""

from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record as journal
from cdm_portal.refusals import Forbidden, NotFound
from cdm_portal.values import Actor, Role
from projects import access, lifecycle
from projects import locks as landing
from projects.board import locks, standing
from projects.board.actions.windows import lapse
from projects.board.errors import AlreadyRequested, TakesSides
from projects.board.models import Deregistration, Withdrawal
from projects.board.queries import ends
from projects.doe import actions as auditors
from projects.doe import standing as doe_standing
from projects.lifecycle import NotNow
from projects.models import Project

WITHDRAWN = "The project is withdrawn."


def ask_withdrawal(*, actor: Actor, at: datetime, project_id: int, reason: str) -> Withdrawal:
    """Ask the DOE to withdraw a project whose design document is published.

    Raises NotFound, NotNow before the publication, after an end, and while the Board is at its
    final decision, AlreadyRequested, Invalid without a reason.
    """
    with transaction.atomic():
        project = _spoken_for(actor, project_id)
        if why := ends.why_no_withdrawal(project):
            raise NotNow(why)
        if locks.withdrawal(project) is not None:
            raise AlreadyRequested("The DOE has been asked and has not filed the withdrawal yet.")
        made: Withdrawal = Withdrawal.objects.create(
            project=project, reason=standing.words("reason", reason), asked_by=actor.name,
            asked_at=at,
        )
        _record("board.ask_withdrawal", actor, at, made)
    return made


def take_back_withdrawal(*, actor: Actor, at: datetime, project_id: int) -> Withdrawal:
    """The participants want to go on. Raises NotFound, NotNow when nothing is asked."""
    with transaction.atomic():
        project = _spoken_for(actor, project_id)
        found = locks.withdrawal(project)
        if found is None:
            raise NotNow("No withdrawal is asked for.")
        found.take_back()
        found.decided_at = at
        found.save(update_fields=["state", "decided_at"])
        _record("board.take_back_withdrawal", actor, at, found)
    return found


def file_withdrawal(
    *, actor: Actor, at: datetime, project_id: int, statement: str
) -> Withdrawal:
    """The DOE files the withdrawal that the participants asked for: the project ends, and with it
    the validation or the request for registration under way. Reason and statement are public.

    Raises NotFound, Forbidden for another DOE, BothSides, NotNow where nothing is asked and while
    the Board is at its final decision, Invalid without a statement.
    """
    with transaction.atomic():
        project = landing.project(project_id)
        doe_id = doe_standing.require_doe(actor, project, project.validator_id, at.date())
        said = standing.words("statement", statement)
        if why := ends.why_no_withdrawal(project):
            raise NotNow(why)
        lifecycle.ask(project, "withdraw_published", actor)
        auditors.end_validation(actor=actor, at=at, project=project, conclusion=WITHDRAWN)
        for request in locks.live_requests(project):
            lapse(actor=actor, at=at, request=request, reason=WITHDRAWN)
        found = locks.withdrawal(project)
        if found is None:
            raise NotNow("The participants have not asked for the withdrawal.")
        found.file()
        found.statement, found.filed_by_id, found.decided_at = said, doe_id, at
        found.save(update_fields=["state", "statement", "filed_by", "decided_at"])
        project.withdraw_published()
        project.ended_at = at
        project.save(update_fields=["stage", "ended_at"])
        _record("board.file_withdrawal", actor, at, found)
    return found


def ask_deregistration(
    *, actor: Actor, at: datetime, project_id: int, reason: str
) -> Deregistration:
    """Ask the Board to deregister a registered project; the request is public.

    Raises NotFound, NotNow unless it is registered, AlreadyRequested, Invalid without a reason.
    """
    with transaction.atomic():
        project = _spoken_for(actor, project_id)
        if why := ends.why_no_deregistration(project):
            raise NotNow(why)
        if locks.deregistration(project) is not None:
            raise AlreadyRequested("The Board has been asked and has not decided yet.")
        made: Deregistration = Deregistration.objects.create(
            project=project, reason=standing.words("reason", reason), asked_by=actor.name,
            asked_at=at,
        )
        _record("board.ask_deregistration", actor, at, made)
    return made


def decide_deregistration(
    *, actor: Actor, at: datetime, project_id: int, grant: bool, reasons: str
) -> Deregistration:
    """A member of the Board decides, with public reasons. A deregistered project has no further
    issuance: what is under way ends; CERs already issued stay valid.

    Raises Forbidden, TakesSides, NotFound, NotNow when nothing is asked, Invalid without reasons.
    """
    if actor.role != Role.BOARD or actor.person_id is None:
        raise Forbidden("A member of the Executive Board decides on a deregistration.")
    with transaction.atomic():
        project = landing.project(project_id)
        if ends.takes_sides(actor, project):
            raise TakesSides("You have a part in this project, so another member must decide.")
        said = standing.words("reasons", reasons)
        if grant:
            for request in locks.live_requests(project):
                lapse(actor=actor, at=at, request=request, reason="The project is deregistered.")
        found = locks.deregistration(project)
        if found is None:
            raise NotNow("Nobody has asked for the deregistration.")
        if grant:
            lifecycle.ask(project, "deregister", actor)
            found.grant()
        else:
            found.refuse()
        found.decision, found.decided_by_id, found.decided_at = said, actor.person_id, at
        found.save(update_fields=["state", "decision", "decided_by", "decided_at"])
        if grant:
            project.deregister()
            project.ended_at = at
            project.save(update_fields=["stage", "ended_at"])
        _record("board.decide_deregistration", actor, at, found)
    return found


def take_up_again(*, actor: Actor, at: datetime, project_id: int) -> Project:
    """Go back from a rejection to the design: the next version begins a new attempt.

    Validation, request and ruling of the old one stay as they are, and public; letters of approval
    stay in force, since only their DNAs withdraw them. Raises NotFound, NotNow unless rejected.
    """
    with transaction.atomic():
        project = _spoken_for(actor, project_id)
        lifecycle.ask(project, "take_up_again", actor)
        auditors.end_engagement(actor=actor, at=at, project=project)
        project.take_up_again()
        project.design_submitted_at = project.validator = project.opinion_at = None
        project.registration_requested_at = project.ended_at = None
        project.opinion = project.decision = ""
        project.save(update_fields=[
            "stage", "design_submitted_at", "validator", "opinion", "opinion_at",
            "registration_requested_at", "decision", "ended_at",
        ])
        journal(
            "board.take_up_again", actor=actor, subject=project, at=at, project=project.reference
        )
    return project


def _spoken_for(actor: Actor, project_id: int) -> Project:
    """The project, locked, for whoever speaks for it. Raises NotFound."""
    project = landing.project(project_id)
    if not access.may_speak_for_project_matters(actor, project):
        raise NotFound("There is no such project.")
    return project


def _record(
    verb: str, actor: Actor, at: datetime, found: Withdrawal | Deregistration
) -> None:
    project = found.project
    journal(
        verb, actor=actor, subject=found, at=at, project=project.reference,
        facts={"state": found.state, "stage": project.stage},
    )
