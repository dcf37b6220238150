"""Row locks of a DOE's cases, always after the project's and the period's own (ledger, 7)."""

from cdm_portal.identity.models import Organisation
from cdm_portal.refusals import NotFound
from projects import locks
from projects.doe.models import (
    Accreditation,
    Comment,
    Engagement,
    Validation,
    Verification,
    VerificationRun,
)
from projects.models import Finding, MonitoringPeriod, Project


def organisation(pk: int) -> Organisation | None:
    """An organisation, locked while its accreditations are entered."""
    return Organisation.objects.select_for_update().filter(pk=pk).first()


def accreditation(pk: int) -> Accreditation:
    """One accreditation, locked. Raises NotFound."""
    found = Accreditation.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such accreditation.")
    return found


def case(project_id: int, period_id: int | None) -> tuple[Project, MonitoringPeriod | None]:
    """The project, and the period when there is one, locked. Raises NotFound."""
    if period_id is None:
        return locks.project(project_id), None
    period = locks.period(period_id)
    if period.project_id != project_id:
        raise NotFound("There is no such monitoring period.")
    return period.project, period


def engagement(pk: int) -> Engagement:
    """An engagement with its project (and period), all locked. Raises NotFound."""
    ids = Engagement.objects.filter(pk=pk).values_list("project_id", "period_id").first()
    if ids is None:
        raise NotFound("There is no such engagement.")
    project, period = case(*ids)
    found = Engagement.objects.select_for_update().get(pk=pk)
    found.project, found.period = project, period
    return found


def live_engagement(project: Project, period: MonitoringPeriod | None) -> Engagement | None:
    """The engagement offered or accepted for a case already locked, if there is one."""
    found = (
        Engagement.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(project=project, period=period)
        .filter(state__in=[Engagement.State.OFFERED, Engagement.State.ACCEPTED])
        .first()
    )
    if found is not None:
        found.project, found.period = project, period
    return found


def validation(project: Project) -> Validation:
    """The validation of a project already locked. Raises NotFound."""
    found = Validation.objects.select_for_update().filter(project=project).first()
    if found is None:
        raise NotFound("The project is not at validation.")
    found.project = project
    return found


def comment(pk: int) -> Comment:
    """A comment with its validation and project, all locked. Raises NotFound."""
    project_id = Comment.objects.filter(pk=pk).values_list("validation__project_id", flat=True)
    held = project_id.first()
    if held is None:
        raise NotFound("There is no such comment.")
    case_of_comment = validation(locks.project(held))
    found = Comment.objects.select_for_update().get(pk=pk)
    found.validation = case_of_comment
    return found


def finding(pk: int) -> Finding:
    """A finding with its project (and period), all locked. Raises NotFound."""
    ids = Finding.objects.filter(pk=pk).values_list("project_id", "period_id").first()
    if ids is None:
        raise NotFound("There is no such finding.")
    project, period = case(*ids)
    found = Finding.objects.select_for_update().get(pk=pk)
    found.project, found.period = project, period
    return found


def verification(period: MonitoringPeriod) -> Verification:
    """The verification of a period already locked. Raises NotFound."""
    found = Verification.objects.select_for_update().filter(period=period).first()
    if found is None:
        raise NotFound("The period is not at verification.")
    found.period = period
    return found


def run(pk: int) -> VerificationRun | None:
    """One recomputation; None while another worker is at it, or when there is none."""
    return (
        VerificationRun.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("verification__period__project")
        .filter(pk=pk)
        .first()
    )
