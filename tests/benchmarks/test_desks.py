"""The first page of every desk costs the same with a hundred cases and with a hundred thousand."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cdm_portal import clock
from cdm_portal.identity.middleware import CHOSEN
from cdm_portal.values import Actor
from tests.benchmarks import population
from tests.cast import Cast
from tests.ledger_database import copy_database, drop_database, pointed_at

pytestmark = pytest.mark.usefixtures("ledger_db")

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MOST = 12
"""Statements of the whole request: session, person, role, clock and frame included."""
ROLES = ("participant", "dna", "doe", "other_doe", "board", "chair", "rit", "secretariat",
         "registry", "auditor", "buyer")


class Place:
    """A database with so many projects, and everybody signed in there."""

    def __init__(self, name: str, projects: int) -> None:
        self.name = name
        with pointed_at(name):
            self.cast = Cast.assemble()
            self.cases = population.load(self.cast, clock.now(), projects=projects)
            self.clients = {role: self._client(role) for role in ROLES}

    def _client(self, role: str) -> Client:
        cast = self.cast
        board = {"board": cast.board[2], "chair": cast.board[0]}
        actor: Actor = board[role] if role in board else getattr(cast, role)
        user, membership = cast.sign_ins[actor]
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

    def seconds(self, role: str) -> float:
        """How long one look takes."""
        begun = time.perf_counter()
        self.clients[role].get("/desk/")
        return time.perf_counter() - begun


def _counts(sql: str) -> bool:
    """The transaction's own frame is no question."""
    return not sql.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"))


@pytest.fixture(scope="module")
def places(full: bool, django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Place]]:
    """The sizes that are compared: 100 and 1,000 projects' cases; in full 100, 1,000, 100,000."""
    sizes = (10, 100, 10_000) if full else (10, 200)
    with django_db_blocker.unblock():
        template = connections.settings["default"]["NAME"]
        made = [Place(copy_database(template), size) for size in sizes]
        yield made
        for place in made:
            drop_database(place.name)


def test_every_desk_costs_the_same_few_statements_at_every_size(places: list[Place]) -> None:
    counts: dict[str, list[int]] = {role: [] for role in ROLES}
    for place in places:
        with pointed_at(place.name):
            for role in ROLES:
                found = place.statements(role)
                counts[role].append(len(found))
    print([place.cases for place in places], counts)
    assert {role: n for role, n in counts.items() if len(set(n)) > 1 or max(n) > MOST} == {}
