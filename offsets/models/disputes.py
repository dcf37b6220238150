"""Money that went back without our asking, perhaps after the units were cancelled for good, or that
did not go back though we asked.
"""

from django.db import models
from django.db.models import Q

from cdm_portal.identity.models import Person
from cdm_portal.values import Money
from offsets.models.payments import PaymentAttempt


class Dispute(models.Model):
    """A payment that the buyer's bank took back, that somebody gave back at the provider, or whose
    refund the provider took on and could not carry out.

    Cancelled units stay cancelled; the secretariat looks into it and writes down how it ended. Of
    record: what was taken back never changes, and a closed one stays as it is.
    """

    class Kind(models.TextChoices):
        """How the money went."""

        CHARGEBACK = "chargeback", "Taken back by the buyer's bank"
        REFUND = "refund", "Given back at the payment provider by hand"
        FAILED = "failed", "Our refund failed at the payment provider"

    class Outcome(models.TextChoices):
        """What the provider says of it."""

        OPEN = "open", "Not decided yet"
        WON = "won", "Decided for us: the money is back"
        LOST = "lost", "The money is gone"

    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="disputes")
    reference = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=4, choices=Outcome.choices, default=Outcome.OPEN)
    noted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField("how it ended", blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "reference"], name="dispute_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_amount_positive"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, note="")
                | Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(note=""),
                name="dispute_closed_says_how",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(closed_at=None), name="dispute_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.reference} of {self.attempt}"

    @property
    def money(self) -> Money:
        """What went back, or should have."""
        return Money(self.amount, self.currency)
