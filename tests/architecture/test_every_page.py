"""What every page has: headers that keep strangers out, and the line that says whose it is not."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.architecture.access_rows import answers, row
from tests.architecture.access_table import ACCESS
from tests.architecture.addresses import Addresses
from tests.world import World

pytestmark = pytest.mark.django_db

LINE = "An independent implementation; not operated or endorsed by the UNFCCC."
RULES = "Demonstration rules"


@pytest.fixture(scope="module")
def paths(world: World) -> dict[str, str]:
    """The path of every route."""
    return Addresses(world).paths()


def faults(answer: HttpResponse) -> list[str]:
    """What an answer lacks."""
    policy = answer.get("Content-Security-Policy", "")
    wanted = {
        "a policy": bool(policy),
        "a policy without unsafe": "unsafe" not in policy and "*" not in policy,
        "no host but this": "http" not in policy,
        "nosniff": answer.get("X-Content-Type-Options") == "nosniff",
        "a referrer policy": answer.get("Referrer-Policy") == "same-origin",
        "an opener policy": answer.get("Cross-Origin-Opener-Policy") == "same-origin",
    }
    framed = "frame-ancestors 'none'" in policy or policy.startswith("sandbox")
    wanted["nobody's frame"] = framed and answer.get("X-Frame-Options") == "DENY"
    if answer.get("Content-Type", "").startswith("text/html") and answer.status_code != 302:
        text = answer.content.decode()
        wanted["the line"] = LINE in text or "<html" not in text
    return [what for what, there in wanted.items() if not there]


def readers(world: World) -> dict[str, Client]:
    """One browser for each who is asked to look, a visitor first."""
    cast = world.cast
    actors = {
        "anonymous": None, "participant": cast.participant, "dna": cast.dna, "doe": cast.doe,
        "verifier": cast.other_doe, "secretariat": cast.secretariat, "registry": cast.registry,
        "board": cast.board[0], "auditor": cast.auditor,
    }
    return {name: world.client(actor) for name, actor in actors.items()}


def reader(route: str) -> str:
    """Who may see the page: a visitor wherever a visitor may."""
    answered = answers(ACCESS[row(route)][0])
    may = [name for name, answer in answered.items() if answer == "200"]
    return may[0] if may else "anonymous"


def test_every_page_of_every_route_is_whole(paths: dict[str, str], world: World) -> None:
    found, browsers = [], readers(world)
    for route, path in paths.items():
        answer = browsers.get(reader(route), browsers["participant"]).get(path)
        found += [f"{route} {answer.status_code} lacks {what}" for what in faults(answer)]
    assert found == []


@pytest.mark.parametrize(
    "path", ["/nothing-here/", "/projects/none/", "/api/v1/none/", "/v/nothing", "/documents/0/"]
)
def test_a_refusal_is_a_whole_page_too(path: str, world: World) -> None:
    answer = world.client(None).get(path)
    assert answer.status_code in {200, 404}
    assert faults(answer) == []


def test_a_page_without_the_line_or_the_headers_is_found(world: World) -> None:
    answer = world.client(None).get("/how-it-works/")
    answer.content = answer.content.replace(LINE.encode(), b"")
    answer["Content-Security-Policy"] = "script-src 'self' 'unsafe-inline'"
    del answer["X-Content-Type-Options"]
    assert faults(answer) == ["a policy without unsafe", "nosniff", "nobody's frame", "the line"]


def test_what_runs_under_demonstration_rules_says_so(world: World, paths: dict[str, str]) -> None:
    page = world.client(None).get(paths["project"]).content.decode()
    assert RULES in page
    answered = world.client(None).get(paths["api:project"]).json()
    assert answered["rules"] == "demonstration"
