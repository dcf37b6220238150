"""Payments, messages about them, and the money that moved."""

from django.db import models
from django.db.models import F, Q

from cdm_portal.identity.models import Organisation
from cdm_portal.journal.models import stamped
from cdm_portal.values import Money
from offsets.models.mails import WaitingMail, ended_has_time, waiting
from offsets.models.orders import Order, OrderLine

BY_TRANSFER = "invoice"


class PaymentAttempt(models.Model):
    """One try to pay an order with one provider. Of several, at most one pays for the order.

    While it is pending, `received` is what came in parts so far, None if nothing did.
    """

    class State(models.TextChoices):
        """What is known of it; it only moves forward (reliability, M5)."""

        PENDING = "pending", "Waiting for the provider"
        FAILED = "failed", "Declined"
        SUCCEEDED = "succeeded", "Paid"
        REFUND_DUE = "refund_due", "To be given back"
        REFUNDED = "refunded", "Given back"

    uuid = models.UUIDField(unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="attempts")
    provider = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    currency = models.CharField(max_length=3, default="USD")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    received = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    received_currency = models.CharField(max_length=3, blank=True)
    refund_reference = models.CharField(max_length=80, blank=True)
    provider_reference = models.CharField(max_length=120, blank=True)
    page_url = models.TextField("where it is paid", blank=True)
    closes_at = models.DateTimeField("may be paid until", null=True)
    checked_at = models.DateTimeField("asked after last", null=True)
    started_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="attempt_amount_positive"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="succeeded"), name="order_paid_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="succeeded")
                | Q(received__isnull=False, received=F("amount"), received_currency=F("currency")),
                name="attempt_paid_in_full",
            ),
            models.CheckConstraint(
                condition=~Q(state="pending") | Q(received=None)
                | Q(received__gt=0, received__lte=F("amount"), received_currency=F("currency")),
                name="attempt_part_within_amount",
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_reference"], condition=~Q(provider_reference=""),
                name="provider_reference_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["settled_at"],
                condition=Q(state__in=("succeeded", "refund_due", "refunded")),
                name="attempt_settled",
            ),
            models.Index(
                fields=["id"], condition=Q(state="refund_due"), name="attempt_refund_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.uuid}"

    @property
    def money(self) -> Money:
        """What is to be paid."""
        return Money(self.amount, self.currency)

    @property
    def by_transfer(self) -> bool:
        """Whether it is paid by bank transfer: in parts perhaps, and given back by hand."""
        return self.provider == BY_TRANSFER

    @property
    def parts(self) -> Money:
        """What came in so far by transfer."""
        return Money(self.received or 0, self.currency)


class ProviderEvent(models.Model):
    """A message of a payment provider whose signature held. Of record; each is kept once."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="events")
    body = models.TextField()
    received_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="provider_event_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"


class MoneyEntry(models.Model):
    """Money moving from one account to another, both in one row, so that it always balances.

    Of record. The platform keeps nothing: what is received goes to participants or back. An entry
    is of one order, or of one part of a payout that two persons recorded.
    """

    class Account(models.TextChoices):
        """Where money can be."""

        PROVIDER = "provider", "Paid in through the payment provider"
        BUYER = "buyer", "Received for an order, nothing cancelled yet"
        PARTICIPANT = "participant", "Due to the project participant"
        REFUND = "refund", "Due back to the buyer"
        PAID_OUT = "paid_out", "Sent to the project participant"

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, null=True, related_name="money_entries"
    )
    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, null=True)
    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, null=True)
    match = models.OneToOneField(
        "offsets.BankMatch", on_delete=models.PROTECT, null=True, related_name="booked"
    )
    part = models.OneToOneField(
        "offsets.PayoutPart", on_delete=models.PROTECT, null=True, related_name="booked"
    )
    debit = models.CharField(max_length=12, choices=Account.choices)
    credit = models.CharField(max_length=12, choices=Account.choices)
    participant = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    currency = models.CharField(max_length=3, default="USD")
    at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "money entries"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="entry_amount_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="entry_moves"),
            models.CheckConstraint(
                condition=Q(credit="participant", line__isnull=False, participant__isnull=False)
                | Q(debit="participant", line=None, participant__isnull=False)
                | ~Q(credit="participant") & ~Q(debit="participant")
                & Q(line=None, participant=None),
                name="entry_names_participant",
            ),
            models.CheckConstraint(
                condition=Q(order__isnull=False, part=None)
                & ~Q(debit="participant") & ~Q(credit="paid_out")
                | Q(order=None, attempt=None, match=None, part__isnull=False)
                & Q(debit="participant", credit="paid_out"),
                name="entry_of_order_or_payout",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} from {self.debit} to {self.credit}"


class RefundNote(WaitingMail):
    """The notice that a buyer is to be told by mail of money that is due back: one for each time.
    """

    owed = models.OneToOneField(MoneyEntry, on_delete=models.PROTECT, related_name="note")

    class Meta:
        ordering = ["id"]
        constraints = [ended_has_time("refund_note_ended_has_time")]
        indexes = [waiting("refund_note_waiting")]

    def __str__(self) -> str:
        return f"refund note {self.pk} {self.state}"

    @property
    def order(self) -> Order:
        """Whose buyer is told."""
        if self.owed.order is None:
            raise ValueError(f"money entry {self.owed_id} is of no order")
        return self.owed.order

    @property
    def money(self) -> Money:
        """What is due back."""
        return Money(self.owed.amount, self.owed.currency)


class SandboxPayment(models.Model):
    """A page of the sandbox's own book: what "the bank" knows, which no order can write."""

    class State(models.TextChoices):
        """What the buyer pressed."""

        OPEN = "open", "Not paid yet"
        PAID = "paid", "Paid"
        DECLINED = "declined", "Declined"
        EXPIRED = "expired", "Closed unpaid"

    reference = models.UUIDField(unique=True)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    currency = models.CharField(max_length=3)
    received = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    charged_back = models.BooleanField(default=False)
    events = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"
