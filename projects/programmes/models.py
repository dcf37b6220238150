"""Component project activities (CPA) of a programme of activities (domain, 2.8 and 3.9).

DRAFT → SUBMITTED → INCLUDED → RENEWED, and EXCLUDED for ever. A component that a DOE returns is a
draft again. `lifecycle.ask` asks this diagram as it asks the others; the database knows it too.
"""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django_fsm import ConcurrentTransitionMixin, FSMField

from cdm_portal.identity.models import Organisation
from cdm_portal.values import Actor, Period, Role
from projects.lifecycle import SIDE_ENDS, Stage, needs, participant, transition


def including_doe(case: Any, actor: Actor) -> bool:
    """The DOE to which the component was submitted."""
    return actor.role == Role.DOE and actor.organisation_id == case.doe_id


def renewing_doe(case: Any, actor: Actor) -> bool:
    """The DOE that was asked to confirm the renewal."""
    return actor.role == Role.DOE and actor.organisation_id == case.renewal_doe_id


def member(_case: Any, actor: Actor) -> bool:
    """A member of the Board."""
    return actor.role == Role.BOARD


@needs("Answer every eligibility criterion of the programme first.")
def criteria_are_answered(case: Any) -> bool:
    """There is an answer for each criterion that was frozen with the submission."""
    return bool(case.criteria) and len(case.answers) == len(case.criteria) and all(case.answers)


@needs("Declare that you checked every eligibility criterion.")
def criteria_are_checked(case: Any) -> bool:
    """The coordinating/managing entity checked the criteria."""
    return case.checked_at is not None


@needs("The programme has ended, or has not come to its validation.")
def programme_runs(case: Any) -> bool:
    """Components are looked at from the programme's validation on."""
    early = {Stage.DESIGN, Stage.NATIONAL_APPROVAL}
    return case.programme.stage not in {*early, *SIDE_ENDS}


@needs("The programme is not registered.")
def programme_is_registered(case: Any) -> bool:
    """Only a registered programme includes components."""
    return bool(case.programme.stage == Stage.MONITORING)


@needs("The period of the programme has not been renewed since.")
def programme_is_renewed(case: Any) -> bool:
    """The programme's period ends later than it did when the component was included or renewed."""
    ends = case.programme.crediting_last_date
    return case.programme_last_date is not None and ends > case.programme_last_date


class Component(ConcurrentTransitionMixin, models.Model):
    """A component project activity. `order` names it in its programme from the draft on; `number`
    comes with the inclusion. `criteria` are the programme's, frozen with the submission; `answers`
    stand in their order.
    """

    class State(models.TextChoices):
        """Where a component stands (domain, 3.9)."""

        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "With the DOE"
        INCLUDED = "included", "Included"
        RENEWED = "renewed", "Renewed"
        EXCLUDED = "excluded", "Excluded"

    LIVE = (State.INCLUDED, State.RENEWED)
    PUBLIC = (*LIVE, State.EXCLUDED)

    programme = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="components"
    )
    order = models.PositiveIntegerField()
    number = models.PositiveIntegerField(null=True)
    state = FSMField(
        max_length=10, choices=State.choices, default=State.DRAFT, protected=True, db_index=True
    )
    title = models.CharField(max_length=200)
    location = models.CharField(max_length=200, blank=True)
    start_date = models.DateField(null=True)
    crediting_first_date = models.DateField(null=True)
    crediting_last_date = models.DateField(null=True)
    estimated_annual_tonnes = models.BigIntegerField(null=True)
    answers = models.JSONField(default=list)
    drafted_at = models.DateTimeField()

    criteria = models.JSONField(default=list)
    design_version = models.PositiveIntegerField(null=True)
    checked_at = models.DateTimeField(null=True)
    doe = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="components"
    )
    submitted_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    return_reasons = models.TextField(blank=True)

    no_conflict_at = models.DateTimeField(null=True)
    included_at = models.DateTimeField(null=True)
    statement = models.ForeignKey(
        "projects.Document", on_delete=models.PROTECT, null=True, related_name="+"
    )
    programme_last_date = models.DateField(null=True)

    renewal_doe = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="component_renewals"
    )
    renewal_last_date = models.DateField(null=True)
    renewed_at = models.DateTimeField(null=True)
    renewals = models.PositiveIntegerField(default=0)

    excluded_at = models.DateTimeField(null=True)
    debt_tonnes = models.BigIntegerField(null=True)

    class Meta:
        app_label = "projects"
        ordering = ["programme_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "order"], name="component_order_once"),
            models.UniqueConstraint(fields=["programme", "number"], name="component_number_once"),
            models.CheckConstraint(
                condition=Q(crediting_last_date=None)
                | Q(crediting_last_date__gte=F("crediting_first_date")),
                name="component_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(
                    doe__isnull=False, submitted_at__isnull=False, checked_at__isnull=False,
                    start_date__isnull=False, crediting_first_date__isnull=False,
                    crediting_last_date__isnull=False, estimated_annual_tonnes__gt=0,
                    design_version__isnull=False,
                ),
                name="submitted_component_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"], number=None, included_at=None,
                            statement=None)
                | Q(
                    state__in=["included", "renewed", "excluded"], number__isnull=False,
                    included_at__isnull=False, statement__isnull=False,
                    no_conflict_at__isnull=False, programme_last_date__isnull=False,
                ),
                name="included_component_has_statement",
            ),
            models.CheckConstraint(
                condition=Q(state="excluded", excluded_at__isnull=False, debt_tonnes__gte=0)
                | ~Q(state="excluded") & Q(excluded_at=None, debt_tonnes=None),
                name="excluded_component_has_debt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.title}"

    @property
    def owner_id(self) -> int:
        """The coordinating/managing entity: the programme's owner."""
        return self.programme.owner_id

    @property
    def name(self) -> str:
        """Its number in the programme, once it is included; before, its place in the drafts."""
        if self.number is None:
            return f"draft {self.order}"
        return f"{self.programme.name}-{self.number:04d}"

    @property
    def is_public(self) -> bool:
        """Whether a DOE has ever included it."""
        return self.state in self.PUBLIC

    @property
    def is_live(self) -> bool:
        """Whether it is part of the programme now."""
        return self.state in self.LIVE

    @property
    def period(self) -> Period | None:
        """Its crediting period, both ends included."""
        if self.crediting_first_date is None or self.crediting_last_date is None:
            return None
        return Period(self.crediting_first_date, self.crediting_last_date)

    @property
    def answered(self) -> list[tuple[str, str]]:
        """Each criterion that was frozen with the submission, and the answer to it."""
        return list(zip(self.criteria, self.answers, strict=False))

    def credits(self, first: date, last: date) -> bool:
        """Whether its crediting period has a day in common with these days."""
        period = self.period
        return period is not None and period.first <= last and first <= period.last

    @transition(
        field=state, source=State.DRAFT, target=State.SUBMITTED, permission=participant,
        conditions=[programme_runs, criteria_are_answered, criteria_are_checked],
    )
    def submit(self) -> None:
        """The coordinating/managing entity submits it to a DOE."""

    @transition(
        field=state, source=State.SUBMITTED, target=State.DRAFT, permission=including_doe
    )
    def give_back(self) -> None:
        """The DOE returns it with reasons."""

    @transition(
        field=state, source=State.SUBMITTED, target=State.INCLUDED, permission=including_doe,
        conditions=[programme_is_registered],
    )
    def include(self) -> None:
        """The DOE includes it by uploading its statement."""

    @transition(
        field=state, source=LIVE, target=State.RENEWED, permission=renewing_doe,
        conditions=[programme_is_registered, programme_is_renewed],
    )
    def renew(self) -> None:
        """A DOE confirms that its crediting period is renewed, after the programme's."""

    @transition(field=state, source=LIVE, target=State.EXCLUDED, permission=member)
    def exclude(self) -> None:
        """A member of the Board decides that it was included in error; there is no way back."""


class CoveredComponent(models.Model):
    """A component whose reductions a monitoring period measures, of record with the period."""

    period = models.ForeignKey(
        "projects.MonitoringPeriod", on_delete=models.PROTECT, related_name="covered"
    )
    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="covered")

    class Meta:
        app_label = "projects"
        ordering = ["component__number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "component"], name="component_covered_once")
        ]

    def __str__(self) -> str:
        return f"{self.component} in {self.period}"
