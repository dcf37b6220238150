"""The first page of every desk costs the same with a hundred cases and with a hundred thousand."""

from __future__ import annotations

import importlib
import statistics
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from cdm_portal import clock, queues
from cdm_portal.pages import desk
from cdm_portal.queues import Line
from cdm_portal.values import Actor
from projects.board.models import Absence, Request
from registry import invariants
from tests.benchmarks.places import ROLES, Place
from tests.ledger_database import copy_database, drop_database, pointed_at

pytestmark = pytest.mark.usefixtures("ledger_db")

benches = importlib.import_module("projects.board.queries.bench")  # its package has such a function

MOST = 12
"""Statements of the whole request: session, person, role, clock and frame included."""


@pytest.fixture(scope="module")
def places(full: bool, django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Place]]:
    """Databases of about 120 and 1,200 cases; in full, 120,000 cases of 10,000 projects besides."""
    sizes = (10, 100, 10_000) if full else (10, 100)
    with django_db_blocker.unblock():
        template = connections.settings["default"]["NAME"]
        made = [Place.fill(copy_database(template), size) for size in sizes]
        yield made
        for place in made:
            drop_database(place.name)


def test_the_books_of_the_population_balance(places: list[Place]) -> None:
    for place in places:
        with pointed_at(place.name):
            assert invariants.problems() == []


def counted(places: list[Place]) -> dict[str, list[int]]:
    """By role, the statements of its desk at each size."""
    counts: dict[str, list[int]] = {role: [] for role in ROLES}
    for place in places:
        with pointed_at(place.name):
            for role in ROLES:
                counts[role].append(len(place.statements(role)))
    return counts


def wrong(counts: dict[str, list[int]]) -> dict[str, list[int]]:
    """The desks that cost more with more cases, or too much."""
    return {role: n for role, n in counts.items() if len(set(n)) > 1 or max(n) > MOST}


def test_every_desk_costs_the_same_few_statements_at_every_size(places: list[Place]) -> None:
    counts = counted(places)
    print([place.cases for place in places], counts)
    assert wrong(counts) == {}


def test_a_desk_that_asks_about_each_item_is_found(
    places: list[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    def asks(line: Line, told: Any) -> Any:
        found = row(line, told)
        return line.rows.model.objects.get(pk=found.pk)

    row = queues._row
    monkeypatch.setattr(queues, "_row", asks)
    assert set(wrong(counted(places[:2]))) >= {"doe", "secretariat", "board"}


def everything(actor: Actor) -> list[Line]:
    """The lines of somebody's desk."""
    at = clock.now()
    return [each for source in desk.SOURCES for each in source(actor, at) if isinstance(each, Line)]


def test_the_pages_of_a_desk_are_the_whole_desk_in_order(places: list[Place]) -> None:
    place = places[1]
    with pointed_at(place.name):
        for role in ("participant", "doe", "secretariat", "chair"):
            lines = everything(place.actors[role])
            whole = queues.page(lines, size=5000)
            pages = [queues.page(lines, size=7)]
            while pages[-1].after:
                pages.append(queues.page(lines, after=pages[-1].after, size=7))
            walked = [item for page in pages for item in page.items]
            assert len(walked) > 25
            assert walked == whole.items
            dated = [item["until"] for item in walked if item.get("until")]
            assert dated == sorted(dated)
            assert [bool(item.get("until")) for item in walked[: len(dated)]] == [True] * len(dated)


def test_the_law_of_seats_is_the_same_for_one_request_and_for_many(places: list[Place]) -> None:
    place = places[1]
    with pointed_at(place.name):
        cast, at = place.cast, clock.now()
        alternate = cast.alternates[0]
        open_ = Request.objects.filter(state__in=["published", "proposed", "assessed"])
        for n, request in enumerate(open_):
            if n % 3 == 0:
                Absence.objects.create(
                    request=request, seat_number=1 + n % 2, person_id=cast.board[n % 2].person,
                    name="", recorded_by="", at=at,
                )
        seats = benches.seats(at.date())
        for person in (alternate.person, cast.board[0].person, cast.board[1].person):
            stands = {each.pk: benches.bench(each, at) for each in open_}
            presiding = {pk: each.presiding for pk, each in stands.items()}
            assert {each.pk for each in open_.filter(benches.speaks(seats, person))} == {
                pk for pk, each in stands.items() if each.speaks(person)
            }
            assert {each.pk for each in open_.filter(benches.presides(seats, person))} == {
                pk for pk, who in presiding.items() if who and who.person_id == person
            }


def test_the_largest_desk_takes_no_longer_than_a_small_one(places: list[Place], full: bool) -> None:
    """Both sizes by turns, each look after a first one has warmed its connection, the quickest of
    three; compared where the first page shows as many items at both.
    """
    if not full:
        pytest.skip("a ratio of times needs the full size")
    small, large = places[1:]
    times: dict[tuple[str, str], list[float]] = {}
    shown: dict[str, set[int]] = {role: set() for role in ROLES}
    for _ in range(11):
        for place in (small, large):
            with pointed_at(place.name):
                for role in ROLES:
                    shown[role].add(place.clients[role].get("/desk/").content.count(b"qitem"))
                    quickest = min(place.seconds(role) for _ in range(3))
                    times.setdefault((role, place.name), []).append(quickest)
    middle = {key: statistics.median(found) for key, found in times.items()}
    ratios = {role: middle[role, large.name] / middle[role, small.name] for role in ROLES}
    took = {role: round(middle[role, large.name] * 1000) for role in ROLES}
    print(took, {role: (round(n, 2), shown[role]) for role, n in ratios.items()})
    assert {role: n for role, n in ratios.items() if n > 1.2 and len(shown[role]) == 1} == {}
