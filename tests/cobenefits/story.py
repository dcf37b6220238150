"""A project that is public, and its co-benefit report brought to each state by everybody's acts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cobenefits import actions, queries
from cobenefits.actions import Statement
from cobenefits.models import Report
from projects.doe import actions as doe
from projects.models import Project
from projects.participant import actions as participant
from tests.cast import Cast
from tests.projects.participant.designs import filled

JOBS = {"jobs": Statement("high", "in two workshops", "46 jobs")}
MORE = {**JOBS, "air": Statement("slight", "less smoke")}


def designed(cast: Cast, at: datetime) -> Project:
    """A project whose design nobody else may know of yet."""
    return participant.start_design(
        actor=cast.participant, at=at, title="A solar park", party_code="KE",
        rules=Project.Rules.DEMONSTRATION,
    )


def public(cast: Cast, at: datetime) -> Project:
    """A project whose design document a DOE has published."""
    project = filled(cast)
    participant.submit_design(actor=cast.participant, at=at, project_id=project.pk)
    made = doe.offer_engagement(
        actor=cast.participant, at=at, project_id=project.pk, organisation_id=cast.doe.office
    )
    doe.accept_engagement(actor=cast.doe, at=at, engagement_id=made.pk, no_conflict=True)
    doe.publish_design(actor=cast.doe, at=at, project_id=project.pk)
    return Project.objects.get(pk=project.pk)


def published(cast: Cast, project: Project, at: datetime, said: Any = JOBS) -> Report:
    """A version is handed in and published."""
    handed_in = actions.hand_in(
        actor=cast.participant, at=at, project_id=project.pk, statements=said
    )
    return actions.publish(
        actor=cast.secretariat, at=at, project_id=project.pk, turn=handed_in.turn
    )


def bring(cast: Cast, project: Project, situation: str, at: datetime) -> None:
    """From nothing to a situation: what is in view, then what is under way."""
    own: dict[str, Any] = {"actor": cast.participant, "at": at, "project_id": project.pk}
    in_view, _, under_way = situation.partition(" + ")
    if in_view in {"published", "amended", "withdrawn"}:
        published(cast, project, at)
    if in_view == "amended":
        published(cast, project, at, MORE)
    if in_view == "withdrawn":
        actions.withdraw(reason="Measured anew.", **own)
    step = under_way or in_view
    if step in {"draft", "submitted", "returned"}:
        actions.keep(statements=MORE, **own)
    if step in {"submitted", "returned"}:
        turn = actions.hand_in(statements=MORE, **own).turn
        if step == "returned":
            actions.give_back(
                actor=cast.secretariat, at=at, project_id=project.pk, turn=turn,
                reason="A figure lacks its unit.",
            )


def states(project: Project) -> dict[int, str]:
    """The state of every version."""
    return dict(Report.objects.filter(project=project).values_list("version", "state"))


def said(project: Project) -> set[str]:
    """The criteria of the version that is under way."""
    found = queries.under_way(project)
    return set(found.lines.values_list("criterion", flat=True)) if found else set()
