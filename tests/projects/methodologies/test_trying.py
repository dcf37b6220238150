"""The form on a methodology's public page: asked by its own declaration, answered as by the API."""

from __future__ import annotations

import html
import re
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.settings import api_settings

from projects.methodologies import catalogue

pytestmark = pytest.mark.django_db
WIND = {"version": "20.0", "fact-technology": "wind", "fact-capacity_mw": "10",
        "fact-capacity_mw-unit": "MW"}
GIVEN = {"input-EG_export": "1000", "input-EG_export-unit": "kWh", "input-EF_OM": "0.1",
         "input-EF_BM": "0.30"}
WASTE = {"version": "08.0", "fact-year": "2", "fact-climate": "tropical_dry", "input-f": "0",
         "cell-W-1-type": "food", "cell-W-1-year": "1", "cell-W-1-W": "100"}


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def post(code: str, **sent: str) -> tuple[int, str]:
    """The status and the words of the answer."""
    response = Client().post(f"/methodologies/{code}/", sent)
    return response.status_code, text(response)


def text(response: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", response.content.decode()))


def test_facts_are_asked_first_and_decide_what_is_asked_for() -> None:
    assert 'name="input-' not in text(Client().get("/methodologies/ACM0002/"))
    status, page = post("ACM0002", step="ask", **WIND)
    assert (status, page.count('name="input-EG_export"')) == (200, 1)
    assert 'value="kWh"' in page and "0.75 if left empty." in page


def test_a_calculation_comes_out_exactly_with_its_steps_and_what_was_typed() -> None:
    """1 MWh × (0.75 × 0.1 + 0.25 × 0.3) = 0.15 t, which are no whole tonne."""
    status, page = post("ACM0002", step="calculate", **WIND, **GIVEN)
    assert status == 200
    assert "<dt>Emission reductions, exact</dt><dd class=\"num\">0.15 tCO<sub>2</sub>e</dd>" in page
    assert "<b>0 t</b>" in page
    assert 'id="step-EF_grid_CM"' in page and "<math" in page
    assert 'name="input-EG_export" value="1000"' in page


def test_every_fault_stands_beside_its_cause_and_nothing_typed_is_lost() -> None:
    wrong = {"input-EF_BM": "0,3", "input-EG_export-unit": "m3", "input-EF_OM": "<b>"}
    status, page = post("ACM0002", step="calculate", **WIND | GIVEN | wrong)
    assert status == 422
    for field, said in (
        ("EF_BM", "EF_BM '0,3' has a comma"), ("EG_export", "'m3' cannot be converted to MWh"),
        ("EF_OM", "EF_OM '<b>' is not a number"),
    ):
        error = page.index(f'id="id_input-{field}_error"')
        assert said in page[error : page.index(f'name="input-{field}"')]
    assert 'value="0,3"' in page and "Step by step" not in page
    status, page = post("ACM0002", step="calculate", **WIND | GIVEN | {"fact-capacity_mw": "many"})
    assert status == 422 and "capacity_mw 'many' is not a number." in page
    assert '<input type="hidden" name="input-EG_export" value="1000" />' in page


def test_tables_grow_by_a_row_and_name_the_cell_that_is_wrong() -> None:
    status, page = post("TOOL04", add="W", **WASTE)
    assert status == 200
    assert 'name="cell-W-1-W" value="100"' in page
    assert 'name="cell-W-3-W"' in page and 'name="cell-W-4-W"' not in page
    status, page = post("TOOL04", step="calculate", **WASTE, **{"cell-W-2-W": "1"})
    assert status == 422
    error = page.index('id="id_cell-W-2-type_error"')
    assert "W[2].type is missing" in page[error : page.index('name="cell-W-2-type"')]
    assert post("TOOL04", step="calculate", **WASTE)[0] == 200


def test_what_does_not_apply_says_why_and_is_not_calculated() -> None:
    sent = {"version": catalogue.get("AMS-III.AV").versions[-1].version,
            "fact-safe_water_supplied": "yes", "fact-quality_met": "yes"}
    status, page = post("AMS-III.AV", step="calculate", **sent)
    assert status == 200
    assert "It does not apply to these facts." in page
    assert 'value="calculate">' not in page.split("It does not apply")[1]


@pytest.mark.parametrize("code", sorted(catalogue.BY_CODE))
def test_nonsense_is_refused_by_every_one_and_never_a_fault_of_ours(code: str) -> None:
    about = catalogue.get(code)
    sent = {f"fact-{each.name}": "\x00 9e999" for each in about.facts} | {"rows-W": "9" * 30}
    for version in ("", "x", about.versions[0].version):
        status, _ = post(code, step="calculate", version=version, **sent)
        assert status == 422


def test_one_address_calculates_so_often_and_no_more() -> None:
    most = int(api_settings.DEFAULT_THROTTLE_RATES["calculations"].split("/")[0])
    pace = "throttle_calculations_127.0.0.1"
    cache.set(pace, [time.time()] * most, 60)
    status, page = post("ACM0002", step="ask", **WIND)
    assert status == 429
    assert "Too many calculations" in page
