"""The name on a certificate as the ledger knows it: a keyed hash that says nothing by itself.

The ledger keeps HMAC-SHA-256(salt, name) with each cancellation; the salt is kept here, one for an
order, until the order's personal data are erased (reliability, D2). Then nobody, with or without a
guess of the name, can tell what was hashed.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterable

from offsets.models import Order, OrderLine

SALT_BYTES = 32


def new_salt() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(SALT_BYTES)


def sealed(salt: bytes, name: str) -> bytes:
    """What the ledger keeps of a name: 32 bytes."""
    return hmac.new(salt, unicodedata.normalize("NFC", name).encode(), hashlib.sha256).digest()


def stands(order: Order, lines: Iterable[OrderLine]) -> bool | None:
    """Whether the ledger's hashes are of the order's name. None if the name was erased, or was
    cancelled for before names were sealed."""
    seal = getattr(order, "name_seal", None)
    if seal is None:
        return None
    expected = sealed(bytes(seal.salt), order.beneficiary_name)
    return all(
        hmac.compare_digest(bytes(line.cancellation.beneficiary_hmac or b""), expected)
        for line in lines if line.cancellation is not None
    )
