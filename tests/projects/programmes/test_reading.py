"""What anybody reads about programmes and their components: pages, catalogue filter, API."""

from __future__ import annotations

import pytest
from django.urls import reverse

from projects.doe.models import Debt
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_list_shows_what_was_ever_included(world: World) -> None:
    made = world.components
    case = made["included"].programme
    page = world.client(None).get(reverse("components", args=[case.name])).content.decode()
    assert all(made[state].title in page for state in ("included", "excluded", "accused"))
    assert made["draft"].title not in page and made["submitted"].title not in page
    for state, status in {"included": 200, "excluded": 200, "draft": 404, "submitted": 404}.items():
        address = reverse("component", args=[case.name, made[state].order])
        assert world.client(None).get(address).status_code == status


def test_the_api_lists_components_and_finds_programmes(world: World) -> None:
    made = world.components
    case = made["included"].programme
    read = world.client(None)
    rows = read.get(reverse("api:project_components", args=[case.name])).json()["data"]
    assert {row["number"]: row["state"] for row in rows} == {
        f"{case.number}-0001": "included", f"{case.number}-0002": "excluded",
        f"{case.number}-0003": "included", f"{case.number}-0004": "included",
    }
    excluded = next(row for row in rows if row["state"] == "excluded")
    assert excluded["cers_to_be_replaced"] == "0"
    found = read.get(reverse("api:projects"), {"kind": "programme"}).json()["data"]
    assert [(row["reference"], row["kind"]) for row in found] == [(case.reference, "programme")]


def test_the_catalogue_filters_programmes(world: World) -> None:
    case = world.components["included"].programme
    page = world.client(None).get("/projects/", {"kind": "programme", "all": "1"})
    assert [row.project for row in page.context["rows"]] == [case]


def test_the_debt_stands_on_the_page_of_the_entity(world: World) -> None:
    debt = Debt.objects.get(pk=world.debt_id)
    page = world.client(None).get(reverse("doe-public:entity", args=[debt.doe_id]))
    assert debt.name in page.content.decode()
    rows = world.client(None).get(reverse("api:debts"), {"entity": debt.doe_id}).json()["data"]
    assert [(row["name"], row["quantity"], row["state"]) for row in rows] == [
        (debt.name, "2", "open")
    ]
