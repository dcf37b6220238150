"""What is public of the DOEs' work, for lists: entities, cases, findings of public reports."""

from datetime import date
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from cdm_portal.identity.models import Organisation
from projects.doe.models import Accreditation, Validation, Verification
from projects.models import Finding

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


def published_findings(
    *, project: str = "", period: int | None = None, kind: str = ""
) -> QuerySet[Finding]:
    """The findings of cases whose report is public: it holds them with their conversation."""
    validated = Validation.objects.filter(project=OuterRef("project"), document__public=True)
    verified = Verification.objects.filter(period=OuterRef("period"), document__public=True)
    found: QuerySet[Finding] = Finding.objects.filter(
        Q(Exists(validated), period=None) | Q(Exists(verified), period__isnull=False),
        _named("project", project),
    )
    if period is not None:
        found = found.filter(period__number=period)
    if kind:
        found = found.filter(kind=kind)
    return found.select_related("project", "period").prefetch_related("messages")
