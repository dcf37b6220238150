"""Check a certificate or a proof of the registry offline: python3 verify.py FILE KEY

FILE is the JSON of a certificate, of a row's proof, or of a tree head continuing another; KEY the
registry's public key (64 hexadecimal digits) from a source that you trust. Needs `cryptography`.
"""

import json
import pathlib
import sys
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def check(holds: bool, what: str) -> None:  # noqa: FBT001
    """End the program with what does not hold."""
    if not holds:
        sys.exit(f"DOES NOT HOLD: {what}")


def raw(text: str) -> bytes:
    """The bytes of small hexadecimal digits: one way to write each, so no changed digit passes."""
    check(bytes.fromhex(text).hex() == text, "these are not small hexadecimal digits")
    return bytes.fromhex(text)


def check_head(head: dict[str, Any], key: str) -> None:
    """A tree head is signed with this key."""
    text = """registry tree head 1\nnumber {number}\nepoch {epoch}\nsize {tree_size}\nroot {root}
previous {before}\ntransactions {from_xid} {to_xid}\nat {at}\n"""
    text = text.format(**head, before=head["previous_root"] or "-")
    check(head["public_key"] == key, f"tree head {head['number']} names another key")
    try:
        Ed25519PublicKey.from_public_bytes(raw(key)).verify(raw(head["signature"]), text.encode())
    except InvalidSignature:
        check(False, f"tree head {head['number']} is not signed with this key")


def climb(index: int, last: int, grown: list[bytes], old: int, path: list[str]) -> list[bytes]:
    """RFC 9162, 2.1.3.2 and 2.1.4.2: the roots above. The first `old` trees end at the index."""
    for sibling in map(raw, path):
        check(last > 0, "the path is too long")
        if index & 1 or index == last:
            grown = [sha256(b"\x01" + sibling + tree).digest() for tree in grown]
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            grown[old:] = [sha256(b"\x01" + tree + sibling).digest() for tree in grown[old:]]
        index, last = index >> 1, last >> 1
    check(last == 0, "the path is too short")
    return grown


def check_proof(proof: dict[str, Any], key: str) -> list[Any]:
    """A row is a leaf under a signed head; answers the row (empty if it is not for everybody)."""
    check_head(proof["head"], key)
    named, leaf, record = f"{proof['kind']} {proof['id']}", proof["leaf"], proof["record"]
    index, size = int(proof["index"]), int(proof["head"]["tree_size"])
    check(0 <= index < size, "the tree has no such leaf")
    roots = climb(index, size - 1, [sha256(b"\x00" + raw(leaf)).digest()], 0, proof["path"])
    check(roots[0].hex() == proof["head"]["root"], f"{named} is not in the tree under this head")
    row: list[Any] = json.loads(record or "[]")
    said = [sha256((record or "").encode()).hexdigest(), *row[:2]]
    check(not row or said == [leaf, proof["kind"], proof["id"]], f"{named} is not what it says")
    return row


def check_continuation(told: dict[str, Any], key: str) -> None:
    """The tree of the second head begins with all leaves of the first one's."""
    roots = [told["first"]["root"], told["second"]["root"]]
    old, new = int(told["first"]["tree_size"]), int(told["second"]["tree_size"])
    for head in (told["first"], told["second"]):
        check_head(head, key)
    check(0 < old <= new, "the second head is the older one")
    path = told["path"] if old & (old - 1) and old < new else [roots[0], *told["path"]]
    low = (old & -old).bit_length() - 1 if old < new else (new - 1).bit_length()
    start = [raw(path[0]), raw(path[0])] if path else []
    both = climb(old - 1 >> low, new - 1 >> low, start, 1, path[1:])
    check([root.hex() for root in both] == roots, "the log was rewritten between the two heads")


def check_certificate(told: dict[str, Any], key: str) -> None:
    """Every line is a cancellation in the log, of exactly the serials and tonnes that it names."""
    rows = [check_proof(line["cancellation"], key) for line in told["lines"]]
    check(len({row[1] for row in rows}) == len(rows) > 0, "a cancellation is named twice, or none")
    for line, row in zip(told["lines"], rows, strict=True):
        of, s, e = check_proof(line["issuance"], key), row[5], row[6]
        serial = "-".join(map(str, [of[3], of[6], s, *[e][s == e :], *of[7:11]]))
        check(row[7] == "c" and row[15][1] == of[1] and of[4] <= s <= e <= of[5], "wrong issuance")
        check(line["serial"] == serial and int(line["tonnes"]) == e - s + 1, f"not {serial}")
    check(int(told["tonnes"]) == sum(row[6] - row[5] + 1 for row in rows), "tonnes do not add up")


if __name__ == "__main__":
    told = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    kinds = {"lines": check_certificate, "first": check_continuation, "leaf": check_proof}
    next(checker for field, checker in kinds.items() if field in told)(told, sys.argv[2].strip())
    print("It holds.")
