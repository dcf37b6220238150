"""What is public of the DOEs' work, for lists: entities, cases, findings of public reports."""

from datetime import date
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from cdm_portal.identity.models import Organisation
from cdm_portal.values import Actor, Role
from projects import access
from projects.doe.models import Accreditation, Comment, Validation, Verification
from projects.models import Finding, MonitoringPeriod, Project

M = TypeVar("M", bound=Model)


def entities(on: date, *, scope: int | None = None, function: str = "") -> QuerySet[Organisation]:
    """The DOEs, or those accredited on a day for a scope or function and not suspended."""
    found: QuerySet[Organisation] = Organisation.objects.filter(kind=Organisation.Kind.DOE)
    if scope is None and not function:
        return found
    held = Accreditation.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), organisation=OuterRef("pk"), valid_from__lte=on,
        state=Accreditation.State.ACTIVE,
    )
    if scope is not None:
        held = held.filter(scope=scope)
    if function:
        held = held.filter(function=function)
    return found.filter(Exists(held))


def validations(
    *, project: str = "", entity: int | None = None, state: str = ""
) -> QuerySet[Validation]:
    """Every validation of a published design document."""
    found: QuerySet[Validation] = Validation.objects.select_related(
        "project", "organisation", "document"
    )
    return _narrowed(found, _named("project", project), entity, state)


def verifications(
    *, project: str = "", entity: int | None = None, state: str = ""
) -> QuerySet[Verification]:
    """Every verification of a published monitoring report."""
    found: QuerySet[Verification] = Verification.objects.select_related(
        "period__project", "organisation", "document"
    )
    return _narrowed(found, _named("period__project", project), entity, state)


def _named(path: str, name: str) -> Q:
    return Q(**{f"{path}__reference": name}) | Q(**{f"{path}__number": name}) if name else Q()


def _narrowed(found: QuerySet[M], named: Q, entity: int | None, state: str) -> QuerySet[M]:
    rows = found.filter(named)
    if entity is not None:
        rows = rows.filter(organisation_id=entity)
    return rows.filter(state=state) if state else rows


def findings_known(
    actor: Actor | None, *, project: str = "", period: int | None = None, kind: str = ""
) -> QuerySet[Finding]:
    """The findings that an actor may read: of cases whose report is public, which holds them with
    their conversation, and of the cases in which they have a part (domain, 4).
    """
    validated = Validation.objects.filter(project=OuterRef("project"), document__public=True)
    verified = Verification.objects.filter(period=OuterRef("period"), document__public=True)
    found: QuerySet[Finding] = Finding.objects.filter(
        Q(Exists(validated), period=None) | Q(Exists(verified), period__isnull=False)
        | _own_findings(actor),
        _named("project", project),
    )
    if period is not None:
        found = found.filter(period__number=period)
    if kind:
        found = found.filter(kind=kind)
    return found.select_related("project", "period").prefetch_related("messages")


def comments_made(*, project: str = "", entity: int | None = None) -> QuerySet[Comment]:
    """Every public comment on a published design document."""
    found: QuerySet[Comment] = Comment.objects.select_related("validation__project")
    found = found.filter(_named("validation__project", project))
    return found if entity is None else found.filter(validation__organisation_id=entity)


def periods_known(
    actor: Actor | None, *, project: str = "", stage: str = ""
) -> QuerySet[MonitoringPeriod]:
    """The monitoring periods that an actor may know of: everybody those whose report is published;
    a participant and a verifying DOE their own; an auditor all (domain, 2.10).
    """
    known = Q(verification__isnull=False)
    if actor is not None and actor.role == Role.AUDITOR:
        known = ~Q(pk__in=[])
    elif actor is not None and actor.role == Role.PARTICIPANT:
        known |= Q(project__owner_id=actor.office)
    elif actor is not None and actor.role == Role.DOE:
        known |= Q(verifier_id=actor.office)
    found: QuerySet[MonitoringPeriod] = MonitoringPeriod.objects.filter(
        known, _named("project", project)
    )
    found = found.filter(stage=stage) if stage else found
    return found.select_related("project", "verifier")


def _own_findings(actor: Actor | None) -> Q:
    """The findings of one's own cases: a DOE reads those that it raised, and of a project that it
    validates or verifies those that the next verification inherits; the secretariat, the Team and
    the Board read a case from its request on.
    """
    if actor is None:
        return Q(pk__in=[])
    if actor.role == Role.AUDITOR:
        return ~Q(pk__in=[])
    if actor.role == Role.PARTICIPANT:
        return Q(project__owner_id=actor.office)
    if actor.role == Role.DOE:
        verified = Project.objects.filter(periods__verifier_id=actor.office)
        return (
            Q(raised_by_id=actor.office) | Q(period__verifier_id=actor.office)
            | Q(period=None, project__validator_id=actor.office)
            | Q(project__in=verified) & (Q(period=None) | Q(kind=Finding.Kind.FAR))
        )
    return access.submitted() if actor.role in access.READS_REQUESTED else Q(pk__in=[])
