"""What buyers ask for."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django_fsm import FSMField, FSMModelMixin, transition

from cdm_portal.values import Money, usd
from offsets import pricing
from offsets.models.offers import DOLLARS, Offer
from registry.models import Cancellation, Lot


class Order(FSMModelMixin, models.Model):
    """What one buyer asks for, pays and has cancelled. `code` is public but cannot be guessed.

    `buyer_key` ties it to the browser that began it: only there is it filled in and paid.
    """

    class State(models.TextChoices):
        """Where the order stands."""

        CHECKOUT = "checkout", "At the checkout"
        PAYMENT_PENDING = "payment_pending", "Waiting for payment"
        FAILED = "failed", "Payment failed"
        EXPIRED = "expired", "Expired"
        PAID = "paid", "Paid, being cancelled"
        FULFILLED = "fulfilled", "Cancelled"
        REFUND_DUE = "refund_due", "To be refunded"
        REFUNDED = "refunded", "Refunded"

    OPEN = (State.CHECKOUT, State.PAYMENT_PENDING, State.FAILED)

    code = models.CharField(max_length=40, unique=True)
    order_key = models.UUIDField(unique=True)
    buyer_key = models.CharField(max_length=40, blank=True)
    anonymous = models.BooleanField("begun without signing in", default=False)
    state = FSMField(
        max_length=20, choices=State.choices, default=State.CHECKOUT, protected=True, db_index=True
    )
    quantity = models.BigIntegerField("tonnes")
    total = models.DecimalField(max_digits=20, decimal_places=2)
    currency = models.CharField(max_length=3, default="USD", editable=False)
    beneficiary_name = models.CharField("name on the certificate", max_length=200, blank=True)
    on_behalf = models.BooleanField("an organisation's emissions", default=False)
    reference = models.CharField(max_length=60, blank=True)
    name_public = models.BooleanField(default=False)
    reason = models.CharField(max_length=140, blank=True)
    email = models.EmailField(blank=True)
    started_at = models.DateTimeField()
    held_until = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    fulfilled_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    erased_at = models.DateTimeField("personal data erased", null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=10_000_000), name="order_quantity_whole"
            ),
            models.CheckConstraint(condition=Q(total__gt=0), name="order_total_positive"),
            models.CheckConstraint(condition=DOLLARS, name="order_in_dollars"),
            models.CheckConstraint(
                condition=~Q(state__in=["paid", "fulfilled"]) | Q(paid_at__isnull=False),
                name="order_paid_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="fulfilled") | Q(fulfilled_at__isnull=False),
                name="order_fulfilled_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["checkout", "expired"])
                | ~Q(beneficiary_name="") | Q(erased_at__isnull=False),
                name="order_names_somebody",
            ),
            models.UniqueConstraint(
                fields=["buyer_key"],
                condition=Q(state__in=["checkout", "payment_pending", "failed"])
                & ~Q(buyer_key=""),
                name="one_open_order_per_buyer",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "held_until"], name="order_by_hold"),
            models.Index(Upper("email"), condition=~Q(email=""), name="order_by_email"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def money(self) -> Money:
        """What it costs."""
        return usd(self.total)

    @property
    def public_name(self) -> str:
        """The name for everybody: empty when it is withheld."""
        return self.beneficiary_name if self.name_public else ""

    @property
    def public_reason(self) -> str:
        """The reason for everybody: withheld with the name."""
        return self.reason if self.name_public else ""

    @transition(field=state, source=[State.CHECKOUT, State.FAILED], target=State.PAYMENT_PENDING)
    def begin_payment(self) -> None:
        """The buyer goes to the payment page."""

    @transition(field=state, source=[State.PAYMENT_PENDING], target=State.FAILED)
    def fail(self) -> None:
        """The payment was declined or not what was due; the units stay held for another try."""

    @transition(field=state, source=OPEN, target=State.EXPIRED)
    def expire(self) -> None:
        """The hold ran out, or the buyer went back."""

    @transition(field=state, source=State.EXPIRED, target=State.CHECKOUT)
    def hold_again(self) -> None:
        """The buyer asks for the units again."""

    @transition(field=state, source=[*OPEN, State.EXPIRED], target=State.PAID)
    def confirm(self) -> None:
        """The provider says paid, the amount fits and the units are held for good."""

    @transition(field=state, source=[*OPEN, State.EXPIRED, State.PAID], target=State.REFUND_DUE)
    def owe_refund(self) -> None:
        """Paid, but there is nothing left to cancel."""

    @transition(field=state, source=State.PAID, target=State.FULFILLED)
    def fulfil(self) -> None:
        """The units are cancelled; there is no way back."""

    @transition(field=state, source=State.REFUND_DUE, target=State.REFUNDED)
    def refund(self) -> None:
        """The money went back."""


class OrderLine(models.Model):
    """Units of one lot in an order. `key` names their hold and then their cancellation."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="lines")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True)
    quantity = models.BigIntegerField("tonnes")
    unit_price = models.DecimalField(max_digits=12, decimal_places=2)
    cancellation = models.OneToOneField(
        Cancellation, on_delete=models.PROTECT, null=True, related_name="order_line"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=10_000_000), name="line_quantity_whole"
            ),
            models.CheckConstraint(condition=Q(unit_price__gt=0), name="line_price_positive"),
            models.UniqueConstraint(fields=["order", "lot"], name="line_per_lot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} t of lot {self.lot_id}"

    @property
    def money(self) -> Money:
        """What the line costs."""
        return pricing.line_total(self.unit_price, self.quantity)
