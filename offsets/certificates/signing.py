"""The signature on a print: PAdES with a certification that allows no changes, and its check.

pyHanko (pades.py) is loaded when something is signed or checked, so that processes which do
neither do not pay for it. It begins an event loop, so it gets a thread: the caller may be in one.
"""

import importlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from offsets.certificates.keys import PrintKey

PADES = "offsets.certificates.pades"


@dataclass(frozen=True, slots=True)
class Signature:
    """What a PDF's signature says: by which certificate (DER), and whether all bytes are as
    signed: nothing altered and nothing added.
    """

    der: bytes
    holds: bool


def sign(pdf: bytes, key: PrintKey, at: datetime) -> bytes:
    """The PDF with a signature appended, dated `at`. Raises NoKey for a key that cannot sign."""
    signed: bytes = _apart("sign", pdf, key, at)
    return signed


def read(pdf: bytes) -> Signature | None:
    """The one signature of a PDF; None if it has none, or more, or cannot be read."""
    found = _apart("read", pdf)
    return Signature(*found) if found else None


def _apart(name: str, *given: object) -> Any:
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(getattr(importlib.import_module(PADES), name), *given).result()
