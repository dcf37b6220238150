"""Papers of cases in the API and on the pages: who reads which row, before it is public."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal import clock
from cdm_portal.demonstration.portfolio import Until
from cdm_portal.pages import desk
from cdm_portal.values import Actor
from projects.doe import actions as doe_actions
from tests.api.test_api import get, schema, walked
from tests.world import World, as_if

pytestmark = pytest.mark.django_db

LISTS = {
    "letters": "Letter", "documents": "Document", "comments": "Comment",
    "periods": "MonitoringPeriod",
}
WHOLE = {"parameters": "Parameter", "permissions": "Permission", "deadlines": "Deadline"}


@pytest.fixture(scope="module")
def browsers(world: World) -> dict[str, Client]:
    """A browser for each member of the cast."""
    return {name: world.client(actor) for name, actor in people(world).items()}


def people(world: World) -> dict[str, Actor | None]:
    """The cast by name."""
    cast = world.cast
    return {
        "anonymous": None, "buyer": cast.buyer, "participant": cast.participant,
        "rival": cast.rival_participant, "dna": cast.dna, "foreign": cast.foreign_dna,
        "doe": cast.doe, "verifier": cast.other_doe, "stranger": cast.unaccredited_doe,
        "board": cast.board[0], "rit": cast.rit, "secretariat": cast.secretariat,
        "registry": cast.registry, "auditor": cast.auditor,
    }


REQUESTED = {"board", "rit", "secretariat"}
PAPERS = [
    (Until.DRAFT, "attachment", {"participant", "auditor"}),
    (Until.LETTER_REQUESTED, "design", {"participant", "dna", "auditor"}),
    (Until.REPORTED, "readings", {"participant", "auditor"}),
    (Until.VERIFYING, "readings", {"participant", "verifier", "auditor"}),
    (Until.INSTRUCTED, "readings", {"participant", "verifier", "auditor"} | REQUESTED),
]
"""Of which stage, which paper, read by whom (domain, 2.10 and 4)."""


@pytest.mark.parametrize(("until", "kind", "readers"), PAPERS)
def test_a_paper_is_listed_and_downloaded_by_whom_the_matrix_names(
    until: Until, kind: str, readers: set[str], browsers: dict[str, Client], world: World
) -> None:
    asked = {"project": world.project(until).name, "kind": kind}
    listed = get(browsers["auditor"], "documents", **asked)["data"]
    assert listed
    shown, downloaded = set(), set()
    for name, browser in browsers.items():
        rows = get(browser, "documents", **asked)["data"]
        shown |= {name} if [row["id"] for row in rows] == [r["id"] for r in listed] else set()
        assert rows in (listed, []), name
        answers = {browser.get(row["url"]).status_code for row in listed}
        assert answers in ({200}, {404}), name
        downloaded |= {name} if answers == {200} else set()
    assert shown == downloaded == readers


def test_a_finding_is_read_by_its_two_sides_until_the_request(
    browsers: dict[str, Client], world: World
) -> None:
    project = world.project(Until.FINDINGS_OPEN).name
    readers = {
        name for name, browser in browsers.items()
        if get(browser, "findings", project=project)["data"]
    }
    assert readers == {"participant", "doe", "auditor"}


def test_a_letter_is_public_once_issued_and_its_sides_know_of_it_before(
    browsers: dict[str, Client], world: World
) -> None:
    def readers(until: Until) -> set[str]:
        name = world.project(until).name
        found = {who: get(browser, "letters", project=name)["data"]
                 for who, browser in browsers.items()}
        assert len({str(rows) for rows in found.values() if rows}) == 1
        return {who for who, rows in found.items() if rows}

    assert readers(Until.LETTER_REQUESTED) == {"participant", "dna", "auditor"}
    assert readers(Until.OFFERED) == set(browsers)


def test_a_period_is_public_once_its_report_is(
    browsers: dict[str, Client], world: World
) -> None:
    def readers(until: Until) -> set[str]:
        name = world.project(until).name
        return {who for who, browser in browsers.items()
                if get(browser, "periods", project=name)["data"]}

    assert readers(Until.REPORTED) == {"participant", "auditor"}
    assert readers(Until.OFFERED) == set(browsers)
    row = get(browsers["anonymous"], "periods", project=world.project(Until.OFFERED).name)["data"]
    period = world.project(Until.OFFERED).periods.get()
    assert (row[0]["number"], row[0]["issued_tonnes"]) == (1, str(period.issued_tonnes))


def test_comments_are_public_without_the_address_of_who_wrote_them(
    browsers: dict[str, Client], world: World
) -> None:
    project = world.project(Until.COMMENTS_OPEN)
    with as_if():
        doe_actions.comment(
            at=clock.now(), project_id=project.pk, name="Neighbour", affiliation="Village",
            email="neighbour@example.org", text="The road is narrow.",
        )
        row = get(browsers["anonymous"], "comments", project=project.name)["data"][0]
    assert (row["name"], row["text"], row["response"]) == ("Neighbour", "The road is narrow.", "")
    assert "neighbour@example.org" not in str(row)


def test_who_may_not_comment_or_buy_reads_why(browsers: dict[str, Client], world: World) -> None:
    page = reverse("doe-public:comments", args=[world.project(Until.COMMENTS_OPEN).name])
    assert "gives your role no right here" in browsers["participant"].get(page).content.decode()
    assert "Publish my comment" in browsers["anonymous"].get(page).content.decode()


def test_deadlines_are_what_the_desk_shows(browsers: dict[str, Client], world: World) -> None:
    for name, actor in people(world).items():
        if actor is None:
            assert browsers[name].get(reverse("api:deadlines")).status_code == 403
            continue
        told: list[Any] = get(browsers[name], "deadlines")["data"]
        shown = desk.waiting(actor, clock.now())
        assert [row["title"] for row in told] == [str(item["title"]) for item in shown]
        for row in told:
            assert browsers[name].get(row["url"]).status_code == 200, (name, row)


def test_the_matrix_and_the_parameters_are_whole(browsers: dict[str, Client]) -> None:
    rows = get(browsers["anonymous"], "permissions")["data"]
    assert (len(rows), {len(row["cells"]) for row in rows}) == (24, {16})
    invoice = next(row for row in rows if row["slug"] == "invoice")
    doe = next(cell for cell in invoice["cells"] if cell["column"] == "DOE")
    assert (doe["says"], doe["role"], doe["rights"]) == ("r", "doe", ["read"])
    assert "/desk/requests/money/" in doe["addresses"]
    asked = browsers["anonymous"].get(reverse("api:parameters"), {"name": "gsc_days"}).json()
    assert {(row["name"], row["unit"]) for row in asked["data"]} == {("gsc_days", "days")}


def test_each_list_is_walked_by_cursor_and_has_the_fields_of_the_schema(
    browsers: dict[str, Client]
) -> None:
    described = schema()["components"]["schemas"]
    for name, component in LISTS.items():
        whole = get(browsers["auditor"], name, limit=100)["data"]
        if name != "comments":
            assert len(whole) > 1, name
            assert set(whole[0]) == set(described[component]["properties"])
        assert walked(browsers["auditor"], name, 7) == walked(browsers["auditor"], name, 100)
    for name, component in WHOLE.items():
        rows = get(browsers["secretariat"], name)["data"]
        assert set(rows[0]) == set(described[component]["properties"])
