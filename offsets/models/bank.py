"""What the bank says, which order it is for, and what goes back: invoices paid by transfer.

Of record, never changed: BankStatement, BankEntry. A BankMatch and a Refund are of record once a
second person has confirmed them (triggers in migration 0011). Who paid, from which account and with
which words stands in BankPayer, to whom money went back in Refund; both can be erased (0017).
"""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from cdm_portal.identity.models import Person
from cdm_portal.journal.models import stamped
from cdm_portal.values import Money
from offsets.models.payments import MoneyEntry, PaymentAttempt


class BankStatement(models.Model):
    """A file of the bank that was imported; each is kept once."""

    class Kind(models.TextChoices):
        """How the file is written."""

        CAMT = "camt053", "camt.053"
        CSV = "csv", "CSV"

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    account = models.CharField("IBAN", max_length=34)
    entries = models.PositiveIntegerField("credits in the file")
    imported_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    imported_name = models.CharField(max_length=200)
    imported_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class BankEntry(models.Model):
    """A credit on the account, kept once whichever file brought it (`key`). It names nobody."""

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="credits")
    key = models.CharField(max_length=90, unique=True)
    booked_on = models.DateField()
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    currency = models.CharField(max_length=3)
    reference = models.CharField("structured reference", max_length=140, blank=True)
    bank_reference = models.CharField("the bank's own reference", max_length=80, blank=True)
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "bank entries"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="bank_entry_is_a_credit"),
            models.CheckConstraint(condition=Q(currency="USD"), name="bank_entry_in_dollars"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} of {self.booked_on}"

    @property
    def money(self) -> Money:
        """What came in."""
        return Money(self.amount, self.currency)


class BankPayer(models.Model):
    """Who paid a credit, from which account and with which words; also what stood in the place of
    the reference and is none.

    It is erased with the personal data of the order that was paid, or from `keep_until` on, and
    then says nothing, for good (trigger in migration 0017). The credit and what was booked stay.
    """

    entry = models.OneToOneField(
        BankEntry, on_delete=models.PROTECT, primary_key=True, related_name="payer"
    )
    name = models.CharField("paid by", max_length=140, blank=True)
    iban = models.CharField("from account", max_length=34, blank=True)
    text = models.CharField("what the payer wrote", max_length=760, blank=True)
    keep_until = models.DateTimeField()
    erased_at = models.DateTimeField("personal data erased", null=True)

    class Meta:
        ordering = ["entry_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(name="", iban="", text=""),
                name="erased_payer_names_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["keep_until"], condition=Q(erased_at=None), name="payer_kept")
        ]

    def __str__(self) -> str:
        return f"payer of entry {self.entry_id}"


class BankMatch(FSMModelMixin, models.Model):
    """That a credit pays for an order: proposed by one person, or by a valid reference in the file
    that this person imported, and confirmed by another one. Only then money is booked.
    """

    class State(models.TextChoices):
        """Whether a second person confirmed it."""

        PROPOSED = "proposed", "Waits for a second person"
        CONFIRMED = "confirmed", "Confirmed"
        REFUSED = "refused", "Set aside"

    entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="matches")
    attempt = models.ForeignKey(
        PaymentAttempt, on_delete=models.PROTECT, related_name="bank_matches"
    )
    automatic = models.BooleanField("by its reference", default=False)
    state = FSMField(max_length=10, choices=State.choices, default=State.PROPOSED, protected=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "bank matches"
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=~Q(state="refused"), name="credit_matched_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(decided_by=F("proposed_by")),
                name="match_has_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                | ~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decided_match_names_who",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="match_set_aside_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} for {self.attempt}"

    @transition(field=state, source=State.PROPOSED, target=State.CONFIRMED)
    def confirm(self) -> None:
        """Another person finds that the credit is this order's."""

    @transition(field=state, source=State.PROPOSED, target=State.REFUSED)
    def refuse(self) -> None:
        """It is not; the credit waits for another match."""


class Refund(FSMModelMixin, models.Model):
    """Money due back to who paid by transfer: one row for each entry of the books that owes it.

    One person says to which account and under which reference it was sent, another one confirms.
    Once it is sent, name and account go with those of who had paid.
    """

    class State(models.TextChoices):
        """Whether it was sent."""

        DUE = "due", "To be sent"
        PROPOSED = "proposed", "Waits for a second person"
        PAID = "paid", "Sent"

    owed = models.OneToOneField(MoneyEntry, on_delete=models.PROTECT, related_name="refund")
    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    currency = models.CharField(max_length=3)
    made_at = models.DateTimeField()
    state = FSMField(max_length=10, choices=State.choices, default=State.DUE, protected=True)
    payee_name = models.CharField(max_length=140, blank=True)
    payee_iban = models.CharField(max_length=34, blank=True)
    bank_reference = models.CharField(max_length=80, blank=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_name = models.CharField(max_length=200, blank=True)
    proposed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_name = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_positive"),
            models.CheckConstraint(
                condition=Q(state="due") | Q(proposed_by__isnull=False, proposed_at__isnull=False)
                & (~Q(payee_iban="") | Q(state="paid")) & ~Q(bank_reference=""),
                name="refund_says_where",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") & Q(confirmed_by=None, confirmed_at=None)
                | Q(state="paid", confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=F("proposed_by")),
                name="refund_has_two_persons",
            ),
            models.UniqueConstraint(
                fields=["bank_reference"], condition=~Q(bank_reference=""),
                name="refund_sent_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} back for {self.attempt}"

    @property
    def money(self) -> Money:
        """What is due back."""
        return Money(self.amount, self.currency)

    @transition(field=state, source=State.DUE, target=State.PROPOSED)
    def propose(self) -> None:
        """One person has sent it."""

    @transition(field=state, source=State.PROPOSED, target=State.DUE)
    def take_back(self) -> None:
        """It was not sent like that."""

    @transition(field=state, source=State.PROPOSED, target=State.PAID)
    def pay(self) -> None:
        """Another person found it on the account."""
