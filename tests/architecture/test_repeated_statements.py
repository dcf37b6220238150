"""No page and no list of the API asks the database the same question for each of its rows."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import Project
from projects.participant.views import desk
from tests.architecture.access_rows import answers, row
from tests.architecture.access_table import ACCESS
from tests.architecture.addresses import OTHERS, Addresses
from tests.statements import recorded, repeated, shape
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def browsers(world: World) -> dict[str, Client]:
    """One browser for each kind of reader."""
    cast = world.cast
    actors = {
        "anonymous": None, "participant": cast.participant, "dna": cast.dna, "doe": cast.doe,
        "verifier": cast.other_doe, "board": cast.board[0], "rit": cast.rit,
        "secretariat": cast.secretariat, "registry": cast.registry, "auditor": cast.auditor,
    }
    return {name: world.client(actor) for name, actor in actors.items()}


def readers(route: str, browsers: dict[str, Client]) -> list[str]:
    """Who reads a page in their own way: a visitor alone, wherever a visitor may, and on the desk
    everybody.
    """
    answered = answers(ACCESS[row(route)][0])
    may = [name for name in browsers if answered[name] == "200"]
    return ["anonymous"] if "anonymous" in may else may


def asked_again(client: Client, path: str) -> dict[str, int]:
    """The statements that one look at a page repeats too often."""
    with recorded() as asked:
        client.get(path)
    return repeated(asked)


def test_no_page_asks_a_question_for_each_row(world: World, browsers: dict[str, Client]) -> None:
    found = {
        f"{route} {name}": again
        for route, path in Addresses(world).paths().items()
        if not route.startswith(OTHERS) and row(route) in ACCESS
        for name in readers(route, browsers)
        if (again := asked_again(browsers[name], path))
    }
    assert found == {}


def test_a_question_for_each_row_is_found(
    browsers: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stage(project: Project, period: object) -> object:
        return latest(project, project.periods.order_by("-number").first())

    latest = desk.landing.current_stage
    monkeypatch.setattr(desk.landing, "current_stage", stage)
    assert asked_again(browsers["participant"], reverse("participant:projects")) != {}


def test_a_statement_is_known_whatever_its_values() -> None:
    one = shape("SELECT a FROM t WHERE a IN (1, 2, 3) AND b = 'it''s' AND c > '2024-01-01'::date")
    two = shape("SELECT a FROM t WHERE a IN (4, 5) AND b = 'no' AND c > '2025-02-03'::date")
    assert one == two == "SELECT a FROM t WHERE a IN (?) AND b = ? AND c > ?"
