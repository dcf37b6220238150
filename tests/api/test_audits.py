"""The DOEs' side of the API: the register, the cases, and findings of public reports alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal import clock
from cdm_portal.demonstration.portfolio import Until
from projects.doe import queries
from projects.doe.models import Validation, Verification
from projects.models import Finding
from tests.api.test_api import get, schema, walked
from tests.projects.doe import story
from tests.world import World, as_if

pytestmark = pytest.mark.django_db

LISTS = {
    "entities": "Entity", "validations": "ValidationCase", "verifications": "VerificationCase",
    "findings": "Finding",
}


@pytest.fixture
def browser(world: World) -> Client:
    """A stranger's client."""
    return world.client(None)


def test_each_list_is_walked_by_cursor_and_has_the_fields_of_the_schema(browser: Client) -> None:
    described = schema()["components"]["schemas"]
    for name, component in LISTS.items():
        whole = get(browser, name)["data"]
        assert len(whole) > 1, name
        assert walked(browser, name, 2) == whole
        assert set(whole[0]) == set(described[component]["properties"])


def test_the_register_says_what_the_page_says(browser: Client, world: World) -> None:
    listed = {row["name"]: row for row in get(browser, "entities")["data"]}
    assert {name: row["standing"] for name, row in listed.items()} == {
        each.organisation.name: each.standing
        for each in queries.directory(clock.today(), queries.registered())
    }
    held = listed[world.cast.doe.organisation]["accreditations"]
    assert [(a["function"], a["scope"], a["state"]) for a in held] == [
        ("validation", 1, "active"), ("validation", 13, "active"),
        ("verification", 1, "active"), ("verification", 13, "active"),
    ]
    with as_if():
        other = world.cast.other_doe
        story.decided(world.cast, "suspend", who=other, at=clock.now())
        row = next(r for r in get(browser, "entities")["data"] if r["id"] == other.office)
        assert row["standing"] == "Partly suspended"
        narrowed = get(browser, "entities", scope=1, function="validation")["data"]
        assert [row["name"] for row in narrowed] == [world.cast.doe.organisation]


def test_the_cases_are_filtered_by_project_entity_and_state(browser: Client, world: World) -> None:
    project = world.project(Until.OFFERED)
    (case,) = get(browser, "validations", project=project.number)["data"]
    assert (case["entity_name"], case["state"]) == (world.cast.doe.organisation, "positive")
    assert browser.get(case["report"]).status_code == 200
    (case,) = get(browser, "verifications", project=project.reference)["data"]
    assert (case["period"], case["state"]) == (1, "certified")
    certified = Verification.objects.get(period__project=project).certified
    assert case["certified"] == {key: str(tonnes) for key, tonnes in certified.items()}
    for name, model in (("validations", Validation), ("verifications", Verification)):
        state = model.objects.latest("pk").state
        told = get(browser, name, state=state, entity=model.objects.latest("pk").organisation_id)
        assert len(told["data"]) == model.objects.filter(state=state).count()
        assert get(browser, name, entity=0)["data"] == []


def test_a_finding_is_public_with_its_report_and_not_before(browser: Client, world: World) -> None:
    told = {row["id"] for row in walked(browser, "findings", 100)}
    reported = Finding.objects.filter(period=None, project__opinion="positive")
    assert told >= set(reported.values_list("pk", flat=True))
    hidden = Finding.objects.filter(project=world.project(Until.FINDINGS_OPEN))
    assert hidden.exists() and not told & set(hidden.values_list("pk", flat=True))
    project = world.project(Until.OFFERED)
    rows: list[Any] = get(browser, "findings", project=project.number, kind="CAR")["data"]
    assert [row["number"] for row in rows] == ["CAR 01"]
    assert rows[0]["messages"][0]["act"] == "raise"
    with as_if():
        car = Finding.objects.get(pk=rows[0]["id"])
        Finding.objects.filter(pk=car.pk).update(passage="of an older year")
        again = get(browser, "findings", project=project.number, kind="CAR")["data"]
        assert [row["passage"] for row in (*rows, *again)] == [car.passage, "of an older year"]
    assert "Lucie Moreau" not in str(rows)
    assert get(browser, "findings", project=project.number, period=9)["data"] == []


@pytest.mark.parametrize(("name", "query"), [
    ("entities", "scope=x"), ("entities", "function=audit"), ("entities", "scope=%D9%A3"),
    ("validations", "state=closed"), ("validations", "entity=-1"),
    ("verifications", "state=%00"), ("findings", "kind=XX"), ("findings", "period=1.5"),
])
def test_a_filter_that_means_nothing_is_named(name: str, query: str, browser: Client) -> None:
    answer = browser.get(f"{reverse(f'api:{name}')}?{query}")
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"
