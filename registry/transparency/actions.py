"""What the signer does: take rows in, sign heads. It runs in the one process that has the key."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.locks import call
from registry.transparency import heads
from registry.transparency.models import Seal


def seal(*, at: datetime, key: Ed25519PrivateKey) -> list[int]:
    """Seal what was written since the last time, and sign every head that has no signature yet.

    Answers the numbers of the heads that it signed: none if nothing was written, or if another one
    is sealing. A head that an earlier run left unsigned is signed now. Raises DatabaseError, and
    seals nothing, if a row is not what its leaf says.
    """
    del at  # heads are stamped by the database
    call("registry_seal_rows")
    unsigned = Seal.objects.filter(signatures=None).order_by("number")
    public_key = heads.public_bytes(key)
    return [
        call("registry_sign_seal", head.number, public_key, key.sign(heads.signed_text(head)))
        for head in unsigned
    ]
