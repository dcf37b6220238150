"""Activities, requests for issuance and sites, as published, each with the hash of its row."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Activity(models.Model):
    """A project activity or programme of activities of the published project database.

    `reference` is its CDM reference number, or its unique identifier while it has none. What was
    folded, split or repaired stands beside the original text. `titled` is False for the few rows
    without title, methodology and host: they are counted, not shown.
    """

    class Kind(models.TextChoices):
        """What it is."""

        PA = "PA", "Project activity"
        POA = "PoA", "Programme of activities"

    class Status(models.TextChoices):
        """The status on the website, spellings folded."""

        REGISTERED = "registered", "Registered"
        DEREGISTERED = "deregistered", "Deregistered"
        BUNDLED = "bundled", "Bundled into another registered activity"
        REQUESTING = "requesting", "Requesting registration"
        PROVISIONAL = "provisional", "Provisional"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"
        WITHDRAWN_EARLY = "withdrawn_early", "Withdrawn before publication"
        VALIDATION = "validation", "Validation, public"
        TERMINATED = "terminated", "Validation terminated"
        REPLACED = "replaced", "Validation replaced"
        PENDING = "pending", "Pending publication"
        UNKNOWN = "unknown", "Not stated"

    reference = models.CharField(max_length=100, unique=True)
    number = models.CharField(max_length=20, unique=True, null=True, blank=True)
    identifier = models.TextField(blank=True)
    kind = models.CharField(max_length=3, choices=Kind.choices)
    titled = models.BooleanField()
    title = models.TextField(blank=True)
    scale = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=Status.choices)
    status_text = models.TextField(blank=True)
    progress_text = models.TextField(blank=True)
    hosts = ArrayField(models.CharField(max_length=2))
    hosts_text = models.TextField(blank=True)
    scopes = ArrayField(models.PositiveSmallIntegerField())
    methodologies = ArrayField(models.TextField())
    methodologies_text = models.TextField(blank=True)
    type = models.TextField(blank=True)
    subtype = models.TextField(blank=True)
    doe = models.TextField(blank=True)
    capacity_mw = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    capacity_repaired = models.BooleanField(default=False)
    annual_tonnes = models.BigIntegerField(null=True)
    validation_began = models.DateField(null=True)
    registration_requested = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    crediting_kind = models.TextField(blank=True)
    crediting_first_date = models.DateField(null=True)
    crediting_last_date = models.DateField(null=True)
    page = models.TextField(blank=True)
    sheet_row = models.PositiveIntegerField()
    row_sha256 = models.CharField(max_length=64)

    class Meta:
        app_label = "projects"
        ordering = ["id"]
        verbose_name_plural = "activities"
        indexes = [
            GinIndex(fields=["hosts"], name="activity_by_host"),
            models.Index(fields=["status", "sheet_row"], name="activity_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class IssuanceRequest(models.Model):
    """A row of the published list of requests for issuance. Descriptive: the ledger is the
    registry's.

    What the list leaves out is empty here, never guessed.
    """

    process = models.TextField(blank=True)
    number = models.CharField(max_length=20, db_index=True)
    party_code = models.CharField(max_length=2)
    doe = models.TextField(blank=True)
    requested_on = models.DateField("issuance date")
    first_date = models.DateField(null=True)
    last_date = models.DateField(null=True)
    units = models.BigIntegerField()
    commitment_period = models.PositiveSmallIntegerField()
    report_number = models.BigIntegerField(null=True)
    sheet_row = models.PositiveIntegerField()
    row_sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        app_label = "projects"
        ordering = ["number", "requested_on", "id"]

    def __str__(self) -> str:
        return f"{self.number}, monitoring report {self.report_number}"


class ActivitySite(models.Model):
    """Where an activity is: a published point in degrees, exchanged coordinates put right."""

    number = models.CharField(max_length=20, db_index=True)
    title = models.TextField(blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5)
    longitude = models.DecimalField(max_digits=8, decimal_places=5)
    row_sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        app_label = "projects"
        ordering = ["number", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="activity_site_on_earth",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.latitude} {self.longitude}"
