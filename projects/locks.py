"""Row locks of the works, in one order: project, then its monitoring period or component (ledger,
7), then a revision.
"""

from cdm_portal.refusals import NotFound
from projects.models import MonitoringPeriod, Project
from projects.programmes.models import Component
from projects.revisions.models import Revision


def project(pk: int) -> Project:
    """The project, locked until the transaction ends. Raises NotFound."""
    found = (
        Project.objects.select_for_update(of=("self",)).select_related("owner").filter(pk=pk).first()
    )
    if found is None:
        raise NotFound("There is no such project.")
    return found


def period(pk: int) -> MonitoringPeriod:
    """The period with its project, both locked, the project first. Raises NotFound."""
    project_id = (
        MonitoringPeriod.objects.filter(pk=pk).values_list("project_id", flat=True).first()
    )
    if project_id is None:
        raise NotFound("There is no such monitoring period.")
    held = project(project_id)
    found = MonitoringPeriod.objects.select_for_update().get(pk=pk)
    found.project = held
    return found


def revision(pk: int) -> Revision:
    """The revision with its project, both locked, the project first. Raises NotFound."""
    project_id = Revision.objects.filter(pk=pk).values_list("project_id", flat=True).first()
    if project_id is None:
        raise NotFound("There is no such revision.")
    held = project(project_id)
    found = Revision.objects.select_for_update(of=("self",)).select_related("doe").get(pk=pk)
    found.project = held
    return found


def revisions_with(period: MonitoringPeriod) -> list[Revision]:
    """The changes that are decided with a period's request for issuance, locked in their order."""
    found = Revision.objects.select_for_update(of=("self",)).filter(period=period)
    return list(found.select_related("doe").order_by("pk"))


def component(pk: int) -> Component:
    """The component with its programme, both locked, the programme first. Raises NotFound."""
    programme_id = Component.objects.filter(pk=pk).values_list("programme_id", flat=True).first()
    if programme_id is None:
        raise NotFound("There is no such component.")
    held = project(programme_id)
    found: Component = Component.objects.select_for_update().get(pk=pk)
    found.programme = held
    return found
