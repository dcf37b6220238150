"""What a buyer is given: the certificate, and the receipt that says where it is."""

from django.db import models
from django.db.models import Q

from offsets.models.mails import WaitingMail, ended_has_time, waiting
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


class Receipt(WaitingMail):
    """The notice that a buyer is to be told by mail that the units are cancelled: one per order."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="receipt")

    class Meta:
        ordering = ["id"]
        constraints = [ended_has_time("receipt_ended_has_time")]
        indexes = [waiting("receipt_waiting")]

    def __str__(self) -> str:
        return f"receipt {self.pk} {self.state}"
