"""The participant's records: the design document and its versions, readings, monitoring reports.

The draft and what is typed into it change from visit to visit. Everything else is of record: a
trigger refuses UPDATE, DELETE and TRUNCATE (see `sql`), and a new version is a new row.
"""

from django.db import models
from django.db.models import F, Q

from cdm_portal.identity.models import Person
from cdm_portal.journal.models import stamped
from projects.models import Document, MonitoringPeriod, Project
from projects.participant.communication import models as communication  # noqa: F401 # Django finds them here
from projects.participant.instruments.models import (
    AcceptedCorrection,
    Calibration,
    EventList,
    PlantEvent,
)
from projects.participant.sections import BY_KEY
from projects.participant.series.models import (
    ColumnMapping,
    ReadingsBlock,
    ReadingsImport,
    ReadingsTreatment,
)
from projects.participant.surveys.models import Survey, SurveyAnswer

__all__ = [
    "AcceptedCorrection", "AcceptedGap", "Calibration", "ColumnMapping", "DesignDocument",
    "DesignVersion", "EventList", "MonitoringReport", "PlantEvent", "PriorNotice", "Reading",
    "ReadingsBlock", "ReadingsFile", "ReadingsImport", "ReadingsTreatment", "StatedRows", "Survey",
    "SurveyAnswer", "TypedSection",
]


class DesignDocument(models.Model):
    """The draft of a project design document: values by section, numbers as text."""

    project = models.OneToOneField(
        Project, on_delete=models.PROTECT, related_name="design_document"
    )
    content = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Draft of {self.project.reference}"


class DesignVersion(models.Model):
    """A frozen design document. `sha256` is of the canonical JSON of content and calculation."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="design_versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    calculation = models.JSONField()
    sha256 = models.CharField(max_length=64)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["project_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="design_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.project.reference}, design document version {self.number}"


class PriorNotice(models.Model):
    """Notice that the CDM was considered before a project began (domain, 2.1): of record, but that
    the secretariat publishes it. It cannot be filed late: `due_at` is the first moment too late.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="prior_notices")
    title = models.CharField(max_length=200)
    start_date = models.DateField()
    location = models.CharField(max_length=200)
    latitude = models.DecimalField(max_digits=8, decimal_places=5)
    longitude = models.DecimalField(max_digits=8, decimal_places=5)
    description = models.TextField()
    filed_by = models.CharField(max_length=200)
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["-filed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(filed_at__lt=F("due_at")), name="prior_notice_in_time"
            ),
        ]

    def __str__(self) -> str:
        return f"Prior consideration of {self.title}"



class ReadingsFile(models.Model):
    """An uploaded table of readings that could be read in full; the last one of a period counts.

    `document` keeps the file as it came. `gaps` lists what is missing; `warnings` what was odd;
    `treated` the faults with the treatments chosen; `difference` what changed since the one before.
    """

    class Resolution(models.TextChoices):
        """How long one reading lasts."""

        MINUTE = "minute", "Every minute"
        QUARTER = "quarter", "Every quarter of an hour"
        HOUR = "hour", "Hourly"
        DAY = "day", "Daily"
        MONTH = "month", "Monthly"

    period = models.ForeignKey(
        MonitoringPeriod, on_delete=models.PROTECT, related_name="readings_files"
    )
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    source = models.OneToOneField(
        ReadingsImport, on_delete=models.PROTECT, null=True, related_name="file"
    )
    resolution = models.CharField(max_length=8, choices=Resolution.choices)
    utc_offset_minutes = models.SmallIntegerField()
    reading_count = models.PositiveIntegerField()
    gaps = models.JSONField()
    warnings = models.JSONField()
    treated = models.JSONField(default=list)
    difference = models.JSONField(default=list)
    uploaded_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.document.filename


class Reading(models.Model):
    """One measured value, in the unit of its parameter; `at` is the beginning of its interval."""

    file = models.ForeignKey(ReadingsFile, on_delete=models.PROTECT, related_name="readings")
    row_number = models.PositiveIntegerField()
    at = models.DateTimeField()
    symbol = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=60, decimal_places=25)
    unit = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "symbol", "at"], name="reading_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="reading_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.symbol} {self.at:%Y-%m-%d %H:%M}: {self.value.normalize():f} {self.unit}"


class AcceptedGap(models.Model):
    """The participant accepts how one gap is filled against its own claim."""

    file = models.ForeignKey(ReadingsFile, on_delete=models.PROTECT, related_name="accepted_gaps")
    key = models.CharField(max_length=100)
    reason = models.CharField(max_length=500)
    accepted_by = models.CharField(max_length=200)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "key"], name="gap_accepted_once")]

    def __str__(self) -> str:
        return self.key


class StatedRows(models.Model):
    """The rows of a methodology's table for a monitoring period; those stated last count.

    `rows` is a list of {column: text or truth}, numbers in the units of the columns.
    """

    period = models.ForeignKey(
        MonitoringPeriod, on_delete=models.PROTECT, related_name="stated_rows"
    )
    symbol = models.CharField(max_length=40)
    rows = models.JSONField()
    stated_by = models.CharField(max_length=200)
    stated_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.symbol}, {self.period}"


class MonitoringReport(models.Model):
    """A frozen monitoring report; `claimed` holds whole tonnes by commitment period ("1", "2").

    Without `readings_file` where the methodology measures nothing but tables of rows. `content` is
    described by `reported.content`; `sha256` is of its canonical JSON.
    """

    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveIntegerField()
    readings_file = models.ForeignKey(
        ReadingsFile, on_delete=models.PROTECT, related_name="reports", null=True
    )
    content = models.JSONField()
    claimed = models.JSONField()
    sha256 = models.CharField(max_length=64)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["period_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["period", "version"], name="report_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.period}, report version {self.version}"

    @property
    def claimed_tonnes(self) -> int:
        """The claim over all commitment periods."""
        return sum(self.claimed.values())


class TypedSection(models.Model):
    """What one person typed into a section and what could not be saved, exactly as it was typed.

    `typed` is {box: [texts]}; `seen` is the digest of the saved section that the person had before
    them; `reasons` is {box: [sentences]}, the empty box being the section as a whole. It goes when
    the section is saved by that person, or when they take the saved text instead.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="typed_sections")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=20)
    typed = models.JSONField()
    seen = models.CharField(max_length=64)
    reasons = models.JSONField(default=dict)
    typed_at = models.DateTimeField()

    class Meta:
        ordering = ["typed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "section", "person"], name="typed_section_once"
            ),
            models.CheckConstraint(
                condition=Q(section__in=list(BY_KEY)),
                name="typed_into_a_section",
            ),
            models.CheckConstraint(
                condition=Q(seen__regex="^[0-9a-f]{64}$"), name="typed_after_seeing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.section}"
