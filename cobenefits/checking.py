"""Which DOE may check a version, and what stands against the others.

Own design (domain, 7: "optional DOE verification as separate badge"): independence as for the
verification of a monitoring period, so accredited for verification in the project's sectoral scope,
no participant, not the validator of a large-scale project nor of its renewal, and without a debt.
"""

from dataclasses import dataclass
from datetime import date

from cdm_portal.identity import queries as people
from cdm_portal.identity.models import Organisation
from projects.doe import independence, standing
from projects.doe.debts import owing
from projects.doe.models import Accreditation, Function
from projects.models import Project
from projects.participant import stating
from projects.revisions.models import CreditingPeriod


@dataclass(frozen=True, slots=True)
class Candidate:
    """A DOE that might be asked, and everything that stands against it."""

    organisation: Organisation
    obstacles: tuple[str, ...]


def candidates(project: Project, on: date) -> list[Candidate]:
    """Every DOE with the reasons why it cannot check this project's report on that day."""
    project = stating.stated(project)
    return [
        Candidate(doe, tuple(obstacles(doe, project, on)))
        for doe in people.organisations(Organisation.Kind.DOE)
    ]


def obstacles(
    doe: Organisation, project: Project, on: date, *, running: bool = False
) -> list[str]:
    """Why a DOE cannot be asked, or take the check on, on that day; empty when it can.

    `running`: whether it may go on with a check that it took on; a suspended DOE may (domain, 3.8;
    unverified).
    """
    if doe.kind != Organisation.Kind.DOE:
        return ["it is not a Designated Operational Entity."]
    held = list(Accreditation.objects.filter(
        organisation=doe, scope=project.sectoral_scope or 0, function=Function.VERIFICATION
    ))
    reasons = standing.accreditation_reasons(
        held, project.sectoral_scope, Function.VERIFICATION, on
    )
    states = {str(row.state) for row in held if row.runs_on(on)}
    if running and Accreditation.State.SUSPENDED in states:
        reasons = []
    if independence.validated_large(doe.pk, project):
        reasons.append("it validated this large-scale project and may not check its report.")
    elif _renewed_large(doe, project):
        reasons.append("it validated a renewal of this large-scale project.")
    if project.participations.filter(organisation=doe).exists():
        reasons.append("it is a participant in the project.")
    if debts := owing.owed_by(doe.pk):
        reasons.append(owing.reason(debts))
    return reasons


def _renewed_large(doe: Organisation, project: Project) -> bool:
    large = project.scale != Project.Scale.SMALL
    return large and CreditingPeriod.objects.filter(project=project, renewed_by=doe).exists()
