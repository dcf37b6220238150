"""Calculations by the API: exact, anonymous, nothing kept, every fault by its name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from rest_framework.settings import api_settings

from projects.methodologies import catalogue

WIND = (
    '{"code": "ACM0002", "version": "20.0",'
    ' "facts": {"technology": "wind", "capacity_mw": 10},'
    ' "inputs": {"EG_export": {"value": 1e3, "unit": "kWh"}, "EF_OM": 0.1, "EF_BM": 0.30}}'
)
ADDRESS = "/api/v1/calculations/"


def post(text: str | bytes, **headers: Any) -> Any:
    return Client(raise_request_exception=False).post(
        ADDRESS, text, content_type="application/json", **headers
    )


# What posts has no leave to ask the database: every question to it is an error.


def test_numbers_stay_decimal() -> None:
    """1 MWh × (0.75 × 0.1 + 0.25 × 0.3) is 0.15 exactly, not 0.15000000000000002."""
    answer = post(WIND)

    assert answer.status_code == 200
    assert answer.json()["reductions_exact"] == "0.1500"
    assert answer.json()["lines"][0] == "ACM0002, version 20.0"


def test_every_fault_is_a_problem_by_its_name() -> None:
    answer = post(WIND.replace("0.30", '"0,3"').replace('"EF_OM"', '"EF_CM"'))

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()["errors"]) == {"EF_CM", "EF_OM", "EF_BM"}
    assert "comma" in answer.json()["errors"]["EF_BM"][0]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{", ""), ("[]", ""), ("NaN", ""), ("", "code"), (b"\xff", ""), ('{"a": 1, "a": 2}', ""),
        ("{}", "code"), ('{"code": 5}', "code"), ('{"code": "ACM9999"}', "methodology"),
        ('{"code": "ACM0002"}', "version"), ("[" * 50_000, ""),
        (WIND.replace("1e3", "1e999999999999999999999"), ""),
        (WIND.replace("1e3", "1e300"), "EG_export"), (WIND.replace("20.0", "99"), "version"),
        (WIND.replace("wind", "coal"), "technology"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(text: str | bytes, field: str) -> None:
    answer = post(text)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]


def test_only_json_and_only_post() -> None:
    browser = Client()
    assert browser.post(ADDRESS, {"code": "ACM0002"}).status_code == 415
    assert browser.put(ADDRESS, "{}", content_type="application/json").status_code == 405


def test_one_address_is_slowed_down_whatever_it_says_of_itself() -> None:
    most = int(api_settings.DEFAULT_THROTTLE_RATES["calculations"].split("/")[0])
    for number in range(most):
        assert post("{}", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}").status_code == 422

    answer = post("{}", HTTP_X_FORWARDED_FOR="10.1.1.1")

    assert answer.status_code == 429
    assert answer.json()["code"] == "throttled"
    assert int(answer["Retry-After"]) > 0
    assert post("{}", REMOTE_ADDR="192.0.2.7").status_code == 422


@pytest.mark.django_db
def test_the_list_names_what_is_built() -> None:
    answer = Client().get("/api/v1/methodologies/").json()

    assert [row["code"] for row in answer["data"]] == list(catalogue.BY_CODE)
    assert answer["not_built"] == list(catalogue.not_built())
    assert all(row["versions"] for row in answer["data"])


@pytest.mark.django_db
def test_one_says_what_it_asks_for() -> None:
    address = "/api/v1/methodologies/AMS-III.AV/"
    plain = Client().get(address).json()
    facts = json.dumps({"safe_water_supplied": True, "quality_met": True, "fuels": ["diesel"]})
    whole = Client().get(address, {"facts": facts}).json()

    assert {each["verified"] for each in plain["constants"]} == {False}
    assert "parameters" not in plain
    assert {each["symbol"] for each in whole["parameters"]} >= {"QPW", "FC_diesel"}
    assert [each["code"] for each in whole["conditions"] if not each["met"]] != []


@pytest.mark.django_db
@pytest.mark.parametrize("facts", ["", "{", "[]", '{"colour": "red"}', "NaN"])
def test_facts_that_cannot_be_read(facts: str) -> None:
    answer = Client().get("/api/v1/methodologies/ACM0002/", {"facts": facts})
    assert answer.status_code == 422


@pytest.mark.django_db
def test_what_is_not_built_is_not_there() -> None:
    answer = Client().get("/api/v1/methodologies/ACM9999/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
