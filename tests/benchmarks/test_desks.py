"""The first page of every desk costs the same with a hundred cases and with a hundred thousand."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from django.db import connection, connections

from cdm_portal import clock, queues
from cdm_portal.pages import desk
from cdm_portal.queues import Line
from cdm_portal.values import Actor
from projects.board.models import Absence, Request
from registry import invariants
from tests.benchmarks.places import NOBODY, ROLES, Place, Read, read
from tests.ledger_database import copy_database, drop_database, pointed_at
from tests.statements import repeated

pytestmark = pytest.mark.usefixtures("ledger_db")

benches = importlib.import_module("projects.board.queries.bench")  # its package has such a function

MOST = 12
"""Statements of a whole request for the desk: session, person, role, clock and frame included."""
MOST_OF_A_LIST = 24
"""The same for a page that shows several lists, or a case with all that belongs to it."""
DESKS = tuple((role, "/desk/") for role in ROLES)
LISTS = (
    ("registry", "/desk/registry/"), ("registry", "/desk/registry/accounts/"),
    ("registry", "/desk/registry/authorisations/"), ("registry", "/desk/registry/forward/"),
    ("participant", "/desk/registry/accounts/"), ("participant", "/desk/offers/"),
    ("participant", "/desk/projects/"), ("participant", "/desk/projects/1000004/"),
    ("participant", "/prior-consideration/"), ("participant", "/desk/notices/"),
    ("dna", "/desk/letters/"), ("dna", "/desk/prior-consideration/"), ("doe", "/desk/audits/"),
    ("doe", "/desk/audits/accreditations/"), ("secretariat", "/desk/audits/accreditations/"),
    ("board", "/desk/requests/"), ("secretariat", "/desk/requests/"), ("rit", "/desk/requests/"),
    ("auditor", "/desk/requests/"), (NOBODY, "/registry/issuances/"),
    (NOBODY, "/registry/cancellations/"), (NOBODY, "/operational-entities/"),
    (NOBODY, "/projects/"), (NOBODY, "/projects/?type=solar&sort=price"),
    (NOBODY, "/api/v1/projects/"),
    (NOBODY, "/api/v1/issuances/"), (NOBODY, "/api/v1/cancellations/"),
)
"""The first pages of lists. Pages that say sums over everything read everything: not among them."""
MOST_READ = Read(buffers=15_000, rows=12_000)
"""What a page reads at most, at any size: 26 items and what stands with each, found by index. At
the full size there are three to five times as many requests, monitoring periods, instructions,
blocks and orders each, so that one look at all of them is too much.
"""


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


DUE = (Path(__file__).parents[1] / "ground" / "due.sql").read_text()


def test_what_is_due_follows_from_the_cases(places: list[Place]) -> None:
    kept = "SELECT act, request_id, seat_number::int, period_id, doe_id FROM board_due"
    for place in places:
        with pointed_at(place.name), connection.cursor() as cursor:
            cursor.execute(f"({kept} EXCEPT ({DUE})) UNION ALL (({DUE}) EXCEPT {kept})")
            assert cursor.fetchall() == []
            if place is not places[0]:  # of ten projects none waits for everything
                cursor.execute("SELECT count(DISTINCT act) FROM board_due")
                assert cursor.fetchone() == (3,)


Looks = dict[tuple[str, str], list[list[str]]]


def looked(places: list[Place], pages: Iterable[tuple[str, str]]) -> Looks:
    """By page, its statements at each size."""
    looks: Looks = {page: [] for page in pages}
    for place in places:
        with pointed_at(place.name):
            for page, found in looks.items():
                found.append(place.statements(*page))
    return looks


def wrong(looks: Looks, most: int = MOST) -> dict[tuple[str, str], list[int]]:
    """The pages that cost more statements with more cases, or too many."""
    counts = {page: [len(statements) for statements in found] for page, found in looks.items()}
    print(counts)
    return {page: n for page, n in counts.items() if len(set(n)) > 1 or max(n) > most}


def greedy(place: Place, looks: Looks, most: Read = MOST_READ) -> dict[tuple[str, str], Read]:
    """The pages of the largest place that read too much there."""
    with pointed_at(place.name):
        found = {page: read(statements[-1]) for page, statements in looks.items()}
    print({page: (each.buffers, round(each.rows)) for page, each in found.items()})
    return {
        page: each for page, each in found.items()
        if each.buffers > most.buffers or each.rows > most.rows
    }


def test_every_desk_costs_the_same_few_statements_at_every_size(places: list[Place]) -> None:
    looks = looked(places, DESKS)
    assert wrong(looks) == {}
    assert greedy(places[-1], looks) == {}


def test_every_list_costs_the_same_few_statements_at_every_size(places: list[Place]) -> None:
    looks = looked(places, LISTS)
    assert wrong(looks, MOST_OF_A_LIST) == {}
    assert greedy(places[-1], looks) == {}
    again = {page: repeated(found[-1]) for page, found in looks.items()}
    assert {page: n for page, n in again.items() if n} == {}


def test_a_desk_that_asks_about_each_item_is_found(
    places: list[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    def asks(line: Line, told: Any) -> Any:
        found = row(line, told)
        return line.rows.model.objects.get(pk=found.pk)

    row = queues._row
    monkeypatch.setattr(queues, "_row", asks)
    pages = [(role, "/desk/") for role in ("doe", "secretariat", "board")]
    assert set(wrong(looked(places[:2], pages))) == set(pages)


def test_a_statement_that_looks_at_everything_is_found(places: list[Place]) -> None:
    """At the small size already, against what stands there."""
    place = places[1]
    with pointed_at(place.name):
        every = read(["SELECT count(*) FROM board_request WHERE note <> ''"])
        one = read(["SELECT * FROM board_request WHERE id = (SELECT min(id) FROM board_request)"])
        assert every.rows == Request.objects.count() > 500
        assert one.rows <= 2
        assert 0 < one.buffers < every.buffers


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


ROUNDS, LOOKS = 8, 3


def test_the_largest_desk_takes_no_longer_than_a_small_one(places: list[Place], full: bool) -> None:
    """Both sizes by turns; of all looks of a desk the quickest counts, since a neighbour only ever
    makes one slower. Compared where the first page shows as many items at both.
    """
    if not full:
        pytest.skip("a ratio of times needs the full size")
    small, large = places[1:]
    quickest: dict[tuple[str, str], float] = {}
    shown: dict[str, set[int]] = {role: set() for role in ROLES}
    for n in range(ROUNDS):
        for place in (small, large) if n % 2 else (large, small):
            with pointed_at(place.name):
                for role in ROLES:
                    shown[role].add(place.clients[role].get("/desk/").content.count(b"qitem"))
                    looks = [place.seconds(role) for _ in range(LOOKS)]
                    key = role, place.name
                    quickest[key] = min(*looks, quickest.get(key, 60.0))
    ratios = {role: quickest[role, large.name] / quickest[role, small.name] for role in ROLES}
    took = {role: round(quickest[role, large.name] * 1000) for role in ROLES}
    print(took, {role: (round(n, 2), shown[role]) for role, n in ratios.items()})
    assert {role: n for role, n in ratios.items() if n > 1.2 and len(shown[role]) == 1} == {}


FACETS = ("/projects/", "/projects/?type=solar", "/projects/?benefit=jobs&region=Africa",
          "/projects/?q=solar&sort=price&all=1", "/projects/?host=KE&vintage=2026")
MOST_OF_THE_CATALOGUE = 10
"""Statements of the catalogue's first page and of any change of a facet."""


def test_the_catalogue_costs_the_same_few_statements(places: list[Place]) -> None:
    lists = ("/sitemap.xml", "/sitemap-projects.xml", "/organisations/", "/cancellations/")
    paths = ("/", "/projects/?view=map&region=Africa", *lists, *FACETS)
    looks = looked(places, [(NOBODY, path) for path in paths])
    assert wrong(looks, MOST_OF_THE_CATALOGUE) == {}


MOST_TIMES = 1.5


def test_a_facet_of_the_largest_catalogue_takes_at_most_half_as_long_again(
    places: list[Place], full: bool
) -> None:
    """Both sizes by turns, in the seconds of the processor that this process and its database
    process used: a neighbour makes a look longer by the clock, not by these. Of the rounds, in each
    of which both sizes are looked at in the same minute, the median counts.
    """
    if not full:
        pytest.skip("a ratio of times needs the full size")
    small, large = places[1:]
    used: dict[tuple[str, str], list[float]] = {}
    for n in range(ROUNDS + 1):
        for place in (small, large) if n % 2 else (large, small):
            with pointed_at(place.name):
                for path in FACETS:
                    place.seconds(NOBODY, path)  # what a new connection looks up first
                    spent = [place.used(NOBODY, path) for _ in range(LOOKS)]
                    used.setdefault((path, place.name), []).append(median(spent))
    ratios = {
        path: median(b / a for a, b in zip(used[path, small.name], used[path, large.name],
                                           strict=True))
        for path in FACETS
    }
    took = {path: round(median(used[path, large.name]) * 1000) for path in FACETS}
    print({path: (took[path], round(n, 2)) for path, n in ratios.items()})
    assert {path: n for path, n in ratios.items() if n > MOST_TIMES} == {}
