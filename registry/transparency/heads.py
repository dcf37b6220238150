"""A signed tree head: what is signed, how it is written for programs, how it is checked."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from registry.transparency.models import Seal


@dataclass(frozen=True, slots=True)
class Head:
    """A tree head with the signer's word for it. Hashes, key and signature are bytes."""

    number: int
    epoch: int
    tree_size: int
    root: bytes
    previous_root: bytes | None
    from_xid: int
    to_xid: int
    at: datetime
    public_key: bytes
    signature: bytes

    def as_json(self) -> dict[str, Any]:
        """For files and the API: hashes in hexadecimal, time in UTC to the microsecond."""
        return {
            "number": self.number, "epoch": self.epoch, "tree_size": self.tree_size,
            "root": self.root.hex(),
            "previous_root": self.previous_root.hex() if self.previous_root else None,
            "from_xid": self.from_xid, "to_xid": self.to_xid, "at": moment(self.at),
            "public_key": self.public_key.hex(), "signature": self.signature.hex(),
        }  # fmt: skip

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Head":
        """Read what `as_json` wrote. Raises ValueError, KeyError or TypeError if it is not that."""
        before = told["previous_root"]
        return cls(
            number=int(told["number"]), epoch=int(told["epoch"]),
            tree_size=int(told["tree_size"]), root=bytes.fromhex(told["root"]),
            previous_root=None if before is None else bytes.fromhex(before),
            from_xid=int(told["from_xid"]), to_xid=int(told["to_xid"]),
            at=datetime.fromisoformat(told["at"]), public_key=bytes.fromhex(told["public_key"]),
            signature=bytes.fromhex(told["signature"]),
        )  # fmt: skip

    def is_signed_by(self, public_key: bytes) -> bool:
        """Whether this very head was signed with the key of this public key."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, signed_text(self))
        except (InvalidSignature, ValueError):
            return False
        return self.public_key == public_key


def signed_text(head: Head | Seal) -> bytes:
    """The bytes that are signed: lines that a person can read, and verify.py writes too."""
    before = bytes(head.previous_root).hex() if head.previous_root else "-"
    lines = (
        "registry tree head 1", f"number {head.number}", f"epoch {head.epoch}",
        f"size {head.tree_size}", f"root {bytes(head.root).hex()}", f"previous {before}",
        f"transactions {head.from_xid} {head.to_xid}", f"at {moment(head.at)}", "",
    )  # fmt: skip
    return "\n".join(lines).encode()


def head_of(seal: Any) -> Head:
    """A seal with its signature, as `queries.signed_seals` reads it."""
    return Head(
        number=seal.number, epoch=seal.epoch, tree_size=seal.tree_size, root=bytes(seal.root),
        previous_root=_bytes(seal.previous_root), from_xid=seal.from_xid, to_xid=seal.to_xid,
        at=seal.at.astimezone(UTC), public_key=bytes(seal.public_key),
        signature=bytes(seal.signature),
    )  # fmt: skip


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of a key's public half."""
    return key.public_key().public_bytes_raw()


def moment(at: datetime) -> str:
    """A time as it stands in leaves and heads: UTC, six digits of a second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _bytes(value: bytes | memoryview | None) -> bytes | None:
    return None if value is None else bytes(value)
