"""A PDF that somebody holds: is it one that was signed here, and are all its bytes as they were?

The file is never opened unless its SHA-256 is that of a print signed here: of any other only the
bytes are searched, so nothing that a stranger made is parsed.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from offsets.certificates import editions, signing
from offsets.certificates.editions import Edition
from offsets.models import Certificate, Reissue, SignedPrint, SigningCertificate

NUMBER = re.compile(rb"VC-[0-9]{4}-[0-9]{7}(?:-[0-9]{1,2})?(?![0-9])")
MOST_NUMBERS = 20


class Kind(StrEnum):
    """What a file is."""

    GENUINE = "genuine"
    UNSIGNED = "unsigned"
    ALTERED = "altered"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found, and the edition that the file is or says it is, if it is one of ours."""

    kind: Kind
    edition: Edition | None
    signer: str = ""
    """Who signed it; empty unless it is genuine."""


def examine(data: bytes) -> Examined:
    """What some bytes are. Answers for any bytes whatever."""
    digest = hashlib.sha256(data).hexdigest()
    known = (
        SignedPrint.objects.select_related("certificate__order", "reissue", "signer")
        .filter(sha256=digest).first()
    )  # fmt: skip
    if known is not None:
        return _signed(data, known)
    kept = Certificate.objects.select_related("order").filter(sha256=digest).first()
    if kept is not None:
        return Examined(Kind.UNSIGNED, editions.first(kept))
    claimed = _claimed(data)
    if claimed is not None or _bears_our_key(data):
        return Examined(Kind.ALTERED, claimed)
    return Examined(Kind.FOREIGN, None)


def _signed(data: bytes, known: SignedPrint) -> Examined:
    edition = (
        editions.of(known.reissue) if known.reissue else editions.first(known.certificate)
    )
    found = signing.read(data)
    holds = found is not None and found.holds and found.der == bytes(known.signer.der)
    if not holds:
        return Examined(Kind.ALTERED, edition)
    return Examined(Kind.GENUINE, edition, known.signer.subject)


def _claimed(data: bytes) -> Edition | None:
    """The edition whose number stands in the bytes, if there is one."""
    for _, found in zip(range(MOST_NUMBERS), NUMBER.finditer(data), strict=False):
        number = found[0].decode()
        known = Certificate.objects.select_related("order").filter(number=number).first()
        if known is not None:
            return editions.first(known)
        again = Reissue.objects.select_related("certificate__order").filter(number=number).first()
        if again is not None:
            return editions.of(again)
    return None


def _bears_our_key(data: bytes) -> bool:
    """Whether a certificate of ours stands in the bytes, as a signature writes it."""
    return any(
        bytes(each).hex().upper().encode() in data
        for each in SigningCertificate.objects.values_list("der", flat=True)
    )
