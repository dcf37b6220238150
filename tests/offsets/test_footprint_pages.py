"""The calculator's pages and API: nothing stored, nothing typed lost, few statements."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db
RESULT, QUESTIONS = "/footprint/person/result/", "/footprint/person/"
KENYA = {"country": "KEN", "people": "3", "electricity": "1200", "diet": "vegan"}
ADDRESS = "/api/v1/footprints/"


def post(body: Any) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return Client().post(ADDRESS, text, content_type="application/json")


def test_from_the_start_to_the_questions() -> None:
    client = Client()
    assert client.get("/footprint/").status_code == 200
    assert client.get("/footprint/?who=event&country=DEU")["Location"] == (
        "/footprint/event/?country=DEU"
    )
    wrong = client.get("/footprint/?who=event&country=XX")
    assert wrong.status_code == 422
    assert b"Choose a country." in wrong.content
    assert client.get("/footprint/robot/?country=DEU").status_code == 404
    assert client.get("/footprint/event/?country=DEU&on=yesterday").status_code == 302


@pytest.mark.parametrize("who", ["person", "household", "event", "organisation"])
def test_each_figure_stands_beside_its_field_with_year_and_standing(who: str) -> None:
    page = Client().get(f"/footprint/{who}/?country=KEN").content.decode()
    assert 'value="83.33"' in page
    assert "unverified, from a copy of Ember’s yearly averages" in page
    assert "Data of 2022 · Kenya" in page
    assert "0.03546 kg CO<sub>2</sub>e/passenger-km · data of 2025" in page
    assert "No figure was found for hotels in this country." in page


def test_a_result_is_explained_and_its_link_gives_it_again() -> None:
    client = Client()
    answer = client.get(RESULT, KENYA)
    page = answer.content.decode()
    assert "2 tonnes to offset" in page
    assert "1\u202f200 kWh × 0.08333 kg CO<sub>2</sub>e/kWh ÷ 3 people who share it" in page
    assert "rounded up once" in page
    assert '<svg class="chart lying"' in page
    assert "Scarborough et al., Climatic Change 125 (2014)" in page
    link = answer.context["link"]
    assert parse_qs(urlsplit(link).query)["on"] == ["2026-11-29"]
    again = client.get(link)
    assert again.context["found"] == answer.context["found"]
    change = client.get(answer.context["change_url"]).content.decode()
    assert 'value="1200"' in change
    assert '<option value="vegan" selected>' in change


@pytest.mark.parametrize(
    "typed", ["-1", "NaN", "1e308", "1,5", "١٢", "9" * 500, "<script>", "12.5.1"]
)
def test_a_wrong_answer_stands_beside_its_field_and_nothing_is_lost(typed: str) -> None:
    answer = Client().get(RESULT, KENYA | {"gas": typed, "car": typed, "people": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"gas", "car", "people"}
    assert answer.context["form"]["gas"].value() == typed
    assert 'id="id_gas_error"' in page
    assert 'value="1200"' in page
    assert "<script>" not in page.partition("<main")[2]


def test_the_tonnes_are_remembered_and_nothing_else() -> None:
    client = Client()
    words = "country=KEN&on=2026-11-29&flight_long_first=5000"
    answer = client.post(f"{RESULT}?{words}")
    assert (answer.status_code, answer["Location"]) == (302, "/projects/")
    assert client.session["wanted_tonnes"] == 3
    assert list(client.session.keys()) == ["wanted_tonnes"]
    assert "Your footprint: 3 tonnes to offset" in client.get("/projects/").content.decode()
    nothing = "/footprint/event/result/?country=KEN"
    assert client.post(nothing).status_code == 200
    many = f"{RESULT}?country=KEN&waste=999999999&flight_short=999999999"
    assert client.post(many).status_code == 302
    assert client.session["wanted_tonnes"] == 1_229_281
    assert Client(enforce_csrf_checks=True).post(many).status_code == 403


def test_a_page_asks_the_database_for_the_time_and_the_frame_alone() -> None:
    for address in (f"{RESULT}?country=KEN&electricity=1", f"{QUESTIONS}?country=KEN"):
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(address).status_code == 200
        read = [each["sql"] for each in asked if each["sql"].startswith("SELECT")]
        assert len(read) == 2, read
    assert not Session.objects.exists()


def test_the_api_gives_the_same_with_the_same_names() -> None:
    asked = Client().get(ADDRESS, {"who": "person", "country": "KEN"}).json()
    names = {each["name"] for each in asked["questions"]}
    assert {"people", "electricity", "grid", "diet", "waste"} <= names
    grid = next(each for each in asked["questions"] if each["name"] == "grid")
    assert (grid["default"], grid["figure"]["year"], grid["figure"]["verified"]) == (
        "83.33", "2022", False,
    )
    answer = post({"who": "person", "country": "KEN", "on": asked["on"],
                   "answers": {"people": 3, "electricity": 1200, "diet": "vegan"}})
    assert answer.status_code == 200
    body = answer.json()
    page = Client().get(f"{RESULT}?{body['query']}").context["found"]
    assert body["tonnes"] == page.tonnes == 2
    assert body["kg"] == "1295.282000"
    assert [line["name"] for line in body["lines"]] == [line.name for line in page.lines]
    assert Client().get(ADDRESS).json()["country"] == "WLD"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("[]", {""}), ("{", {""}), ({}, {"who", "country"}),
        ({"who": "person", "country": "WLD"}, {"country"}),
        ({"who": "person", "country": "KEN", "on": "soon"}, {"on"}),
        ({"who": "person", "country": "KEN", "answers": []}, {"answers"}),
        ({"who": "person", "country": "KEN", "answers": {"days": 2, "gas": [1]}},
         {"answers.days", "answers.gas"}),
        ({"who": "person", "country": "KEN", "answers": {"gas": -1, "bus": "1,5"}},
         {"answers.gas", "answers.bus"}),
        ('{"who": "person", "country": "KEN", "answers": {"gas": 1e99999}}', {"answers.gas"}),
        ('{"who": "person", "country": "KEN", "answers": {"gas": NaN}}', {""}),
    ],
)  # fmt: skip
def test_every_fault_is_a_problem_by_its_name(body: Any, fields: set[str]) -> None:
    answer = post(body)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()["errors"]) == fields
