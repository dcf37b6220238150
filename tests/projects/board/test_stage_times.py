"""Days per stage: counted exactly, one law at a time, public cases alone, by page, file and API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.demonstration.portfolio import Until
from projects.board.queries import times
from projects.lifecycle import EIGHT, Stage
from projects.models import Project
from tests.questions import at_most
from tests.world import World, as_if

pytestmark = pytest.mark.django_db
START = datetime(2020, 12, 1, 23, 30, tzinfo=UTC)


@pytest.fixture
def shop(world: World) -> Iterator[World]:
    """The world, as it was afterwards."""
    with as_if():
        yield world


def approvals(world: World, days: list[int | None], **facts: Any) -> None:
    """Public cases whose national approval took so many days; None goes on."""
    drafts = Project.objects.filter(stage=Stage.DESIGN)
    walks = sorted({walk.project.pk for walk in world.walks.values()} - set(
        drafts.values_list("pk", flat=True)
    ))
    Project.objects.update(host_approved_at=None)
    for pk, took in zip(walks, days, strict=False):
        Project.objects.filter(pk=pk).update(
            created_at=START, design_submitted_at=START,
            validation_began_at=START, **facts,
            host_approved_at=None if took is None else START + timedelta(days=took),
        )


def row(rules: str = "demonstration", **filters: Any) -> tuple[int, int | None, int | None]:
    found = times.stage_times(rules, **filters)
    assert [each.stage for each in found] == list(EIGHT[:7])
    told = next(each for each in found if each.stage == Stage.NATIONAL_APPROVAL)
    return told.completed, told.median_days, told.ninth_decile_days


def test_half_and_nine_tenths_are_days_that_a_case_took(shop: World) -> None:
    approvals(shop, [1, 2, 3, 4, 5, 6, 7, 8, 9, 100, None])
    assert row() == (10, 5, 9)
    approvals(shop, [7])
    assert row() == (1, 7, 7)
    approvals(shop, [None])
    assert row() == (0, None, None)


def test_days_are_of_the_calendar_and_a_year_is_that_of_the_end(shop: World) -> None:
    approvals(shop, [31, 2])
    Project.objects.filter(host_approved_at__year=2021).update(
        host_approved_at=datetime(2021, 1, 1, 0, 10, tzinfo=UTC)
    )
    assert row(year=2021) == (1, 31, 31)
    assert row(year=2020) == (1, 2, 2)
    assert row(year=2019) == (0, None, None)


def test_historic_and_demonstration_cases_never_mix_and_drafts_do_not_count(shop: World) -> None:
    approvals(shop, [1, 2, 3])
    first = Project.objects.filter(host_approved_at__isnull=False).earliest("pk")
    Project.objects.filter(pk=first.pk).update(rules="historic")
    assert (row("historic"), row()) == ((1, 1, 1), (2, 2, 3))
    hidden = Project.objects.filter(host_approved_at__isnull=False, registered_at=None).latest("pk")
    count = row(hidden.rules)[0]
    Project.objects.filter(pk=hidden.pk).update(validation_began_at=None)
    assert row(hidden.rules)[0] == count - 1


def test_each_filter_keeps_what_fits(shop: World) -> None:
    approvals(shop, [4, 6])
    chosen = Project.objects.filter(host_approved_at__isnull=False).earliest("pk")
    Project.objects.filter(pk=chosen.pk).update(party_code="NG", sector="wind", scale="small")
    Project.objects.exclude(pk=chosen.pk).update(party_code="KE", sector="solar", scale="large")
    for name, value, other in (
        ("host", "NG", "KE"), ("type", "wind", "solar"), ("scale", "small", "large"),
    ):
        assert row(**{name: value}) == (1, 4, 4)
        assert row(**{name: other}) == (1, 6, 6)


def test_one_statement_asks_and_a_project_counts_as_the_statement_does(shop: World) -> None:
    with at_most(1):
        found = times.stage_times("demonstration")
    case = shop.project(Until.OFFERED)
    own = times.own_days(case, case.periods.get())
    assert set(own) == {each.stage for each in found}
    Project.objects.exclude(pk=case.pk).update(rules="historic")
    alone = times.stage_times("demonstration")
    assert {each.stage: each.median_days for each in alone} == dict(own)


def text(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_page_file_and_api_say_the_same(shop: World) -> None:
    approvals(shop, [4, 6])
    query = "?rules=demonstration&scale=&year=2020"
    page = text(reverse("stage_times") + query)
    assert "2 · National approval" in page
    assert '<td class="n">2</td><td class="n">4</td><td class="n">6</td>' in page
    table = text(reverse("stage_times_export", args=["csv"]) + query)
    assert "demonstration,2,national_approval,2,4,6," in table
    listed = Client().get(reverse("stage_times_export", args=["json"]) + query).json()
    assert listed == Client().get(f"/api/v1/stage-times/{query}").json()
    assert listed["data"][1]["median_days"] == 4
    refused = Client().get("/api/v1/stage-times/?rules=both")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert Client().get(reverse("stage_times") + "?year=x").status_code == 422
    assert Client().get(reverse("stage_times_export", args=["csv"]) + "?year=x").status_code == 404


def test_a_project_shows_its_days_beside_the_median(shop: World) -> None:
    case = shop.project(Until.OFFERED)
    page = text(reverse("project", args=[case.name]))
    assert "This project, days" in page
    assert reverse("stage_times") + "?rules=demonstration" in page


def test_a_stage_that_ended_without_its_result_does_not_count(shop: World) -> None:
    before = {each.stage: each.completed for each in times.stage_times("demonstration")}
    Project.objects.filter(opinion="positive").update(opinion="negative")
    after = {each.stage: each.completed for each in times.stage_times("demonstration")}
    assert after[Stage.VALIDATION] == 0 < before[Stage.VALIDATION]
