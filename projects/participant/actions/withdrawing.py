"""Ending a project before its design is published: the participant alone does it (domain, 3.1)."""

from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.values import Actor
from projects import access, lifecycle
from projects import locks as landing
from projects.lifecycle import NotNow, Stage
from projects.models import Project
from projects.participant import sections

THROUGH_THE_DOE = (
    "The design document is published: ask the DOE to withdraw the project; the DOE files it."
)


def withdraw(*, actor: Actor, at: datetime, project_id: int, reason: str) -> Project:
    """End the project before a DOE publishes its design document; afterwards the DOE files it.

    Raises NotFound, NotNow, Invalid without a reason.
    """
    said = sections.words("reason", reason, longest=500)
    with transaction.atomic():
        case = landing.project(project_id)
        if not access.may_speak_for_project_matters(actor, case):
            raise NotFound("There is no such project.")
        if case.stage in {Stage.VALIDATION, Stage.REGISTRATION}:
            raise NotNow(THROUGH_THE_DOE)
        lifecycle.ask(case, "withdraw", actor)
        if not said:
            raise Invalid.of("reason", "Say why the project is withdrawn.")
        case.withdraw()
        case.ended_at = at
        case.save(update_fields=["stage", "ended_at"])
        record(
            "participant.withdraw", actor=actor, subject=case, at=at, project=case.reference,
            facts={"reason": said},
        )
    return case
