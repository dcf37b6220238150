"""What must hold of the books, in plain SQL that shares nothing with the verbs: totals first, then
blocks, then the replay of every posting, then hashes.

Each invariant is a query for what is wrong; no row means that it holds. They need SELECT only, so
the auditor's read-only role runs them (reconciling.py). `manage.py reconcile` prints them; beat
runs them every hour.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from registry.invariant_sql import QUERIES

LIMIT = 100
"""How many offending rows of one invariant are reported."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """A code that stays, a sentence for a person, and the query for what offends it."""

    code: str
    title: str
    sql: str


@dataclass(frozen=True, slots=True)
class Problem:
    """An invariant that does not hold, and the rows that offend it (at most LIMIT)."""

    code: str
    title: str
    rows: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """For keeping: what is not JSON becomes text."""
        rows = [{name: _plain(value) for name, value in row.items()} for row in self.rows]
        return {"code": self.code, "title": self.title, "rows": rows}

    def __str__(self) -> str:
        lines = [f"{self.code}: {self.title}"]
        lines += ["  " + ", ".join(f"{k}={v}" for k, v in row.items()) for row in self.rows]
        return "\n".join(lines)


ALL: tuple[Invariant, ...] = tuple(Invariant(*entry) for entry in QUERIES)


def problems(only: Sequence[str] | None = None) -> list[Problem]:
    """Run the invariants (all, or those of the given codes) and answer those that do not hold."""
    found = []
    for invariant in ALL:
        if only is not None and invariant.code not in only:
            continue
        rows = _offending(invariant.sql)
        if rows:
            found.append(Problem(invariant.code, invariant.title, tuple(rows)))
    return found


def to_json(found: list[dict[str, Any]]) -> str:
    """Problems as the database keeps them."""
    return json.dumps(found)


def _offending(sql: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) AS offending LIMIT {LIMIT}")  # noqa: S608 # ours
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value if isinstance(value, int | str | None) else str(value)
