"""Modalities of communication: proposed, signed by each entity for itself, in force or withdrawn.

What the secretariat does with a change lives with it (projects.board), and ends in `bring_in`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cdm_portal.identity import queries as identity
from cdm_portal.identity.models import Organisation, Person
from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid, NotFound, Refused
from cdm_portal.values import SYSTEM, Actor, Role
from projects import lifecycle
from projects import locks as landing
from projects.models import Participation, Project
from projects.participant import locks, queries, speaking
from projects.participant.communication.models import (
    FocalPoint,
    Manner,
    Scope,
    Signature,
    Statement,
    StatementParticipant,
)
from registry import actions as registry
from registry.governance import queries as governance

REASON_LIMIT = 2000


class NotOpen(Refused):
    """The paper cannot be proposed, signed or withdrawn now; the message says why."""

    code = "not_open"


@dataclass(frozen=True, slots=True)
class Point:
    """A focal point as it is entered: an entity, e-mail addresses of signatories, scopes."""

    organisation_id: int
    primary: str
    alternate: str
    scopes: frozenset[str]


def propose_statement(
    *,
    actor: Actor,
    at: datetime,
    project_id: int,
    manners: Mapping[str, str],
    points: Sequence[Point],
    reason: str = "",
    added_ids: Sequence[int] = (),
    removed_ids: Sequence[int] = (),
) -> Statement:
    """Propose who speaks for a project; nothing changes before everybody needed has signed.

    Until the positive opinion a participant proposes and all of them sign. After it a signatory of
    a focal point of scope (b) proposes a change with its reason, and may add or let go
    participants; the secretariat processes it. Raises NotOpen, Forbidden, NotFound, and Invalid
    at `point1_primary` (the number counts from 1), `manner_a`, `reason`, `added_ids`,
    `removed_ids`.
    """
    with transaction.atomic():
        project = landing.project(project_id)
        _ask(speaking.why_not_propose(actor, project, at), speaking.why_no_statement(project))
        base = speaking.in_force(project) if speaking.is_change(project) else None
        people = _signatories(points, at)
        _check_scopes(manners, points)
        listed = _participants(project, base, added_ids, removed_ids)
        made = Statement.objects.create(
            project=project, number=project.statements.count() + 1, base=base,
            reason=_reason(reason, needed=base is not None), proposed_by_id=actor.office,
            proposer_name=actor.name, proposed_at=at,
            **{f"manner_{scope.value}": manners[scope.value] for scope in Scope},
        )
        StatementParticipant.objects.bulk_create(
            StatementParticipant(statement=made, organisation_id=each) for each in listed
        )
        FocalPoint.objects.bulk_create(
            FocalPoint(
                statement=made, organisation_id=point.organisation_id, primary=first,
                alternate=second, scopes="".join(sorted(point.scopes)),
            )
            for point, (first, second) in zip(points, people, strict=True)
        )
        _record("participant.propose_statement", actor, at, made, number=made.number)
    return made


def _ask(mine: str, anybody: str) -> None:
    """NotOpen for what nobody can do now, Forbidden for what others can."""
    if anybody:
        raise NotOpen(anybody)
    if mine:
        raise Forbidden(mine)


def _signatories(points: Sequence[Point], at: datetime) -> list[tuple[Person, Person | None]]:
    if not points:
        raise Invalid.of("point1_organisation_id", "Name at least one focal point.")
    if len({point.organisation_id for point in points}) < len(points):
        raise Invalid.of(
            f"point{len(points)}_organisation_id", "Name each entity once, with all its scopes."
        )
    found = []
    for number, point in enumerate(points, start=1):
        primary = _signatory(point, f"point{number}_primary", point.primary, at)
        other = point.alternate.strip()
        alternate = _signatory(point, f"point{number}_alternate", other, at) if other else None
        if alternate == primary:
            raise Invalid.of(
                f"point{number}_alternate", "The alternate signatory is another person."
            )
        found.append((primary, alternate))
    return found


def _signatory(point: Point, field: str, email: str, at: datetime) -> Person:
    """Who signs in with an address and acts for the entity today."""
    members = identity.people_in(point.organisation_id, Role.PARTICIPANT, at.date())
    member = members.filter(
        person__sign_ins__email=email.strip().lower(), person__sign_ins__is_active=True
    ).first()
    if member is None:
        raise Invalid.of(field, "Nobody who acts for this entity signs in with this address.")
    return member.person


def _check_scopes(manners: Mapping[str, str], points: Sequence[Point]) -> None:
    for number, point in enumerate(points, start=1):
        if not point.scopes or not point.scopes <= set(Scope.values):
            raise Invalid.of(f"point{number}_scopes", "Choose at least one scope.")
    for scope in Scope:
        manner, named = manners.get(scope.value, ""), _named(scope.value, points)
        if manner not in Manner.values:
            raise Invalid.of(f"manner_{scope.value}", "Choose how its focal points sign.")
        if not named:
            raise Invalid.of(f"manner_{scope.value}", "Name a focal point for this scope.")
        if (manner == Manner.SOLE) != (named == 1):
            raise Invalid.of(f"manner_{scope.value}", (
                f"A sole focal point is one entity; {named} are named." if manner == Manner.SOLE
                else "One focal point is named for this scope: it is sole."
            ))


def _named(scope: str, points: Sequence[Point]) -> int:
    return sum(scope in point.scopes for point in points)


def _reason(text: str, *, needed: bool) -> str:
    said = text.strip()
    if needed and not said:
        raise Invalid.of("reason", "Say why the statement changes. The public reads it.")
    if len(said) > REASON_LIMIT:
        raise Invalid.of("reason", f"Write at most {REASON_LIMIT} characters.")
    return said


def _participants(
    project: Project, base: Statement | None, added: Sequence[int], removed: Sequence[int]
) -> list[int]:
    """The participants that the statement lists."""
    current = list(project.participations.order_by("pk").values_list("organisation_id", flat=True))
    if base is None:
        if added or removed:
            raise Invalid.of(
                "added_ids", "Until the opinion the design document names the participants."
            )
        return current
    if set(removed) - set(current):
        raise Invalid.of("removed_ids", "Choose project participants.")
    if project.owner_id in removed:
        raise Invalid.of("removed_ids", f"{project.owner} keeps this project and stays in it.")
    known = queries.entities().filter(pk__in=added).exclude(pk__in=current)
    if known.count() != len(set(added)):
        raise Invalid.of("added_ids", "Choose an entity that does not take part yet.")
    return [pk for pk in current if pk not in removed] + sorted(set(added))


def sign_statement(*, actor: Actor, at: datetime, statement_id: int) -> Statement:
    """Sign for one's own entity; the last signature brings a first statement into force, and a
    change to the secretariat. Raises NotOpen, Forbidden, NotFound.
    """
    with transaction.atomic():
        found = locks.statement(statement_id)
        _known(actor, found.project)
        if found.state != Statement.State.SIGNING or found.signed_by(actor.office):
            raise NotOpen(speaking.why_not_sign(actor, found, at))
        if reason := speaking.why_not_sign(actor, found, at):
            raise Forbidden(reason)
        Signature.objects.create(
            statement=found, organisation_id=actor.office, person_id=actor.person,
            name=actor.name, at=at,
        )
        if not found.unsigned():
            _complete(actor, at, found)
        _record("participant.sign_statement", actor, at, found, state=found.state)
    return found


def _known(actor: Actor, project: Project) -> None:
    """Raise NotFound where the modalities of a project are none of the actor's business."""
    if not speaking.concerned(actor).filter(pk=project.pk).exists():
        raise NotFound("There is no such statement.")


def _complete(actor: Actor, at: datetime, found: Statement) -> None:
    if found.base_id is not None:
        lifecycle.ask(found, "submit", actor)
        found.submit()
        found.save(update_fields=["state"])
        return
    lifecycle.ask(found, "take_effect", actor)
    _supersede(found.project, at)
    found.take_effect()
    found.in_force_at = at
    found.save(update_fields=["state", "in_force_at"])


def _supersede(project: Project, at: datetime) -> None:
    former = speaking.in_force(project)
    if former is not None:
        former.supersede()
        former.decided_at = at
        former.save(update_fields=["state", "decided_at"])


def withdraw_statement(*, actor: Actor, at: datetime, statement_id: int) -> Statement:
    """The entity that proposed it takes it back. Raises NotNow, Forbidden, NotFound."""
    with transaction.atomic():
        found = locks.statement(statement_id)
        _known(actor, found.project)
        lifecycle.ask(found, "withdraw", actor)
        found.withdraw()
        found.decided_at = at
        found.save(update_fields=["state", "decided_at"])
        _record("participant.withdraw_statement", actor, at, found, number=found.number)
    return found


def bring_in(
    *, actor: Actor, at: datetime, statement: Statement, letters: Mapping[int, str]
) -> None:
    """Bring a processed change into force, inside the caller's transaction and under its locks.

    `letters` names the letter of approval that authorises each added entity. The registry is told:
    whom it may forward to, and whom no longer. Raises NotNow, Forbidden.
    """
    lifecycle.ask(statement, "process", actor)
    _supersede(statement.project, at)
    added, listed = list(statement.added()), statement.participants.values("pk")
    removed = Organisation.objects.filter(participations__project=statement.project).exclude(
        pk__in=listed
    )
    statement.process()
    statement.in_force_at = statement.decided_at = at
    statement.save(update_fields=["state", "in_force_at", "decided_at"])
    for entity in added:
        _let_in(statement.project, entity, letters[entity.pk], at)
    for entity in list(removed):
        _let_go(statement.project, entity, at)


def _let_in(project: Project, entity: Organisation, letter: str, at: datetime) -> None:
    Participation.objects.get_or_create(
        project=project, organisation=entity, defaults={"authorised_at": at}
    )
    if project.number is not None:
        registry.authorise(
            actor=SYSTEM, at=at, project_number=project.number, letter=letter, holder_id=entity.pk
        )


def _let_go(project: Project, entity: Organisation, at: datetime) -> None:
    project.participations.filter(organisation=entity).delete()
    for noted in governance.authorisations_of(project.number or ""):
        if noted.holder_id == entity.pk:
            registry.revoke(
                actor=SYSTEM, at=at, authorisation_id=noted.pk,
                reason=f"{entity} takes no part in the project any more",
            )


def _record(verb: str, actor: Actor, at: datetime, found: Statement, **facts: object) -> None:
    record(
        verb, actor=actor, subject=found, at=at, project=found.project.reference,
        facts=dict(facts),
    )
