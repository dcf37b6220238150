"""Signed messages: HMAC-SHA256 over the time and the raw body. Pure.

The header reads `t=<seconds>,v1=<hex>`, with a second v1 while a secret is being changed. The raw
bytes are compared, not what they mean, and a message older or newer than the tolerance is refused,
so that a recorded one cannot be replayed.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

TOLERANCE = timedelta(seconds=300)


class Unsigned(ValueError):
    """The signature is missing, wrong or out of time."""


def sign(raw: bytes, secret: str, at: datetime) -> str:
    """The header for a message sent at `at`."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_digest(raw, secret, seconds)}"


def verify(raw: bytes, header: str, secret: str, at: datetime) -> None:
    """Compare a message with its header at `at`. Raises Unsigned."""
    parts = [part.partition("=")[::2] for part in header.split(",")]
    seconds = next((value for name, value in parts if name == "t"), "")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 13):
        raise Unsigned("the signature names no time")
    expected = _digest(raw, secret, int(seconds)).encode()
    said = [value.encode() for name, value in parts if name == "v1"]
    if not any(hmac.compare_digest(expected, value) for value in said):
        raise Unsigned("the signature does not fit the message")
    if abs(int(at.timestamp()) - int(seconds)) > TOLERANCE.total_seconds():
        raise Unsigned("the message is out of time")


def _digest(raw: bytes, secret: str, seconds: int) -> str:
    return hmac.new(secret.encode(), b"%d." % seconds + raw, hashlib.sha256).hexdigest()
