"""The historic record for everybody: a list, a page for each activity, and where it comes from."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import questions
from tests.importing.books import Files, activity, requested
from tests.importing.conftest import Import

pytestmark = pytest.mark.django_db
SOURCE = "Source: UNFCCC, CDM project database and CDM registry public reports."


@pytest.fixture
def visitor(run: Import, files: Files) -> Client:
    """A stranger's browser, with the small CDM imported."""
    files.activities += [activity(100 + n, title=f"Wind farm {n}", hosts="UG") for n in range(60)]
    files.activities += [
        activity(11, title="<script>alert(1)</script>"), activity(12, title=None, hosts=None),
        activity(13, hosts="ML; SN", methodologies="ACM0002; AMS-I.D.", capacity=-21903),
    ]  # fmt: skip
    files.requests.append(requested(7, "KE", 5, doe="No info", first=None, last=None))
    run()
    return Client()


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_list_says_how_many_and_where_they_come_from(visitor: Client) -> None:
    page = text(visitor, "/activities/")
    assert SOURCE in page
    assert "Derived from published data." in page
    assert "66 activities, 65 of them registered." in page
    assert "1 row of the published database has no title" in page
    assert "entries up to 2 December 2014" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("host=IN", {"9", "10"}), ("status=rejected", {"8"}), ("q=12", {"112"}),
        ("q=Activity+7", {"7"}), ("q=100", {"100"}),
        ("host=SN", {"13"}), ("q=wind+farm+59", {"159"}), ("kind=PoA", set()),
    ],
)  # fmt: skip
def test_filters(asked: str, found: set[str], visitor: Client) -> None:
    rows = visitor.get(f"/activities/?{asked}").context["rows"]
    assert {row.number for row in rows} == found


def test_pages_go_on_from_a_row_and_show_each_activity_once(visitor: Client) -> None:
    first = visitor.get("/activities/").context
    second = visitor.get(f"/activities/?after={first['next']}").context
    seen = [row.reference for row in [*first["rows"], *second["rows"]]]
    assert (len(first["rows"]), len(seen), len(set(seen)), second["next"]) == (50, 66, 66, None)


def test_the_page_of_an_activity_shows_the_life_of_its_units(visitor: Client) -> None:
    page = text(visitor, "/activities/7/")
    for wanted in (SOURCE, "KE-5-1-100-1-1-0-7", "KE-5-40-60-1-1-0-7", "KE-5-1-1-1-0-7"):
        assert wanted in page
    assert "units that were not cancelled stand in the pending account" in page
    assert page.count("unknown") == 2  # the DOE and the monitoring period of one request
    assert "https://cdm.unfccc.int/Projects/DB/X/view.html" in page


def test_what_was_changed_stands_beside_what_was_published(visitor: Client) -> None:
    page = text(visitor, "/activities/13/")
    for wanted in ("ACM0002, AMS-I.D<", "ACM0002; AMS-I.D.", "ML; SN", "Mali, Senegal",
                   "repaired: the file was shifted", "No unit was issued."):  # fmt: skip
        assert wanted in page


def test_a_title_is_text(visitor: Client) -> None:
    page = text(visitor, "/activities/11/")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("path", ["/activities/4711/", "/activities/12/",
                                  "/activities/12-untitled/", "/activities/%20/"])  # fmt: skip
def test_what_is_not_shown_is_not_found(path: str, visitor: Client) -> None:
    text(visitor, path, 404)


def test_a_filter_that_cannot_be_used_says_so(visitor: Client) -> None:
    assert "Select a valid choice" in text(visitor, "/activities/?host=Kenya", 422)


def test_a_search_for_a_project_number_leads_to_its_activity(visitor: Client) -> None:
    assert 'href="/activities/7/"' in text(visitor, "/registry/blocks/?q=7")


def test_a_page_asks_few_questions(visitor: Client) -> None:
    with questions.at_most(13):
        text(visitor, "/activities/7/")
    with questions.at_most(11):
        text(visitor, "/activities/")
