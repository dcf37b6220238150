"""Inquiries after an issuance: the Board decides how many of its CERs were issued in excess.

A DOE whose accreditation is suspended or withdrawn replaces what a review finds to be in excess
(domain, 2.6; the words of the procedure are unverified). Before the Board decides, it is heard.
"""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from cdm_portal import deadlines
from cdm_portal.identity.models import Organisation, Person
from projects.doe.models import Debt
from projects.models import MonitoringPeriod


class Inquiry(models.Model):
    """What the secretariat found about one issuance and one DOE, and what the Board decides.

    `proposed`: the CERs in excess as the secretariat counts them; `excess`: as the Board does, with
    the `debt` that follows. The DOE may answer once, before `answer_until`, the first moment that
    is too late; none is stated where the Board decided before DOEs were heard. Of record once
    decided.
    """

    class State(models.TextChoices):
        """With whom it lies; then how it ended."""

        PROPOSED = "proposed", "With the Executive Board"
        FOUND = "found", "Excess issuance found"
        CLEARED = "cleared", "No excess issuance"

    period = models.ForeignKey(
        MonitoringPeriod, on_delete=models.PROTECT, related_name="inquiries"
    )
    doe = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="inquiries")
    state = FSMField(
        max_length=10, choices=State.choices, default=State.PROPOSED, protected=True
    )
    proposed = models.BigIntegerField()
    reasons = models.TextField()
    prepared_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    answer_until = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    excess = models.BigIntegerField(null=True)
    debt = models.OneToOneField(Debt, on_delete=models.PROTECT, null=True, related_name="inquiry")
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "inquiries"
        constraints = [
            models.CheckConstraint(condition=Q(proposed__gte=0), name="inquiry_not_negative"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at=None, decided_by=None, excess=None,
                            debt=None)
                | Q(state="found", decided_at__isnull=False, decided_by__isnull=False,
                    excess__gt=0, debt__isnull=False)
                | Q(state="cleared", decided_at__isnull=False, decided_by__isnull=False, excess=0,
                    debt=None),
                name="inquiry_decided_with_debt",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("prepared_by")),
                name="inquiry_has_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(answered_at__isnull=False)
                | Q(answer_until=None) | Q(decided_at__gte=F("answer_until")),
                name="inquiry_hears_the_doe",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | ~Q(answer="") & Q(answered_by__isnull=False, answer_until__isnull=False,
                                    answered_at__lt=F("answer_until")),
                name="inquiry_is_answered_in_time",
            ),
            models.UniqueConstraint(
                fields=["period"], condition=Q(state="proposed"), name="one_inquiry_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"Inquiry into {self.period}: {self.doe.name}"

    @property
    def answer_last_day(self) -> date | None:
        """The last day on which the DOE may answer, to 24:00 UTC."""
        return self.answer_until and deadlines.last_day(self.answer_until)

    def hearing_ends(self, at: datetime) -> bool:
        """Whether the DOE was heard: it answered, or its time to answer has passed."""
        return (
            self.answered_at is not None or self.answer_until is None
            or not deadlines.in_time(at, self.answer_until)
        )

    def is_heard(self, at: datetime) -> bool:
        """Whether the Board waits for the DOE now."""
        return self.state == self.State.PROPOSED and not self.hearing_ends(at)

    @transition(field=state, source=State.PROPOSED, target=State.FOUND)
    def find(self) -> None:
        """The Board finds CERs issued in excess."""

    @transition(field=state, source=State.PROPOSED, target=State.CLEARED)
    def clear(self) -> None:
        """The Board finds none."""
