"""What a project states of itself: what its design document says, copied onto it when it is frozen.

A rejected project that is taken up again is public already, so it states what the old document says
until a DOE publishes the new one; whoever works on the new one reads `stated`.
"""

import copy
from datetime import date
from decimal import Decimal

from projects.lifecycle import BEFORE_PUBLISHED, Stage
from projects.models import Project
from projects.participant import design, prior, queries
from projects.participant.models import DesignVersion


def copy_facts(case: Project, version: DesignVersion) -> None:
    """What a frozen document says, onto the project (saved by the caller)."""
    content = version.content
    general, place, rules = content["general"], content["location"], content["methodology"]
    methodology, crediting = design.methodology_of(content), design.crediting_of(content)
    case.title, case.summary = general["title"], general["summary"]
    case.sector, case.scale = general["sector"], rules["scale"]
    case.sectoral_scope = methodology.sectoral_scopes[0] if methodology else None
    case.methodology = methodology.code if methodology else ""
    case.methodology_version = rules["version"]
    case.location = place["location"]
    case.latitude, case.longitude = Decimal(place["latitude"]), Decimal(place["longitude"])
    case.start_date = date.fromisoformat(content["crediting"]["start_date"])
    case.prior_due_at = prior.due_at(case.start_date)
    case.crediting_kind = content["crediting"]["kind"]
    case.crediting_first_date = crediting.first if crediting else None
    case.crediting_last_date = crediting.last if crediting else None
    case.estimated_annual_tonnes = version.calculation["annual_average"]
    case.design_version = version.number


def attempts_again(project: Project) -> bool:
    """Whether the project was public once and is before its publication again (domain, 3.1)."""
    return project.validation_began_at is not None and project.stage in BEFORE_PUBLISHED


def stated(project: Project) -> Project:
    """The project as its latest document says, published or not: a copy that nobody saves, where
    the two differ. For those who work on the document, not for the public.
    """
    if not attempts_again(project):
        return project
    version = queries.latest_version(project)
    if version is None or version.number != project.design_version:
        return project
    seen = copy.copy(project)
    copy_facts(seen, version)
    return seen


def unpublished(project: Project) -> set[int]:
    """The versions of a project's document that a DOE has not published, where the project itself
    is public before its registration.
    """
    waits = {*BEFORE_PUBLISHED, Stage.WITHDRAWN}
    if project.validation_began_at is None or project.stage not in waits:
        return set()
    found = DesignVersion.objects.filter(project=project, document__public=False)
    return set(found.values_list("number", flat=True))


def public_participants(project: Project) -> list[str]:
    """The names of the participants, as the published document has them."""
    published = queries.versions(project, public=True)
    if published and unpublished(project):
        return list(published[-1].content["participants"]["names"])
    named = project.participations.order_by("pk")
    return list(named.values_list("organisation__name", flat=True))
