"""What everybody may read of a cancellation, in one row that a list of thousands is chosen from."""

from django.db import models
from django.db.models import Q

from offsets.models.orders import Order
from registry.models import Cancellation


class CancelledEntry(models.Model):
    """One row a cancellation, kept by the database itself (migration 0015): it appears when an
    order is fulfilled, or when the registry moves cancelled units outside the shop, and nobody
    else can write it.

    `beneficiary` and `reason` are those that the buyer made public, else empty: a name that is
    withheld is not in this table, so no search can find it. Of a certificate that was corrected it
    is the newest name (0018). `organisation` is made of a public name
    given as an organisation's, alike for spellings that differ in case or spaces only. `kind` is
    the type of the account where the units ended (registry.models.Account.Kind). The title of the
    project and the name of the country are read where they are kept.
    """

    class Source(models.TextChoices):
        """Who booked it."""

        SHOP = "shop", "This shop"
        REGISTRY = "registry", "This registry, outside the shop"
        IMPORT = "import", "CDM registry’s published report"

    cancellation = models.OneToOneField(
        Cancellation, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    at = models.DateTimeField()
    year = models.SmallIntegerField()
    quantity = models.BigIntegerField("tonnes")
    party_code = models.CharField(max_length=2)
    project_number = models.CharField(max_length=20)
    source = models.CharField(max_length=8, choices=Source.choices)
    kind = models.SmallIntegerField()
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, null=True, related_name="public_entries"
    )
    beneficiary = models.CharField(max_length=120, blank=True)
    organisation = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=140, blank=True)

    class Meta:
        ordering = ["-at", "-cancellation_id"]
        verbose_name_plural = "cancelled entries"
        indexes = [
            models.Index(fields=["-at", "-cancellation"], name="cancelled_newest"),
            models.Index(fields=["-quantity", "-cancellation"], name="cancelled_largest"),
            models.Index(fields=["project_number"], name="cancelled_by_project"),
            models.Index(
                fields=["organisation", "-at"], condition=~Q(organisation=""),
                name="cancelled_by_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"cancellation {self.cancellation_id}"
