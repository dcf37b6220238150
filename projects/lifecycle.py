"""THE LAW ON ONE PAGE: the eight stages and every transition between them.

Stages 1 to 4 happen once: `ProjectLifecycle` carries them. Stages 5 to 8 repeat for each monitoring
period: `PeriodLifecycle` carries them. Both are django-fsm state fields over one enumeration. Each
transition says who may do it and on which facts; the facts stand on the landing (projects.models)
and are set by each role's own actions (decisions, 15). A transition touches no other row.

`ask` is how an action asks the law; `why_not` is how a page says why a button is not there.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

import django_fsm
from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField

from cdm_portal.refusals import Forbidden, Refused
from cdm_portal.values import Actor, Role


class Stage(models.TextChoices):
    """The eight stages in their order, then the six side ends."""

    DESIGN = "design", "Project design"
    NATIONAL_APPROVAL = "national_approval", "National approval"
    VALIDATION = "validation", "Validation"
    REGISTRATION = "registration", "Registration"
    MONITORING = "monitoring", "Monitoring"
    VERIFICATION = "verification", "Verification"
    ISSUANCE = "issuance", "CER issuance"
    OFFSETTING = "offsetting", "Offsetting"
    WITHDRAWN = "withdrawn", "Withdrawn"
    VALIDATION_TERMINATED = "validation_terminated", "Validation terminated"
    VALIDATION_NEGATIVE = "validation_negative", "Validation negative"
    REJECTED = "rejected", "Rejected"
    DEREGISTERED = "deregistered", "Deregistered"
    NOT_VERIFIED = "not_verified", "Not verified"


EIGHT: tuple[Stage, ...] = tuple(Stage)[:8]
SIDE_ENDS: tuple[Stage, ...] = tuple(Stage)[8:]
BEFORE_REGISTERED = [
    Stage.DESIGN, Stage.NATIONAL_APPROVAL, Stage.VALIDATION, Stage.REGISTRATION,
]
BEFORE_PUBLISHED = BEFORE_REGISTERED[:2]


class NotNow(Refused):
    """The law does not allow this transition now; the message names what is missing."""

    code = "not_now"


Condition = Callable[[Any], bool]
Permission = Callable[[Any, Actor], bool]
C = TypeVar("C", bound=Condition)
T = TypeVar("T", bound=Callable[..., None])


def transition(
    *,
    field: django_fsm.FSMFieldMixin | str,
    source: str | Sequence[str],
    target: str,
    permission: Permission,
    conditions: Sequence[Condition] = (),
) -> Callable[[T], T]:
    """django-fsm's transition, where the one who is asked for permission is an Actor."""
    return django_fsm.transition(
        field=field, source=source, target=target, conditions=list(conditions),
        permission=cast("Any", permission),
    )


def permits(method: Callable[..., None], actor: Actor) -> bool:
    """Whether the transition is the actor's to make. Its conditions are another question."""
    return django_fsm.has_transition_perm(method, cast("Any", actor))


def needs(reason: str) -> Callable[[C], C]:
    """Give a condition the words in which its absence is told."""

    def named(condition: C) -> C:
        condition.reason = reason  # type: ignore[attr-defined] # read by why_not
        return condition

    return named


# Who


def participant(case: Any, actor: Actor) -> bool:
    """The project's own participant."""
    return actor.role == Role.PARTICIPANT and actor.organisation_id == case.owner_id


def validating_doe(case: Any, actor: Actor) -> bool:
    """The DOE that validates the project."""
    return actor.role == Role.DOE and actor.organisation_id == case.validator_id


def verifying_doe(case: Any, actor: Actor) -> bool:
    """The DOE that verifies the period."""
    return actor.role == Role.DOE and actor.organisation_id == case.verifier_id


def board(_case: Any, actor: Actor) -> bool:
    """The Board, its secretariat, or the portal when a window has closed by itself."""
    return actor.role in {Role.BOARD, Role.SECRETARIAT, Role.SYSTEM}


def registry_job(_case: Any, actor: Actor) -> bool:
    """The portal's own job, after the registry has booked an instruction."""
    return actor.role == Role.SYSTEM


# On which facts


@needs("The design document has not been completed and frozen.")
def design_is_frozen(case: Any) -> bool:
    """A version of the design document has been submitted."""
    return cast("datetime | None", case.design_submitted_at) is not None


@needs("No DOE has accepted to validate the project.")
def doe_is_engaged(case: Any) -> bool:
    """An accredited DOE accepted the engagement."""
    return case.validator_id is not None


@needs("The DOE has not given a positive opinion.")
def opinion_is_positive(case: Any) -> bool:
    """The validation report closes with a positive opinion."""
    return bool(case.opinion == "positive")


@needs("The DOE has not given a negative opinion.")
def opinion_is_negative(case: Any) -> bool:
    """The validation report closes with a negative opinion."""
    return bool(case.opinion == "negative")


@needs("The DOE has given its opinion.")
def no_opinion_yet(case: Any) -> bool:
    """The validation has not come to an opinion."""
    return not case.opinion


@needs("The host Party's letter of approval is missing.")
def host_approved(case: Any) -> bool:
    """The host Party's DNA issued its letter of approval and has not withdrawn it."""
    return cast("datetime | None", case.host_approved_at) is not None


@needs("The Board has not decided for registration, nor has the review window closed without one.")
def registration_is_decided(case: Any) -> bool:
    """The window closed without a review, or a ruling says register."""
    return bool(case.decision == "register")


@needs("The Board has not ruled against the project.")
def rejection_is_decided(case: Any) -> bool:
    """A ruling says reject."""
    return bool(case.decision == "reject")


@needs("The monitoring report has not been frozen.")
def report_is_frozen(case: Any) -> bool:
    """A version of the monitoring report has been submitted."""
    return cast("datetime | None", case.reported_at) is not None


@needs(
    "A programme needs at least one real component project activity, submitted to a DOE, before "
    "its registration is requested (unverified)."
)
def programme_has_component(case: Any) -> bool:
    """A programme has a component beyond a draft (domain, 2.8); an activity needs none."""
    return bool(case.kind != "programme" or case.components.exclude(state="draft").exists())


@needs("The DOE has not certified an amount.")
def amount_is_certified(case: Any) -> bool:
    """The DOE signed the amount that it verified."""
    return case.certified_tonnes is not None


@needs("The DOE has not concluded that the reductions cannot be verified.")
def verification_failed(case: Any) -> bool:
    """The DOE reported that the reductions cannot be verified."""
    return bool(case.verification_outcome == "negative")


@needs("The registry has not issued what the Board instructed.")
def units_are_issued(case: Any) -> bool:
    """Every instruction line of the period is booked."""
    return case.issued_tonnes is not None


@needs("The project is not registered any more.")
def project_stands(case: Any) -> bool:
    """The project of the period is registered and has not been deregistered."""
    return bool(case.project.stage == Stage.MONITORING)


def ended(project: Any) -> str:
    """That a project has ended, and how, in words; empty while it goes on."""
    if project.stage not in SIDE_ENDS:
        return ""
    return f"The project ended: {Stage(project.stage).label.lower()}."


class ProjectLifecycle(ConcurrentTransitionMixin, models.Model):
    """Stages 1 to 4, once per project; `monitoring` then means: registered, periods are open."""

    stage = FSMField(
        max_length=30, choices=Stage.choices, default=Stage.DESIGN, protected=True, db_index=True
    )

    class Meta:
        abstract = True

    @transition(
        field=stage, source=Stage.DESIGN, target=Stage.NATIONAL_APPROVAL,
        permission=participant, conditions=[design_is_frozen],
    )
    def submit_design(self) -> None:
        """1 → 2: the participant submits the frozen design document."""

    @transition(
        field=stage, source=Stage.NATIONAL_APPROVAL, target=Stage.VALIDATION,
        permission=validating_doe, conditions=[doe_is_engaged],
    )
    def begin_validation(self) -> None:
        """2 → 3: the DOE publishes the design document. The letter may still be on its way."""

    @transition(
        field=stage, source=Stage.VALIDATION, target=Stage.REGISTRATION,
        permission=validating_doe,
        conditions=[opinion_is_positive, host_approved, programme_has_component],
    )
    def request_registration(self) -> None:
        """3 → 4: the DOE that validated requests registration."""

    @transition(
        field=stage, source=Stage.VALIDATION, target=Stage.VALIDATION,
        permission=validating_doe, conditions=[no_opinion_yet],
    )
    def replace_validation(self) -> None:
        """3 → 3: another DOE, engaged by the participant, takes the validation over."""

    @transition(
        field=stage, source=Stage.REGISTRATION, target=Stage.MONITORING,
        permission=board, conditions=[registration_is_decided],
    )
    def register(self) -> None:
        """4 → 5: registered, by the closed window or by the Board's ruling."""

    @transition(
        field=stage, source=Stage.REGISTRATION, target=Stage.REJECTED,
        permission=board, conditions=[rejection_is_decided],
    )
    def reject(self) -> None:
        """4 → end: rejected by the Board's ruling."""

    @transition(
        field=stage, source=Stage.VALIDATION, target=Stage.VALIDATION_NEGATIVE,
        permission=validating_doe, conditions=[opinion_is_negative],
    )
    def end_negative(self) -> None:
        """3 → end: the DOE's opinion is negative."""

    @transition(
        field=stage, source=Stage.VALIDATION, target=Stage.VALIDATION_TERMINATED,
        permission=validating_doe,
    )
    def terminate_validation(self) -> None:
        """3 → end: the DOE ends the validation without an opinion."""

    @transition(
        field=stage, source=BEFORE_PUBLISHED, target=Stage.WITHDRAWN, permission=participant
    )
    def withdraw(self) -> None:
        """1–2 → end: the participant withdraws alone, before a DOE publishes the design."""

    @transition(
        field=stage, source=[Stage.VALIDATION, Stage.REGISTRATION], target=Stage.WITHDRAWN,
        permission=validating_doe,
    )
    def withdraw_published(self) -> None:
        """3–4 → end: the DOE files the withdrawal that the participant asked for."""

    @transition(
        field=stage, source=Stage.REJECTED, target=Stage.DESIGN, permission=participant
    )
    def take_up_again(self) -> None:
        """End → 1: after a rejection the participant revises the design as a new version."""

    @transition(
        field=stage, source=Stage.MONITORING, target=Stage.DEREGISTERED, permission=board
    )
    def deregister(self) -> None:
        """Registered → end: no further issuance; CERs already issued stay valid."""


class PeriodLifecycle(ConcurrentTransitionMixin, models.Model):
    """Stages 5 to 8, once per monitoring period."""

    stage = FSMField(
        max_length=30, choices=Stage.choices, default=Stage.MONITORING, protected=True,
        db_index=True,
    )

    class Meta:
        abstract = True

    @transition(
        field=stage, source=Stage.MONITORING, target=Stage.VERIFICATION,
        permission=participant, conditions=[project_stands, report_is_frozen],
    )
    def report(self) -> None:
        """5 → 6: the participant submits the frozen monitoring report."""

    @transition(
        field=stage, source=Stage.VERIFICATION, target=Stage.ISSUANCE,
        permission=verifying_doe, conditions=[project_stands, amount_is_certified],
    )
    def certify(self) -> None:
        """6 → 7: the DOE certifies; certification is the request for issuance."""

    @transition(
        field=stage, source=Stage.VERIFICATION, target=Stage.NOT_VERIFIED,
        permission=verifying_doe, conditions=[project_stands, verification_failed],
    )
    def end_unverified(self) -> None:
        """6 → end: the reductions cannot be verified."""

    @transition(
        field=stage, source=Stage.ISSUANCE, target=Stage.REJECTED,
        permission=board, conditions=[rejection_is_decided],
    )
    def reject(self) -> None:
        """7 → end: the Board refuses the issuance."""

    @transition(
        field=stage, source=Stage.ISSUANCE, target=Stage.OFFSETTING,
        permission=registry_job, conditions=[project_stands, units_are_issued],
    )
    def issue(self) -> None:
        """7 → 8: the registry has issued the CERs; they can be offered and cancelled."""


def why_not(case: models.Model, transition_name: str, actor: Actor | None = None) -> list[str]:
    """What stands in the way of a transition, in words; empty when it can be made now.

    With an actor, also whether it is theirs to make. The case is anything with a state field: a
    project, a monitoring period, or the case machine of a role (a letter, a request).
    """
    method = getattr(case, transition_name)
    field = method._django_fsm.field.name
    rule = method._django_fsm.get_transition(getattr(case, field))
    if rule is None:
        label = getattr(case, f"get_{field}_display")()
        return [f"This cannot be done in the {field} “{label}”."]
    if actor is not None and not permits(method, actor):
        missing = _unmet(case, rule.conditions)
        return missing or [f"{actor.role.label}s other than the one in charge cannot do this."]
    return _unmet(case, rule.conditions)


def _unmet(case: models.Model, conditions: Iterable[Condition]) -> list[str]:
    return [getattr(c, "reason", c.__name__) for c in conditions if not c(case)]


def ask(case: models.Model, transition_name: str, actor: Actor) -> None:
    """Ask the law whether `actor` may make the transition now; the action then makes it.

    django-fsm does not enforce permissions by itself. Raises NotNow with what is missing, or
    Forbidden when the act belongs to somebody else.
    """
    reasons = why_not(case, transition_name)
    if reasons:
        raise NotNow(" ".join(reasons))
    if not permits(getattr(case, transition_name), actor):
        raise Forbidden(f"This is not for you to do as {actor.role.label} of this case.")
