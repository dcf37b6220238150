"""The sealed log's tables. Of record, written by registry/sql/seal.sql alone."""

from django.db import models


class Seal(models.Model):
    """A tree head: the root over all leaves so far. `number` counts from 1 without gap.

    It took the rows written by transactions `from_xid` <= xid < `to_xid`. `epoch` changes when the
    database was restored into a cluster whose transaction numbers begin anew.
    """

    number = models.BigIntegerField(primary_key=True)
    epoch = models.IntegerField()
    from_xid = models.BigIntegerField()
    to_xid = models.BigIntegerField()
    tree_size = models.BigIntegerField()
    root = models.BinaryField()
    previous_root = models.BinaryField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"tree head {self.number}"


class SealSignature(models.Model):
    """The signer's Ed25519 signature of a tree head. A head counts as published with its first."""

    seal = models.ForeignKey(
        Seal, models.DO_NOTHING, related_name="signatures", db_constraint=False, db_index=False
    )
    public_key = models.BinaryField()
    signature = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"signature of tree head {self.seal_id}"


class SealLeaf(models.Model):
    """A row of record's place in the log: its leaf, and the seal that took it in."""

    index = models.BigIntegerField(primary_key=True)
    seal = models.ForeignKey(
        Seal, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.TextField()
    record_id = models.BigIntegerField()
    leaf = models.BinaryField()

    class Meta:
        ordering = ["-index"]

    def __str__(self) -> str:
        return f"leaf {self.index}: {self.kind} {self.record_id}"


class SealNode(models.Model):
    """The hash of a complete subtree of 2^level leaves, level 1 and up."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"node {self.level}/{self.index}"
