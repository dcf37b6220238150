"""What the world has of co-benefits: a draft and an amendment that waits, each with an indicator; a
report in view with the host's comment and a check that a DOE works on; an administrator's entry.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from cobenefits import actions
from cobenefits.actions import Found, Statement, Told
from projects.models import Project
from tests.cast import Cast

SAID = {
    "jobs": Statement("moderate", "for technicians of the county", "9 jobs"),
    "air": Statement("slight", "less smoke of diesel"),
}
TOLD = {"long_term": Told(
    applicable=True, level="moderate", quantity=Decimal(9), unit="jobs", text="in upkeep",
)}  # fmt: skip


def declare(cast: Cast, now: datetime, draft: Project, offered: Project) -> None:
    """Everything of the docstring, by the acts."""
    own: dict[str, Any] = {"actor": cast.participant, "at": now}
    for project in (draft, offered):
        actions.save_section(
            project_id=project.pk, section="jobs", statement=SAID["jobs"], told=TOLD, **own
        )
    actions.keep(project_id=draft.pk, statements=SAID, **own)
    actions.keep_typed(
        project_id=draft.pk, section="air", typed={"level": ["none"]}, seen="", statement=None,
        told={}, faults={"level": ["Choose."]}, **own,
    )
    actions.hand_in(project_id=offered.pk, statements=SAID, **own)
    actions.comment(
        actor=cast.dna, at=now, project_id=offered.pk, version=1, text="We count jobs anew."
    )
    checked(cast, now, offered)
    actions.enter_indicator(
        actor=cast.secretariat, at=now, section="water", key="wells", label="Wells", unit="wells",
        source="A letter of the host Party", verified=False, valid_from=now.date(),
    )


def checked(cast: Cast, now: datetime, project: Project) -> None:
    """A DOE has taken the check on and found something."""
    case: dict[str, Any] = {"at": now, "project_id": project.pk}
    actions.ask_check(actor=cast.participant, organisation_id=cast.doe.office, **case)
    actions.accept_check(actor=cast.doe, no_conflict=True, **case)
    actions.record_findings(
        actor=cast.doe, findings={"jobs": Found("confirmed", "The payroll was seen.")},
        statement="Not finished.", **case,
    )
