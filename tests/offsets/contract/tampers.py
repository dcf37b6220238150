"""What may be wrong with a message or a statement: each is refused, and nothing is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.offsets.bank_files import ACCOUNT, PAYER, camt, credit

Tamper = Callable[[Any, bytes], Any]
MESSAGES: dict[str, Tamper] = {
    "unsigned": lambda way, raw: (raw, {}),
    "another secret": lambda way, raw: way.sign(raw, secret="guessed"),
    "altered": lambda way, raw: (raw.replace(b"1", b"2", 1), way.sign(raw)[1]),
    "a space more": lambda way, raw: (raw + b" ", way.sign(raw)[1]),
    "another payment": lambda way, raw: (way.naming(raw, uuid4()), way.sign(raw)[1]),
    "old": lambda way, raw: way.sign(raw, way.at - timedelta(seconds=301)),
    "from the future": lambda way, raw: way.sign(raw, way.at + timedelta(seconds=301)),
    "half a signature": lambda way, raw: (
        raw, {way.header: way.sign(raw)[1][way.header][:-1]}),
    "not JSON": lambda way, raw: way.sign(b"paid!"),
    "another shape": lambda way, raw: way.sign(b"[1]"),
    "not text": lambda way, raw: way.sign(b"\xff"),
}


def changed(before: str, after: str) -> Tamper:
    """The file with one thing in it changed."""
    def tamper(_way: Any, raw: bytes) -> bytes:
        assert before.encode() in raw
        return raw.replace(before.encode(), after.encode())

    return tamper


FILES: dict[str, Tamper] = {
    "another account": changed(ACCOUNT, PAYER),
    "a wrong digit in the IBAN": changed(ACCOUNT, f"{ACCOUNT[:-1]}6"),
    "no account": changed(ACCOUNT, ""),
    "euros": changed('Ccy="USD"', 'Ccy="EUR"'),
    "not booked": changed("BOOK", "PDNG"),
    "no number": changed("</Amt>", "e9</Amt>"),
    "another message": changed("camt.053", "camt.054"),
    "neither in nor out": changed("CRDT", "CASH"),
    "half the file": lambda way, raw: raw[:-20],
    "not text": lambda way, raw: b"\xff",
    "one credit twice": lambda way, raw: camt(*2 * [credit(None, bank="TWICE")]),
    "to come": lambda way, raw: camt(credit(None, day=way.at.date() + timedelta(days=1))),
    "entities": lambda way, raw: raw.replace(
        b"<Document", b'<!DOCTYPE d [<!ENTITY e "1">]><Document', 1),
}
