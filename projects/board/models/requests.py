"""Requests of DOEs with their checks, fees and instructions, and the series of their numbers."""

from django.db import models
from django.db.models import F, Q

from cdm_portal.identity.models import Organisation, Person
from projects.board.checklist import Part
from projects.board.procedure import Procedure
from projects.lifecycle import Stage
from projects.models import MonitoringPeriod, Project
from projects.revisions.machine import State as Revising
from projects.revisions.models import Revision
from registry.models import InstructionLine, Issuance


class Request(Procedure):
    """A DOE's request: for registration of a project, issuance for a monitoring period, renewal of
    a crediting period, or approval of a post-registration change.
    """

    class Kind(models.TextChoices):
        """What is requested."""

        REGISTRATION = "registration", "Registration"
        ISSUANCE = "issuance", "Issuance"
        RENEWAL = "renewal", "Renewal of the crediting period"
        CHANGE = "change", "Post-registration change"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="requests")
    period = models.ForeignKey(
        MonitoringPeriod, on_delete=models.PROTECT, null=True, related_name="requests"
    )
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, null=True, related_name="requests"
    )
    version = models.PositiveIntegerField(default=1)
    reference = models.CharField(max_length=20, unique=True)
    fee_usd = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    submitted_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="requests"
    )
    submitted_at = models.DateTimeField(
        help_text="When it was first submitted: the day of the request for the share of proceeds"
    )
    resubmitted_at = models.DateTimeField(
        null=True, help_text="When its present version was submitted again"
    )
    complete_at = models.DateTimeField(
        null=True, help_text="When documents and fee were in: the effective date of a registration"
    )
    check_due_at = models.DateTimeField(null=True)
    incomplete_reasons = models.TextField(blank=True)
    note = models.TextField("secretariat's summary note", blank=True)
    published_at = models.DateTimeField(null=True)
    window_closes_at = models.DateTimeField(null=True)
    review_scope = models.TextField(blank=True)
    reply_due_at = models.DateTimeField(null=True)
    assessment_due_at = models.DateTimeField(null=True)
    objection_closes_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="registration", period=None, revision=None)
                | Q(kind="issuance", period__isnull=False, revision=None)
                | Q(kind__in=["renewal", "change"], period=None, revision__isnull=False),
                name="request_names_its_case",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(kind="registration") & ~Q(state__in=["rejected", "withdrawn"]),
                name="one_request_for_registration",
            ),
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(kind="issuance") & ~Q(state__in=["rejected", "withdrawn"]),
                name="one_request_for_issuance",
            ),
            models.UniqueConstraint(
                fields=["revision"],
                condition=~Q(revision=None) & ~Q(state__in=["rejected", "withdrawn"]),
                name="one_request_for_revision",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(published_at__isnull=False, window_closes_at__gt=F("published_at")),
                name="published_request_has_window",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "rejected", "withdrawn"])
                | Q(decided_at__isnull=False),
                name="ended_request_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | Q(objection_closes_at__isnull=False),
                name="proposed_decision_has_clock",
            ),
        ]
        indexes = [
            models.Index(
                fields=["window_closes_at"], condition=Q(state="published"), name="open_windows"
            ),
            models.Index(
                fields=["objection_closes_at"], condition=Q(state="proposed"),
                name="open_objections",
            ),
            models.Index(
                fields=["state", "id"], name="open_requests",
                condition=~Q(state__in=["approved", "rejected", "withdrawn"]),
            ),
            models.Index(
                fields=["submitted_by", "id"], name="returned_requests",
                condition=Q(state__in=["incomplete", "corrections"]),
            ),
            models.Index(
                fields=["check_due_at", "id"], name="requests_to_check",
                condition=Q(state__in=[
                    "completeness_check", "information_check", "review_requested", "corrected",
                ]),
            ),
            models.Index(
                fields=["assessment_due_at", "id"], name="requests_to_assess",
                condition=Q(state="under_review"),
            ),
            models.Index(
                fields=["submitted_by", "reply_due_at", "id"], name="replies_of_does",
                condition=Q(state="under_review"),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_registration(self) -> bool:
        """Whether it asks for registration, not issuance."""
        return self.kind == self.Kind.REGISTRATION

    @property
    def is_issuance(self) -> bool:
        """Whether it asks for issuance."""
        return self.kind == self.Kind.ISSUANCE

    @property
    def case_is_there(self) -> bool:
        """Whether project, period or revision still stand where the request was made."""
        if self.revision is not None:
            registered = self.project.stage == Stage.MONITORING
            return bool(registered and self.revision.state == Revising.REQUESTED)
        if self.period is None:
            return bool(self.project.stage == Stage.REGISTRATION)
        return bool(
            self.period.stage == Stage.ISSUANCE and self.project.stage == Stage.MONITORING
        )

    @property
    def recommendations(self) -> list[str]:
        """What the assessments that are filed recommend: two once both are."""
        return [each.recommendation for each in self.assessments.all()]


class Check(models.Model):
    """One item of the secretariat's checks of one version of a request; open until looked at."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="checks")
    version = models.PositiveIntegerField()
    stage = models.CharField("check", max_length=20, choices=[(p.value, p.value) for p in Part])
    code = models.CharField(max_length=20)
    met = models.BooleanField(null=True)
    reason = models.TextField(blank=True)
    checked_by = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "version", "code"], name="check_once"),
            models.CheckConstraint(
                condition=Q(met=True) | ~Q(reason=""), name="unmet_check_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.code}"


class Instruction(models.Model):
    """The Board's instruction to issue for one commitment period: points at the registry's line."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="instructions")
    commitment_period = models.PositiveSmallIntegerField()
    part = models.SmallIntegerField("part, where the share is paid in parts", default=1)
    quantity = models.BigIntegerField()
    share_of_proceeds = models.BigIntegerField()
    line = models.OneToOneField(InstructionLine, on_delete=models.PROTECT, related_name="+")
    issuance = models.OneToOneField(
        Issuance, on_delete=models.PROTECT, null=True, related_name="+"
    )
    instructed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "commitment_period", "part"], name="instructed_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, share_of_proceeds__gte=0)
                & Q(share_of_proceeds__lte=F("quantity")),
                name="instruction_is_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.quantity} units, period {self.commitment_period}"


class Series(models.Model):
    """The last number given in a series; its row is the lock for the next."""

    name = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"
