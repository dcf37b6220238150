"""Calibrations of meters, accepted corrections for late ones, and lists of events.

All are of record. A mistaken calibration is put right by a new one that takes its place, a list of
events by a new version.
"""

from django.db import models
from django.db.models import F, Q

from cdm_portal.journal.models import stamped
from projects.methodologies import events
from projects.models import Document, MonitoringPeriod, Project


class Calibration(models.Model):
    """One test of one meter by which a parameter of the monitoring plan is measured.

    The next one is due `interval_months` later, on `due_date`; None where the meter was taken out
    of use on that day. Both errors are per cent of the reading, the one found with its sign.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="calibrations")
    symbol = models.CharField(max_length=40)
    meter = models.CharField(max_length=80)
    done_date = models.DateField()
    interval_months = models.PositiveSmallIntegerField()
    due_date = models.DateField(null=True)
    laboratory = models.CharField(max_length=200)
    accuracy_class = models.CharField(max_length=40)
    permissible_error = models.DecimalField(max_digits=7, decimal_places=4)
    error_found = models.DecimalField(max_digits=7, decimal_places=4)
    certificate = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["symbol", "meter", "done_date", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "symbol", "meter", "done_date"], condition=Q(replaces=None),
                name="calibration_recorded_once",
            ),
            models.CheckConstraint(
                condition=Q(due_date=None) | Q(due_date__gt=F("done_date")),
                name="calibration_due_later",
            ),
            models.CheckConstraint(
                condition=Q(permissible_error__gt=0, permissible_error__lte=100)
                & Q(error_found__gte=-100, error_found__lte=100),
                name="calibration_errors_are_shares",
            ),
            models.CheckConstraint(
                condition=~Q(meter="") & ~Q(laboratory=""),
                name="calibration_is_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meter} ({self.symbol}), {self.done_date}"

    @property
    def is_beyond(self) -> bool:
        """Whether the error found is beyond what is permitted."""
        return abs(self.error_found) > self.permissible_error


class AcceptedCorrection(models.Model):
    """That days of a period count corrected because a calibration was late, and why it was."""

    period = models.ForeignKey(
        MonitoringPeriod, on_delete=models.PROTECT, related_name="accepted_corrections"
    )
    key = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    accepted_by = models.CharField(max_length=200)
    accepted_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["period", "key"], name="correction_accepted_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.key


class EventList(models.Model):
    """What happened at the plant in a monitoring period, version by version; the last one counts.

    `document` is the file as it came; None for a version that was typed.
    """

    period = models.ForeignKey(
        MonitoringPeriod, on_delete=models.PROTECT, related_name="event_lists"
    )
    number = models.PositiveIntegerField()
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="+", null=True
    )
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["period_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="event_list_once"),
        ]

    def __str__(self) -> str:
        return f"{self.period}, events, version {self.number}"


class PlantEvent(models.Model):
    """One event of a list; `symbol` empty: it concerns every parameter; `row_number` of the file, 0
    for one that was typed.
    """

    source = models.ForeignKey(EventList, on_delete=models.PROTECT, related_name="events")
    row_number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[*events.LABELS.items()])
    symbol = models.CharField(max_length=40, blank=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=events.LONGEST_NOTE, blank=True)

    class Meta:
        ordering = ["source_id", "begins_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")), name="event_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.begins_at:%Y-%m-%d %H:%M}"
