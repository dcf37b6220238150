"""Who speaks for a project: `speaks` for an act of one person, `may_sign` and `unsigned_points`
where a joint scope collects signatures. The words of scopes (b) and (c) are unverified.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from cdm_portal.identity import queries as identity
from cdm_portal.identity.models import Organisation
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from projects.lifecycle import SIDE_ENDS, Stage
from projects.models import Participation, Project
from projects.participant.communication.models import (
    FocalPoint,
    ForwardingRequest,
    Manner,
    Scope,
    Signature,
    Statement,
    StatementParticipant,
)

PENDING = (Statement.State.SIGNING, Statement.State.SIGNED)


def in_force(project: Project) -> Statement | None:
    """The statement that says now who speaks for a project."""
    return project.statements.filter(state=Statement.State.IN_FORCE).first()


def pending(project: Project) -> Statement | None:
    """The statement that is being signed, or processed by the secretariat."""
    return project.statements.filter(state__in=PENDING).first()


def statement(project: Project, number: int) -> Statement:
    """One version. Raises NotFound."""
    found = project.statements.filter(number=number).first()
    if found is None:
        raise NotFound("There is no such statement.")
    return found


def signs_for(point: FocalPoint, actor: Actor, at: datetime) -> bool:
    """Whether the actor is a signatory of a focal point who still acts for that entity."""
    if actor.role != Role.PARTICIPANT or actor.organisation_id != point.organisation_id:
        return False
    if actor.person_id is None or actor.person_id not in {point.primary_id, point.alternate_id}:
        return False
    members = identity.people_in(point.organisation_id, Role.PARTICIPANT, at.date())
    return members.filter(person_id=actor.person_id).exists()


def may_sign(actor: Actor, project: Project, scope: str, at: datetime) -> bool:
    """Whether the actor's signature counts in a scope of the statement in force, alone or not."""
    found = in_force(project)
    return found is not None and signs_in(found, actor, scope, at)


def signs_in(found: Statement, actor: Actor, scope: str, at: datetime) -> bool:
    """The same for one statement."""
    return any(signs_for(point, actor, at) for point in found.points(scope))


def speaks(actor: Actor, project: Project, scope: str, at: datetime) -> bool:
    """Whether the actor alone speaks for the project in a scope ("a", "b" or "c") at a moment.

    True for a signatory of a sole or shared focal point of the statement in force; a joint scope
    needs the signatures of all, so nobody speaks alone there (domain, 4).
    """
    found = in_force(project)
    if found is None or found.manner(scope) == Manner.JOINT:
        return False
    return signs_in(found, actor, scope, at)


def why_silent(actor: Actor, project: Project, scope: str, at: datetime) -> str:
    """Why the actor does not speak for the project in a scope; empty for whoever may sign."""
    found = in_force(project)
    if found is None:
        return "No modalities of communication are in force for this project."
    if signs_in(found, actor, scope, at):
        return ""
    names = ", ".join(str(point.organisation) for point in found.points(scope))
    return f"The focal point of scope {Scope(scope).label} speaks here: {names}."


# The statement


def why_no_statement(project: Project) -> str:
    """Why nobody can propose a statement, or a change of it, now; empty when somebody can."""
    if project.stage == Stage.DESIGN:
        return "Submit the design document first: it names the project participants."
    if project.stage in SIDE_ENDS:
        return f"The project has ended: {Stage(project.stage).label.lower()}."
    if pending(project) is not None:
        return "A statement is being signed or processed. Finish it, or withdraw it first."
    return ""


def is_change(project: Project) -> bool:
    """Whether the focal points of scope (b) change the statement, or all participants sign anew.

    Until the positive opinion the participants make it themselves.
    """
    return project.opinion == "positive" and in_force(project) is not None


def why_not_propose(actor: Actor, project: Project, at: datetime) -> str:
    """Why the actor cannot propose a statement now; empty when the actor can."""
    if is_change(project):
        return why_no_statement(project) or why_silent(actor, project, Scope.PARTICIPANTS, at)
    if not takes_part(actor, project):
        return "A project participant proposes the statement."
    return why_no_statement(project)


def why_not_sign(actor: Actor, found: Statement, at: datetime) -> str:
    """Why the actor cannot sign a statement now; empty when the actor can."""
    if found.state != Statement.State.SIGNING:
        return f"The statement is not open for signature: {found.get_state_display().lower()}."
    if found.signed_by(actor.office):
        return f"{actor.organisation} has signed."
    if actor.role != Role.PARTICIPANT or not _wanted(actor, found, at):
        return "Your signature is not needed here."
    return ""


def _wanted(actor: Actor, found: Statement, at: datetime) -> bool:
    if found.base is not None and signs_in(found.base, actor, Scope.PARTICIPANTS, at):
        return True
    members = identity.people_in(actor.office, Role.PARTICIPANT, at.date())
    return (
        found.must_sign().filter(pk=actor.office).exists()
        and members.filter(person_id=actor.person).exists()
    )


def takes_part(actor: Actor, project: Project) -> bool:
    """Whether the actor acts for one of the project's participants."""
    return (
        actor.role == Role.PARTICIPANT
        and project.participations.filter(organisation_id=actor.office).exists()
    )


def facts() -> dict[str, Any]:
    """Of rows with a project: whether a statement is in force or under way, and which participants
    have not signed it. What is in force counts first.
    """
    of_project = Statement.objects.filter(project=OuterRef("project_id"))
    begun = of_project.filter(state__in=[*PENDING, Statement.State.IN_FORCE])
    signed = Signature.objects.filter(
        organisation=OuterRef("organisation"), statement__project=OuterRef("project")
    )
    standing = Statement.objects.filter(
        project=OuterRef("project"), state=Statement.State.IN_FORCE
    )
    unsigned = Participation.objects.filter(
        ~Exists(signed.filter(statement__state=Statement.State.IN_FORCE)),
        Exists(standing) | ~Exists(signed.filter(statement__state__in=PENDING)),
        project=OuterRef("project_id"),
    )
    return {
        "spoken_for": Exists(begun),
        "unsigned": ArraySubquery(unsigned.order_by("pk").values("organisation__name")),
    }


def statement_obstacles(*, spoken_for: bool, unsigned: Sequence[str]) -> list[str]:
    """Why the modalities of communication hold up a positive opinion, in words (domain, 3.1)."""
    if not spoken_for:
        return ["The modalities of communication are missing: all participants sign them."]
    if not unsigned:
        return []
    return [f"The modalities of communication are not signed by {', '.join(unsigned)}."]


def to_be_added(project: Project) -> QuerySet[Organisation]:
    """The entities that a pending change would add; their Parties' letters authorise them first."""
    draft = pending(project)
    return draft.added() if draft is not None and draft.base_id else Organisation.objects.none()


# Whose business a project is by this


def concerned(actor: Actor) -> QuerySet[Project]:
    """The projects in which the actor's entity takes part, speaks, or is asked to sign."""
    office = actor.office
    live = Q(statements__state__in=[*PENDING, Statement.State.IN_FORCE])
    return Project.objects.filter(
        Q(participations__organisation_id=office)
        | live & Q(statements__focal_points__organisation_id=office)
        | live & Q(statements__listed__organisation_id=office)
    ).distinct()


def project_of(actor: Actor, name: str) -> Project:
    """A project whose modalities are the actor's business. Raises NotFound for any other."""
    named = Q(reference=name) | Q(number=name)
    allowed = concerned(actor) if actor.role == Role.PARTICIPANT else Project.objects.none()
    found = allowed.filter(named).exclude(
        Q(stage=Stage.DESIGN) & ~Q(owner_id=actor.organisation_id)
    ).select_related("owner").first()
    if found is None:
        raise NotFound("There is no such project.")
    return found


def forwardings(project: Project) -> QuerySet[ForwardingRequest]:
    """What was asked to be forwarded, the newest first."""
    return project.forwardings.select_related(
        "to_account", "proposal", "statement", "proposed_by"
    )


def why_not_forward(actor: Actor, project: Project, at: datetime) -> str:
    """Why the actor cannot ask for a forwarding now; empty when the actor can."""
    if project.number is None:
        return "CERs are forwarded once the project is registered and has issued them."
    return why_silent(actor, project, Scope.FORWARDING, at)


def why_not_sign_forwarding(actor: Actor, asked: ForwardingRequest, at: datetime) -> str:
    """Why the actor cannot sign a request to forward now; empty when the actor can."""
    if asked.state != ForwardingRequest.State.SIGNING:
        return f"The request is not open for signature: {asked.get_state_display().lower()}."
    if asked.statement.state != Statement.State.IN_FORCE:
        return "Who speaks for the project has changed since. Withdraw it and ask anew."
    if asked.signed_by(actor.office):
        return f"{actor.organisation} has signed."
    return why_silent(actor, asked.project, Scope.FORWARDING, at)


# What waits for the actor's signature


def to_sign(actor: Actor) -> QuerySet[Statement]:
    """The statements that the actor's entity has to sign, or may as a focal point of scope (b)."""
    listed = StatementParticipant.objects.filter(organisation_id=actor.office)
    own = Exists(listed.filter(statement=OuterRef("pk")))
    added = own & ~Exists(listed.filter(statement=OuterRef("base")))
    return Statement.objects.filter(
        _unsigned(actor, "statement"),
        Q(base=None) & own
        | Q(base__isnull=False) & (added | _signatory(actor, "base", Scope.PARTICIPANTS)),
        state=Statement.State.SIGNING,
    )


def to_forward(actor: Actor) -> QuerySet[ForwardingRequest]:
    """The requests to forward CERs that the actor may sign as a focal point of scope (a)."""
    return ForwardingRequest.objects.filter(
        _unsigned(actor, "forwarding"), _signatory(actor, "statement", Scope.FORWARDING),
        state=ForwardingRequest.State.SIGNING, statement__state=Statement.State.IN_FORCE,
    )


def _unsigned(actor: Actor, paper: str) -> Any:
    signed = Signature.objects.filter(organisation_id=actor.office, **{paper: OuterRef("pk")})
    return ~Exists(signed)


def _signatory(actor: Actor, statement: str, scope: str) -> Exists:
    person = Q(primary_id=actor.person) | Q(alternate_id=actor.person)
    return Exists(FocalPoint.objects.filter(
        person, statement=OuterRef(statement), organisation_id=actor.office,
        scopes__contains=scope,
    ))
