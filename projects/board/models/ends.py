"""What ends a project, or a registered one's issuance: withdrawal through the DOE, deregistration.

Who speaks for the project asks, with a reason; who decides is another. What is decided is of record
and public (domain, 3.1).
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django_fsm import ConcurrentTransitionMixin, FSMField

from cdm_portal.identity.models import Organisation, Person
from cdm_portal.journal.models import stamped
from cdm_portal.values import Actor, Role
from projects import access, lifecycle
from projects.lifecycle import transition
from projects.models import Project


def validating_doe(case: Any, actor: Actor) -> bool:
    """The DOE that validates the project, or validated it."""
    return lifecycle.validating_doe(case.project, actor)


def speaker(case: Any, actor: Actor) -> bool:
    """Whoever speaks for the participants in this matter."""
    return access.may_speak_for_project_matters(actor, case.project)


def member(_case: Any, actor: Actor) -> bool:
    """A member of the Board."""
    return actor.role == Role.BOARD


class Asked(ConcurrentTransitionMixin, models.Model):
    """Something that the participants ask for, once at a time."""

    reason = models.TextField()
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        abstract = True
        ordering = ["-id"]


class Withdrawal(Asked):
    """A published project is withdrawn through its DOE, which files what the participants ask."""

    class State(models.TextChoices):
        """With whom it lies."""

        ASKED = "asked", "Waiting for the DOE"
        FILED = "filed", "Filed by the DOE"
        TAKEN_BACK = "taken_back", "Taken back"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="withdrawals")
    state = FSMField(
        max_length=12, choices=State.choices, default=State.ASKED, protected=True
    )
    filed_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    statement = models.TextField("what the DOE says to it", blank=True)

    class Meta(Asked.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="asked"), name="one_withdrawal_asked"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None, filed_by=None)
                | Q(state="filed", decided_at__isnull=False, filed_by__isnull=False)
                | Q(state="taken_back", decided_at__isnull=False, filed_by=None),
                name="withdrawal_says_who_filed",
            ),
        ]

    def __str__(self) -> str:
        return f"Withdrawal of {self.project.name}"

    @transition(
        field=state, source=State.ASKED, target=State.FILED, permission=validating_doe
    )
    def file(self) -> None:
        """The DOE files the withdrawal."""

    @transition(field=state, source=State.ASKED, target=State.TAKEN_BACK, permission=speaker)
    def take_back(self) -> None:
        """The participants want to go on."""


class Deregistration(Asked):
    """The participants ask that a registered project be deregistered; the Board decides."""

    class State(models.TextChoices):
        """With whom it lies."""

        ASKED = "asked", "Waiting for the Board"
        GRANTED = "granted", "Granted"
        REFUSED = "refused", "Refused"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="deregistrations")
    state = FSMField(
        max_length=12, choices=State.choices, default=State.ASKED, protected=True
    )
    decision = models.TextField("public reasons of the decision", blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Asked.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="asked"), name="one_deregistration_asked"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None, decided_by=None, decision="")
                | Q(state__in=["granted", "refused"], decided_at__isnull=False,
                    decided_by__isnull=False) & ~Q(decision=""),
                name="deregistration_has_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"Deregistration of {self.project.name}"

    @transition(field=state, source=State.ASKED, target=State.GRANTED, permission=member)
    def grant(self) -> None:
        """The project is deregistered."""

    @transition(field=state, source=State.ASKED, target=State.REFUSED, permission=member)
    def refuse(self) -> None:
        """The project stays registered."""
