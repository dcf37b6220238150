"""Which DOE may validate a revised design document, and which of its acts the day allows.

A revision is validated under accreditation for validation in the project's sectoral scope, by any
DOE that is no participant: that which verifies the project may do it too (domain, 3.8).
"""

from datetime import date

from cdm_portal.identity import queries as people
from cdm_portal.identity.models import Organisation
from projects.doe.debts import owing
from projects.doe.errors import NotInStanding
from projects.doe.models import Accreditation, Function
from projects.doe.standing import (
    ACTS,
    Act,
    Candidate,
    Needs,
    accreditation_reasons,
    debt_reasons,
)
from projects.models import Project
from projects.revisions.models import Revision


def candidates(project: Project, on: date) -> list[Candidate]:
    """Every DOE with the reasons why it cannot validate a revision on that day."""
    return [
        Candidate(doe, tuple(obstacles(doe, project, on)))
        for doe in people.organisations(Organisation.Kind.DOE)
    ]


def obstacles(doe: Organisation, project: Project, on: date) -> list[str]:
    """Why this DOE cannot be asked to validate a revision on that day; empty when it can."""
    if doe.kind != Organisation.Kind.DOE:
        return ["it is not a Designated Operational Entity."]
    reasons = _accreditation(doe, project, on, Needs.ACTIVE)
    if project.participations.filter(organisation=doe).exists():
        reasons.append("it is a participant in the project.")
    return reasons


def why_no_act(act: Act, revision: Revision, on: date) -> list[str]:
    """Why the DOE of a revision cannot do this on that day; empty when it can."""
    doe = revision.doe
    if doe is None:
        return []
    reasons = _accreditation(doe, revision.project, on, ACTS[act])
    if revision.project.participations.filter(organisation=doe).exists():
        reasons.append("it is a participant in the project.")
    reasons += debt_reasons(act, owing.owed_by(doe.pk))
    return [f"{doe.name} cannot {act}: {reason}" for reason in reasons]


def require_standing(act: Act, revision: Revision, on: date) -> None:
    """Pass when the DOE may do this on that day. Raises NotInStanding."""
    if reasons := why_no_act(act, revision, on):
        raise NotInStanding(" ".join(reasons))


def _accreditation(doe: Organisation, project: Project, on: date, needs: Needs) -> list[str]:
    held = list(Accreditation.objects.filter(
        organisation=doe, scope=project.sectoral_scope or 0, function=Function.VALIDATION
    ))
    reasons = accreditation_reasons(held, project.sectoral_scope, Function.VALIDATION, on)
    states = {str(row.state) for row in held if row.runs_on(on)}
    if needs is Needs.HELD and Accreditation.State.SUSPENDED in states:
        return []
    return reasons
