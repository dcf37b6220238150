"""What is known of a validation or a verification: read for one case, or for a page of the desk.

The facts are stated once, as expressions over rows of validations and of monitoring periods. A desk
computes them for the rows of its page in its one statement; for one case they are asked by its key.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, JSONObject

from cdm_portal import queues
from projects.doe import independence
from projects.doe.models import Comment, Function, Validation, Verification, VerificationRun
from projects.models import Finding, MonitoringPeriod, Participation
from projects.participant import speaking
from projects.participant.models import MonitoringReport
from projects.revisions.machine import LIVE
from projects.revisions.models import Revision


@dataclass(frozen=True, slots=True)
class Case:
    """What stands open in a case: findings by kind, comments, entities without authorisation or
    signature.
    """

    register: independence.Register
    answered: int
    open_cars: int
    open_cls: int
    comments: int
    unauthorised: list[str]
    spoken_for: bool
    unsigned: list[str]
    inherited: list[Finding]
    run: VerificationRun | None
    change: Revision | None
    written: int | None
    unsettled: list[str]

    @classmethod
    def told(cls, facts: queues.Facts) -> "Case":
        """The case from the facts of a line."""
        changes = queues.revive(Revision, facts.get("changes", ()))
        runs = queues.revive(VerificationRun, facts.get("runs", ()))
        return cls(
            register=independence.Register.told(facts), answered=facts["answered"],
            open_cars=facts["open_cars"], open_cls=facts["open_cls"],
            comments=facts.get("comments", 0), unauthorised=facts.get("unauthorised", []),
            spoken_for=facts.get("spoken_for", False), unsigned=facts.get("unsigned", []),
            inherited=queues.revive(Finding, facts.get("inherited", ())),
            run=runs[0] if runs else None, change=next(iter(changes), None),
            written=facts.get("written"), unsettled=facts.get("unsettled") or [],
        )


def _findings(raised: QuerySet[Finding]) -> dict[str, Any]:
    """How many are answered, and how many stand in the way (`Finding.blocks`), by kind."""
    blocking = raised.exclude(state=Finding.State.CLOSED)
    return {
        "answered": queues.count(raised.filter(state=Finding.State.ANSWERED)),
        "open_cars": queues.count(blocking.filter(kind=Finding.Kind.CAR)),
        "open_cls": queues.count(blocking.filter(kind=Finding.Kind.CL)),
    }


def of_validations() -> dict[str, Any]:
    """The facts of rows of validations."""
    unauthorised = Participation.objects.filter(
        project=OuterRef("project_id"), authorised_at=None,
        organisation__party_code=OuterRef("project__party_code"),
    )
    unanswered = Comment.objects.filter(
        validation__project=OuterRef("project_id"), responded_at=None
    )
    return {
        **independence.facts("project__validator_id", "project", Function.VALIDATION),
        **_findings(Finding.objects.filter(project=OuterRef("project_id"), period=None)),
        "comments": queues.count(unanswered),
        "unauthorised": ArraySubquery(unauthorised.values("organisation__name")),
        **speaking.facts(),
    }


def of_periods() -> dict[str, Any]:
    """The facts of rows of monitoring periods."""
    earlier = Q(period=None) | Q(period__number__lt=OuterRef("number"))
    inherited = Finding.objects.filter(
        earlier, project=OuterRef("project_id"), kind=Finding.Kind.FAR,
        state=Finding.State.FORWARDED,
    )
    changes = Revision.objects.filter(project=OuterRef("project_id"), state__in=LIVE)
    written = MonitoringReport.objects.filter(
        period=OuterRef("pk"), version=OuterRef("report_version")
    )
    runs = VerificationRun.objects.filter(verification__period=OuterRef("pk")).order_by("-pk")
    return {
        **independence.facts("verifier_id", "project", Function.VERIFICATION),
        **independence.renewals("verifier_id"),
        "changes": queues.rows(changes),
        "written": Subquery(written.values("content__design_version")[:1]),
        **_findings(Finding.objects.filter(period=OuterRef("pk"))),
        "inherited": queues.rows(inherited),
        "runs": queues.rows(runs[:1], "state", "message", "report_version"),
        "unsettled": Subquery(
            Verification.objects.filter(period=OuterRef("pk")).values("unsettled")[:1]
        ),
    }


def case_of_validation(validation: Validation) -> Case:
    """One validation's case. One statement."""
    return _case(Validation.objects.filter(pk=validation.pk), of_validations())


def case_of_verification(period: MonitoringPeriod) -> Case:
    """One period's case. One statement."""
    return _case(MonitoringPeriod.objects.filter(pk=period.pk), of_periods())


def _case(one: QuerySet[Any], facts: dict[str, Any]) -> Case:
    told = one.order_by().values_list(Cast(JSONObject(**facts), queues.TOLD), flat=True)
    return Case.told(told.get())
