"""Walking a table of states by page and API: what is legal is done, everything else is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from cdm_portal.journal.models import Entry
from cdm_portal.values import Actor
from tests.cast import Cast
from tests.world import as_if

REFUSED = {302, 403, 404, 405, 409, 422}


@dataclass
class Walker:
    """Does one act of somebody on a page, inside a savepoint, and counts."""

    cast: Cast
    sign_in: Callable[[Client, Any], Client]
    legal: int = 0
    refused: int = 0
    guarded: set[tuple[str, str]] = field(default_factory=set)
    more: dict[str, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cast = self.cast
        actors: dict[str, Actor] = {
            "doe": cast.doe, "other doe": cast.other_doe, "participant": cast.participant,
            "secretariat": cast.secretariat, "board": cast.board[0], "auditor": cast.auditor,
            "rival": cast.rival_participant, "dna": cast.dna, "registry": cast.registry,
            "buyer": cast.buyer,
        } | self.more
        self.clients = {who: self.sign_in(Client(), actor) for who, actor in actors.items()}
        self.clients["nobody"] = Client()
        self.roles = {who: actor.role for who, actor in actors.items()}

    @contextmanager
    def done(self, who: str, url: str, values: dict[str, Any]) -> Iterator[None]:
        """The act is done; inside the block its effects can be looked at; then it is undone."""
        with as_if():
            answer = self.clients[who].post(url, values)
            assert answer.status_code == 302, f"{who} {url} {values}: {answer.status_code}"
            self.legal += 1
            yield

    @contextmanager
    def done_by_api(self, who: str, url: str, values: dict[str, Any]) -> Iterator[None]:
        """The same act by the API."""
        with as_if():
            answer = self.clients[who].post(url, values, content_type="application/json")
            said = f"{who} {url} {values}: {answer.status_code} {answer.content.decode()[:300]}"
            assert answer.status_code in {200, 201}, said
            self.legal += 1
            yield

    def denied_by_api(self, who: str, url: str, values: dict[str, Any]) -> None:
        """The API refuses the act with a reason, and nothing is in the journal."""
        self.refused += 1
        with as_if():
            before = Entry.objects.count()
            answer = self.clients[who].post(url, values, content_type="application/json")
            assert Entry.objects.count() == before, f"{who} could: {url} {values}"
            assert answer.status_code in {403, 404, 409, 422}, f"{who} {url}: {answer.status_code}"
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["detail"], f"{who} {url}: no reason"

    def denied(self, who: str, url: str, values: dict[str, Any]) -> None:
        """The act is refused: nothing in the journal, and a reason for whoever sees the page.

        Whom the guard before the page keeps out is tried once for each page: no state can matter.
        """
        self.refused += 1
        found = resolve(url)
        if self.roles.get(who) not in found.func.desk_roles:  # type: ignore[attr-defined]
            if (who, found.view_name) in self.guarded:
                return
            self.guarded.add((who, found.view_name))
        with as_if():
            before = Entry.objects.count()
            answer = self.clients[who].post(url, values)
            assert Entry.objects.count() == before, f"{who} could: {url} {values}"
            reads = who == "auditor" and answer.status_code == 200
            assert reads or answer.status_code in REFUSED, f"{who} {url}: {answer.status_code}"
            if answer.status_code == 302:
                assert who == "nobody" and "/login/" in answer.url
            if answer.status_code == 422:
                assert 'class="errsum"' in answer.content.decode(), f"{who} {url}: no reason"


@pytest.fixture
def walker(cast: Cast, sign_in: Callable[[Client, Actor], Client]) -> Walker:
    """Walks a table of states as everybody of the cast."""
    return Walker(cast, sign_in)
