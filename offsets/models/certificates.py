"""What a buyer is given: the certificate, and the receipt that says where it is."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from offsets.models.orders import Order


class Certificate(models.Model):
    """That an order's units are cancelled. What it certifies never changes; the PDF is set once."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="certificate")
    code = models.CharField(max_length=11, unique=True)
    number = models.CharField(max_length=20, unique=True)
    tonnes = models.BigIntegerField()
    sandbox = models.BooleanField("paid in the sandbox", default=False)
    issued_at = models.DateTimeField()
    pdf = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(tonnes__gte=1), name="certificate_has_tonnes"),
            models.CheckConstraint(
                condition=Q(pdf=None, sha256="") | Q(pdf__isnull=False) & ~Q(sha256=""),
                name="certificate_pdf_has_hash",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Receipt(models.Model):
    """The notice that a buyer is to be told by mail that the units are cancelled: one per order.

    It holds no address: that is read from the order when the mail is sent. A mailer claims the row
    by moving `next_try_at` past its own end, so that a mailer that dies leaves the row to the next.
    """

    class State(models.TextChoices):
        """What is known of the mail."""

        WAITING = "waiting", "To be sent"
        SENT = "sent", "The mail server took it"
        REFUSED = "refused", "The mail server will never take it"

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="receipt")
    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None)
                | ~Q(state="waiting") & Q(ended_at__isnull=False),
                name="receipt_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="waiting"), name="receipt_waiting")
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk} {self.state}"
