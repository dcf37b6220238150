"""Exclusions: the Board decides that a component was included in a programme in error."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from cdm_portal.identity.models import Person
from projects.programmes.models import Component


class Exclusion(models.Model):
    """What the secretariat proposes about a component, and what a member of the Board decides.

    A member of the Board may move it first, with a reason (`motion`); then the secretariat prepares
    it and another member decides. `tonnes`: CERs issued for the component, which the DOE that
    included it is to replace (unverified, from general knowledge; domain, 3.9). Of record once
    decided.
    """

    class State(models.TextChoices):
        """With whom it lies; then how it ended."""

        MOVED = "moved", "With the secretariat"
        PROPOSED = "proposed", "With the Executive Board"
        GRANTED = "granted", "Excluded"
        REFUSED = "refused", "Stays included"

    OPEN = (State.MOVED, State.PROPOSED)

    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="exclusions")
    state = FSMField(
        max_length=10, choices=State.choices, default=State.PROPOSED, protected=True
    )
    motion = models.TextField(blank=True)
    moved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    moved_at = models.DateTimeField(null=True)
    tonnes = models.BigIntegerField(default=0)
    reasons = models.TextField(blank=True)
    prepared_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(tonnes__gte=0), name="exclusion_debt_not_negative"),
            models.CheckConstraint(
                condition=Q(state__in=["moved", "proposed"], decided_at=None, decided_by=None)
                | Q(state__in=["granted", "refused"], decided_at__isnull=False,
                    decided_by__isnull=False),
                name="exclusion_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | ~Q(decided_by=F("prepared_by"))
                & (Q(moved_by=None) | ~Q(decided_by=F("moved_by"))),
                name="exclusion_has_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state="moved", prepared_at=None, prepared_by=None, reasons="",
                            tonnes=0)
                | ~Q(state="moved") & Q(prepared_at__isnull=False, prepared_by__isnull=False)
                & ~Q(reasons=""),
                name="exclusion_is_prepared",
            ),
            models.CheckConstraint(
                condition=Q(moved_at=None, moved_by=None, motion="") & ~Q(state="moved")
                | Q(moved_at__isnull=False, moved_by__isnull=False) & ~Q(motion=""),
                name="exclusion_names_its_mover",
            ),
            models.UniqueConstraint(
                fields=["component"], condition=Q(state__in=["moved", "proposed"]),
                name="one_exclusion_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Exclusion of {self.component}"

    @transition(field=state, source=State.MOVED, target=State.PROPOSED)
    def prepare(self) -> None:
        """The secretariat puts what a member moved before the Board."""

    @transition(field=state, source=State.PROPOSED, target=State.GRANTED)
    def grant(self) -> None:
        """A member of the Board excludes the component."""

    @transition(field=state, source=State.PROPOSED, target=State.REFUSED)
    def refuse(self) -> None:
        """A member of the Board leaves it included."""
