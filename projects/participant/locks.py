"""Row locks of the participant, in one order: project, then its design document, statement or
request to forward.
"""

from cdm_portal.refusals import NotFound
from projects import locks as landing
from projects.models import MonitoringPeriod, Project
from projects.participant.communication.models import ForwardingRequest, Statement
from projects.participant.models import DesignDocument, PriorNotice, ReadingsImport


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


def statement(pk: int) -> Statement:
    """A statement of modalities of communication with its project, both locked. Raises NotFound."""
    project_id = Statement.objects.filter(pk=pk).values_list("project_id", flat=True).first()
    if project_id is None:
        raise NotFound("There is no such statement.")
    project = landing.project(project_id)
    found = Statement.objects.select_for_update(of=("self",)).select_related("base").get(pk=pk)
    found.project = project
    return found


def forwarding(pk: int) -> ForwardingRequest:
    """A request to forward with its project, both locked. Raises NotFound."""
    project_id = (
        ForwardingRequest.objects.filter(pk=pk).values_list("project_id", flat=True).first()
    )
    if project_id is None:
        raise NotFound("There is no such request.")
    project = landing.project(project_id)
    found = (
        ForwardingRequest.objects.select_for_update(of=("self",)).select_related("statement")
        .get(pk=pk)
    )
    found.project = project
    return found


def readings_import(pk: int) -> ReadingsImport | None:
    """One import of readings; None while another worker is at it, or when there is none."""
    return (
        ReadingsImport.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("period__project", "document")
        .filter(pk=pk)
        .first()
    )


def imports_under_way(period: MonitoringPeriod) -> list[ReadingsImport]:
    """The imports of a period, already locked, that have not ended; all locked."""
    state = ReadingsImport.State
    ended = [state.DONE, state.FAILED]
    return list(
        ReadingsImport.objects.select_for_update().filter(period=period).exclude(state__in=ended)
    )
