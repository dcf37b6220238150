"""A database with so many projects, everybody signed in there, and what a look at a page costs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cdm_portal import clock
from cdm_portal.identity.middleware import CHOSEN
from cdm_portal.values import Actor
from tests.benchmarks import population
from tests.cast import Cast
from tests.ledger_database import pointed_at

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROLES = ("participant", "dna", "doe", "other_doe", "board", "chair", "rit", "secretariat",
         "registry", "auditor", "buyer")
NOBODY = "visitor"


class Place:
    """One such database: `cases` is how many cases it holds."""

    def __init__(self, name: str, cast: Cast, cases: int) -> None:
        self.name, self.cast, self.cases = name, cast, cases
        board = {"board": cast.board[2], "chair": cast.board[0]}
        self.actors: dict[str, Actor] = {
            role: board.get(role) or getattr(cast, role) for role in ROLES
        }
        with pointed_at(name):
            self.clients = {role: self._client(actor) for role, actor in self.actors.items()}
        self.clients[NOBODY] = Client(headers={"Cache-Control": "no-cache"})  # never kept pages

    @classmethod
    def fill(cls, name: str, projects: int) -> Place:
        """Everybody and so many projects, made in an empty database."""
        with pointed_at(name):
            cast = Cast.assemble()
            cases = population.load(cast, clock.now(), projects=projects)
        return cls(name, cast, cases)

    def _client(self, actor: Actor) -> Client:
        user, membership = self.cast.sign_ins[actor]
        client = Client()
        client.force_login(user, backend=BACKEND)
        session = client.session
        session[CHOSEN] = membership.pk
        session.save()
        return client

    def statements(self, role: str, path: str = "/desk/") -> list[str]:
        """The statements of one look at a page, the second one: what is cached is cached."""
        client = self.clients[role]
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(path)
        assert answer.status_code == 200, (role, path, answer.status_code)
        return [each["sql"] for each in seen.captured_queries if _counts(each["sql"])]

    def seconds(self, role: str, path: str = "/desk/") -> float:
        """How long one look takes."""
        begun = time.perf_counter()
        self.clients[role].get(path)
        return time.perf_counter() - begun

    def used(self, role: str, path: str = "/desk/") -> float:
        """How many seconds of the processor one look takes, here and in the database."""
        begun = processor()
        self.clients[role].get(path)
        return processor() - begun


def processor() -> float:
    """Seconds of the processor that this process and its database process have used so far."""
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    served = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]
    return time.process_time() + int(served) / 1e9


def _counts(sql: str) -> bool:
    """A transaction's first and last words are no question."""
    return not sql.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"))


@dataclass(frozen=True, slots=True)
class Read:
    """What statements read when they are run again: a scan shows, however quick the machine is.

    `buffers` counts pages of 8 kB, from memory or the disk; `rows` is the most that one step of one
    of them took at once from a table or an index, those that it threw away included.
    """

    buffers: int
    rows: int


def read(statements: Iterable[str]) -> Read:
    """What some statements of a page read."""
    plans = [_plan(sql) for sql in statements if sql.startswith(("SELECT", "(SELECT", "WITH"))]
    return Read(
        sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans),
        max((rows for plan in plans for rows in _rows(plan)), default=0),
    )


def _plan(sql: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}")
        told = cursor.fetchone()[0]
    plan: dict[str, Any] = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    return plan


def _rows(plan: dict[str, Any]) -> Iterator[float]:
    """By scan, how many rows it looks at each time."""
    if "Scan" in plan["Node Type"]:
        seen = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        yield seen + plan.get("Rows Removed by Index Recheck", 0)
    for inner in plan.get("Plans", ()):
        yield from _rows(inner)
