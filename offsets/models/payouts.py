"""Money that was sent to those who sold: recorded by one person, confirmed by another one.

Of record: a PayoutPart, and a Payout once it is decided (triggers in migration 0019). No account
number of a seller is kept, only the bank's reference of the transfer.
"""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from cdm_portal.identity.models import Organisation, Person
from cdm_portal.journal.models import stamped
from cdm_portal.values import Money
from projects.models import Project


class Payout(FSMModelMixin, models.Model):
    """One transfer to a seller. `amount` in US dollars is the sum of its parts, one a project."""

    class State(models.TextChoices):
        """Whether two persons found it on the bank account."""

        PROPOSED = "proposed", "Waits for a second person"
        PAID = "paid", "Paid"
        REFUSED = "refused", "Set aside"

    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="payouts")
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    currency = models.CharField(max_length=3, default="USD", editable=False)
    bank_reference = models.CharField(max_length=80)
    sent_on = models.DateField()
    state = FSMField(max_length=10, choices=State.choices, default=State.PROPOSED, protected=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_is_positive"),
            models.CheckConstraint(condition=Q(currency="USD"), name="payout_in_dollars"),
            models.CheckConstraint(condition=~Q(bank_reference=""), name="payout_says_reference"),
            models.CheckConstraint(
                condition=~Q(state="paid") | ~Q(decided_by=F("proposed_by")),
                name="payout_has_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                | ~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decided_payout_names_who",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="payout_set_aside_has_reason"
            ),
            models.UniqueConstraint(
                fields=["bank_reference"], condition=~Q(state="refused"), name="payout_sent_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} to {self.seller}"

    @property
    def money(self) -> Money:
        """What was sent."""
        return Money(self.amount, self.currency)

    @transition(field=state, source=State.PROPOSED, target=State.PAID)
    def pay(self) -> None:
        """Another person found it on the account."""

    @transition(field=state, source=State.PROPOSED, target=State.REFUSED)
    def refuse(self) -> None:
        """It was not sent like that; the money is due as before."""


class PayoutPart(models.Model):
    """How much of a transfer is for the sales of one project."""

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="parts")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="payout_parts")
    amount = models.DecimalField(max_digits=20, decimal_places=2)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_part_is_positive"),
            models.UniqueConstraint(
                fields=["payout", "project"], name="payout_part_per_project_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.project.name}"
