"""Row locks of the participant, in one order: project, then its design document."""

from cdm_portal.refusals import NotFound
from projects import locks as landing
from projects.models import Project
from projects.participant.models import DesignDocument, PriorNotice


def design_document(project_id: int) -> tuple[Project, DesignDocument]:
    """The project and its draft, both locked, the project first.

    Raises NotFound for no such project, and for one that was never drafted here.
    """
    project = landing.project(project_id)
    found = DesignDocument.objects.select_for_update().filter(project=project).first()
    if found is None:
        raise NotFound("There is no design document of this project here.")
    found.project = project
    return project, found


def prior_notice(pk: int) -> PriorNotice:
    """A notice of prior consideration with its project, both locked. Raises NotFound."""
    project_id = PriorNotice.objects.filter(pk=pk).values_list("project_id", flat=True).first()
    if project_id is None:
        raise NotFound("There is no such notice.")
    project = landing.project(project_id)
    found = PriorNotice.objects.select_for_update(of=("self",)).get(pk=pk)
    found.project = project
    return found
