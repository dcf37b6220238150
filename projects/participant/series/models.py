"""Records of long series: imports that a worker carries out, treatments, readings in blocks.

A block holds a day of minutes of one parameter as whole numbers, so that two million readings are
some thousand rows that the database can still sum by itself.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin, transition

from cdm_portal.journal.models import stamped
from projects.models import Document, MonitoringPeriod, Project


class ReadingsImport(FSMModelMixin, models.Model):
    """One file of readings on its way to count: the row is the queue (house, 6).

    `document` keeps the file as it came. `faults` lists the groups found with the text of their
    first rows; `headers` the file's own where they tell no parameter. A worker holds the import
    until `leased_until`; another takes it up with the blocks that are already kept.
    """

    class State(models.TextChoices):
        """Where the work stands."""

        QUEUED = "queued", "Waiting to start"
        RUNNING = "running", "Working"
        FAULTY = "faulty", "Waits for treatments"
        UNMAPPED = "unmapped", "Waits for columns"
        DONE = "done", "Done"
        FAILED = "failed", "Stopped"

    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="imports")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    resolution = models.CharField(max_length=8)
    state = FSMField(max_length=20, choices=State.choices, default=State.QUEUED, protected=True)
    queued_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=1)
    message = models.CharField(max_length=300, blank=True)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    row_count = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    headers = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=~Q(state__in=["done", "failed"]),
                name="one_import_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease__isnull=False, leased_until__isnull=False),
                name="running_import_is_leased",
            ),
        ]

    def __str__(self) -> str:
        return f"Import of {self.document.filename}"

    @property
    def percent(self) -> int:
        """How much of the work is done, in whole per cent."""
        return 100 if self.state == self.State.DONE else 100 * self.step // max(self.steps, 1)

    @transition(field=state, source=[State.QUEUED, State.RUNNING], target=State.RUNNING)
    def take(self) -> None:
        """A worker takes the import, or takes it up again."""

    @transition(field=state, source=State.RUNNING, target=State.FAULTY)
    def show(self) -> None:
        """Faults were found that wait for a treatment."""

    @transition(field=state, source=State.RUNNING, target=State.UNMAPPED)
    def ask(self) -> None:
        """The header does not tell which column holds which parameter."""

    @transition(field=state, source=[State.FAULTY, State.UNMAPPED], target=State.QUEUED)
    def resume(self) -> None:
        """The participant has chosen; a worker goes on."""

    @transition(field=state, source=State.RUNNING, target=State.DONE)
    def finish(self) -> None:
        """Every reading is kept and counts."""

    @transition(
        field=state, target=State.FAILED,
        source=[State.QUEUED, State.RUNNING, State.FAULTY, State.UNMAPPED],
    )
    def fail(self) -> None:
        """It cannot be read, or another file took its place; the message says which."""


class ReadingsTreatment(models.Model):
    """What the participant chose for one group of faults, and why."""

    source = models.ForeignKey(
        ReadingsImport, on_delete=models.PROTECT, related_name="treatments"
    )
    key = models.CharField(max_length=300)
    choice = models.CharField(max_length=20)
    reason = models.CharField(max_length=500)
    chosen_by = models.CharField(max_length=200)
    chosen_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="treatment_chosen_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="treatment_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.key


class ReadingsBlock(models.Model):
    """Consecutive readings of a parameter: whole numbers of 10^-`decimals` of `unit`.

    `amounts[n]` is of the interval that begins `n * step_seconds` after `first_at`, and `rows[n]`
    its row in the file; None stands for a missing one.
    """

    source = models.ForeignKey(ReadingsImport, on_delete=models.PROTECT, related_name="blocks")
    symbol = models.CharField(max_length=40)
    unit = models.CharField(max_length=20)
    first_at = models.DateTimeField()
    step_seconds = models.PositiveIntegerField()
    decimals = models.PositiveSmallIntegerField()
    amounts = ArrayField(models.BigIntegerField(null=True))
    rows = ArrayField(models.IntegerField(null=True))

    class Meta:
        ordering = ["source", "symbol", "first_at"]
        constraints = [
            models.UniqueConstraint(fields=["source", "symbol", "first_at"], name="block_once"),
        ]

    def __str__(self) -> str:
        return f"{self.symbol} from {self.first_at:%Y-%m-%d %H:%M}"


class ColumnMapping(models.Model):
    """How a project's files are read: a header of theirs stands for one of the monitoring plan."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="column_mappings")
    header = models.CharField(max_length=200)
    reads_as = models.CharField(max_length=120)
    set_by = models.CharField(max_length=200)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["header"]
        constraints = [
            models.UniqueConstraint(fields=["project", "header"], name="header_mapped_once"),
        ]

    def __str__(self) -> str:
        return f"{self.header}: {self.reads_as}"
