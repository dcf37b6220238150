"""What ties an order to a person, beside the order itself: a seal, a claim, a link by mail."""

from django.db import models
from django.db.models import F, Q

from cdm_portal.identity.models import Person
from offsets.models.mails import WaitingMail, ended_has_time, waiting
from offsets.models.orders import Order


class NameSeal(models.Model):
    """The salt under which the ledger keeps the hash of the name on a certificate.

    With the salt and the name anybody can show that the ledger meant this name; without the salt
    the hash says nothing. It goes when the order's personal data are erased, never before.
    """

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, primary_key=True, related_name="name_seal"
    )
    salt = models.BinaryField()

    def __str__(self) -> str:
        return f"seal of order {self.order_id}"


class OrderClaim(models.Model):
    """That an order is at somebody's desk: they showed that its e-mail address is theirs."""

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, primary_key=True, related_name="claim"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()

    class Meta:
        ordering = ["-order_id"]

    def __str__(self) -> str:
        return f"order {self.order_id} of person {self.person_id}"


class DataLink(WaitingMail):
    """A request for a link that shows whose an order is, to be mailed to the address of `order`: to
    all orders of the address, or to the correction of this one's certificate, which it opens once.

    Its address on the web is signed, and works until `expires_at`.
    """

    class Purpose(models.TextChoices):
        """What it opens."""

        DATA = "data", "The orders of the address"
        CORRECT = "correct", "The name on the certificate"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="data_links")
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.DATA)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            ended_has_time("data_link_ended_has_time"),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(
                    purpose="correct", used_at__gte=F("asked_at"), used_at__lt=F("expires_at")
                ),
                name="data_link_used_in_time",
            ),
        ]
        indexes = [waiting("data_link_waiting")]

    def __str__(self) -> str:
        return f"link {self.pk} {self.state}"
