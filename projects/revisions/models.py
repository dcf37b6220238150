"""Crediting periods, registered versions of the design document, and the revisions behind them."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from cdm_portal.identity.models import Organisation
from cdm_portal.journal.models import stamped
from cdm_portal.values import Period
from projects.revisions.machine import ENDED, RevisionLifecycle

CLOSED = [str(state) for state in ENDED]


class Revision(RevisionLifecycle):
    """A renewal of the crediting period, or a post-registration change, from draft to decision.

    One at a time for a project. `effective_date` is the first day to which it applies: of the
    renewed crediting period, or of the monitoring that follows the change. A temporary deviation
    ends on `last_date` and leaves the registered design document as it is.
    """

    class Kind(models.TextChoices):
        """What is asked for (domain, 2.7)."""

        RENEWAL = "renewal", "Renewal of the crediting period"
        DEVIATION = "deviation", "Temporary deviation from the monitoring plan"
        CORRECTION = "correction", "Corrections"
        START_DATE = "start_date", "Change to the start date of the crediting period"
        PLAN_INCLUDED = "plan_included", "Inclusion of a monitoring plan"
        PLAN = "plan", "Permanent change to the monitoring plan"
        DESIGN = "design", "Change to the project design"

    class Track(models.TextChoices):
        """Decided before, or together with a request for issuance (domain, 2.7)."""

        PRIOR = "prior", "Prior approval by the Board"
        ISSUANCE = "issuance", "With the request for issuance"

    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="revisions"
    )
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    track = models.CharField(max_length=10, choices=Track.choices, default=Track.PRIOR)
    period = models.ForeignKey(
        "projects.MonitoringPeriod", on_delete=models.PROTECT, null=True, related_name="revisions"
    )
    reasons = models.TextField(help_text="What changes and why")
    effective_date = models.DateField()
    last_date = models.DateField(null=True)
    design_version = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()

    # The DOE's part
    doe = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="revisions"
    )
    no_conflict_at = models.DateTimeField(null=True)
    returned_reason = models.TextField(blank=True)
    conclusion = models.TextField(blank=True)
    report = models.ForeignKey(
        "projects.Document", on_delete=models.PROTECT, null=True, related_name="+"
    )
    opinion_at = models.DateTimeField(null=True)
    requested_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["project_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["project"], condition=~Q(state__in=CLOSED), name="one_revision_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reasons=""), name="revision_has_reasons"),
            models.CheckConstraint(
                condition=Q(last_date=None)
                | Q(kind="deviation", last_date__gte=F("effective_date")),
                name="deviation_alone_ends",
            ),
            models.CheckConstraint(
                condition=Q(track="prior", period=None)
                | Q(track="issuance", period__isnull=False)
                & ~Q(kind__in=["renewal", "start_date"]),
                name="issuance_track_names_its_period",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(doe__isnull=False),
                name="revision_names_its_doe",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(design_version__isnull=False)
                | Q(kind="deviation"),
                name="revision_has_its_version",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "offered", "doe_opinion", "withdrawn"])
                | Q(report__isnull=False, opinion_at__isnull=False),
                name="opinion_has_report",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=CLOSED) | Q(decided_at__isnull=False),
                name="ended_revision_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.name}, {self.get_kind_display().lower()}"

    @property
    def owner_id(self) -> int:
        """The participant whose revision it is: the project's."""
        return self.project.owner_id

    @property
    def is_renewal(self) -> bool:
        """Whether it renews the crediting period."""
        return self.kind == self.Kind.RENEWAL

    @property
    def is_deviation(self) -> bool:
        """Whether the registered design document stays as it is."""
        return self.kind == self.Kind.DEVIATION


class CreditingPeriod(models.Model):
    """A registered crediting period, of record. A change of its start date is a further version.

    `estimated_annual_tonnes` is the ex-ante estimate for it; `renewed_by` is the DOE that validated
    its renewal, none for the first.
    """

    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="crediting_periods"
    )
    number = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    first_date = models.DateField()
    last_date = models.DateField()
    estimated_annual_tonnes = models.BigIntegerField()
    design_version = models.PositiveIntegerField()
    revision = models.OneToOneField(
        Revision, on_delete=models.PROTECT, null=True, related_name="crediting_period"
    )
    renewed_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="renewed"
    )
    registered_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["project_id", "number", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number", "version"], name="crediting_period_once"
            ),
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")), name="credited_period_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(number=1, version=1, revision=None) | Q(revision__isnull=False),
                name="later_crediting_has_revision",
            ),
            models.CheckConstraint(
                condition=Q(number=1, renewed_by=None) | Q(number__gt=1, renewed_by__isnull=False),
                name="renewal_names_its_doe",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.name}, crediting period {self.number}"

    @property
    def period(self) -> Period:
        """Its days, both ends included."""
        return Period(self.first_date, self.last_date)

    def holds(self, day: date) -> bool:
        """Whether reductions of that day can be credited in it."""
        return self.first_date <= day <= self.last_date


class RegisteredVersion(models.Model):
    """A version of the design document as registered, of record, and from which day it applies."""

    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="registered_versions"
    )
    design_version = models.PositiveIntegerField()
    effective_date = models.DateField()
    revision = models.OneToOneField(
        Revision, on_delete=models.PROTECT, null=True, related_name="registered_version"
    )
    registered_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["project_id", "effective_date", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "design_version"], name="version_registered_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.name}, registered design document version {self.design_version}"
