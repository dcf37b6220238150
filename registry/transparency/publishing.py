"""The heads outside the database: a file to which one line is added per head, never another.

Whoever rewrites the database, its superuser included, does not reach this file, nor the copies that
others took of it. The audit compares against it (audit.py).
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from registry.transparency import queries
from registry.transparency.heads import Head

LONGEST = 4096
"""Bytes within which the last whole line of the file begins; a head needs some 600."""


class Rewritten(Exception):
    """The database has not the heads that were published; somebody changed one of the two."""


def keep(path: str) -> int:
    """Add the heads that the file has not yet; answers how many. Raises Rewritten.

    Flushed to the disk before it returns. A line that a crash cut short is completed first.
    """
    file = Path(path)
    file.touch()
    with file.open("r+b") as kept:
        last, whole = _end(kept)
        if last is not None and queries.head(last.number) != last:
            raise Rewritten(f"head {last.number} in the database is not the one in {path}")
        fresh = queries.heads_after(last.number if last else 0)
        if fresh:
            kept.truncate(whole)
            kept.seek(whole)
            kept.writelines(line(head) for head in fresh)
            kept.flush()
            os.fsync(kept.fileno())
    return len(fresh)


def _end(kept: BinaryIO) -> tuple[Head | None, int]:
    """The last whole line's head, and where the whole lines end."""
    begin = max(0, kept.seek(0, os.SEEK_END) - LONGEST)
    kept.seek(begin)
    tail = kept.read()
    whole = tail.rfind(b"\n") + 1
    last = tail[:whole].splitlines()[-1:]
    return (Head.from_json(json.loads(last[0])) if last else None), begin + whole


def read(file: Path) -> list[Head]:
    """The heads of a file, oldest first. Raises ValueError with the line that cannot be read."""
    heads = []
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(keepends=True), 1):
        if not text.endswith("\n"):
            break  # cut short by a crash
        try:
            heads.append(Head.from_json(json.loads(text)))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{file}, line {number}: not a tree head ({error})") from error
    return heads


def line(head: Head) -> bytes:
    """A head as a line of the file."""
    return json.dumps(head.as_json()).encode() + b"\n"


def lines(after: int = 0) -> Iterator[bytes]:
    """Every signed head after a number as lines: what the portal publishes for download."""
    return (line(head) for head in queries.heads_after(after))
