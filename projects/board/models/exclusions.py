"""Exclusions: the Board decides that a component was included in a programme in error."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from cdm_portal.identity.models import Person
from projects.programmes.models import Component


class Exclusion(models.Model):
    """What the secretariat proposes about a component, and what a member of the Board decides.

    `tonnes`: CERs issued for the component, which the DOE that included it is to replace
    (unverified, from general knowledge; domain, 3.9). Of record once decided.
    """

    class State(models.TextChoices):
        """With whom it lies; then how it ended."""

        PROPOSED = "proposed", "With the Executive Board"
        GRANTED = "granted", "Excluded"
        REFUSED = "refused", "Stays included"

    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="exclusions")
    state = FSMField(
        max_length=10, choices=State.choices, default=State.PROPOSED, protected=True
    )
    tonnes = models.BigIntegerField()
    reasons = models.TextField()
    prepared_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(tonnes__gte=0), name="exclusion_debt_not_negative"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at=None, decided_by=None)
                | Q(state__in=["granted", "refused"], decided_at__isnull=False,
                    decided_by__isnull=False),
                name="exclusion_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("prepared_by")),
                name="exclusion_has_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["component"], condition=Q(state="proposed"),
                name="one_exclusion_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Exclusion of {self.component}"

    @transition(field=state, source=State.PROPOSED, target=State.GRANTED)
    def grant(self) -> None:
        """A member of the Board excludes the component."""

    @transition(field=state, source=State.PROPOSED, target=State.REFUSED)
    def refuse(self) -> None:
        """A member of the Board leaves it included."""
