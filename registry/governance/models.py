"""What waits for a second person, what was decided, and who may act for an account.

State, changed by the verbs of registry/sql alone: Proposal, Measure, Stop, Representative,
Authorisation, TrustedAccount. Of record: TransactionState.
"""

from django.db import models

from registry.columns import link
from registry.governance.standing import Standing


class Proposal(models.Model):
    """A transaction that waits for a second person. `sha256` covers what was proposed.

    Its units are reserved from the moment of the proposal (`Block.reserved_for`): the lowest free
    serials of the project, or exactly [`lo`, `hi`] of `party`. `execute_after` is set by the
    approval; a transfer to an account that is not trusted waits until then.
    """

    class State(models.TextChoices):
        """Where it stands; the full history is in TransactionState."""

        PROPOSED = "proposed", "Waiting for a second person"
        APPROVED = "approved", "Approved, waiting for its delay"
        EXECUTED = "executed", "Executed"
        REJECTED = "rejected", "Rejected"
        DECLINED = "declined", "Declined by the acquiring registry"
        TERMINATED = "terminated", "Terminated: the books disagree"
        LAPSED = "lapsed", "Lapsed"

    OPEN = (State.PROPOSED, State.APPROVED)

    key = models.UUIDField(unique=True)
    verb = models.TextField()
    project_number = models.TextField()
    unit_type = models.SmallIntegerField()
    commitment_period = models.SmallIntegerField(null=True)
    quantity = models.BigIntegerField()
    party = link("registry.Party", null=True)
    lo = models.BigIntegerField(null=True)
    hi = models.BigIntegerField(null=True)
    from_account = link("registry.Account")
    to_account = link("registry.Account")
    sha256 = models.BinaryField()
    initiator = models.BigIntegerField()
    at = models.DateTimeField()
    state = models.TextField(choices=State.choices)
    approved_by = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    execute_after = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField()
    tx = link("registry.Transaction", null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.quantity} of {self.project_number}"

    @property
    def is_open(self) -> bool:
        """Whether it may still be executed, rejected or aborted."""
        return self.state in self.OPEN

    @property
    def sha256_hex(self) -> str:
        """The hash as text."""
        return bytes(self.sha256).hex()


class TransactionState(models.Model):
    """One step of a transaction's way, numbered from 1 without gap. Of record.

    Codes and steps are those of the domain file, section 3.6; `key` is the key of the proposal or
    of the instruction line, and of the transaction that it became. A sale of the shop is completed
    in the moment in which it happens and has no such rows.
    """

    class Code(models.IntegerChoices):
        """States of a registry transaction."""

        AWAITING_APPROVAL = 0, "Awaiting approval"
        PROPOSED = 1, "Proposed"
        CHECKED_NO_DISCREPANCY = 2, "Checked, no discrepancy"
        CHECKED_DISCREPANCY = 3, "Checked, discrepancy"
        COMPLETED = 4, "Completed"
        TERMINATED = 5, "Terminated"
        REJECTED = 6, "Rejected by the acquiring registry"
        CANCELLED = 7, "Cancelled"
        ACCEPTED = 8, "Accepted by the acquiring registry"

    key = models.UUIDField()
    n = models.SmallIntegerField()
    was = models.SmallIntegerField(null=True, choices=Code.choices)
    state = models.SmallIntegerField(choices=Code.choices)
    person = models.BigIntegerField()
    at = models.DateTimeField()
    effective_at = models.DateTimeField()

    class Meta:
        ordering = ["key", "n"]

    def __str__(self) -> str:
        return f"{self.n}. {self.get_state_display()}"


class Measure(models.Model):
    """A change of who may move what, which waits for a second person: nothing of value moves.

    `trust` and `distrust` concern the trusted accounts of `account`, `unfreeze` an account or a
    block, `lift` what restricts an account, `resume` the whole registry.
    """

    class Verb(models.TextChoices):
        """What is to be done."""

        TRUST = "trust", "Trust an account"
        DISTRUST = "distrust", "Trust an account no longer"
        UNFREEZE = "unfreeze", "Lift a freeze"
        LIFT = "lift", "Lift what restricts an account"
        RESUME = "resume", "Let the registry move again"

    class State(models.TextChoices):
        """It is decided once."""

        PROPOSED = "proposed", "Waiting for a second person"
        EXECUTED = "executed", "Executed"
        REJECTED = "rejected", "Rejected"

    key = models.UUIDField(unique=True)
    verb = models.TextField(choices=Verb.choices)
    account = link("registry.Account", null=True)
    block = link("registry.Block", null=True)
    trusted = link("registry.Account", null=True)
    reason = models.TextField()
    sha256 = models.BinaryField()
    initiator = models.BigIntegerField()
    at = models.DateTimeField()
    state = models.TextField(choices=State.choices)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField()
    tx = link("registry.Transaction", null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} ({self.pk})"

    @property
    def sha256_hex(self) -> str:
        """The hash as text."""
        return bytes(self.sha256).hex()


class Closure(models.Model):
    """Somebody asked for an account to be closed; it ends once: taken back, or closed by another.

    `was` is where the account stood, and where it stands again if the closure is taken back.
    """

    class Outcome(models.TextChoices):
        """How it ended; empty while it is asked for."""

        ASKED = "", "Asked for"
        WITHDRAWN = "withdrawn", "Taken back"
        CLOSED = "closed", "Closed"

    account = link("registry.Account")
    was = models.TextField(choices=Standing.choices)
    reason = models.TextField()
    asked_by = models.BigIntegerField()
    by_holder = models.BooleanField()
    at = models.DateTimeField()
    outcome = models.TextField(choices=Outcome.choices)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"closure of account {self.account_id}"


class Stop(models.Model):
    """The whole registry was stopped; it moves again when `resumed` is booked. One open at most."""

    tx = link("registry.Transaction")
    resumed = link("registry.Transaction", null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"stop {self.pk}"


class Representative(models.Model):
    """A person who acts for an account. At most three at a time, on numbered seats."""

    account = link("registry.Account")
    person_id = models.BigIntegerField()
    seat = models.SmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["account_id", "seat", "id"]

    def __str__(self) -> str:
        return f"seat {self.seat} of account {self.account_id}"


class Authorisation(models.Model):
    """By a letter on file, a holder or a Party may receive units of a project.

    The registry knows the letter by its reference alone: what it says is the works' matter.
    """

    project_number = models.TextField()
    holder_id = models.BigIntegerField(null=True)
    party = link("registry.Party", null=True)
    letter = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"project {self.project_number} by {self.letter}"


class TrustedAccount(models.Model):
    """Transfers out of `account` to `trusted` need no delay from `since` until `until`."""

    account = link("registry.Account")
    trusted = link("registry.Account")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.trusted_id} trusted by {self.account_id}"
