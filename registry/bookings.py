"""What is instructed, and what was booked: the tables behind every transaction of the registry."""

from typing import ClassVar

from django.db import models

from registry.columns import link


class InstructionLine(models.Model):
    """One line of an instruction: so many units of one project and commitment period.

    It changes once, when a second person releases it. `sha256` covers what is instructed.
    """

    key = models.UUIDField(unique=True)
    project_number = models.TextField()
    reference = models.TextField()
    party = link("registry.Party")
    unit_type = models.SmallIntegerField()
    commitment_period = models.SmallIntegerField()
    quantity = models.BigIntegerField()
    share_of_proceeds = models.BigIntegerField()
    expires_on = models.DateField(null=True)
    sha256 = models.BinaryField()
    initiator = models.BigIntegerField()
    at = models.DateTimeField()
    releaser = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.reference} {self.project_number} CP{self.commitment_period}"


class Transaction(models.Model):
    """A booking other than a sale: who asked, who approved, what moved. Of record.

    `initiator` 0 is the portal itself, where a rule acts and no person does.
    """

    class Verb(models.TextChoices):
        """What was booked."""

        OPEN_ACCOUNT = "open_account", "Account opened"
        ISSUE = "issue", "Issuance"
        FORWARD = "forward", "Forwarding"
        TRANSFER = "transfer", "External transfer"
        CANCEL = "cancel", "Cancellation"
        EARMARK = "earmark", "Put on offer"
        RELEASE = "release", "Taken off offer"
        CLOSE = "close", "Sold-out lots ended"
        FREEZE = "freeze", "Freeze"
        UNFREEZE = "unfreeze", "Freeze lifted"
        CLOSE_ACCOUNT = "close_account", "Account closed"
        REPRESENT = "represent", "Representative named"
        RECALL = "recall", "Representative recalled"
        AUTHORISE = "authorise", "Authorisation entered"
        REVOKE = "revoke", "Authorisation ended"
        TRUST = "trust", "Account trusted"
        DISTRUST = "distrust", "Account trusted no longer"
        STOP = "stop", "Registry stopped"
        RESUME = "resume", "Registry moves again"
        RESTRICT = "restrict", "Account restricted"
        LIFT = "lift", "Restriction lifted"
        ASK_CLOSURE = "ask_closure", "Closure asked for"
        WITHDRAW_CLOSURE = "withdraw_closure", "Closure taken back"

    TYPES: ClassVar[dict[str, int]] = {"issue": 1, "transfer": 3, "cancel": 4, "forward": 10}

    key = models.UUIDField(unique=True)
    verb = models.TextField(choices=Verb.choices)
    request_sha256 = models.BinaryField()
    facts = models.JSONField()
    initiator = models.BigIntegerField()
    approver = models.BigIntegerField(null=True)
    xid = models.BigIntegerField()
    at = models.DateTimeField()
    effective_at = models.DateTimeField()
    leaf = models.BinaryField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """How people quote it: `TX-2024-03-04-000017`."""
        return f"TX-{self.effective_at:%Y-%m-%d}-{self.pk:06}"

    @property
    def type_code(self) -> int | None:
        """The transaction type of the data exchange standards, of what moves units."""
        return self.TYPES.get(self.verb)

    @property
    def leaf_hex(self) -> str:
        """The leaf as text."""
        return bytes(self.leaf).hex()
