"""The audit of the whole log: every leaf from its row, every root from the leaves, every published
head from outside the database.

It trusts nothing that the database computed: rows are read as text and hashed here. What it finds
is named by its place in the log and its row. What no leaf covers (blocks, lots, counters, freezes)
is proved by replay: the invariants of `manage.py reconcile`.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from registry.transparency import records, tree
from registry.transparency.heads import Head

SEALED = f"""
    SELECT s.index, s.kind, s.record_id, s.leaf, s.seal_id, r.xid, r.leaf, r.record
    FROM registry_sealleaf s LEFT JOIN ({records.ALL}) AS r
      ON r.kind = s.kind AND r.id = s.record_id
    ORDER BY s.index"""  # noqa: S608 # ours

NOT_SEALED = f"""
    SELECT r.kind, r.id, r.xid, r.leaf, r.record FROM ({records.ALL}) AS r
    WHERE NOT EXISTS (SELECT FROM registry_sealleaf s WHERE s.kind = r.kind AND s.record_id = r.id)
    ORDER BY r.xid, r.kind, r.id"""  # noqa: S608 # ours

ORPHANS = """
    SELECT p.id FROM registry_posting p WHERE
      NOT EXISTS (SELECT FROM registry_transaction t WHERE t.id = p.tx_id)
      AND NOT EXISTS (SELECT FROM registry_cancellation c WHERE c.id = p.cancellation_id)"""

NODES = """
    SELECT n.level, n.index FROM registry_sealnode n LEFT JOIN registry_sealnode a
      ON n.level > 1 AND a.level = n.level - 1 AND a.index = n.index * 2
    LEFT JOIN registry_sealnode b
      ON n.level > 1 AND b.level = n.level - 1 AND b.index = n.index * 2 + 1
    LEFT JOIN registry_sealleaf l ON n.level = 1 AND l.index = n.index * 2
    LEFT JOIN registry_sealleaf r ON n.level = 1 AND r.index = n.index * 2 + 1
    WHERE n.hash IS DISTINCT FROM sha256('\\x01'::bytea
      || coalesce(a.hash, sha256('\\x00'::bytea || l.leaf))
      || coalesce(b.hash, sha256('\\x00'::bytea || r.leaf)))
    UNION ALL
    SELECT NULL, count(*) FROM registry_sealnode
    HAVING count(*) <> (SELECT coalesce(sum((
        SELECT count(*) FROM registry_sealleaf) >> level), 0) FROM generate_series(1, 62) AS level)
    """

HEADS = """
    SELECT h.number, h.epoch, h.tree_size, h.root, h.previous_root, h.from_xid, h.to_xid, h.at,
      g.public_key, g.signature
    FROM registry_seal h LEFT JOIN LATERAL (
      SELECT public_key, signature FROM registry_sealsignature
      WHERE seal_id = h.number ORDER BY id DESC LIMIT 1) g ON true
    ORDER BY h.number"""

CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was sealed. `leaf` is its place in the log, if it has one."""

    what: str
    leaf: int | None = None

    def __str__(self) -> str:
        return self.what if self.leaf is None else f"leaf {self.leaf}: {self.what}"


@dataclass(slots=True)
class Found:
    """What an audit saw and what it found wrong."""

    leaves: int = 0
    heads: int = 0
    kept: int = 0
    faults: list[Fault] = field(default_factory=list)

    def note(self, what: str, leaf: int | None = None) -> None:
        """Write a fault down."""
        self.faults.append(Fault(what, leaf))


class Told(NamedTuple):
    """A tree head as the database tells it."""

    number: int
    epoch: int
    tree_size: int
    root: bytes
    previous_root: bytes | None
    from_xid: int
    to_xid: int
    at: datetime
    public_key: bytes | None
    signature: bytes | None


def audit(kept: Sequence[Head], public_key: bytes | None = None) -> Found:
    """Read the whole log and compare it with heads kept outside the database, oldest first.

    `public_key` is the one that every kept head must be signed with; None takes the heads' own,
    which is enough where the file itself is trusted. Reads only; one pass over the leaves.
    """
    told = {row[0]: Told(*map(_bytes, row)) for row in _rows(HEADS)}
    found = Found(heads=len(told), kept=len(kept))
    _check_heads(found, told)
    _check_kept(found, told, kept, public_key)
    roots = {head.tree_size: head.root for head in told.values()}
    _check_leaves(found, told, roots | {head.tree_size: head.root for head in kept})
    epoch = max((head.epoch for head in told.values()), default=1)
    _check_rest(
        found, max((head.to_xid for head in told.values() if head.epoch == epoch), default=0)
    )
    return found


def _check_heads(found: Found, told: dict[int, Told]) -> None:
    """Inside the database: numbers without gap, each head naming the one before it."""
    before: Told | None = None
    for expected, number in enumerate(sorted(told), 1):
        head = told[number]
        if number != expected:
            found.note(f"tree head {expected} is missing")
            return
        if head.previous_root != (before.root if before else None):
            found.note(f"tree head {number} does not name the root of the one before it")
        begin = before.to_xid if before and head.epoch == before.epoch else 0
        if head.from_xid != begin:
            found.note(f"tree head {number} does not begin where the one before it ended")
        before = head


def _check_kept(
    found: Found, told: dict[int, Told], kept: Sequence[Head], key: bytes | None
) -> None:
    """Every head kept outside is genuine and stands in the database as it was published."""
    for expected, head in enumerate(kept, kept[0].number if kept else 1):
        if head.number != expected:
            found.note(f"the kept heads jump from {expected - 1} to {head.number}")
            return
        if not head.is_signed_by(key or head.public_key):
            found.note(f"the kept tree head {head.number} is not signed with the registry's key")
        now = told.get(head.number)
        if now is None:
            found.note(f"tree head {head.number} was published and is not in the database")
            continue
        if now[1:8] != (
            head.epoch, head.tree_size, head.root, head.previous_root, head.from_xid, head.to_xid,
            head.at,
        ):  # fmt: skip
            found.note(f"tree head {head.number} is not the one that was published")
        if (now.public_key, now.signature) != (head.public_key, head.signature):
            found.note(f"the signature of tree head {head.number} is not the published one")


def _check_leaves(found: Found, told: dict[int, Told], at_size: dict[int, bytes]) -> None:
    """Every leaf is the hash of its row, in order; the root over them is every head's."""
    growing, before = tree.Growing(), (0, 0, "", 0)
    for index, kind, pk, sealed, seal_id, xid, own, record in _rows(SEALED):
        while growing.size < index:
            found.note("is missing from the log", growing.size)
            growing.add(tree.EMPTY)
        if record is None:
            found.note(f"{kind} {pk} was deleted", index)
        else:
            _compare(found, index, f"{kind} {pk}", record, bytes(own), bytes(sealed))
            here = (seal_id, xid, kind, pk)
            if here < before:
                found.note(f"{kind} {pk} stands behind a later row", index)
            before = here
        if not _is_under(index, told, seal_id):
            found.note(f"{kind} {pk} is not under the tree head that it names", index)
        growing.add(tree.leaf_hash(bytes(sealed)))
        if growing.size in at_size and at_size.pop(growing.size) != growing.root():
            found.note(f"the first {growing.size} leaves do not have the published root")
    found.leaves = growing.size
    for size in at_size:
        found.note(f"a tree head covers {size} leaves, the log has {growing.size}")


def _is_under(index: int, told: dict[int, Told], number: int) -> bool:
    """Whether a leaf was taken in by the seal of this number."""
    begin = told[number - 1].tree_size if number - 1 in told else 0
    return number in told and begin <= index < told[number].tree_size


def _compare(
    found: Found, index: int | None, name: str, record: str, own: bytes, sealed: bytes
) -> None:
    now = hashlib.sha256(record.encode()).digest()
    if now != sealed:
        found.note(f"{name} was changed: it is not what was sealed", index)
    elif own != sealed:
        found.note(f"{name} carries another leaf than the log", index)


def _check_rest(found: Found, horizon: int) -> None:
    """Rows outside the log: none may be older than the last seal, none may be changed already."""
    for kind, pk, xid, own, record in _rows(NOT_SEALED):
        if xid < horizon:
            found.note(f"{kind} {pk} was written before the last seal and is not in the log")
        _compare(found, None, f"{kind} {pk}, not sealed yet,", record, bytes(own), bytes(own))
    for (pk,) in _rows(ORPHANS):
        found.note(f"posting {pk} belongs to no row of record")
    for level, index in _rows(NODES):
        place = f"node {level}/{index}" if level is not None else "their number"
        found.note(f"the kept subtrees do not fit the leaves: {place}")


def _rows(sql: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement, fetched in pieces so that a long log needs no more memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def _bytes(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
