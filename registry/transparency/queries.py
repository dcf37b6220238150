"""Questions to the sealed log: heads, proofs, and what still waits to be sealed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Min, OuterRef, Q, QuerySet

from registry.transparency import heads, records, tree
from registry.transparency.heads import Head
from registry.transparency.models import Seal, SealLeaf, SealSignature

LATE = timedelta(seconds=60)
"""A signer that lives seals within seconds."""

RELEASE = 7
"""Where a cancellation's text says whether units were cancelled (c) or released (r)."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That a row of record is leaf `index` of the tree under `head`, taken in by seal `sealed_in`.

    `record` is the row as it stands in its table now; its SHA-256 is `leaf` unless somebody changed
    it. None if it is gone.
    """

    kind: str
    record_id: int
    index: int
    leaf: bytes
    record: str | None
    path: tuple[bytes, ...]
    head: Head
    sealed_in: int

    def root(self) -> bytes:
        """The root that leaf and path lead to."""
        return tree.root_from_inclusion(
            tree.leaf_hash(self.leaf), self.index, self.head.tree_size, self.path
        )

    def disclosed(self) -> str | None:
        """The record if everybody may read it: issuances and cancellations.

        A transaction names live accounts and their serials, as does a release: of these only the
        hash is shown.
        """
        if self.record is None or self.kind == "transaction":
            return None
        released = self.kind == "cancellation" and json.loads(self.record)[RELEASE] == "r"
        return None if released else self.record

    def as_json(self) -> dict[str, Any]:
        """For verify.py and the API."""
        return {
            "kind": self.kind, "id": self.record_id, "index": self.index, "leaf": self.leaf.hex(),
            "record": self.disclosed(), "path": [sibling.hex() for sibling in self.path],
            "head": self.head.as_json(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Continuation:
    """That the tree under `second` begins with all leaves of the tree under `first`."""

    first: Head
    second: Head
    path: tuple[bytes, ...]

    def holds(self) -> bool:
        """Whether the path proves it."""
        return tree.is_consistent(
            self.first.tree_size, self.second.tree_size, self.first.root, self.second.root,
            list(self.path),
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """For verify.py and the API."""
        return {
            "first": self.first.as_json(), "second": self.second.as_json(),
            "path": [sibling.hex() for sibling in self.path],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Backlog:
    """Rows of record that no head covers yet, and when the oldest of them was written."""

    rows: int
    since: datetime | None


# Heads -------------------------------------------------------------------------------------------


def signed_seals() -> QuerySet[Seal]:
    """Heads that are signed, newest first, each with its newest signature."""
    newest = SealSignature.objects.filter(seal_id=OuterRef("pk")).order_by("-id")
    return Seal.objects.annotate(
        public_key=newest.values("public_key")[:1], signature=newest.values("signature")[:1]
    ).filter(signature__isnull=False).order_by("-number")  # fmt: skip


def latest() -> Head | None:
    """The newest signed head."""
    return _first(signed_seals())


def head(number: int) -> Head | None:
    """The signed head of a number."""
    return _first(signed_seals().filter(pk=number))


def head_of_day_before(at: datetime) -> Head | None:
    """The newest signed head that there was at `at`, else the oldest of all."""
    seals = signed_seals()
    return _first(seals.filter(at__lte=at)) or _first(seals.order_by("number"))


def heads_after(number: int) -> list[Head]:
    """Every signed head after a number, oldest first."""
    return [*map(heads.head_of, signed_seals().filter(number__gt=number).order_by("number"))]


def keys() -> list[dict[str, Any]]:
    """Every key that ever signed: hexadecimal, with its first and last head."""
    rows = SealSignature.objects.order_by().values("public_key").annotate(
        first=Min("seal_id"), last=Max("seal_id"))  # fmt: skip
    return [
        {"key": bytes(row["public_key"]).hex(), "first": row["first"], "last": row["last"]}
        for row in rows.order_by("-last")
    ]


def backlog() -> Backlog:
    """What waits for the next seal."""
    newest = Seal.objects.order_by("-number").first()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), min(at) FROM ({records.UNSEALED}) AS written"  # noqa: S608 # ours
            " WHERE NOT EXISTS (SELECT FROM registry_sealleaf s"
            " WHERE s.kind = written.kind AND s.record_id = written.id)",
            {"since": newest.to_xid if newest else 0},
        )
        rows, since = cursor.fetchone()
    return Backlog(rows, since)


def is_late(at: datetime) -> bool:
    """Whether something has waited for its seal longer than the signer may take."""
    since = backlog().since
    return since is not None and at - since > LATE


# Proofs ------------------------------------------------------------------------------------------


def proof_of(kind: str, record_id: int) -> Proof | None:
    """The proof of one row of record under the newest head; None while it is not sealed."""
    return proofs_of([(kind, record_id)]).get((kind, record_id))


def proofs_of(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Proof]:
    """The proofs of several rows under the newest head, of those that are sealed.

    Three statements for the proofs however many rows there are, and one for each row's text.
    """
    newest, asked = latest(), set(wanted)
    if newest is None or not asked:
        return {}
    leaves = [
        leaf
        for leaf in SealLeaf.objects.filter(_any(asked))
        if leaf.index < newest.tree_size
    ]  # fmt: skip
    ranges = {leaf.index: tree.inclusion_ranges(leaf.index, newest.tree_size) for leaf in leaves}
    nodes = _nodes(part for parts in ranges.values() for part in parts)
    texts = record_texts((leaf.kind, leaf.record_id) for leaf in leaves)
    return {
        (leaf.kind, leaf.record_id): Proof(
            leaf.kind, leaf.record_id, leaf.index, bytes(leaf.leaf),
            texts.get((leaf.kind, leaf.record_id)),
            tuple(tree.fold(part, nodes) for part in ranges[leaf.index]), newest, leaf.seal_id,
        )
        for leaf in leaves
    }  # fmt: skip


def continuation(first: Head, second: Head) -> Continuation:
    """The proof that one head continues another. Raises ValueError if `second` is the older."""
    ranges = tree.consistency_ranges(first.tree_size, second.tree_size)
    nodes = _nodes(ranges)
    return Continuation(first, second, tuple(tree.fold(part, nodes) for part in ranges))


def record_texts(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The texts of rows of record as they stand in the tables now."""
    texts = {(kind, record_id): _record(kind, record_id) for kind, record_id in wanted}
    return {row: text for row, text in texts.items() if text is not None}


def _record(kind: str, record_id: int) -> str | None:
    """One row by one: the number goes down into the grouping, so an index finds its posting."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT record FROM ({records.BY_KIND[kind]}) AS r WHERE id = %s",  # noqa: S608 # ours
            [record_id],
        )
        row = cursor.fetchone()
    return None if row is None else str(row[0])


def _any(wanted: Iterable[tuple[str, int]]) -> Q:
    found = Q(pk__in=[])
    for kind, record_id in wanted:
        found |= Q(kind=kind, record_id=record_id)
    return found


def _nodes(ranges: Iterable[tree.Range]) -> dict[tree.Node, bytes]:
    """The hashes of every complete subtree that these ranges are folded from: one statement."""
    wanted = sorted({node for part in ranges for node in tree.peaks(part)})
    levels, places = [level for level, _ in wanted], [place for _, place in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 0, index, leaf FROM registry_sealleaf WHERE index = ANY (%s) UNION ALL"
            " SELECT level, index, hash FROM registry_sealnode WHERE (level, index) IN"
            " (SELECT * FROM unnest(%s::smallint[], %s::bigint[]))",
            [[place for level, place in wanted if level == 0], levels, places],
        )
        found = [(level, place, bytes(kept)) for level, place, kept in cursor.fetchall()]
    return {
        (level, place): kept if level else tree.leaf_hash(kept) for level, place, kept in found
    }


def _first(seals: QuerySet[Seal]) -> Head | None:
    seal = seals.first()
    return None if seal is None else heads.head_of(seal)
