"""The signing key: 32 random bytes as 64 hexadecimal digits in a file that its owner alone reads.

Only the signer's process is told where the file is (`SIGNING_KEY_FILE`). `manage.py up` makes one
in the data directory; in production it is a secret of the container, made by `openssl rand -hex
32`.
"""

import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class NoKey(Exception):
    """The signer has no key that it may use; the message says what is wrong with the file."""


def read_key(path: str) -> Ed25519PrivateKey:
    """The key in a file. Raises NoKey if there is none, if it is no key, or if all may read it."""
    if not path:
        raise NoKey("SIGNING_KEY_FILE is not set: this process does not sign.")
    file = Path(path)
    try:
        text, mode = file.read_text(encoding="ascii").strip(), file.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        raise NoKey(f"The signing key cannot be read: {error}") from error
    if mode & (stat.S_IWOTH | stat.S_IROTH):
        raise NoKey(f"{path} can be read by everybody: a key must not (mode 0600 or 0400).")
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text))
    except ValueError as error:
        raise NoKey(f"{path} does not hold 64 hexadecimal digits.") from error
