"""The landing: records that more than one role reads and writes, and the facts of the law.

A role's own records live with the role; what two roles write together (findings, documents) and the
facts on which `lifecycle` decides stand here.
"""

import hashlib

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from cdm_portal.identity.models import Organisation
from cdm_portal.values import Period
from projects.activities import models as historic_record  # noqa: F401 # Django finds them here
from projects.findings import Finding as Finding
from projects.findings import FindingMessage as FindingMessage
from projects.lifecycle import PeriodLifecycle, ProjectLifecycle
from projects.programmes import models as programmes
from projects.reference import models as reference_data  # noqa: F401 # and these
from projects.revisions import models as revised_design  # noqa: F401 # Django finds them here


class Project(ProjectLifecycle):
    """A CDM project activity. `reference` names it for ever; `number` comes with registration."""

    class Rules(models.TextChoices):
        """Under which law the case runs (decisions, 3)."""

        HISTORIC = "historic", "Historic rules"
        DEMONSTRATION = "demonstration", "Demonstration rules"

    class Kind(models.TextChoices):
        """A project activity, or a programme of activities with components."""

        ACTIVITY = "activity", "Project activity"
        PROGRAMME = "programme", "Programme of activities"

    class Scale(models.TextChoices):
        """Large scale, or small scale within the limits of its type."""

        LARGE = "large", "Large scale"
        SMALL = "small", "Small scale"

    class Sector(models.TextChoices):
        """What kind of project it is, in the words of the catalogue."""

        SOLAR = "solar", "Solar power"
        WIND = "wind", "Wind power"
        HYDRO = "hydro", "Run-of-river hydropower"
        RESERVOIR = "reservoir", "Reservoir hydropower"
        TIDAL = "tidal", "Tidal power"
        GEOTHERMAL = "geothermal", "Geothermal power"
        BIOGAS = "biogas", "Biogas"
        BIOMASS = "biomass", "Biomass energy"
        LANDFILL = "landfill", "Landfill gas"
        WASTE = "waste", "Waste and waste water"
        WATER = "water", "Safe drinking water"
        STOVES = "stoves", "Efficient cookstoves"
        EFFICIENCY = "efficiency", "Energy efficiency"
        INDUSTRIAL = "industrial", "Industrial gases"

    reference = models.CharField(max_length=20, unique=True)
    number = models.CharField(max_length=20, unique=True, null=True, blank=True)
    rules = models.CharField(max_length=20, choices=Rules.choices)
    kind = models.CharField(
        max_length=10, choices=Kind.choices, default=Kind.ACTIVITY, db_default=Kind.ACTIVITY
    )
    fictional = models.BooleanField(default=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="projects")
    party_code = models.CharField("host Party", max_length=2)

    # What the frozen design document says, copied when it is submitted
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    sector = models.CharField(max_length=20, choices=Sector.choices, blank=True)
    sectoral_scope = models.PositiveSmallIntegerField(null=True)
    scale = models.CharField(max_length=10, choices=Scale.choices, blank=True)
    methodology = models.CharField(max_length=20, blank=True)
    methodology_version = models.CharField(max_length=10, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    location = models.CharField(max_length=200, blank=True)
    start_date = models.DateField(null=True)
    prior_due_at = models.DateTimeField(
        null=True, help_text="Where prior consideration is asked for: when its notice is too late"
    )
    crediting_kind = models.CharField(
        max_length=10, choices=[("fixed", "Fixed"), ("renewable", "Renewable")], blank=True
    )
    crediting_first_date = models.DateField(null=True)
    crediting_last_date = models.DateField(null=True)
    estimated_annual_tonnes = models.BigIntegerField(null=True)

    # The facts of the law, each set by the action of the role that it belongs to
    design_version = models.PositiveIntegerField(null=True)
    design_submitted_at = models.DateTimeField(null=True)
    host_approved_at = models.DateTimeField(null=True)
    validator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="validating"
    )
    validation_began_at = models.DateTimeField(null=True)
    opinion = models.CharField(
        max_length=10, blank=True, choices=[("positive", "Positive"), ("negative", "Negative")]
    )
    opinion_at = models.DateTimeField(null=True)
    registration_requested_at = models.DateTimeField(null=True)
    decision = models.CharField(
        max_length=10, blank=True, choices=[("register", "Register"), ("reject", "Reject")]
    )
    registered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage="monitoring")
                | Q(number__isnull=False, registered_at__isnull=False),
                name="registered_has_number",
            ),
            models.CheckConstraint(
                condition=Q(crediting_last_date=None)
                | Q(crediting_last_date__gte=F("crediting_first_date")),
                name="crediting_runs_forward",
            ),
            models.CheckConstraint(
                condition=~Q(stage="design")
                | Q(design_submitted_at=None, validator=None, opinion="", decision=""),
                name="design_begins_afresh",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "stage", "id"], name="projects_of_owner"),
            models.Index(fields=["validator", "stage", "id"], name="projects_of_validator"),
            models.Index(
                fields=["owner", "id"], condition=Q(number__isnull=False),
                name="registered_of_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.reference} {self.title}"

    @property
    def name(self) -> str:
        """The reference number if registered, else the draft's reference."""
        return self.number or self.reference

    @property
    def is_programme(self) -> bool:
        """Whether it is a programme of activities; its owner then coordinates and manages it."""
        return self.kind == self.Kind.PROGRAMME

    @property
    def is_demonstration(self) -> bool:
        """Whether it runs under demonstration rules."""
        return self.rules == self.Rules.DEMONSTRATION

    @property
    def crediting_period(self) -> Period | None:
        """The crediting period, once the design document states it."""
        if self.crediting_first_date is None or self.crediting_last_date is None:
            return None
        return Period(self.crediting_first_date, self.crediting_last_date)


class Participation(models.Model):
    """An entity named as project participant; the DNA of its Party authorises it by its letter."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="participations"
    )
    authorised_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "organisation"], name="participant_once")
        ]

    def __str__(self) -> str:
        return self.organisation.name


class MonitoringPeriod(PeriodLifecycle):
    """A stretch of the crediting period whose reductions are measured, verified and issued."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="periods")
    number = models.PositiveIntegerField()
    first_date = models.DateField()
    last_date = models.DateField()
    opened_at = models.DateTimeField()

    # The facts of the law
    report_version = models.PositiveIntegerField(null=True)
    reported_at = models.DateTimeField(null=True)
    claimed_tonnes = models.BigIntegerField(null=True)
    verifier = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="verifying"
    )
    verification_outcome = models.CharField(
        max_length=10, blank=True, choices=[("positive", "Positive"), ("negative", "Negative")]
    )
    certified_tonnes = models.BigIntegerField(null=True)
    certified_at = models.DateTimeField(null=True)
    decision = models.CharField(
        max_length=10, blank=True, choices=[("issue", "Issue"), ("reject", "Reject")]
    )
    issued_tonnes = models.BigIntegerField(null=True)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["project_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="period_number_once"),
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")), name="period_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(certified_tonnes=None) | Q(certified_tonnes__lte=F("claimed_tonnes")),
                name="certified_not_above_claimed",
            ),
            models.CheckConstraint(
                condition=Q(issued_tonnes=None) | Q(issued_tonnes=F("certified_tonnes")),
                name="issued_as_certified",
            ),
            ExclusionConstraint(
                name="periods_do_not_overlap",
                expressions=[
                    ("project", RangeOperators.EQUAL),
                    (
                        Func(
                            F("first_date"), F("last_date"), Value("[]"),
                            function="daterange", output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [
            models.Index(
                fields=["stage", "id"], name="periods_under_way",
                condition=Q(stage__in=["monitoring", "verification", "issuance"]),
            ),
            models.Index(
                fields=["verifier", "stage", "id"], name="periods_of_verifier",
                condition=Q(stage__in=["verification", "issuance"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.name}, monitoring period {self.number}"

    @property
    def owner_id(self) -> int:
        """The participant that the period belongs to: the project's."""
        return self.project.owner_id

    @property
    def period(self) -> Period:
        """Its days, both ends included."""
        return Period(self.first_date, self.last_date)


class Blob(models.Model):
    """The bytes of a document, named by their SHA-256; kept in the database so that a document and
    the act that filed it are one transaction.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    data = models.BinaryField()
    size_bytes = models.BigIntegerField()

    @staticmethod
    def digest(data: bytes) -> str:
        """The SHA-256 of some bytes, in hexadecimal."""
        return hashlib.sha256(data).hexdigest()


class Document(models.Model):
    """A paper of a case: filed once, never changed; a new version is a new row."""

    class Kind(models.TextChoices):
        """Which paper it is (domain, 2.9)."""

        ATTACHMENT = "attachment", "Attachment to the design document"
        DESIGN = "design", "Project design document"
        LETTER = "letter", "Letter of approval"
        VALIDATION = "validation", "Validation report and opinion"
        READINGS = "readings", "Monitoring data"
        MONITORING = "monitoring", "Monitoring report"
        VERIFICATION = "verification", "Verification and certification report"
        FINDING = "finding", "File of a finding"
        NOTE = "note", "Secretariat's note"
        RULING = "ruling", "Ruling of the Executive Board"
        REPLY = "reply", "File of a reply to a review"
        INCLUSION = "inclusion", "Statement on a component project activity"
        CALIBRATION = "calibration", "Calibration certificate"
        BENEFIT = "benefit", "Evidence of co-benefits"

    class Part(models.TextChoices):
        """Which part of the design document an attachment supports (domain, 2.1)."""

        DESCRIPTION = "description", "Project description"
        BASELINE = "baseline", "Baseline"
        ADDITIONALITY = "additionality", "Additionality"
        MONITORING = "monitoring", "Monitoring plan"
        IMPACTS = "impacts", "Environmental impacts"
        CONSULTATION = "consultation", "Local stakeholder consultation"
        OTHER = "other", "Something else"

    NEVER_CONFIDENTIAL = (Part.BASELINE, Part.ADDITIONALITY, Part.IMPACTS)
    """Unverified, from general knowledge (domain, 2.9)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="documents")
    period = models.ForeignKey(
        MonitoringPeriod, on_delete=models.PROTECT, null=True, related_name="documents"
    )
    component = models.ForeignKey(
        programmes.Component, on_delete=models.PROTECT, null=True, related_name="documents"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=200)
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    version = models.PositiveIntegerField(default=1)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    public = models.BooleanField(default=False)
    part = models.CharField(max_length=20, choices=Part.choices, blank=True)
    confidential = models.BooleanField(default=False)
    filed_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    filed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confidential=False)
                | Q(public=False, kind="attachment")
                & ~Q(part__in=["baseline", "additionality", "impacts"]),
                name="confidential_stays_private",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def note(self) -> str:
        """What a list says under its name: confidential; uploaded, so not scanned (decisions, 24).
        """
        kinds = self.Kind
        uploaded = self.kind in {
            kinds.ATTACHMENT, kinds.READINGS, kinds.FINDING, kinds.REPLY, kinds.BENEFIT,
        }
        said = ["Confidential"] if self.confidential else []
        return ". ".join(said + (["Not scanned for viruses"] if uploaded else []))
