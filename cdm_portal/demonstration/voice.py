"""Who speaks for a demonstration project: its owner, alone in every scope."""

from collections.abc import Sequence
from datetime import datetime

from cdm_portal.identity.models import User
from cdm_portal.values import Actor
from projects.models import Project
from projects.participant import actions
from projects.participant.communication.models import Scope, Statement


def point(actor: Actor, scopes: str = "abc", alternate: Actor | None = None) -> actions.Point:
    """A focal point for which an actor signs, and perhaps an alternate."""
    return actions.Point(
        organisation_id=actor.office, primary=_address(actor), scopes=frozenset(scopes),
        alternate=_address(alternate) if alternate else "",
    )


def _address(actor: Actor) -> str:
    """Where a person signs in."""
    return User.objects.filter(person_id=actor.person).values_list("email", flat=True)[0]


def settle(owner: Actor, at: datetime, project: Project, others: Sequence[Actor] = ()) -> Statement:
    """The owner proposes itself as sole focal point; it and the other participants sign."""
    made = actions.propose_statement(
        actor=owner, at=at, project_id=project.pk, points=[point(owner)],
        manners={scope.value: "sole" for scope in Scope},
    )
    for actor in (owner, *others):
        actions.sign_statement(actor=actor, at=at, statement_id=made.pk)
    made.refresh_from_db()
    return made
