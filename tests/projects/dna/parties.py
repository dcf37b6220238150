"""Parties besides the host: an entity of theirs, and the person who acts for their authority."""

from __future__ import annotations

from dataclasses import dataclass

from cdm_portal.identity import actions, queries
from cdm_portal.values import SYSTEM, Actor, Role
from projects.board import actions as board
from projects.board.models import Request
from registry import actions as registry
from registry.models import InstructionLine
from tests.cast import AT, SINCE, Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story


@dataclass(frozen=True)
class Abroad:
    """A Party that takes part: the number of its entity, and its authority's officer."""

    entity: int
    dna: Actor


def entity(party: str, name: str) -> int:
    """An organisation of a Party that can take part in a project."""
    return actions.register_organisation(
        actor=SYSTEM, at=AT, name=name, kind="participant", party_code=party, fictional=True
    ).pk


def france() -> Abroad:
    """A Party of Annex I with an entity and an authority."""
    office = actions.register_organisation(
        actor=SYSTEM, at=AT, name="DNA of France", kind="dna", party_code="FR", fictional=True
    )
    user = actions.register_person(
        actor=SYSTEM, at=AT, name="Anne Petit", email="fr@example.org", password="secret"
    )
    seat = actions.grant_role(
        actor=SYSTEM, at=AT, person_id=user.person_id, organisation_id=office.pk, role=Role.DNA,
        valid_from=SINCE,
    )
    return Abroad(entity("FR", "Vent du Large SA"), queries.actor(seat))


def issued(cast: Cast) -> Request:
    """A request for issuance whose units wait in the pending account."""
    request = story.paid(cast, story.instructed(cast), on(2015, 12, 2))
    for line in InstructionLine.objects.all():
        registry.release_instruction(actor=cast.registry, at=on(2015, 12, 3), line_id=line.pk)
    assert board.issue_instructed(at=on(2015, 12, 4)) == 1
    return request
