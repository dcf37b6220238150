"""The catalogue: rows that follow what they tell of, filters with exact counts, files, the map."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from itertools import combinations
from typing import Any

import openpyxl
import pytest
from django.db import ProgrammingError, connection, transaction
from django.http import QueryDict
from django.test import Client

from cdm_portal.pages import facets, home
from cdm_portal.pages.catalogue import Filters, told
from offsets import actions, invariants
from offsets.models import CatalogueEntry, Offer
from projects.lifecycle import Stage
from projects.models import Project
from registry.models import Party
from tests.offsets.conftest import Shop
from tests.world import World


def entry(project: Project) -> CatalogueEntry:
    return CatalogueEntry.objects.get(project=project)


def differing() -> list[str]:
    return [each.row for each in invariants.problems() if each.rule.startswith("the catalogue")]


# The row follows


@pytest.mark.django_db
def test_a_row_follows_the_project_its_offers_its_owner_and_its_country(shop: Shop) -> None:
    assert (entry(shop.project).price, entry(shop.project).periods) == (None, [])
    dear = shop.offer(50, "9.00")
    cheap = shop.offer(20, "4.80")
    assert (entry(shop.project).price, entry(shop.project).periods) == (Decimal("4.80"), [2])
    actions.change_price(
        actor=shop.seller, at=shop.at, offer_id=cheap.pk, price=Decimal("9.50")
    )
    assert entry(shop.project).price == Decimal("9.00")
    actions.pause(actor=shop.seller, at=shop.at, offer_id=dear.pk)
    assert entry(shop.project).price == Decimal("9.50")
    shop.project.owner.name = "Mto Power"
    shop.project.owner.save()
    Party.objects.filter(code="KE").update(name="Kenya, renamed", ldc=True)
    found = entry(shop.project)
    assert "mto power kenya, renamed" in found.words
    assert (found.country, found.ldc) == ("Kenya, renamed", True)
    shop.project.periods.update(issued_tonnes=5)
    years = {period.first_date.year for period in shop.project.periods.all()}
    assert years <= set(entry(shop.project).vintages)
    assert differing() == []


@pytest.mark.django_db
@pytest.mark.parametrize("trigger", ["catalogue_begins", "catalogue_follows"])
def test_without_its_trigger_the_row_is_behind_and_the_books_say_so(
    shop: Shop, trigger: str
) -> None:
    first = shop.offer(50, "9.00")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger} ON offsets_offer")
    if trigger == "catalogue_begins":
        shop.offer(20, "4.80")
    else:
        actions.pause(actor=shop.seller, at=shop.at, offer_id=first.pk)
    assert differing() == [shop.project.reference]


@pytest.mark.django_db
def test_nobody_but_the_database_writes_a_row(shop: Shop) -> None:
    before = CatalogueEntry.objects.filter(project=shop.project).values().get()
    for sql in ("UPDATE offsets_catalogueentry SET price = 1", "DELETE FROM offsets_catalogueentry",
                "INSERT INTO offsets_catalogueentry SELECT * FROM offsets_catalogueentry",
                "SELECT offsets_catalogue(ARRAY[1::bigint])"):
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE cdm_app")
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(sql)
            cursor.execute("RESET ROLE")
    assert CatalogueEntry.objects.filter(project=shop.project).values().get() == before


@pytest.mark.django_db
def test_a_project_whose_title_is_a_formula_is_text_in_every_file(shop: Shop) -> None:
    client = Client()
    Project.objects.filter(pk=shop.project.pk).update(title="=1+1")
    sheet: Any = openpyxl.load_workbook(
        io.BytesIO(client.get("/projects.xlsx?all=1").content)
    ).active
    assert sheet.cell(2, 2).value == "'=1+1"
    assert ",'=1+1," in client.get("/projects.csv?all=1").content.decode()


# Filters and counts


CHOICES = (
    ("type", "solar"), ("host", "KE"), ("region", "Africa"), ("scale", "large"),
    ("methodology", "ACM0002"), ("kind", "programme"), ("period", "2"), ("group", "ldc"),
    ("benefit", "jobs"), ("vintage", "2024"), ("q", "solar"), ("low", "2"), ("high", "6"),
)


@pytest.mark.django_db
def test_every_count_is_what_choosing_it_would_show(world: World) -> None:
    del world
    for chosen in [*combinations(CHOICES, 1), *list(combinations(CHOICES, 2))[::5], ()]:
        for everything in ("1", ""):
            query = QueryDict(mutable=True)
            query["all"] = everything
            for name, value in chosen:
                query.appendlist(name, value)
            filters = Filters.read(query)
            counts = facets.count(filters)
            rows = list(filters.rows())
            assert counts.total == len(rows), query
            for name, found in counts.values.items():
                for value, count in found.items():
                    other = query.copy()
                    if name != "benefit":
                        other.setlist(name, [])
                    other.appendlist(name, value)
                    assert Filters.read(other).rows().count() == count, (query, name, value)


@pytest.mark.django_db
def test_the_catalogue_shows_exactly_the_projects_that_are_public_and_go_on(world: World) -> None:
    del world
    ended = (Stage.WITHDRAWN, Stage.REJECTED, Stage.VALIDATION_NEGATIVE, Stage.DEREGISTERED,
             Stage.VALIDATION_TERMINATED)
    public = {
        each.pk for each in Project.objects.exclude(stage__in=ended)
        if each.validation_began_at or each.registered_at
    }
    shown = Filters.read(QueryDict("all=1")).rows()
    assert {each.pk for each in shown} == public
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'offsets_catalogue_now'")
        (text,) = cursor.fetchone()
    assert all(f"'{stage.value}'" in text for stage in ended)
    offered = {row.project.pk for row in told(Filters().rows().select_related("project"))}
    assert offered == set(Offer.objects.filter(state="listed").values_list("project", flat=True))


@pytest.mark.django_db
def test_pages_follow_each_other_through_every_sort(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    del world
    monkeypatch.setattr(home, "PER_PAGE", 3)
    for sort in ("benefits", "price", "newest", "name"):
        url, seen = f"/projects/?all=1&sort={sort}", list[int]()
        while url:
            page = client.get(url)
            seen += [row.project.pk for row in page.context["rows"]]
            after = page.context["page"].next_url
            url = f"/projects/{after}" if after else ""
        assert len(seen) == len(set(seen)) == page.context["total"] > 6
        whole = Filters.read(QueryDict(f"all=1&sort={sort}"))
        assert seen == [each.pk for each in whole.rows().order_by(*whole.order)]


# Files, the map, odd addresses


@pytest.mark.django_db
def test_files_have_exactly_the_rows_of_the_page(world: World, client: Client) -> None:
    del world
    query = "all=1&region=Africa&sort=name"
    rows_ = Filters.read(QueryDict(query)).rows().order_by("title", "pk")
    names = [each.project.name for each in rows_]
    told_ = json.loads(client.get(f"/projects.json?{query}").content)["data"]
    assert [row["number"] for row in told_] == names
    lines = client.get(f"/projects.csv?{query}").content.decode().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == names
    answer = client.get(f"/projects.xlsx?{query}")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    head, *rows = sheet.iter_rows(values_only=True)
    assert [row[0] for row in rows] == names
    prices = {row[head.index("price_usd")] for row in rows} - {None}
    assert prices and all(isinstance(price, (int, float)) for price in prices)
    assert client.get("/projects.xml").status_code == 404


@pytest.mark.django_db
def test_the_map_has_one_circle_for_neighbours_and_a_link_behind_each(
    world: World, client: Client
) -> None:
    del world
    page = client.get("/projects/?all=1&view=map")
    circles = page.context["circles"]
    assert circles and all(each.url for each in circles)
    for each in circles:
        assert client.get(each.url.split("#")[0]).status_code == 200
    assert "no opinion on the legal status" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("query", [
    "type=coal&host=%F0&vintage=99999999999999&period=x&methodology=" + "a" * 500,
    "after=[1,2]&sort=price", "after=%5B%22x%22%2C%22y%22%2C%22z%22%5D", "q=%25_\\'",
    "low=NaN&high=1e400", "low=-1&high=%F0%9F%92%B6", "vintage=%D9%A2", "view=globe&sort=random",
    "all=1&low=99999999999999999999",
])  # fmt: skip
def test_an_odd_address_shows_a_page(client: Client, query: str) -> None:
    page = client.get(f"/projects/?{query}")
    assert page.status_code == 200
    bad = {name for name in ("low", "high") if name in page.context["filters"].problems}
    assert bad <= {"low", "high"}
    for name in bad:
        assert f'aria-describedby="{name}-m"' in page.content.decode()
