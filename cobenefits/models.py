"""Reports of co-benefits: versions of record, one line per criterion reported."""

from django.db import models
from django.db.models import Q

from cdm_portal.journal.models import stamped
from cobenefits import criteria
from projects.models import Project


class Report(models.Model):
    """One version of a project's report; the newest that stands is shown, all are kept."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="cobenefit_reports"
    )
    version = models.PositiveIntegerField()
    submitted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["project_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="cobenefit_version_once")
        ]

    def __str__(self) -> str:
        return f"Co-benefits of {self.project.name}, version {self.version}"


class Line(models.Model):
    """What the participant says about one criterion: a level, words, perhaps a figure."""

    class Level(models.TextChoices):
        """How strong the participant declares the benefit to be."""

        SLIGHT = "slight", "Slight"
        MODERATE = "moderate", "Moderate"
        HIGH = "high", "High"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="lines")
    criterion = models.CharField(
        max_length=30, choices=[(c.key, c.label) for c in criteria.CRITERIA]
    )
    level = models.CharField(max_length=10, choices=Level.choices)
    figure = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    evidence = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "criterion"], name="criterion_once"),
            models.CheckConstraint(
                condition=Q(criterion__in=list(criteria.BY_KEY)), name="criterion_is_one_of_twelve"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_criterion_display()}: {self.text[:60]}"
