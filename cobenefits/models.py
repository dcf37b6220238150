"""Reports of co-benefits: versions, one line per criterion reported, comments of the host
Party, the checks of DOEs. What is said indicator by indicator stands in `detail`.
"""

from django.db import models
from django.db.models import Q

from cdm_portal.identity.models import Organisation
from cdm_portal.journal.models import stamped
from cobenefits import criteria
from cobenefits.detail.models import IndicatorEntry, Said, TypedBenefit
from cobenefits.machine import (
    PUBLIC,
    UNDER_WAY,
    CheckLifecycle,
    ReportLifecycle,
    State,
)
from projects.models import Project

__all__ = [
    "Check", "CheckLine", "Comment", "IndicatorEntry", "Line", "Report", "Said", "TypedBenefit",
]


class Report(ReportLifecycle):
    """One version of a project's report. One version at a time is under way and one is in view;
    every version that was ever public stays so. `turn` counts how often it was handed in, so that
    nobody publishes what they have not seen. `ended_at` is when it was amended or withdrawn.
    """

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="cobenefit_reports"
    )
    version = models.PositiveIntegerField()
    kept_at = models.DateTimeField()
    turn = models.PositiveIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    return_reason = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["project_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="cobenefit_version_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state__in=["draft", "submitted"]),
                name="one_cobenefit_report_under_way",
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="published"),
                name="one_cobenefit_report_in_view",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False, turn__gt=0),
                name="cobenefit_report_was_handed_in",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"], published_at=None)
                | Q(state__in=["published", "amended", "withdrawn"], published_at__isnull=False),
                name="published_cobenefit_report_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "published"], ended_at=None, reason="")
                | Q(state="amended", ended_at__isnull=False, reason="")
                | Q(state="withdrawn", ended_at__isnull=False) & ~Q(reason=""),
                name="ended_cobenefit_report_says_how",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state="submitted"),
                name="cobenefit_reports_to_check",
            ),
        ]

    def __str__(self) -> str:
        return f"Co-benefits of {self.project.name}, version {self.version}"

    @property
    def is_under_way(self) -> bool:
        """Whether it is a draft, or waits for the secretariat."""
        return self.state in UNDER_WAY

    @property
    def is_public(self) -> bool:
        """Whether it was ever published."""
        return self.state in PUBLIC

    @property
    def was_returned(self) -> bool:
        """Whether it is a draft again, with words about what is missing."""
        return self.state == State.DRAFT and self.returned_at is not None


class Line(models.Model):
    """What the participant says about one criterion: a level, words, perhaps a figure. In a draft
    level and words may be missing.
    """

    class Level(models.TextChoices):
        """How strong the participant declares the benefit to be."""

        SLIGHT = "slight", "Slight"
        MODERATE = "moderate", "Moderate"
        HIGH = "high", "High"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="lines")
    criterion = models.CharField(
        max_length=30, choices=[(c.key, c.label) for c in criteria.CRITERIA]
    )
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    figure = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True)
    evidence = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "criterion"], name="criterion_once"),
            models.CheckConstraint(
                condition=Q(criterion__in=list(criteria.BY_KEY)), name="criterion_is_one_of_twelve"
            ),
            models.CheckConstraint(
                condition=Q(level__in=["", "slight", "moderate", "high"]),
                name="cobenefit_level_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_criterion_display()}: {self.text[:60]}"


class Comment(models.Model):
    """What the host Party's authority says about a version in view; no part of the report."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="comments")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="cobenefit_comments"
    )
    text = models.TextField()
    at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="cobenefit_comment_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} on {self.report}"


class Check(CheckLifecycle):
    """A DOE's optional look at one published version, asked for by the participants; a badge beside
    "self-declared, voluntary, not verified", never in its place.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="checks")
    doe = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="cobenefit_checks"
    )
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    no_conflict_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)
    statement = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(state__in=["asked", "accepted", "checked"]),
                name="one_check_of_a_version",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "checked"]) | Q(no_conflict_at__isnull=False),
                name="checker_declares_no_conflict",
            ),
            models.CheckConstraint(
                condition=Q(state="checked", concluded_at__isnull=False) & ~Q(statement="")
                | ~Q(state="checked") & Q(concluded_at=None),
                name="check_concludes_in_words",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="declined_check_has_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["doe"], condition=Q(state__in=["asked", "accepted"]),
                name="cobenefit_checks_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Check of {self.report} by {self.doe}"

    @property
    def project(self) -> Project:
        """The project whose report it is of."""
        return self.report.project


class CheckLine(models.Model):
    """What the DOE found about one criterion of the version."""

    class Outcome(models.TextChoices):
        """Whether the evidence carries what the participants declare."""

        CONFIRMED = "confirmed", "Confirmed"
        REFUTED = "refuted", "Refuted"

    made = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="lines")
    criterion = models.CharField(
        max_length=30, choices=[(c.key, c.label) for c in criteria.CRITERIA]
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["made", "criterion"], name="criterion_checked_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "confirmed", "refuted"]), name="check_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_criterion_display()}: {self.get_outcome_display()}"
