"""Small tables of the ground: the demonstration clock's offset, the processes' heartbeats, the
changes of rule parameters, and what every table decided by two persons has.
"""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition


class Clock(models.Model):
    """How many days the demonstration runs ahead of the database clock (decisions, 1).

    One row. The web role can only read it; it moves through `cdm_advance_clock`, forward only and
    only while `demonstration` is set, which the owner role alone can do.
    """

    id = models.SmallIntegerField(primary_key=True)
    days_ahead = models.IntegerField()
    demonstration = models.BooleanField()

    class Meta:
        db_table = "cdm_clock"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="clock_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(days_ahead__gte=0), name="clock_never_behind"
            ),
        ]


class Heartbeat(models.Model):
    """When a background process last said that it lives."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "cdm_heartbeat"


class TwoPersons(FSMModelMixin, models.Model):
    """What one person proposes and another person approves; of record from then on.

    People stand as ids and names of that day, as in the journal: the ground lies below them.
    """

    class State(models.TextChoices):
        """Whether it is decided."""

        PROPOSED = "proposed", "Waits for a second person"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    state = FSMField(
        max_length=10, choices=State.choices, default=State.PROPOSED, protected=True
    )
    proposer = models.BigIntegerField()
    proposer_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()
    decider = models.BigIntegerField(null=True)
    decider_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        abstract = True

    @transition(field=state, source=State.PROPOSED, target=State.APPROVED)
    def approve(self) -> None:
        """A second person agrees."""

    @transition(field=state, source=State.PROPOSED, target=State.REJECTED)
    def reject(self) -> None:
        """It is turned down, or taken back."""


def decided_rightly(
    *, persons: str, names: str, reasons: str
) -> tuple[models.CheckConstraint, ...]:
    """The walls of a table of `TwoPersons`, by the names that they bear there."""
    return (
        models.CheckConstraint(
            condition=~Q(state="approved") | ~Q(decider=F("proposer")), name=persons
        ),
        models.CheckConstraint(
            condition=Q(state="proposed", decider=None, decided_at=None)
            | ~Q(state="proposed") & Q(decider__isnull=False, decided_at__isnull=False),
            name=names,
        ),
        models.CheckConstraint(condition=~Q(state="rejected") | ~Q(reason=""), name=reasons),
    )


class RuleChange(TwoPersons):
    """A rule parameter gets another value from a day on: one person of the secretariat proposes it,
    another person approves it. The value is written as a decimal number or as a fraction.
    """

    name = models.CharField("parameter", max_length=60)
    value = models.CharField(max_length=40)
    valid_from = models.DateField()
    source = models.CharField(max_length=300)
    verified = models.BooleanField()

    class Meta:
        db_table = "cdm_rulechange"
        ordering = ["id"]
        constraints = [
            *decided_rightly(
                persons="rule_change_has_two_persons", names="decided_rule_change_names_who",
                reasons="rejected_change_has_reason",
            ),
            models.UniqueConstraint(
                fields=["name", "valid_from"], condition=Q(state="approved"),
                name="one_value_from_a_day",
            ),
            models.UniqueConstraint(
                fields=["name"], condition=Q(state="proposed"), name="one_proposal_of_a_parameter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value} from {self.valid_from}"
