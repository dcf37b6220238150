"""What pyHanko does for signing.py, which alone loads this."""

import io
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from offsets.certificates.keys import NoKey, PrintKey

FIELD = "Registry"
RESERVED = 16384
"""Hexadecimal digits kept for the signature: room for an organisation's chain of certificates."""
DIGEST = "sha256"


class Appended(IncrementalPdfFileWriter):
    """Adds to a PDF and leaves its dates and its XMP, which say PDF/A and PDF/UA, as printed."""

    def _update_meta(self) -> None:
        return


class Dated(signers.PdfSigner):
    """Signs at a time that it is told."""

    at: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        """The session with the time."""
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


def sign(pdf: bytes, key: PrintKey, at: datetime) -> bytes:
    """See signing.py."""
    signer = signers.SimpleSigner.load_pkcs12_data(key.p12, (), key.passphrase)
    if signer is None:
        raise NoKey("The key of the certificates cannot sign.")
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm=DIGEST, certify=True,
        subfilter=fields.SigSeedSubFilter.PADES, docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    dated = Dated(meta, signer)
    dated.at = at
    made = dated.sign_pdf(Appended(io.BytesIO(pdf)), bytes_reserved=RESERVED)
    signed: bytes = made.getvalue()
    return signed


def read(pdf: bytes) -> tuple[bytes, bool] | None:
    """See signing.py: the certificate, and whether the signature holds."""
    try:
        [embedded] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        certificate = embedded.signer_cert
        trusted = ValidationContext(trust_roots=[certificate], allow_fetching=False)
        status = validate_pdf_signature(embedded, signer_validation_context=trusted)
    except Exception:  # whatever a file makes the reader raise, its signature does not hold
        return None
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE and _is_tight(pdf, embedded)
    return certificate.dump(), bool(
        status.intact and status.valid and whole and status.docmdp_ok
    )


def _is_tight(pdf: bytes, embedded: Any) -> bool:
    """Whether the place of the signature, which it cannot cover, holds it and zeros alone."""
    _, before, after, _ = (int(number) for number in embedded.byte_range)
    held, made = bytes(embedded.pkcs7_content), _as_made(embedded)
    told = pdf[before:after] == b"<" + held.hex().upper().encode() + b">"
    return told and held.startswith(made) and not held[len(made) :].strip(b"\x00")


def _as_made(embedded: Any) -> bytes:
    """The signature as `sign` writes it around the certificates, what is signed and its value.

    The frame of a CMS message is not signed: its versions, its lengths, the name of its signer and
    of the digest. A reader passes over what stands there; here it stands as it was made.
    """
    info, certificate = embedded.signer_info, embedded.signer_cert
    digest = algos.DigestAlgorithm({"algorithm": DIGEST})
    signer = cms.IssuerAndSerialNumber(
        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    )
    signed = cms.SignerInfo({
        "version": "v1", "sid": cms.SignerIdentifier({"issuer_and_serial_number": signer}),
        "digest_algorithm": digest, "signature_algorithm": info["signature_algorithm"],
        "signed_attrs": info["signed_attrs"], "signature": info["signature"],
    })  # fmt: skip
    message = cms.SignedData({
        "version": "v1", "digest_algorithms": [digest],
        "encap_content_info": {"content_type": "data"},
        "certificates": embedded.signed_data["certificates"], "signer_infos": [signed],
    })  # fmt: skip
    made: bytes = cms.ContentInfo({"content_type": "signed_data", "content": message}).dump()
    return made
