"""The registry's tables, for reading. Nothing is written here: every write is a function of the
database, one per verb (registry/sql), and the web role may do nothing else.

State: Party, Account, InstructionLine, Block, Lot, Hold; what waits for a second person stands in
registry/governance/models.py.
Of record, never changed, never deleted: Transaction, Issuance, Cancellation, Posting, and the
sealed log over them. Rows of record carry two dates: `at`, when it was booked, stamped by the
database, and `effective_at`, when it happened in the world. Both are in the leaf, which covers
every column and posting of the row. Keys (registry/sql/keys.sql) prove that no unit is there twice.
"""

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import NullIf

from registry.bookings import InstructionLine as InstructionLine
from registry.bookings import Transaction as Transaction
from registry.columns import computed, link
from registry.governance.models import Proposal as Proposal
from registry.governance.standing import RESTRICTIONS, Standing
from registry.importing import models as imported  # noqa: F401 # Django finds them here
from registry.opening import models as asked_for  # noqa: F401 # and these
from registry.serials import SerialBlock, SerialNumber
from registry.transparency import models as sealed_log  # noqa: F401 # and these


class Party(models.Model):
    """A Party to the Kyoto Protocol, with its one counter of serials.

    The counter runs over all unit types and commitment periods; its row is the lock of issuance.
    Flags are dated facts: see registry/parties.py for source and confidence.
    """

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=80)
    region = models.CharField(max_length=20)
    annex_i = models.BooleanField(default=False)
    ldc = models.BooleanField("least developed country", default=False)
    sids = models.BooleanField("small island developing State", default=False)
    next_serial = models.BigIntegerField(db_default=1)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "parties"

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """An account, numbered `CC-TTT-N-P-DD` with MOD 97-10 check digits.

    `external` ones belong to the simulated national registry of their Party (decisions, 10).
    """

    class Kind(models.IntegerChoices):
        """Account types of the data exchange standards, and 0 for the source of issuance."""

        SOURCE = 0, "Executive Board, source of issuance"
        PARTY_HOLDING = 100, "Party holding account"
        PENDING = 110, "Pending account"
        FORMER_HOLDING = 120, "Former operator holding account"
        HOLDING = 121, "Holding account"
        VOLUNTARY = 230, "Voluntary cancellation account"
        EXCESS = 240, "Excess issuance cancellation account"
        MANDATORY = 250, "Mandatory cancellation account"
        ADMINISTRATIVE = 260, "Administrative cancellation account"
        RETIREMENT = 300, "Retirement account"

    number = models.TextField(unique=True)
    kind = models.SmallIntegerField(choices=Kind.choices)
    party = link(Party, null=True)
    holder_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    adaptation_fund = models.BooleanField(default=False)
    external = models.BooleanField(db_default=False)
    standing = models.TextField(choices=Standing.choices, db_default=Standing.OPEN.value)
    closed_at = models.DateTimeField(null=True)
    frozen_by = models.BigIntegerField(null=True)
    frozen = computed(Q(frozen_by__isnull=False), models.BooleanField())
    terminal = computed(
        Q(kind__range=(210, 300)) | Q(kind__in=(411, 421, 422, 423)), models.BooleanField()
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def status(self) -> str:
        """Where it stands (domain, 3.9 and 5.3), in the words of the pages."""
        if self.closed_at is not None:
            return "Closed"
        return "Frozen" if self.frozen else self.get_standing_display()

    @property
    def restricted(self) -> bool:
        """Whether two persons would have to lift something of it."""
        return self.standing in RESTRICTIONS


class Issuance(models.Model):
    """A block of new serials of one Party, born in one transaction. Of record.

    `prv` and `nxt` chain the Party's issuances from serial 1 without gap or overlap.
    """

    tx = link(Transaction)
    party = link(Party)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    nxt = computed(F("hi") + 1)
    prv = computed(NullIf(F("lo"), Value(1)))
    unit_type = models.SmallIntegerField()
    original_cp = models.SmallIntegerField()
    applicable_cp = models.SmallIntegerField()
    lulucf = models.SmallIntegerField()
    project_number = models.TextField()
    line = link(InstructionLine)
    expires_on = models.DateField(null=True)
    xid = models.BigIntegerField()
    at = models.DateTimeField()
    effective_at = models.DateTimeField()
    leaf = models.BinaryField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.serial)

    @property
    def serial(self) -> SerialNumber:
        """The number of the whole issuance."""
        return self.number(self.lo, self.hi)

    def number(self, first: int, last: int) -> SerialNumber:
        """The number of some of its units."""
        return SerialNumber(
            self.party_id, self.unit_type, SerialBlock(first, last), self.original_cp,
            self.applicable_cp, self.lulucf, self.project_number,
        )  # fmt: skip


class Block(models.Model):
    """A part of an issuance in one account: the blocks of an issuance are its exact partition."""

    issuance = link(Issuance)
    party = link(Party, null=True)  # the issuance's, by a trigger: a serial is found by one index
    i_lo = models.BigIntegerField()
    i_hi = models.BigIntegerField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    nxt = computed(F("hi") + 1)
    prv = computed(NullIf(F("lo"), F("i_lo")))
    account = link(Account)
    reserved_for = link(Proposal, null=True)
    frozen_by = models.BigIntegerField(null=True)
    frozen = computed(Q(frozen_by__isnull=False), models.BooleanField())

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.serial)

    @property
    def serial(self) -> SerialNumber:
        """The number of the block."""
        number: SerialNumber = self.issuance.number(self.lo, self.hi)
        return number


class Lot(models.Model):
    """Units on offer: exactly one block, sold from its lowest serial upward by a cursor.

    `next_serial` is the first serial not yet cancelled; it is the one hot column of the registry
    and stands in no index. `end_key` says how the lot ended: see registry/sql/keys.sql.
    """

    issuance = link(Issuance)
    block = link(Block, null=True)
    tx = link(Transaction)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    kept_hi = models.BigIntegerField()
    next_serial = models.BigIntegerField()
    end_key = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.serial)

    @property
    def serial(self) -> SerialNumber:
        """The number of all units that it offered at first."""
        number: SerialNumber = self.issuance.number(self.lo, self.hi)
        return number


class Hold(models.Model):
    """So many units of a lot kept for an order until a moment. Not of record."""

    lot = link(Lot)
    quantity = models.BigIntegerField()
    order_key = models.UUIDField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.quantity} of lot {self.lot_id}"


class Cancellation(models.Model):
    """A link in a lot's chain: units cancelled (`c`) or, once at its end, released unsold (`r`).

    Of record. `tx` is None for a sale by the shop; `buyer` is its order, 0 outside the shop.
    """

    lot = link(Lot)
    lot_lo = models.BigIntegerField()
    lot_hi = models.BigIntegerField()
    s = models.BigIntegerField()
    e = models.BigIntegerField()
    kind = models.CharField(max_length=1)
    nxt = computed(Case(When(kind="r", then=-F("s")), default=F("e") + 1))
    prv = computed(NullIf(F("s"), F("lot_lo")))
    buyer = models.BigIntegerField()
    key = models.UUIDField()
    beneficiary_hmac = models.BinaryField(null=True)
    tx = link(Transaction, null=True)
    xid = models.BigIntegerField()
    at = models.DateTimeField()
    effective_at = models.DateTimeField()
    leaf = models.BinaryField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.serial)

    @property
    def serial(self) -> SerialNumber:
        """The number of the cancelled block."""
        number: SerialNumber = self.lot.issuance.number(self.s, self.e)
        return number

    @property
    def quantity(self) -> int:
        """How many units were cancelled."""
        return self.serial.quantity

    @property
    def reference(self) -> str:
        """How people quote it: `CX-2024-03-04-000017`."""
        return f"CX-{self.effective_at:%Y-%m-%d}-{self.pk:06}"


class Posting(models.Model):
    """Debit, credit and serial range in one row. Of record, covered by its parent's leaf."""

    tx = link(Transaction, null=True)
    cancellation = link(Cancellation, null=True)
    issuance = link(Issuance)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    qty = computed(F("hi") - F("lo") + 1)
    dr = link(Account, db_column="dr")
    cr = link(Account, db_column="cr")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.serial} from {self.dr_id} to {self.cr_id}"

    @property
    def serial(self) -> SerialNumber:
        """The number of the units that moved."""
        number: SerialNumber = self.issuance.number(self.lo, self.hi)
        return number


class Reconciliation(models.Model):
    """What a run of the invariants found. Append-only."""

    at = models.DateTimeField()
    ok = models.BooleanField()
    checks = models.IntegerField()
    problems = models.JSONField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return "balanced" if self.ok else f"{len(self.problems)} problems"
