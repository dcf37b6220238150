"""Who may act as the DOE, or as the participant, of a case; which DOE may be engaged; and which act
an accreditation allows on the day of the act.

Pages ask the same questions as the actions, so that a button and a refusal give the same reason.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum

from cdm_portal.identity import queries as people
from cdm_portal.identity.models import Organisation
from cdm_portal.journal.models import Entry
from cdm_portal.refusals import Forbidden, NotFound
from cdm_portal.values import Actor, Role
from projects import access, lifecycle
from projects.doe.debts import owing
from projects.doe.errors import BothSides, NotInStanding
from projects.doe.independence import Register, dependence
from projects.doe.models import Accreditation, Engagement, Function
from projects.lifecycle import Stage
from projects.models import MonitoringPeriod, Project
from projects.participant import stating

GONE = {
    Accreditation.State.SUSPENDED: "suspended",
    Accreditation.State.WITHDRAWN: "withdrawn",
    Accreditation.State.RELINQUISHED: "voluntarily withdrawn",
}
OTHER_SIDE = {Role.DOE: Role.PARTICIPANT, Role.PARTICIPANT: Role.DOE}


class Needs(Enum):
    """What an act needs on its day: an accreditation that runs and is not suspended, one that runs,
    suspended or not, or none at all.
    """

    ACTIVE = "active"
    HELD = "held"
    NOTHING = "nothing"


class Act(StrEnum):
    """What a DOE does in a case, in the words of a refusal: "cannot …"."""

    ACCEPT = "accept an engagement"
    PUBLISH_DESIGN = "publish a design document"
    RESPOND = "respond to public comments"
    WORK_ON_FINDING = "raise or assess findings"
    GIVE_OPINION = "give an opinion"
    TERMINATE = "end a validation without an opinion"
    REQUEST_REGISTRATION = "request registration"
    PUBLISH_REPORT = "publish a monitoring report"
    RECALCULATE = "recalculate a monitoring report"
    CERTIFY = "certify reductions"
    REPORT_NOT_VERIFIED = "report that reductions cannot be verified"
    REQUEST_ISSUANCE = "request issuance"
    ACCEPT_REVISION = "accept to validate a revised design document"
    REVISION_OPINION = "give an opinion on a revised design document"
    REQUEST_REVISION = "request a renewal or a post-registration change"


ACTS: dict[Act, Needs] = {
    Act.ACCEPT: Needs.ACTIVE,
    Act.PUBLISH_DESIGN: Needs.HELD,
    Act.RESPOND: Needs.HELD,
    Act.WORK_ON_FINDING: Needs.HELD,
    Act.GIVE_OPINION: Needs.HELD,
    Act.TERMINATE: Needs.NOTHING,
    Act.REQUEST_REGISTRATION: Needs.ACTIVE,
    Act.PUBLISH_REPORT: Needs.HELD,
    Act.RECALCULATE: Needs.HELD,
    Act.CERTIFY: Needs.HELD,
    Act.REPORT_NOT_VERIFIED: Needs.HELD,
    Act.REQUEST_ISSUANCE: Needs.ACTIVE,
    Act.ACCEPT_REVISION: Needs.ACTIVE,
    Act.REVISION_OPINION: Needs.HELD,
    Act.REQUEST_REVISION: Needs.ACTIVE,
}
"""A suspended DOE takes no new contract and makes no request; its running work may go on. Without
an accreditation nothing goes on but the end of the work (domain, 3.8; unverified, from a suspension
of 2008). Submitting a returned request again is part of that request and stands in no row here.
"""
BARRED_BY_DEBT = frozenset({
    Act.GIVE_OPINION, Act.REQUEST_REGISTRATION, Act.CERTIFY, Act.REPORT_NOT_VERIFIED,
    Act.REQUEST_ISSUANCE, Act.REVISION_OPINION, Act.REQUEST_REVISION,
})
"""What a DOE cannot do while it owes CERs: requests and opinions (domain, 10)."""
VALIDATING = (
    Act.PUBLISH_DESIGN, Act.RESPOND, Act.WORK_ON_FINDING, Act.GIVE_OPINION,
    Act.REQUEST_REGISTRATION,
)
VERIFYING = (
    Act.PUBLISH_REPORT, Act.WORK_ON_FINDING, Act.RECALCULATE, Act.CERTIFY, Act.REQUEST_ISSUANCE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A DOE that might be engaged, and everything that stands against it."""

    organisation: Organisation
    obstacles: tuple[str, ...]


def candidates(
    project: Project, *, function: str, on: date, period: MonitoringPeriod | None = None
) -> list[Candidate]:
    """Every DOE with the reasons why it cannot be engaged for this case on that day."""
    project = stating.stated(project)
    rows = Accreditation.objects.filter(scope=project.sectoral_scope or 0, function=function)
    held: dict[int, list[Accreditation]] = {}
    for row in rows:
        held.setdefault(row.organisation_id, []).append(row)
    return [
        Candidate(doe, tuple(_obstacles(doe, held.get(doe.pk, []), project, function, on, period)))
        for doe in people.organisations(Organisation.Kind.DOE)
    ]


def obstacles(
    organisation: Organisation,
    project: Project,
    *,
    function: str,
    on: date,
    period: MonitoringPeriod | None = None,
) -> list[str]:
    """Why this DOE cannot be engaged for this case on that day; empty when it can.

    Accreditation and suspension: domain 3.8; independence of large projects: domain 2.5. Both
    unverified, from secondary sources.
    """
    project = stating.stated(project)
    held = Accreditation.objects.filter(
        organisation=organisation, scope=project.sectoral_scope or 0, function=function
    )
    return _obstacles(organisation, list(held), project, function, on, period)


def why_closed(project: Project, period: MonitoringPeriod | None) -> str:
    """Why no DOE is engaged for the case any more, or yet, whichever it is; empty when one can be.
    """
    if project.stage == Stage.DESIGN:
        return "Submit the design document first: it decides the sectoral scope."
    if said := lifecycle.ended(project):
        if period is None:
            return f"{said} A new attempt is a new project."
        return f"{said} Nothing more is verified."
    if period is None:
        if project.stage not in {Stage.NATIONAL_APPROVAL, Stage.VALIDATION} or project.opinion:
            return "A DOE is engaged before the opinion; that time is over."
    elif period.stage not in {Stage.MONITORING, Stage.VERIFICATION}:
        return "The monitoring period has been verified."
    return ""


def why_not_accept(engagement: Engagement, on: date) -> list[str]:
    """Why the DOE that was asked cannot accept on that day; empty when it can."""
    if closed := why_closed(engagement.project, engagement.period):
        return [closed]
    return obstacles(
        engagement.organisation, engagement.project, function=engagement.function, on=on,
        period=engagement.period,
    )


def component_candidates(programme: Project, on: date) -> list[Candidate]:
    """Every DOE with the reasons why it cannot include components of a programme on that day."""
    return [
        Candidate(doe, tuple(component_obstacles(doe, programme, on)))
        for doe in people.organisations(Organisation.Kind.DOE)
    ]


def component_obstacles(doe: Organisation, programme: Project, on: date) -> list[str]:
    """Why this DOE cannot include, or renew, components of a programme on that day: accreditation
    for validation in the scope (domain, 3.8 and 3.9; unverified), and the two sides.
    """
    held = Accreditation.objects.filter(
        organisation=doe, scope=programme.sectoral_scope or 0, function=Function.VALIDATION
    )
    reasons = accreditation_reasons(
        list(held), programme.sectoral_scope, Function.VALIDATION, on
    )
    if doe.kind != Organisation.Kind.DOE:
        reasons = ["it is not a Designated Operational Entity."]
    if programme.participations.filter(organisation=doe).exists():
        reasons.append("it is a participant in the programme.")
    if debts := owing.owed_by(doe.pk):
        reasons.append(owing.reason(debts))
    return reasons


def _obstacles(
    doe: Organisation,
    held: list[Accreditation],
    project: Project,
    function: str,
    on: date,
    period: MonitoringPeriod | None,
) -> list[str]:
    reasons = accreditation_reasons(held, project.sectoral_scope, function, on)
    if doe.kind != Organisation.Kind.DOE:
        reasons = ["it is not a Designated Operational Entity."]
    if period is not None:
        reasons += dependence(doe.pk, period)
    if period is None and project.validator_id == doe.pk:
        reasons.append("it validates the project already.")
    if project.participations.filter(organisation=doe).exists():
        reasons.append("it is a participant in the project.")
    return reasons


def accreditation_reasons(
    held: list[Accreditation], scope: int | None, function: str, on: date
) -> list[str]:
    """Why these accreditations of a DOE do not carry a function in a scope on that day."""
    if scope is None:
        return ["the design document does not state the sectoral scope yet."]
    current = [row for row in held if row.runs_on(on)]
    states = {str(row.state) for row in current}
    if Accreditation.State.ACTIVE in states:
        return []
    for state, words in GONE.items():
        if state in states:
            return [f"its accreditation for {function} in sectoral scope {scope} is {words}."]
    if held and not current:
        return [f"its accreditation for {function} in sectoral scope {scope} is not valid on {on}."]
    return [f"it is not accredited for {function} in sectoral scope {scope}."]


def why_no_act(
    act: Act, project: Project, on: date, *, period: MonitoringPeriod | None = None,
    register: Register | None = None,
) -> list[str]:
    """Why the DOE in charge of a case cannot do this on that day; empty when it can.

    `register` is what was read of it already; without it, it is read here.
    """
    doe = project.validator if period is None else period.verifier
    if doe is None or ACTS[act] is Needs.NOTHING:
        return []
    project, function = stating.stated(project), function_for(period)
    register = register or Register.of(doe.pk, project, function, period)
    states = {str(row.state) for row in register.held if row.runs_on(on)}
    reasons = accreditation_reasons(register.held, project.sectoral_scope, function, on)
    if ACTS[act] is Needs.HELD and Accreditation.State.SUSPENDED in states:
        reasons = []
    if period is not None:
        reasons += dependence(doe.pk, period, register)
    reasons += debt_reasons(act, register.owes)
    return [f"{doe.name} cannot {act}: {reason}" for reason in reasons]


def debt_reasons(act: Act, debts: list[int]) -> list[str]:
    """Why a DOE with these unpaid debts cannot do this; empty when it can."""
    return [owing.reason(debts)] if debts and act in BARRED_BY_DEBT else []


def notes(project: Project, on: date, *, period: MonitoringPeriod | None = None) -> list[str]:
    """Every act of a case that its DOE cannot do on that day, with the reason, each reason once."""
    theirs = VALIDATING if period is None else VERIFYING
    doe = project.validator if period is None else period.verifier
    if doe is None:
        return []
    project = stating.stated(project)
    register = Register.of(doe.pk, project, function_for(period))
    found = [why_no_act(act, project, on, period=period, register=register) for act in theirs]
    blocked = [act for act, reasons in zip(theirs, found, strict=True) if reasons]
    if not blocked:
        return []
    why = {reason.partition(": ")[2] for reasons in found for reason in reasons}
    return [f"{doe} cannot {', '.join(blocked)}: {' '.join(sorted(why))}"]


def require_standing(
    act: Act, project: Project, on: date, *, period: MonitoringPeriod | None = None
) -> None:
    """Pass when the DOE's accreditation allows the act on that day. Raises NotInStanding."""
    if reasons := why_no_act(act, project, on, period=period):
        raise NotInStanding(" ".join(reasons))


def require_participant(actor: Actor, project: Project, on: date) -> None:
    """Pass for the project's own participant.

    Raises Forbidden, NotFound for those who may not know of it, BothSides.
    """
    allowed = access.owns(actor, project)
    _require(actor, project, "Only the project's own participant can do this.", allowed=allowed)
    refuse_both_sides(actor, project, on)


def require_doe(actor: Actor, project: Project, organisation_id: int | None, on: date) -> int:
    """The DOE in charge of the case, if the actor is one of its auditors.

    Raises Forbidden, NotFound for those who may not know of it, BothSides.
    """
    allowed = (
        actor.role == Role.DOE
        and organisation_id is not None
        and actor.organisation_id == organisation_id
    )
    _require(actor, project, "Only the DOE engaged for this case can do this.", allowed=allowed)
    refuse_both_sides(actor, project, on)
    return organisation_id or 0


def _require(actor: Actor, project: Project, reason: str, *, allowed: bool) -> None:
    if allowed:
        return
    if access.visible(actor).filter(pk=project.pk).exists():
        raise Forbidden(reason)
    raise NotFound("There is no such case.")


def refuse_both_sides(actor: Actor, project: Project, on: date) -> None:
    """Raise BothSides when this person acted, or belongs, on the other side of the project.

    One natural person may not be participant and DOE of one project (domain, 4: own design).
    """
    other = OTHER_SIDE.get(actor.role)
    if other is None or actor.person_id is None:
        return
    if _acted(actor.person_id, other, project) or _belongs(actor.person_id, other, project, on):
        raise BothSides(
            f"You take part in this project as {other.label}; "
            f"the same person cannot act in it as {actor.role.label}."
        )


def _acted(person_id: int, role: Role, project: Project) -> bool:
    names = [name for name in (project.reference, project.number) if name]
    return Entry.objects.filter(
        project__in=names, actor_person_id=person_id, actor_role=role.value
    ).exists()


def _belongs(person_id: int, role: Role, project: Project, on: date) -> bool:
    if role is Role.PARTICIPANT:
        sides = set(project.participations.values_list("organisation_id", flat=True))
        sides.add(project.owner_id)
    else:
        sides = set(
            Engagement.objects.filter(
                project=project, state__in=[Engagement.State.OFFERED, Engagement.State.ACCEPTED]
            ).values_list("organisation_id", flat=True)
        )
    held = people.memberships(person_id, on).filter(role=role.value)
    return held.filter(organisation_id__in=sides).exists()


def engaged(
    project: Project, period: MonitoringPeriod | None, state: Engagement.State
) -> Engagement | None:
    """The engagement that is offered, or the one accepted, for the case, if any."""
    found = Engagement.objects.filter(
        project=project, period=period, function=function_for(period), state=state
    )
    return found.select_related("organisation").first()


def function_for(period: MonitoringPeriod | None) -> Function:
    """What a DOE is engaged for: the project's validation, or a period's verification."""
    return Function.VALIDATION if period is None else Function.VERIFICATION
