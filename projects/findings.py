"""What a DOE raises and the participant answers, turn by turn."""

from django.db import models
from django.db.models import Q

from cdm_portal.identity.models import Organisation
from cdm_portal.journal.models import stamped


class Finding(models.Model):
    """What a DOE raises and the participant answers: in a validation, or in a verification.

    `section` is the part or the parameter that it is about; `passage` the words there, if any, as
    they stood in the version in force when it was raised.
    """

    class Kind(models.TextChoices):
        """Corrective action request, clarification request, forward action request."""

        CAR = "CAR", "Corrective action request"
        CL = "CL", "Clarification request"
        FAR = "FAR", "Forward action request"

    class State(models.TextChoices):
        """With whom the ball lies."""

        OPEN = "open", "Waiting for the participant"
        ANSWERED = "answered", "Waiting for the DOE"
        CLOSED = "closed", "Closed"
        FORWARDED = "forwarded", "Kept for the next verification"

    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="findings"
    )
    period = models.ForeignKey(
        "projects.MonitoringPeriod", on_delete=models.PROTECT, null=True, related_name="findings"
    )
    kind = models.CharField(max_length=3, choices=Kind.choices)
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    section = models.CharField(max_length=80, blank=True)
    passage = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    raised_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "period", "kind", "number"], name="finding_number_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(passage="") | ~Q(section=""), name="passage_stands_in_a_section"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="open_findings", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number:02d}"

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way of an opinion: an open CAR or CL does, a FAR does not."""
        return self.kind != self.Kind.FAR and self.state != self.State.CLOSED


class FindingMessage(models.Model):
    """One turn of a finding's conversation, of record."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="messages")
    author_name = models.CharField(max_length=200)
    author_role = models.CharField(max_length=40)
    organisation = models.CharField(max_length=200)
    text = models.TextField()
    act = models.CharField(max_length=20)
    document = models.ForeignKey(
        "projects.Document", on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:60]}"
