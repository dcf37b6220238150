"""What is owed and what came in: invoices, payments, and the two small machines behind them.

An invoice is either the registration fee of a request for registration (domain, 3.3), or the share
of proceeds for administration of an instructed issuance. Of the states of domain, 3.5, SOP_PENDING
is an issuance's invoice that is due, PART_PAID and PAID are its states of these names, and an
exempt issuance has an invoice that is not due. `projects.lifecycle.ask` asks this page too.
"""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django_fsm import ConcurrentTransitionMixin, FSMField

from cdm_portal.identity.models import Person
from cdm_portal.journal.models import stamped
from cdm_portal.values import Actor, Role
from projects.lifecycle import needs, transition


def secretariat(_case: Any, actor: Actor) -> bool:
    """Finance belongs to the secretariat (decisions, 20)."""
    return actor.role == Role.SECRETARIAT


def portal(_case: Any, actor: Actor) -> bool:
    """The portal itself, where a rule acts and no person does."""
    return actor.role == Role.SYSTEM


@needs("Not everything that is due has been received.")
def all_is_received(invoice: Any) -> bool:
    """The payments confirmed come to the amount of the invoice."""
    return bool(invoice.received_usd == invoice.amount_usd)


@needs("Nothing is left to receive.")
def something_is_left(invoice: Any) -> bool:
    """The payments confirmed come to less than the amount of the invoice."""
    return bool(0 < invoice.received_usd < invoice.amount_usd)


class InvoiceState(models.TextChoices):
    """Whether money is awaited."""

    WAIVED = "waived", "Not due"
    DEFERRED = "deferred", "Due after the first issuance"
    DUE = "due", "Due"
    PART_PAID = "part_paid", "Received in part"
    PAID = "paid", "Received"


AWAITED = (InvoiceState.DEFERRED, InvoiceState.DUE, InvoiceState.PART_PAID)
"""Money can still come in; a deferred fee may be paid before it falls due."""
OWED = (InvoiceState.DUE, InvoiceState.PART_PAID)
"""Money must come in before anything is issued."""


class Invoice(ConcurrentTransitionMixin, models.Model):
    """The registration fee of a request, which is an advance on the share of proceeds for
    administration, or that share itself for an issuance. Amounts in USD, to the cent.

    `before_cap_usd` is what the rates alone give; a cap or the fee paid in advance lowers it.
    """

    State = InvoiceState

    request = models.OneToOneField(
        "board.Request", on_delete=models.PROTECT, related_name="invoice"
    )
    amount_usd = models.DecimalField(max_digits=12, decimal_places=2)
    before_cap_usd = models.DecimalField(max_digits=12, decimal_places=2)
    advance_usd = models.DecimalField(
        "deducted, paid in advance", max_digits=12, decimal_places=2, default=0
    )
    received_usd = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    quantity = models.BigIntegerField("CERs, or tonnes a year", null=True)
    earlier_quantity = models.BigIntegerField("CERs earlier in the calendar year", default=0)
    year = models.SmallIntegerField("calendar year of the request", null=True)
    rule = models.CharField(max_length=10)
    state = FSMField(max_length=10, choices=InvoiceState.choices, protected=True)
    made_at = models.DateTimeField(null=True)
    payment_reference = models.CharField(max_length=80, blank=True)
    paid_at = models.DateTimeField(null=True)
    proof_due_at = models.DateTimeField(
        null=True, help_text="When proof that the fee was paid comes too late"
    )
    money_due_at = models.DateTimeField(
        null=True, help_text="When the fee itself comes too late, without proof in time"
    )
    proof = models.CharField("proof of payment", max_length=200, blank=True)
    proof_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_usd__gte=0, amount_usd__lte=F("before_cap_usd")),
                name="fee_within_cap",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False) & ~Q(payment_reference="")
                | ~Q(state="paid") & Q(paid_at=None, payment_reference=""),
                name="paid_fee_has_reference",
            ),
            models.UniqueConstraint(
                fields=["payment_reference"], condition=~Q(payment_reference=""),
                name="payment_counts_once",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", received_usd=F("amount_usd"))
                | Q(state="part_paid", received_usd__gt=0, received_usd__lt=F("amount_usd"))
                | Q(state__in=["waived", "deferred", "due"], received_usd=0),
                name="received_agrees_with_state",
            ),
            models.CheckConstraint(
                condition=Q(advance_usd=0) | Q(
                    advance_usd__gt=0, advance_usd__lte=F("before_cap_usd") - F("amount_usd")
                ),
                name="advance_is_deducted",
            ),
            models.CheckConstraint(
                condition=Q(proof_due_at=None, money_due_at=None)
                | Q(proof_due_at__lt=F("money_due_at")),
                name="proof_is_due_before_money",
            ),
            models.CheckConstraint(
                condition=Q(proof="", proof_at=None)
                | ~Q(proof="")
                & Q(proof_due_at__isnull=False, proof_at__isnull=False)
                & Q(proof_at__lt=F("proof_due_at")),
                name="proof_comes_in_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "id"], name="awaited_invoices",
                condition=Q(state__in=["deferred", "due", "part_paid"]),
            ),
            models.Index(
                fields=["money_due_at", "id"], name="invoices_due_by_a_day",
                condition=Q(state__in=["due", "part_paid"], money_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: US${self.amount_usd}"

    def is_overdue(self, at: datetime) -> bool:
        """Whether a fee that is due has a last day, and it is over, with no proof of payment."""
        if self.money_due_at is None or self.proof_at is not None:
            return False
        return self.state in OWED and at >= self.money_due_at

    @property
    def number(self) -> str:
        """The reference that a payment quotes."""
        return f"INV-{self.request.reference}"

    @transition(
        field=state, source=InvoiceState.DEFERRED, target=InvoiceState.DUE, permission=portal
    )
    def fall_due(self) -> None:
        """The first issuance has taken place."""

    @transition(
        field=state, source=[InvoiceState.DEFERRED, InvoiceState.DUE, InvoiceState.PART_PAID],
        target=InvoiceState.PART_PAID, permission=secretariat, conditions=[something_is_left],
    )
    def receive_part(self) -> None:
        """A part came in."""

    @transition(
        field=state, source=[InvoiceState.DEFERRED, InvoiceState.DUE, InvoiceState.PART_PAID],
        target=InvoiceState.PAID, permission=secretariat, conditions=[all_is_received],
    )
    def settle(self) -> None:
        """Everything came in."""


class PaymentState(models.TextChoices):
    """Whether a second person has confirmed it."""

    RECORDED = "recorded", "Waits for a second person"
    CONFIRMED = "confirmed", "Confirmed"
    REFUSED = "refused", "Set aside"


class Payment(ConcurrentTransitionMixin, models.Model):
    """Money that one person of the secretariat found on the bank statement, and that counts once
    another person has confirmed it. Of record from then on.
    """

    State = PaymentState

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payments")
    amount_usd = models.DecimalField(max_digits=12, decimal_places=2)
    reference = models.CharField(max_length=80)
    received_on = models.DateField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_name = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    state = FSMField(
        max_length=10, choices=PaymentState.choices, default=PaymentState.RECORDED, protected=True
    )
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_usd__gt=0), name="payment_is_positive"),
            models.UniqueConstraint(
                Upper("reference"), condition=~Q(state="refused"), name="reference_counts_once"
            ),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(state="recorded"), name="one_payment_waits"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(decided_by=F("recorded_by")),
                name="payment_has_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state="recorded", decided_by=None, decided_at=None)
                | ~Q(state="recorded") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decided_payment_names_who",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="set_aside_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.reference}"

    @transition(
        field=state, source=PaymentState.RECORDED, target=PaymentState.CONFIRMED,
        permission=secretariat,
    )
    def confirm(self) -> None:
        """A second person found it on the bank statement too."""

    @transition(
        field=state, source=PaymentState.RECORDED, target=PaymentState.REFUSED,
        permission=secretariat,
    )
    def set_aside(self) -> None:
        """It is not there, or was recorded wrongly: the reference may be used again."""
