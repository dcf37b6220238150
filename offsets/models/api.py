"""What programs buy with: keys, and the orders that they placed with the answer that was given."""

from django.db import models
from django.db.models import F, Q

from cdm_portal.identity.models import Organisation, Person
from cdm_portal.values import Role
from offsets.models.orders import Order


class ApiKey(models.Model):
    """A program's right to act for a person in an organisation. The key itself is kept nowhere:
    only its SHA-256, and its first characters to tell it apart. What it may do never changes.

    `requests` were made in the minute that began at `minute`: the throttle counts in this row.
    """

    digest = models.CharField(max_length=64, unique=True)
    shown = models.CharField("begins with", max_length=20)
    label = models.CharField(max_length=60)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40, choices=[(r.value, r.label) for r in Role])
    test = models.BooleanField("test key")
    may_order = models.BooleanField("may order")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    minute = models.DateTimeField(null=True)
    requests = models.IntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        verbose_name = "API key"
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="api_key_is_hashed"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="api_key_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shown}…"


class ApiOrder(models.Model):
    """That a key placed an order, under which Idempotency-Key, and what it was answered: the text
    that a repetition is answered again, empty until payment has begun. It holds no name and no
    address (reliability, D1).
    """

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, primary_key=True, related_name="by_api"
    )
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="orders")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    test = models.BooleanField()
    idempotency_key = models.CharField(max_length=255)
    request_sha256 = models.CharField(max_length=64)
    answer = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-order_id"]
        verbose_name = "API order"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "test", "idempotency_key"], name="api_order_once"
            ),
        ]

    def __str__(self) -> str:
        return f"order {self.order_id} by {self.key_id}"
