"""Projects of two participants, and their modalities of communication brought to a state."""

from __future__ import annotations

from typing import Any

from cdm_portal.demonstration import voice
from cdm_portal.values import Actor
from projects.board import actions as board
from projects.dna import actions as dna
from projects.doe import actions as doe
from projects.models import Project
from projects.participant import actions
from projects.participant.communication.models import Statement
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board.story import designed, fresh

NAMED, SIGNED, AFTER = on(2013, 6, 10), on(2013, 6, 20), on(2013, 9, 1)
SOLE = {"a": "sole", "b": "sole", "c": "sole"}


def published(cast: Cast) -> Project:
    """At validation, with the letter of approval for both participants."""
    owner, partner, auditor = cast.participant, cast.rival_participant, cast.doe
    project = designed(cast, others=[partner.office])
    letter = dna.request_letter(actor=owner, at=on(2013, 4, 12), project_id=project.pk)
    dna.issue_letter(
        actor=cast.dna, at=on(2013, 5, 2), letter_id=letter.pk, ratified=True, voluntary=True,
        sustainable_development=True, organisation_ids=[owner.office, partner.office],
    )
    engagement = doe.offer_engagement(
        actor=owner, at=on(2013, 5, 2), project_id=project.pk, organisation_id=auditor.office
    )
    doe.accept_engagement(
        actor=auditor, at=on(2013, 5, 3), engagement_id=engagement.pk, no_conflict=True
    )
    doe.publish_design(actor=auditor, at=on(2013, 5, 4), project_id=project.pk)
    return fresh(project)


def opined(cast: Cast, project: Project) -> Project:
    """The opinion is positive."""
    doe.give_opinion(
        actor=cast.doe, at=AFTER, project_id=project.pk, positive=True,
        conclusion="The design meets the requirements.",
    )
    return fresh(project)


def proposed(cast: Cast, project: Project, *, joint: str = "", **changes: Any) -> Statement:
    """The owner proposes: itself in every scope, and the partner beside it in the joint ones."""
    points = [voice.point(cast.participant)]
    if joint:
        points.append(voice.point(cast.rival_participant, joint))
    given: dict[str, Any] = {
        "actor": cast.participant, "at": NAMED, "points": points,
        "manners": SOLE | dict.fromkeys(joint, "joint"),
    }
    return actions.propose_statement(project_id=project.pk, **(given | changes))


def signed(found: Statement, *actors: Actor, at: Any = SIGNED) -> Statement:
    """Signed by these, one after the other."""
    for actor in actors:
        actions.sign_statement(actor=actor, at=at, statement_id=found.pk)
    return Statement.objects.get(pk=found.pk)


def in_force(cast: Cast, project: Project, *, joint: str = "") -> Statement:
    """Signed by both participants."""
    found = proposed(cast, project, joint=joint)
    return signed(found, cast.participant, cast.rival_participant)


def changed(cast: Cast, project: Project, state: str, **changes: Any) -> Statement:
    """A change of a statement whose scope (b) is joint, in a state."""
    given = {"at": AFTER, "reason": "The office moved."} | changes
    found = signed(proposed(cast, project, joint="b", **given), cast.participant, at=AFTER)
    if state == "withdrawn":
        actions.withdraw_statement(actor=cast.participant, at=AFTER, statement_id=found.pk)
    if state in {"signed", "returned", "processed"}:
        found = signed(found, cast.rival_participant, at=AFTER)
    act: dict[str, Any] = {"actor": cast.secretariat, "at": AFTER, "statement_id": found.pk}
    if state == "returned":
        board.return_change(**act, answer="The second page is missing.")
    if state == "processed":
        board.process_change(**act)
    return Statement.objects.get(pk=found.pk)
