"""Which projects, periods and documents an actor may know of. The rest does not exist for them."""

from django.db.models import Q, QuerySet

from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from projects.lifecycle import Stage
from projects.models import Document, MonitoringPeriod, Project

PUBLIC = Q(validation_began_at__isnull=False) | Q(registered_at__isnull=False)
"""A project is public from the day on which a DOE publishes its design document (domain, 2.10)."""

READS_ALL = {Role.AUDITOR}
READS_REQUESTED = {Role.BOARD, Role.SECRETARIAT, Role.RIT}


def visible(actor: Actor | None) -> QuerySet[Project]:
    """The projects that an actor may know of, each once."""
    projects = Project.objects.select_related("owner", "validator")
    if actor is not None and actor.role in READS_ALL:
        return projects
    return projects.filter(PUBLIC | _own(actor)).distinct()


def _own(actor: Actor | None) -> Q:
    if actor is None:
        return Q(pk__in=[])
    if actor.role == Role.PARTICIPANT:
        return Q(owner_id=actor.organisation_id) | Q(
            participations__organisation_id=actor.organisation_id
        ) & ~Q(stage=Stage.DESIGN)
    if actor.role == Role.DOE:
        return (
            Q(validator_id=actor.organisation_id)
            | Q(periods__verifier_id=actor.organisation_id)
            | Q(
                engagements__organisation_id=actor.organisation_id,
                engagements__state__in=("offered", "accepted"),
            )
        )
    if actor.role == Role.DNA:
        return Q(letters__party_code=actor.party)
    if actor.role in READS_REQUESTED:
        return Q(registration_requested_at__isnull=False)
    return Q(pk__in=[])


def project(actor: Actor | None, name: str) -> Project:
    """A project by reference or number. Raises NotFound for what the actor may not know of."""
    found = visible(actor).filter(Q(reference=name) | Q(number=name)).first()
    if found is None:
        raise NotFound("There is no such project.")
    return found


def owns(actor: Actor | None, case: Project) -> bool:
    """Whether the actor is the project's own participant."""
    return (
        actor is not None
        and actor.role == Role.PARTICIPANT
        and actor.organisation_id == case.owner_id
    )


def may_speak_for_project_matters(actor: Actor | None, case: Project) -> bool:
    """Whether the actor speaks for the participants in the matters of a project other than its CERs
    and its participants: withdrawal, deregistration, another attempt after a rejection (the scope
    (c) of the modalities of communication; domain, 4).
    """
    return owns(actor, case)


def own_project(actor: Actor, name: str) -> Project:
    """A project of the acting participant. Raises NotFound for anybody else's."""
    found = (
        Project.objects.select_related("owner")
        .filter(Q(reference=name) | Q(number=name), owner_id=actor.organisation_id)
        .first()
    )
    if found is None or actor.role != Role.PARTICIPANT:
        raise NotFound("There is no such project.")
    return found


def period(actor: Actor | None, name: str, number: int) -> MonitoringPeriod:
    """A period of a visible project. Raises NotFound."""
    found = (
        MonitoringPeriod.objects.filter(project=project(actor, name), number=number)
        .select_related("project", "project__owner", "verifier")
        .first()
    )
    if found is None:
        raise NotFound("There is no such monitoring period.")
    return found


def documents(actor: Actor | None) -> QuerySet[Document]:
    """The documents that an actor may read: the public ones, and of the cases in which they have a
    part (domain, 4).
    """
    found = Document.objects.select_related("blob", "project", "period")
    if actor is not None and actor.role in READS_ALL:
        return found
    return found.filter(Q(public=True) | _papers(actor))


def documents_named(
    actor: Actor | None, *, project: str = "", period: int | None = None, kind: str = ""
) -> QuerySet[Document]:
    """The same, of one project by reference or number, of one period, of one kind."""
    found = documents(actor)
    if project:
        found = found.filter(Q(project__reference=project) | Q(project__number=project))
    if period is not None:
        found = found.filter(period__number=period)
    return found.filter(kind=kind) if kind else found


def sees_document(actor: Actor | None, document: Document) -> bool:
    """Whether an actor may read a document."""
    return documents(actor).filter(pk=document.pk).exists()


def _papers(actor: Actor | None) -> Q:
    """The papers of one's own cases. Readings are for the DOE that verifies their period alone; the
    secretariat, the Team and the Board read a case from its request on.
    """
    if actor is None:
        return Q(pk__in=[])
    if actor.role == Role.PARTICIPANT:
        return Q(project__owner_id=actor.office)
    if actor.role == Role.DOE:
        verifies = Q(project__in=_verified_by(actor)) | Q(project__in=_revised_by(actor))
        return (
            Q(period=None) & (Q(project__validator_id=actor.office) | verifies)
            | Q(period__verifier_id=actor.office)
            | Q(period__isnull=False) & ~Q(kind=Document.Kind.READINGS) & verifies
        )
    if actor.role == Role.DNA:
        asked = Project.objects.filter(letters__party_code=actor.party)
        return Q(project__in=asked, kind__in=[Document.Kind.DESIGN, Document.Kind.ATTACHMENT])
    return submitted() if actor.role in READS_REQUESTED else Q(pk__in=[])


def submitted() -> Q:
    """Of documents or findings: those of a case whose registration or issuance was requested."""
    asked = MonitoringPeriod.objects.filter(requests__kind="issuance")
    return Q(period=None, project__registration_requested_at__isnull=False) | Q(period__in=asked)


def _revised_by(actor: Actor) -> QuerySet[Project]:
    """The projects of which the actor's DOE validates or validated a renewal or change."""
    return Project.objects.filter(revisions__doe_id=actor.office)


def _verified_by(actor: Actor) -> QuerySet[Project]:
    """The projects of which the actor's DOE verifies or verified a period."""
    found: QuerySet[Project] = Project.objects.filter(periods__verifier_id=actor.office)
    return found
