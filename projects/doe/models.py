"""What a DOE keeps: accreditations, engagements, validations with public comments, verifications.

Findings stand on the landing (projects.models), for DOE and participant write them together. The
machines here are small; how they move the eight stages is `projects.lifecycle` alone.
"""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from cdm_portal.identity.models import Organisation
from cdm_portal.journal.models import stamped
from projects.doe.accreditation.models import Accreditation, Function, Proceeding
from projects.doe.audit.models import Observation
from projects.doe.debts.models import Debt, Repayment
from projects.models import Document, MonitoringPeriod, Project

__all__ = [
    "Accreditation",
    "Comment",
    "Debt",
    "Engagement",
    "Function",
    "Observation",
    "Proceeding",
    "Repayment",
    "Validation",
    "Verification",
    "VerificationRun",
]


class Engagement(FSMModelMixin, models.Model):
    """A participant asks a DOE to validate the project or to verify a period; the DOE answers."""

    class State(models.TextChoices):
        """Whether the DOE took it on."""

        OFFERED = "offered", "Waiting for the DOE"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        ENDED = "ended", "Ended"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="engagements")
    period = models.ForeignKey(
        MonitoringPeriod, on_delete=models.PROTECT, null=True, related_name="engagements"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="engagements"
    )
    function = models.CharField(max_length=20, choices=Function.choices)
    state = FSMField(max_length=20, choices=State.choices, default=State.OFFERED, protected=True)
    offered_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    no_conflict_at = models.DateTimeField(
        null=True, help_text="When the DOE declared that it has no conflict of interest"
    )
    reason = models.TextField(blank=True)
    notice = models.TextField(
        blank=True, help_text="Why this DOE is to take the work over from another; public"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["offered", "declined"]) | Q(no_conflict_at__isnull=False),
                name="engagement_declares_no_conflict",
            ),
            models.CheckConstraint(
                condition=Q(function="validation", period=None)
                | Q(function="verification", period__isnull=False),
                name="engagement_names_its_period",
            ),
            models.UniqueConstraint(
                fields=["project", "period", "function", "state"],
                condition=Q(state__in=["offered", "accepted"]),
                name="one_engagement_of_a_state",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "id"], name="engagements_offered",
                condition=Q(state="offered"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.function} of {self.project}"

    @transition(field=state, source=State.OFFERED, target=State.ACCEPTED)
    def accept(self) -> None:
        """The DOE takes it on."""

    @transition(field=state, source=State.OFFERED, target=State.DECLINED)
    def decline(self) -> None:
        """The DOE does not take it on."""

    @transition(field=state, source=State.ACCEPTED, target=State.ENDED)
    def end(self) -> None:
        """The work is done, or ended without an opinion."""


class Validation(FSMModelMixin, models.Model):
    """A validation of a project by one DOE: its comment window and its opinion (domain, 2.3).

    A project has a second one when another DOE takes the work over; the first is kept as replaced.
    """

    class State(models.TextChoices):
        """Open from publication to the opinion, or until another DOE takes the work over."""

        OPEN = "open", "At validation"
        POSITIVE = "positive", "Positive opinion"
        NEGATIVE = "negative", "Negative opinion"
        TERMINATED = "terminated", "Terminated"
        REPLACED = "replaced", "Replaced"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="validations")
    number = models.PositiveSmallIntegerField(default=1)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = FSMField(max_length=20, choices=State.choices, default=State.OPEN, protected=True)
    published_at = models.DateTimeField()
    comments_close_at = models.DateTimeField()
    published_version = models.PositiveIntegerField(null=True)
    design_version = models.PositiveIntegerField(null=True)
    conclusion = models.TextField(blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(comments_close_at__gt=F("published_at")) | Q(number__gt=1),
                name="window_runs_forward",
            ),
            models.UniqueConstraint(fields=["project", "number"], name="validation_number_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="open"), name="one_validation_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | ~Q(state="open") & Q(decided_at__isnull=False),
                name="validation_decided_with_date",
            ),
        ]
        indexes = [
            models.Index(
                fields=["comments_close_at", "id"], name="open_validations",
                condition=Q(state="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"Validation of {self.project}"

    def takes_comments(self, at: datetime) -> bool:
        """Whether the window is open: from publication until 24:00 UTC of its last day."""
        return (
            self.state == self.State.OPEN and self.published_at <= at < self.comments_close_at
        )

    @transition(field=state, source=State.OPEN, target=State.POSITIVE)
    def conclude_positive(self) -> None:
        """The project meets the requirements."""

    @transition(field=state, source=State.OPEN, target=State.NEGATIVE)
    def conclude_negative(self) -> None:
        """The project does not meet the requirements."""

    @transition(field=state, source=State.OPEN, target=State.TERMINATED)
    def terminate(self) -> None:
        """The DOE ends the work without an opinion."""

    @transition(field=state, source=State.OPEN, target=State.REPLACED)
    def replace(self) -> None:
        """Another DOE takes the work over; this one is kept."""


class Comment(models.Model):
    """A public comment on a published design document. What was said is never changed; the DOE's
    answer stands beside it and goes into the report.
    """

    validation = models.ForeignKey(Validation, on_delete=models.PROTECT, related_name="comments")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    affiliation = models.CharField(max_length=200, blank=True)
    email = models.EmailField()
    text = models.TextField()
    at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)
    response = models.TextField(blank=True)
    responded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["validation", "number"], name="comment_number_once"),
            models.CheckConstraint(
                condition=Q(response="", responded_at=None)
                | ~Q(response="") & Q(responded_at__isnull=False),
                name="response_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"Comment {self.number} by {self.name}"


class Verification(FSMModelMixin, models.Model):
    """The verification of one monitoring period, and the certification that ends it."""

    class State(models.TextChoices):
        """Open from the publication of the monitoring report to the certification."""

        VERIFYING = "verifying", "At verification"
        CERTIFIED = "certified", "Certified"
        NEGATIVE = "negative", "Not verified"

    period = models.OneToOneField(
        MonitoringPeriod, on_delete=models.PROTECT, related_name="verification"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = FSMField(max_length=20, choices=State.choices, default=State.VERIFYING, protected=True)
    published_at = models.DateTimeField()
    certified = models.JSONField(default=dict)
    conclusion = models.TextField(blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    unsettled = models.JSONField(
        default=list, db_default=[],
        help_text="What of the last recomputation waits for the DOE, in words",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="verifying", decided_at=None)
                | ~Q(state="verifying") & Q(decided_at__isnull=False),
                name="verification_decided_with_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="certified") | Q(unsettled=[]), name="certified_when_settled"
            ),
        ]

    def __str__(self) -> str:
        return f"Verification of {self.period}"

    @transition(field=state, source=State.VERIFYING, target=State.CERTIFIED)
    def certify(self) -> None:
        """The amount is certified."""

    @transition(field=state, source=State.VERIFYING, target=State.NEGATIVE)
    def conclude_negative(self) -> None:
        """The reductions cannot be verified."""


class VerificationRun(FSMModelMixin, models.Model):
    """One independent recomputation of a monitoring report: the row is the queue (house, 6).

    Each step is one transaction that leaves its part in `result` and moves `step`; a worker holds
    the run until `leased_until` and another takes it up where it stood.
    """

    class State(models.TextChoices):
        """Where the work stands."""

        QUEUED = "queued", "Waiting to start"
        RUNNING = "running", "Working"
        DONE = "done", "Done"
        FAILED = "failed", "Stopped"

    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="runs")
    report_version = models.PositiveIntegerField()
    state = FSMField(max_length=20, choices=State.choices, default=State.QUEUED, protected=True)
    queued_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=1)
    message = models.CharField(max_length=300, blank=True)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["verification"], condition=Q(state__in=["queued", "running"]),
                name="one_run_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease__isnull=False, leased_until__isnull=False),
                name="running_run_is_leased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verification}, run {self.pk}"

    @property
    def percent(self) -> int:
        """How much of the work is done, in whole per cent."""
        return 100 if self.state == self.State.DONE else 100 * self.step // max(self.steps, 1)

    @property
    def differences(self) -> list[dict[str, Any]]:
        """The compared figures that do not agree."""
        rows: list[dict[str, Any]] = self.result.get("compared", [])
        return [row for row in rows if not row["agrees"]]

    @transition(field=state, source=[State.QUEUED, State.RUNNING], target=State.RUNNING)
    def take(self) -> None:
        """A worker takes the run, or takes it up again."""

    @transition(field=state, source=State.RUNNING, target=State.DONE)
    def finish(self) -> None:
        """Everything is compared."""

    @transition(field=state, source=[State.QUEUED, State.RUNNING], target=State.FAILED)
    def fail(self) -> None:
        """It cannot be recomputed; the message says why."""
