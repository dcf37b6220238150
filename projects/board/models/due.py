"""What is wanting: an index of the acts that cases wait for, so that no desk looks for them."""

from django.db import models
from django.db.models import Q

from cdm_portal.identity.models import Organisation
from projects.board.models.requests import Request
from projects.models import MonitoringPeriod


class Due(models.Model):
    """An act that a case waits for. It says nothing that does not follow from the case.

    The triggers of the database keep it, in the transaction that changes the case, and nobody else
    may write it. Without it, what waits for a member who has voted on everything, or for a DOE with
    thousands of granted requests, would be found only by looking at all that does not wait.
    """

    class Act(models.TextChoices):
        """What is wanting, and of which case."""

        VOTE = "vote", "The vote of a seat on an assessed request"
        INSTRUCT = "instruct", "The Board's instruction after a granted request for issuance"
        REQUEST = "request", "The DOE's request for issuance of what it certified"

    act = models.CharField(max_length=10, choices=Act.choices)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="due")
    seat_number = models.PositiveSmallIntegerField(null=True)
    period = models.ForeignKey(
        MonitoringPeriod, on_delete=models.PROTECT, null=True, related_name="due"
    )
    doe = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "acts due"
        constraints = [
            models.CheckConstraint(
                condition=Q(act="vote", request__isnull=False, seat_number__isnull=False,
                            period=None, doe=None)
                | Q(act="instruct", request__isnull=False, seat_number=None, period=None, doe=None)
                | Q(act="request", request=None, seat_number=None, period__isnull=False,
                    doe__isnull=False),
                name="due_names_its_case",
            ),
            models.UniqueConstraint(
                fields=["seat_number", "request"], condition=Q(act="vote"), name="votes_due"
            ),
            models.UniqueConstraint(
                fields=["request"], condition=Q(act="instruct"), name="instructions_due"
            ),
            models.UniqueConstraint(
                fields=["doe", "period"], condition=Q(act="request"), name="requests_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.request or self.period}"
