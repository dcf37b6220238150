"""The consent of the focal points for forwarding to an offer (permission matrix, "List offer, set
price": FP(a) consent).

Where the modalities of communication name a focal point of scope (a) that is not the seller itself,
the seller asks before it offers. Who consents sees how much is offered and how cheaply at most.
"""

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin, transition

from cdm_portal.identity.models import Organisation, Person
from offsets.models.offers import Offer
from projects.models import Project
from projects.participant.communication.models import Statement


class OfferConsent(FSMModelMixin, models.Model):
    """What a seller asks and the focal points answer; it serves for one offer, of so many units at
    most and at no lower price. Of record once decided, but for the `offer` that it served.
    """

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked", "Waiting for the focal points"
        GIVEN = "given", "Consent given"
        REFUSED = "refused", "Consent refused"
        TAKEN_BACK = "taken_back", "Taken back by the seller"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="offer_consents")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    commitment_period = models.PositiveSmallIntegerField()
    quantity = models.BigIntegerField("most tonnes to be offered")
    lowest_price = models.DecimalField("lowest price per tonne", max_digits=12, decimal_places=2)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = FSMField(max_length=10, choices=State.choices, default=State.ASKED, protected=True)
    reason = models.TextField("why it was refused", blank=True)
    decided_at = models.DateTimeField(null=True)
    offer = models.OneToOneField(
        Offer, on_delete=models.PROTECT, null=True, related_name="consent"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1, lowest_price__gt=0), name="consent_says_how_much"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None) | ~Q(state="asked")
                & Q(decided_at__isnull=False),
                name="consent_decided_with_date",
            ),
            models.CheckConstraint(
                condition=Q(offer=None) | Q(state="given"), name="consent_given_before_offer"
            ),
            models.UniqueConstraint(
                fields=["project", "seller", "commitment_period"], condition=Q(state="asked"),
                name="one_consent_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.name}: offer of {self.quantity} CERs"

    @transition(field=state, source=State.ASKED, target=State.GIVEN)
    def give(self) -> None:
        """Every signature that is needed is there."""

    @transition(field=state, source=State.ASKED, target=State.REFUSED)
    def refuse(self) -> None:
        """A focal point does not consent."""

    @transition(field=state, source=State.ASKED, target=State.TAKEN_BACK)
    def take_back(self) -> None:
        """The seller asks no longer."""


class ConsentSignature(models.Model):
    """A focal point's signature under an offer; of record."""

    consent = models.ForeignKey(OfferConsent, on_delete=models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consent", "organisation"], name="consent_signed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} under {self.consent}"
