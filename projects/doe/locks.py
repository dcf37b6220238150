"""Row locks of a DOE's cases, always after the project's and the period's own (ledger, 7)."""

from collections.abc import Sequence
from datetime import date

from cdm_portal.identity.models import Organisation
from cdm_portal.refusals import NotFound
from projects import locks
from projects.doe.models import (
    Accreditation,
    Comment,
    Debt,
    Engagement,
    Proceeding,
    Validation,
    Verification,
    VerificationRun,
)
from projects.models import Finding, MonitoringPeriod, Project


def organisation(pk: int) -> Organisation | None:
    """An organisation, locked while its accreditations are entered."""
    return Organisation.objects.select_for_update().filter(pk=pk).first()


def accreditations(
    doe: Organisation, scopes: Sequence[int], functions: Sequence[str], on: date
) -> list[Accreditation]:
    """What a DOE already locked holds on a day in these scopes and functions, each locked."""
    held = Accreditation.objects.select_for_update(of=("self",)).filter(
        organisation=doe, scope__in=scopes, function__in=functions
    )
    found = [row for row in held.order_by("pk") if row.runs_on(on)]
    for row in found:
        row.organisation = doe
    return found


def proceeding(pk: int) -> Proceeding:
    """A proceeding with its DOE, both locked, the DOE first. Raises NotFound."""
    held = Proceeding.objects.filter(pk=pk).values_list("organisation_id", flat=True).first()
    doe = organisation(held or 0)
    if doe is None:
        raise NotFound("There is no such proceeding.")
    found = Proceeding.objects.select_for_update(of=("self",)).get(pk=pk)
    found.organisation = doe
    return found


def debt(pk: int) -> Debt:
    """A debt in CERs. Raises NotFound."""
    found = Debt.objects.select_for_update(of=("self",)).select_related("doe").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such debt.")
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


def accepted_engagement(project: Project, period: MonitoringPeriod | None) -> Engagement | None:
    """The engagement accepted for a case already locked, if there is one."""
    found = (
        Engagement.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(project=project, period=period)
        .filter(state=Engagement.State.ACCEPTED)
        .first()
    )
    if found is not None:
        found.project, found.period = project, period
    return found


def validation(project: Project) -> Validation:
    """The validation of a project already locked, not a replaced one. Raises NotFound."""
    found = latest_validation(project)
    if found is None or found.state == Validation.State.REPLACED:
        raise NotFound("The project is not at validation.")
    return found


def latest_validation(project: Project) -> Validation | None:
    """The last validation of a project already locked, even if it was replaced."""
    rows = Validation.objects.select_for_update().filter(project=project)
    found = rows.order_by("-number").first()
    if found is not None:
        found.project = project
    return found


def comment(pk: int) -> tuple[Comment, Validation]:
    """A comment and the validation in which it is answered, with the project, all locked: a DOE
    that takes a validation over answers the comments made before. Raises NotFound.
    """
    project_id = Comment.objects.filter(pk=pk).values_list("validation__project_id", flat=True)
    held = project_id.first()
    if held is None:
        raise NotFound("There is no such comment.")
    answered_in = validation(locks.project(held))
    return Comment.objects.select_for_update().get(pk=pk), answered_in


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


def recomputed(pk: int) -> Verification:
    """The verification of a recomputation that has just ended, already locked as a run."""
    return Verification.objects.select_for_update().get(pk=pk)


def run(pk: int) -> VerificationRun | None:
    """One recomputation; None while another worker is at it, or when there is none."""
    return (
        VerificationRun.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("verification__period__project")
        .filter(pk=pk)
        .first()
    )
