"""What the participant and the DOE answer to a review: one reply each, of record and public."""

from django.db import models
from django.db.models import Q

from cdm_portal.identity.models import Organisation, Person
from cdm_portal.journal.models import stamped
from projects.board.models.requests import Request
from projects.models import Document


class Reply(models.Model):
    """One side's reply to the requests for review, with a file if there is one."""

    class Side(models.TextChoices):
        """Who replies."""

        PARTICIPANT = "participant", "Project participant"
        DOE = "doe", "DOE"

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="replies")
    side = models.CharField(max_length=20, choices=Side.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    text = models.TextField()
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "replies"
        constraints = [
            models.UniqueConstraint(fields=["request", "side"], name="replied_once_by_a_side"),
            models.CheckConstraint(condition=~Q(text=""), name="reply_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.request}: reply of the {self.get_side_display()}"
