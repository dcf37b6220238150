"""Bad input in JSON, to the command and to the API: the one line that each is answered with, or
what comes out where it is no fault.

Those that stand in a file of readings: test_calculate_readings.py.
"""

from __future__ import annotations

import json
from decimal import Decimal as D
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.projects.methodologies.calculating import HYDRO, WATER, WIND, Run, about, given

Asked = dict[str, Any]
REFUSED: list[Any] = [
    pytest.param(
        "ACM0002", given(WIND, EG_export="5 kWh 3 MWh"),
        "EG_export: '5 kWh 3 MWh' is not a number alone: it has two units",
        id="two units in one value",
    ),
    pytest.param(
        "ACM0002", given(WIND, EG_export="26280,5"),
        "EG_export: '26280,5' has a comma: write numbers with a point as decimal sign and nothing "
        "between thousands", id="a comma as decimal sign",
    ),
    pytest.param(
        "ACM0002", WIND | {"period": {"from": "2014-02-29", "to": "2014-12-31"}},
        "period.from: '2014-02-29' is no day, written like 2020-12-31", id="29 February",
    ),
    pytest.param(
        "ACM0002", WIND | {"period": {"from": "2012-07-01", "to": "2013-06-30"}},
        "period: 2012-07-01 to 2013-06-30 has two sets of global warming potentials: others hold "
        "from 2013-01-01 on, so calculate each part by itself (commitment_period 1 and 2) and "
        "round the sum", id="a period across two GWP sets",
    ),
    pytest.param(
        "AMS-III.AV", given(WATER, eta="1.01"), "eta: 1.01 is out of range: between 0 and 1",
        id="an efficiency above 1",
    ),
    pytest.param(
        "ACM0002", about(HYDRO, reservoir_area_km2="2.5"),
        "methodology: ACM0002 does not apply: its power density is 4.00 W/m², not above 4 W/m²",
        id="a power density of exactly 4 W/m²",
    ),
    pytest.param(
        "ACM0002", given(WIND, EG_export="NaN"), "EG_export: 'NaN' is not a number", id="a NaN",
    ),
    pytest.param(
        "ACM0002", WIND | {"on": "2022-11-02"},
        "version: Version 20.0 of ACM0002 was not valid on 2022-11-02: from 2019-11-28 to "
        "2022-11-01.", id="a methodology version expired the day before",
    ),
]
COUNTED: list[Any] = [
    pytest.param(
        "ACM0002", WIND | {"period": {"from": "2016-02-29", "to": "2016-02-29"}},
        {"reductions": 21_681}, id="29 February of a leap year",
    ),
    pytest.param(
        "ACM0002", WIND | {"on": "2022-11-01"}, {"reductions": 21_681},
        id="the last day of a methodology version",
    ),
    # 10 MW over 1 km²: 51,000 MWh × 90 kg / 1000 = 4,590 t
    pytest.param(
        "ACM0002", HYDRO, {"project": "4590.000"}, id="a power density of exactly 10 W/m²",
    ),
    pytest.param(
        "ACM0002", given(WIND, EG_export=0), {"reductions": 0, "claimable": 0, "shortfall": 0},
        id="zero generation",
    ),
    # nothing delivered, 100 t of diesel: 100 × 43.3 × 0.0748 = 323.884 t, carried over as 324
    pytest.param(
        "AMS-III.AV", WATER, {"reductions": -324, "claimable": 0, "shortfall": 324},
        id="a negative first period",
    ),
]


def post(code: str, asked: Asked) -> Any:
    cache.clear()
    return Client(raise_request_exception=False).post(
        "/api/v1/calculations/", json.dumps(asked | {"code": code}),
        content_type="application/json",
    )


@pytest.mark.parametrize(("code", "asked", "line"), REFUSED)
def test_a_bad_input_is_refused_with_one_line(
    run: Run, code: str, asked: Asked, line: str
) -> None:
    assert run.refused(code, asked) == [line]

    answer = post(code, asked)
    name, _, said = line.partition(": ")
    assert (answer.status_code, answer.json()["errors"]) == (422, {name: [said]})


@pytest.mark.parametrize(("code", "asked", "comes_out"), COUNTED)
def test_what_is_no_fault_is_calculated(
    run: Run, code: str, asked: Asked, comes_out: dict[str, Any]
) -> None:
    status, out, lines = run(code, asked)
    answer = post(code, asked).json()

    assert (status, lines) == (0, [])
    for found in (json.loads(out), answer):
        assert {name: found[name] for name in comes_out} == comes_out


def test_a_hair_above_ten_watts_the_reservoir_does_not_count(run: Run) -> None:
    """Then the gross generation is not asked for."""
    assert run.refused("ACM0002", about(HYDRO, reservoir_area_km2="0.999999")) == [
        "TEG: is not an input of this calculation"
    ]


def test_a_negative_period_is_made_good_before_anything_is_claimed(run: Run) -> None:
    """−323.884 t is 324 t short; the next period's 182 t make good a part, nothing is claimed."""
    _, out, _ = run("AMS-III.AV", WATER)
    first = json.loads(out)
    assert D(first["reductions_exact"]) == D("-323.884")

    later = given(WATER, QPW="1000000", FC_diesel="0") | {"shortfall": first["shortfall"]}
    _, out, _ = run("AMS-III.AV", later)
    second = json.loads(out)
    assert (second["reductions"], second["claimable"], second["shortfall"]) == (182, 0, 142)
