"""The key that signs prints: a PKCS#12 file with the key and its certificate, read by the signer.

Only the signer's process is told where it is. `CERTIFICATE_P12_FILE` and `CERTIFICATE_PASSPHRASE`
name an organisation's; without them the signer makes one of its own at `CERTIFICATE_KEY_FILE`,
once.
"""

import os
import stat
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12
from django.conf import settings

VALID = timedelta(days=40 * 365)
OWN = b"prints"


class NoKey(Exception):
    """The signer has no key that it may use; the message says what is wrong with the file."""


@dataclass(frozen=True, slots=True)
class PrintKey:
    """A private key with the certificate that names its owner, as the bytes of a PKCS#12 file."""

    p12: bytes
    passphrase: bytes | None
    der: bytes
    subject: str

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate, hexadecimal."""
        return x509.load_der_x509_certificate(self.der).fingerprint(hashes.SHA256()).hex()


def load(at: datetime) -> PrintKey:
    """The key that this process signs with. Raises NoKey if it has none or may not use it."""
    if settings.CERTIFICATE_P12_FILE:
        return _read(settings.CERTIFICATE_P12_FILE, settings.CERTIFICATE_PASSPHRASE)
    if not settings.CERTIFICATE_KEY_FILE:
        raise NoKey("CERTIFICATE_KEY_FILE is not set: this process signs no prints.")
    if not Path(settings.CERTIFICATE_KEY_FILE).exists():
        _write(Path(settings.CERTIFICATE_KEY_FILE), own(at, settings.SITE_NAME))
    return _read(settings.CERTIFICATE_KEY_FILE, "")


def own(at: datetime, name: str) -> bytes:
    """A new key with a certificate that it signs itself, as a PKCS#12 file without a passphrase."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([
        x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{name}: certificates"),
        x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, name),
    ])  # fmt: skip
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1)).not_valid_after(at + VALID)
        .add_extension(usage, critical=True).sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(OWN, key, certificate, None, NoEncryption())


def read(p12: bytes, passphrase: str = "") -> PrintKey:
    """The key in the bytes of a PKCS#12 file. Raises NoKey if they hold none."""
    secret = passphrase.encode() or None
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(p12, secret)
    except ValueError as error:
        raise NoKey(f"This is no PKCS#12 file, or not its passphrase: {error}") from error
    if key is None or certificate is None:
        raise NoKey("The PKCS#12 file lacks the key or its certificate.")
    der = certificate.public_bytes(Encoding.DER)
    return PrintKey(p12, secret, der, certificate.subject.rfc4514_string()[:300])


def _read(path: str, passphrase: str) -> PrintKey:
    file = Path(path)
    try:
        held, mode = file.read_bytes(), file.stat().st_mode
    except OSError as error:
        raise NoKey(f"The key of the certificates cannot be read: {error}") from error
    if mode & (stat.S_IWOTH | stat.S_IROTH):
        raise NoKey(f"{path} can be read by everybody: a key must not (mode 0600 or 0400).")
    return read(held, passphrase)


def _write(path: Path, held: bytes) -> None:
    """Whole or not at all, for its owner alone; who comes second keeps the first one's."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(held)
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
