"""What a DOE owes in CERs, by decision of the Board, and the cancellations that repay it.

The DOE acquires so many CERs, of any project, and has them cancelled in the registry's account for
excess issuance (domain, 2.6 and 5.3, type 240). How long it has, and that a component included in
error makes the same debt, is unverified, from general knowledge.
"""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q

from cdm_portal import deadlines
from cdm_portal.identity.models import Organisation
from projects.models import MonitoringPeriod
from projects.programmes.models import Component
from registry.governance.models import Proposal


class Debt(models.Model):
    """So many CERs, owed since a decision of the Board. Of record; `repaid_at` is set once.

    It has one ground: CERs issued in excess for a monitoring period, or a component included in
    error. `due_at` is the first moment that is too late.
    """

    class Ground(models.TextChoices):
        """What it is owed for."""

        ISSUANCE = "issuance", "Excess issuance"
        INCLUSION = "inclusion", "Component included in error"

    doe = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="debts")
    ground = models.CharField(max_length=10, choices=Ground.choices)
    period = models.ForeignKey(
        MonitoringPeriod, on_delete=models.PROTECT, null=True, related_name="debts"
    )
    component = models.OneToOneField(
        Component, on_delete=models.PROTECT, null=True, related_name="debt"
    )
    quantity = models.BigIntegerField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    repaid_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "doe"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="debt_is_positive"),
            models.CheckConstraint(
                condition=Q(ground="issuance", period__isnull=False, component=None)
                | Q(ground="inclusion", period=None, component__isnull=False),
                name="debt_has_one_ground",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("opened_at")), name="debt_falls_due_later"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(repaid_at=None), name="debts_unpaid"
            ),
            models.Index(
                fields=["doe", "due_at", "id"], condition=Q(repaid_at=None),
                name="debts_unpaid_by_doe",
            ),
        ]

    def __str__(self) -> str:
        return f"Debt {self.name} of {self.doe.name}"

    @property
    def name(self) -> str:
        """How people quote it: `XD-00017`."""
        return f"XD-{self.pk:05}"

    @property
    def due_last_day(self) -> date:
        """The last day on which it can be repaid in time, to 24:00 UTC."""
        return deadlines.last_day(self.due_at)

    def is_late(self, at: datetime) -> bool:
        """Whether it is unpaid and its time is over."""
        return self.repaid_at is None and not deadlines.in_time(at, self.due_at)


class Repayment(models.Model):
    """A cancellation proposed in the registry that names the debt it repays. Of record.

    It counts once the registry has executed the proposal, and for one debt alone.
    """

    debt = models.ForeignKey(Debt, on_delete=models.PROTECT, related_name="repayments")
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "doe"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.proposal.quantity} CERs for {self.debt.name}"
