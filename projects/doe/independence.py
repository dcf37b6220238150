"""Whether a DOE is independent in a case, and what the register says of it (domain, 3.8)."""


from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.functions import Coalesce

from cdm_portal import queues
from projects import queries as landing
from projects.doe.debts import owing
from projects.doe.models import Accreditation, Proceeding
from projects.models import MonitoringPeriod, Project
from projects.revisions.models import CreditingPeriod


@dataclass(frozen=True, slots=True)
class Register:
    """What the register says of the DOE in charge of a case: its accreditations for the function in
    the project's sectoral scope, whether it is exempted to verify what it validated, and whether it
    validated the renewal of the crediting period in which a monitoring period lies; the debts in
    CERs that the DOE has not repaid.
    """

    held: list[Accreditation]
    exempt: bool
    renewed: bool
    owes: list[int]

    @classmethod
    def of(
        cls, organisation_id: int, project: Project, function: str,
        period: MonitoringPeriod | None = None,
    ) -> "Register":
        """Read it for one case."""
        held = Accreditation.objects.filter(
            organisation_id=organisation_id, scope=project.sectoral_scope or 0, function=function
        )
        exempt = _verifies_its_own(organisation_id, project) and (
            exemption(organisation_id, project) is not None
        )
        return cls(
            list(held), exempt, renewed_large(organisation_id, period),
            owing.owed_by(organisation_id),
        )

    @classmethod
    def told(cls, facts: queues.Facts) -> "Register":
        """The same from the facts of a line of the desk."""
        held = queues.revive(Accreditation, facts["held"])
        return cls(held, facts["exempt"], facts.get("renewed", False), facts["owes"])


def facts(doe: str, project: str, function: str) -> dict[str, Combinable | BaseExpression]:
    """What `Register.told` needs, of rows that know their DOE and project by these paths."""
    key = f"{project}__" if project else ""
    held = Accreditation.objects.filter(
        organisation=OuterRef(doe), scope=Coalesce(OuterRef(f"{key}sectoral_scope"), 0),
        function=function,
    )
    return {
        "held": queues.rows(held),
        "exempt": Exists(_exemptions().filter(
            organisation=OuterRef(doe), project=OuterRef(f"{key}pk")
        )),
        "owes": ArraySubquery(owing.numbers(doe)),
    }


def renewals(doe: str) -> dict[str, Exists]:
    """The rest of what `Register.told` needs, of rows of monitoring periods."""
    later = CreditingPeriod.objects.filter(
        project=OuterRef("project"), number=OuterRef("number"), version__gt=OuterRef("version")
    )
    return {"renewed": Exists(
        CreditingPeriod.objects.filter(
            ~Exists(later), project=OuterRef("project"), renewed_by=OuterRef(doe),
            first_date__lte=OuterRef("first_date"), last_date__gte=OuterRef("first_date"),
        ).exclude(project__scale=Project.Scale.SMALL)
    )}


def dependence(
    organisation_id: int, period: MonitoringPeriod, register: Register | None = None
) -> list[str]:
    """Why this DOE is not independent in the verification of a period of a large-scale project: it
    validated the project, or the renewal of the crediting period in which the period lies (domain,
    3.8). Who validated a post-registration change may verify.
    """
    project, reasons = period.project, []
    if validated_large(organisation_id, project, exempt=register.exempt if register else None):
        reasons.append("it validated this large-scale project and may not verify it.")
    renewed = register.renewed if register else renewed_large(organisation_id, period)
    if renewed:
        reasons.append(
            "it validated the renewal of this crediting period of a large-scale project and may "
            "not verify in it."
        )
    return reasons


def renewed_large(organisation_id: int, period: MonitoringPeriod | None) -> bool:
    """Whether this DOE validated the renewal of the crediting period in which a period of a
    large-scale project lies.
    """
    if period is None or period.project.scale == Project.Scale.SMALL:
        return False
    credited = landing.crediting_on(period.project, period.first_date)
    return credited is not None and credited.renewed_by_id == organisation_id


def validated_large(
    organisation_id: int, project: Project, *, exempt: bool | None = None
) -> bool:
    """Whether this DOE validated a large-scale project and no exemption lets it verify it too."""
    if not _verifies_its_own(organisation_id, project):
        return False
    return not exempt if exempt is not None else exemption(organisation_id, project) is None


def _verifies_its_own(organisation_id: int, project: Project) -> bool:
    large = project.scale != Project.Scale.SMALL
    return large and project.validator_id == organisation_id


def _exemptions() -> QuerySet[Proceeding]:
    return Proceeding.objects.filter(
        kind=Proceeding.Kind.EXEMPT, state=Proceeding.State.GRANTED
    )


def exemption(organisation_id: int, project: Project) -> Proceeding | None:
    """The Board's decision that this DOE may validate and verify the project, if there is one."""
    return _exemptions().filter(organisation_id=organisation_id, project=project).first()
