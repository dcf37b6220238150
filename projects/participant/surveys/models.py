"""Surveys version by version, and every answer as it came. Both are of record."""

from django.db import models
from django.db.models import Q

from cdm_portal.journal.models import stamped
from projects.models import Document, MonitoringPeriod


class Survey(models.Model):
    """A survey that gives a monitored parameter of a period its value; the last version counts.

    `document` keeps the table as it came. A version without one ends the survey: the parameter
    comes from readings again.
    """

    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="surveys")
    symbol = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="+", null=True
    )
    population = models.PositiveIntegerField()
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["period_id", "symbol", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "symbol", "number"], name="survey_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Survey of {self.symbol}, version {self.number}"


class SurveyAnswer(models.Model):
    """What was found at one unit, in the unit of the parameter; yes is 1, no is 0."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="answers")
    row_number = models.PositiveIntegerField()
    unit = models.CharField(max_length=80)
    asked_date = models.DateField()
    value = models.DecimalField(max_digits=30, decimal_places=12)

    class Meta:
        ordering = ["survey_id", "row_number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "unit"], name="unit_asked_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="answer_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.value}"
