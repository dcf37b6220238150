"""What participants offer."""

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin, transition

from cdm_portal.identity.models import Organisation
from projects.models import Project
from registry.models import Lot

DOLLARS = Q(currency="USD")


class Offer(FSMModelMixin, models.Model):
    """Issued CERs of one project and commitment period, offered at a price that its seller sets."""

    class State(models.TextChoices):
        """Where the offer stands."""

        LISTED = "listed", "Listed"
        PAUSED = "paused", "Paused"
        SOLD_OUT = "sold_out", "Sold out"
        CLOSED = "closed", "Closed"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="offers")
    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="offers")
    commitment_period = models.PositiveSmallIntegerField()
    quantity = models.BigIntegerField("tonnes offered")
    price = models.DecimalField("price per tonne", max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="USD", editable=False)
    price_version = models.PositiveIntegerField(default=1)
    state = FSMField(
        max_length=10, choices=State.choices, default=State.LISTED, protected=True, db_index=True
    )
    listed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="offer_price_positive"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="offer_has_units"),
            models.CheckConstraint(condition=DOLLARS, name="offer_in_dollars"),
        ]

    def __str__(self) -> str:
        return f"{self.project.name}, commitment period {self.commitment_period}"

    @transition(field=state, source=State.LISTED, target=State.PAUSED)
    def pause(self) -> None:
        """The seller takes it off the list for a while."""

    @transition(field=state, source=State.PAUSED, target=State.LISTED)
    def resume(self) -> None:
        """The seller lists it again."""

    @transition(field=state, source=[State.LISTED, State.PAUSED], target=State.SOLD_OUT)
    def sell_out(self) -> None:
        """The last unit is cancelled."""

    @transition(field=state, source=[State.LISTED, State.PAUSED], target=State.CLOSED)
    def close(self) -> None:
        """The seller takes the unsold units back."""


class OfferLot(models.Model):
    """A lot of the registry that an offer sells from."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="lots")
    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="offered")

    class Meta:
        ordering = ["lot_id"]

    def __str__(self) -> str:
        return f"lot {self.lot_id} of offer {self.offer_id}"
