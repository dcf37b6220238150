"""Attacks on the sealed log: a head, a signature, a leaf or a node that cannot be."""

from __future__ import annotations

from tests.registry.attacks import OF_RECORD, Attack, by_trigger, on

HASH = "sha256('a')"
SHORT = "'\\x00'::bytea"


def head(
    number: int = 1, begin: int = 0, end: int = 10, size: int = 1, root: str = HASH,
    before: str = "", epoch: int = 1,
) -> str:
    """A tree head past the signer; the first names none before it."""
    before = before or ("NULL" if number == 1 else HASH)
    return (
        "INSERT INTO registry_seal (number, epoch, from_xid, to_xid, tree_size, root,"
        f" previous_root, at) VALUES ({number}, {epoch}, {begin}, {end}, {size}, {root}, {before},"
        " cdm_now())"
    )


def signature(seal: int = 1, signed: str = f"{HASH} || {HASH}") -> str:
    """A signature of nobody."""
    return (
        "INSERT INTO registry_sealsignature (seal_id, public_key, signature, at)"
        f" VALUES ({seal}, {HASH}, {signed}, cdm_now())"
    )


def leaf(index: int = 0, kind: str = "issuance", leaf: str = HASH, seal: int = 1) -> str:
    """A leaf that stands for some row."""
    return (
        "INSERT INTO registry_sealleaf (index, seal_id, kind, record_id, leaf)"
        f" VALUES ({index}, {seal}, '{kind}', 1, {leaf})"
    )


def node(level: int = 1, index: int = 0, hashed: str = HASH) -> str:
    """A subtree of nothing."""
    return f"INSERT INTO registry_sealnode (level, index, hash) VALUES ({level}, {index}, {hashed})"


ALL: tuple[Attack, ...] = (
    *on("seal",
        ("a head before the first", head(0), "23514", "number"),
        ("a head that takes nothing in", head(end=0), "23514", "takes"),
        ("an empty tree", head(size=0), "23514", "takes"),
        ("a root that is none", head(root=SHORT), "23514", "hash"),
        ("a first head that names one before it", head(before=HASH), "23514", "hash"),
        ("a later head that names none", head(2, before="NULL"), "23514", "hash"),
        ("the same transactions in two heads",
         f"{head()}; {head(2, size=2)}", "23505", "once"),
        ("two heads of one size", f"{head()}; {head(2, begin=10, end=20)}", "23505", "grows")),
    *on("sealsignature",
        ("a signature that is none", f"{head()}; {signature(signed=HASH)}", "23514", "size"),
        ("signed twice with one key", f"{head()}; {signature()}; {signature()}", "23505", "once"),
        ("a signature of no head", signature(99), "23503", "seal_fk")),
    *on("sealleaf",
        ("a leaf before the first", f"{head()}; {leaf(-1)}", "23514", "place"),
        ("a leaf of no row of record", f"{head()}; {leaf(kind='block')}", "23514", "kind"),
        ("a leaf that is no hash", f"{head()}; {leaf(leaf=SHORT)}", "23514", "hash"),
        ("one row twice in the log", f"{head()}; {leaf()}; {leaf(1)}", "23505", "once"),
        ("a leaf under no head", leaf(seal=99), "23503", "seal_fk")),
    *on("sealnode",
        ("a leaf passed off as a subtree", node(0), "23514", "place"),
        ("a node that is no hash", node(hashed=SHORT), "23514", "hash")),
    *(attack
      for table, column in (("seal", "at"), ("sealsignature", "at"), ("sealleaf", "leaf"),
                            ("sealnode", "hash"))
      for attack in by_trigger(
          table, "of_record", OF_RECORD,
          ("change it", f"UPDATE registry_{table} SET {column} = {column}", "23001"),
          ("take it out", f"DELETE FROM registry_{table}", "23001"))),
)  # fmt: skip
