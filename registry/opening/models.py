"""A participant's request for a holding account, its evidence, and what was said about it.

REQUESTED → KYC → OPEN, or refused, or withdrawn (domain, 3.9). The tables are named `kyc_…`, since
they are no part of the ledger: the web writes them, under laws of their own
(migrations/0013_account_requests_law.py). Files are confidential, and of record.
"""

from django.db import models
from django.db.models import F, Q

from cdm_portal.identity.models import Organisation, Person
from registry.opening.evidence import BY_KEY


def somebody(*, null: bool = True) -> "models.ForeignKey[Person | None, Person | None]":
    """A person who acted."""
    return models.ForeignKey(Person, models.PROTECT, null=null, related_name="+")


class AccountRequest(models.Model):
    """A participant asks for a holding account with a Party; two administrators open it."""

    class State(models.TextChoices):
        """Where a request stands. Once open, the account has a standing of its own."""

        REQUESTED = "requested", "Requested"
        KYC = "kyc", "Evidence is looked at"
        OPEN = "open", "Account opened"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    LIVE = (State.REQUESTED, State.KYC)

    holder = models.ForeignKey(Organisation, models.PROTECT, related_name="account_requests")
    party = models.ForeignKey("registry.Party", models.PROTECT, related_name="+")
    account_name = models.CharField(max_length=200)
    registration_number = models.CharField(max_length=100)
    address = models.CharField(max_length=400)
    signatory = models.CharField(max_length=200)
    position = models.CharField("position of the signatory", max_length=200)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.REQUESTED, db_index=True
    )
    requested_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    taken_up_by = somebody()
    taken_up_at = models.DateTimeField(null=True)
    concluded_by = somebody()
    concluded_at = models.DateTimeField(null=True)
    decided_by = somebody()
    decided_at = models.DateTimeField(null=True)
    reasons = models.TextField(blank=True)
    account = models.OneToOneField(
        "registry.Account", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        app_label = "registry"
        db_table = "kyc_request"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "party"], condition=Q(state__in=["requested", "kyc"]),
                name="kyc_request_once",
            ),
            models.CheckConstraint(
                condition=Q(state="requested", taken_up_at=None, concluded_at=None,
                            decided_at=None, account=None)
                | Q(state="kyc", taken_up_at__isnull=False, decided_at=None, account=None)
                | Q(state="open", taken_up_at__isnull=False, concluded_at__isnull=False,
                    decided_at__isnull=False, account__isnull=False)
                | Q(state="refused", taken_up_at__isnull=False, decided_at__isnull=False,
                    account=None)
                & ~Q(reasons="")
                | Q(state="withdrawn", decided_at__isnull=False, account=None),
                name="kyc_request_shape",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | ~Q(decided_by=F("concluded_by")),
                name="kyc_request_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """How people quote it: `HA-000012`."""
        return f"HA-{self.pk:06}"

    @property
    def is_live(self) -> bool:
        """Whether it is not decided yet."""
        return self.state in self.LIVE

    @property
    def is_concluded(self) -> bool:
        """Whether every item is proven and a second administrator is to open the account."""
        return self.state == self.State.KYC and self.concluded_at is not None


class ProposedRepresentative(models.Model):
    """Who is to act for the account, on one of its three seats. Of record."""

    request = models.ForeignKey(
        AccountRequest, models.PROTECT, related_name="representatives"
    )
    seat = models.SmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        app_label = "registry"
        db_table = "kyc_representative"
        ordering = ["request_id", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["request", "seat"], name="kyc_representative_seat"),
            models.UniqueConstraint(fields=["request", "person"], name="kyc_representative_once"),
            models.CheckConstraint(
                condition=Q(seat__gte=1, seat__lte=3), name="kyc_representative_seats"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} on seat {self.seat}"


class EvidenceItem(models.Model):
    """One item of the list of evidence, and what the registry thinks of it."""

    class Mark(models.TextChoices):
        """What stands of an item."""

        OPEN = "open", "To be looked at"
        QUESTIONED = "questioned", "Questioned"
        ANSWERED = "answered", "Answered"
        PROVEN = "proven", "Proven"

    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="items")
    key = models.CharField(max_length=10)
    mark = models.CharField(max_length=10, choices=Mark.choices, default=Mark.OPEN)

    class Meta:
        app_label = "registry"
        db_table = "kyc_item"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "key"], name="kyc_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.get_mark_display()}"

    @property
    def label(self) -> str:
        """The item's name."""
        return BY_KEY[self.key].label


class EvidenceFile(models.Model):
    """A file that is to prove an item: confidential, and of record."""

    item = models.ForeignKey(EvidenceItem, models.PROTECT, related_name="files")
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    filed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()

    class Meta:
        app_label = "registry"
        db_table = "kyc_file"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.filename


class EvidenceWord(models.Model):
    """What was said about an item, and how it was marked by that. Of record."""

    item = models.ForeignKey(EvidenceItem, models.PROTECT, related_name="words")
    mark = models.CharField(max_length=10, choices=EvidenceItem.Mark.choices)
    text = models.TextField(blank=True)
    said_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        app_label = "registry"
        db_table = "kyc_word"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mark="proven") | ~Q(text=""), name="kyc_word_says"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mark_display()}: {self.text}"
