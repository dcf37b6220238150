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
    """Whether the actor speaks for the project in matters other than CERs and participants.

    Scope (c) of the modalities of communication (domain, 4): today the project's own participant.
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


def sees_document(actor: Actor | None, document: Document) -> bool:
    """Whether an actor may read a document: public, or of a case in which they have a part."""
    if document.public:
        return True
    if actor is None:
        return False
    if actor.role in READS_ALL:
        return True
    case = document.project
    if actor.role == Role.PARTICIPANT:
        return actor.organisation_id == case.owner_id
    if actor.role == Role.DOE:
        return actor.organisation_id in _auditors(document)
    if actor.role == Role.DNA:
        asked = case.letters.filter(party_code=actor.party).exists()
        return asked and document.kind in {Document.Kind.DESIGN, Document.Kind.ATTACHMENT}
    if actor.role in READS_REQUESTED:
        return case.registration_requested_at is not None
    return False


def _auditors(document: Document) -> set[int | None]:
    engaged: set[int | None] = {document.project.validator_id}
    if document.period is not None:
        engaged.add(document.period.verifier_id)
    else:
        engaged.update(document.project.periods.values_list("verifier_id", flat=True))
    return engaged - {None}
