"""What a DOE says of a sampled record, or of a check that is not met: of record, word by word."""

from django.db import models
from django.db.models import Q

from cdm_portal.journal.models import stamped


class Observation(models.Model):
    """One word of the DOE; a later one on the same key takes its place, both are kept.

    `version` is the number of the upload for a record, of the monitoring report for a check; `key`
    is "row:symbol" or the code of the check.
    """

    class Kind(models.TextChoices):
        """What it is about."""

        RECORD = "record", "Sampled record"
        CHECK = "check", "Check"

    class Outcome(models.TextChoices):
        """What was found."""

        AGREES = "agrees", "Agrees with its evidence"
        DIFFERS = "differs", "Differs from its evidence"
        EXPLAINED = "explained", "Explained"

    verification = models.ForeignKey(
        "doe.Verification", on_delete=models.PROTECT, related_name="observations"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    version = models.PositiveIntegerField()
    key = models.CharField(max_length=120)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    text = models.TextField(blank=True)
    author_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="record", outcome="agrees", text="")
                | Q(kind="record", outcome="differs") & ~Q(text="")
                | Q(kind="check", outcome="explained") & ~Q(text=""),
                name="observation_says_what_differs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_outcome_display()}"
