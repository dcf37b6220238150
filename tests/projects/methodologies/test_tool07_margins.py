"""TOOL07 from plants and units: simple and average margin, by fuel and by efficiency."""

from decimal import Decimal
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.methodologies import tool07_grid
from projects.methodologies.base import (
    NotApplicable,
    Outcome,
    Quantity,
    Technology,
    UnusableInputs,
)
from projects.methodologies.tool07_grid import Grid
from projects.methodologies.tool07_rows import Margin, Method

COAL = {"plant": "coal", "EG": 1000, "EF_CO2": D("0.095"), "eta": D("0.38")}
GAS = {"plant": "gas", "EG": 3000, "EF_CO2": D("0.056"), "eta": D("0.56")}
HYDRO = {"plant": "hydro", "EG": 2000, "EF_CO2": 0, "eta": 1, "low_cost": True}


def worked(
    operating: Margin = Margin.GIVEN,
    build: Margin = Margin.GIVEN,
    method: Method = Method.SIMPLE,
    technology: Technology = Technology.WIND,
    **inputs: Any,
) -> Outcome:
    given = {
        **({"EF_OM": D("0.5")} if operating is Margin.GIVEN else {}),
        **({"EF_BM": D("0.5")} if build is Margin.GIVEN else {}),
    }
    facts = Grid(technology, operating_margin=operating, build_margin=build, method=method)
    return tool07_grid.TOOL.calculate(version="07.0", context=facts, inputs={**given, **inputs})


def problems(**asked: Any) -> dict[str, str]:
    with pytest.raises(UnusableInputs) as refused:
        worked(**asked)
    return {each.symbol: each.message for each in refused.value.problems}


def test_a_simple_margin_by_efficiency() -> None:
    """Coal 1,000 MWh × 0.095 × 3.6 / 0.38 = 900 t, gas 3,000 × 0.056 × 3.6 / 0.56 = 1,080 t;
    1,980 / 4,000 = 0.495, water left out; 0.75 × 0.495 + 0.25 × 0.5 = 0.49625.
    """
    outcome = worked(Margin.EFFICIENCY, OM_plants=[COAL, GAS, HYDRO])

    assert outcome.step("E[coal]").value == 900
    assert outcome.step("E[gas]").value == 1080
    assert outcome.step("EF_OM").value == D("0.495")
    assert outcome.value == D("0.49625")


def test_an_average_margin_counts_water_too() -> None:
    """1,980 t / 6,000 MWh = 0.33; 0.75 × 0.33 + 0.25 × 0.5 = 0.3725."""
    outcome = worked(
        Margin.EFFICIENCY, method=Method.AVERAGE, OM_plants=[COAL, GAS, HYDRO]
    )

    assert outcome.step("EF_OM").value == D("0.33")
    assert outcome.step("EF_OM").title == "Average operating margin"
    assert outcome.value == D("0.3725")


def test_a_simple_margin_by_the_fuel_of_each_plant() -> None:
    """Old: 400 t × 25 GJ/t × 0.1 = 1,000 t and 100 t × 40 × 0.08 = 320 t of oil; new: 200 × 25 ×
    0.1 = 500 t; 1,820 t / (1,300 + 700) MWh = 0.91; 0.75 × 0.91 + 0.25 × 0.5 = 0.8075.
    """
    outcome = worked(
        Margin.FUELS,
        OM_plants=[{"plant": "old", "EG": 1300}, {"plant": "new", "EG": 700}],
        OM_fuels=[
            {"plant": "old", "fuel": "coal", "FC": 400, "NCV": 25, "EF_CO2": D("0.1")},
            {"plant": "old", "fuel": "oil", "FC": 100, "NCV": 40, "EF_CO2": D("0.08")},
            {"plant": "new", "fuel": "coal", "FC": 200, "NCV": 25, "EF_CO2": D("0.1")},
        ],
    )

    assert outcome.step("E[old]").value == 1320
    assert outcome.step("EF_OM").value == D("0.91")
    assert outcome.value == D("0.8075")


def test_a_build_margin_by_efficiency() -> None:
    """Of six units of 100 MWh the five newest count: four of gas with 100 × 0.056 × 3.6 / 0.56 = 36
    t, one of wind with none: 144 / 500 = 0.288; wind 0.75 × 0.5 + 0.25 × 0.288 = 0.447.
    """
    rows = [
        {
            "unit": f"unit {year}", "commissioned": f"{year}-01-01", "EG": 100,
            "EF_CO2": 0 if year == 2008 else D("0.056"), "eta": D("0.56"),
        }
        for year in range(2004, 2010)
    ]
    outcome = worked(build=Margin.EFFICIENCY, BM_units=rows)

    assert outcome.step("EF_BM").value == D("0.288")
    assert outcome.value == D("0.447")
    with pytest.raises(KeyError):
        outcome.step("E[unit 2004]")


def test_a_build_margin_by_fuel() -> None:
    """200 MWh with 40 t × 25 × 0.1 = 100 t: 0.5; a CDM unit counts for nothing."""
    outcome = worked(
        build=Margin.FUELS,
        BM_units=[
            {"unit": "a", "commissioned": "2010-01-01", "EG": 200},
            {"unit": "b", "commissioned": "2011-01-01", "EG": 900, "registered_cdm": True},
        ],
        BM_fuels=[{"unit": "a", "fuel": "coal", "FC": 40, "NCV": 25, "EF_CO2": D("0.1")}],
    )

    assert outcome.step("EF_BM").value == D("0.5")
    assert "old units" in outcome.step("EF_BM").note


@pytest.mark.parametrize("hydro", [4000, 9000])
def test_too_much_low_cost_generation_for_a_simple_margin(hydro: int) -> None:
    """4,000 of 8,000 MWh is a share of 0.5, which is not below 0.5."""
    rows = [COAL, GAS, {**HYDRO, "EG": hydro}]

    assert "take the average" in problems(
        operating=Margin.EFFICIENCY, OM_plants=rows
    )["OM_plants"]
    assert worked(Margin.EFFICIENCY, method=Method.AVERAGE, OM_plants=rows).value


def test_fuel_of_a_plant_that_is_not_there() -> None:
    row = {"plant": "cola", "fuel": "coal", "FC": 1, "NCV": 25, "EF_CO2": D("0.1")}

    assert problems(
        operating=Margin.FUELS, OM_plants=[{"plant": "coal", "EG": 1}], OM_fuels=[row]
    ) == {"OM_fuels[1].plant": "'cola' is no plant of OM_plants"}


def test_an_efficiency_above_one() -> None:
    found = problems(operating=Margin.EFFICIENCY, OM_plants=[{**COAL, "eta": D("1.01")}])

    assert set(found) == {"OM_plants[1].eta"}


@pytest.mark.parametrize("method", [Method.SIMPLE_ADJUSTED, Method.DISPATCH_DATA])
def test_other_margins_are_refused(method: Method) -> None:
    with pytest.raises(NotApplicable, match="not built here"):
        worked(method=method)


@pytest.mark.parametrize(
    ("technology", "period", "weight"),
    [("wind", 1, "0.75"), ("solar", 3, "0.75"), ("hydro", 1, "0.5"), ("biomass", 2, "0.25")],
)
def test_weights_by_technology_and_crediting_period(
    technology: str, period: int, weight: str
) -> None:
    """With an operating margin of 1 and a build margin of 0 the result is the weight itself."""
    outcome = tool07_grid.TOOL.calculate(
        version="07.0", context=Grid(Technology(technology), period),
        inputs={"EF_OM": 1, "EF_BM": 0},
    )

    assert outcome.value == D(weight)


ENERGY = st.decimals(min_value=1, max_value=10**6, places=3)
SHARE = st.decimals(min_value=D("0.1"), max_value=1, places=3)


@given(ENERGY, ENERGY, SHARE, SHARE)
def test_between_its_plants_monotone_in_efficiency_and_the_same_in_every_unit(
    one: Decimal, other: Decimal, worse: Decimal, better: Decimal
) -> None:
    worse, better = sorted((worse, better))
    rows = [{**GAS, "EG": one}, {**GAS, "plant": "coal", "EG": other, "EF_CO2": D("0.095")}]
    asked = [
        worked(Margin.EFFICIENCY, OM_plants=[{**row, "eta": eta} for row in rows])
        for eta in (worse, better)
    ]
    margin = asked[0].step("EF_OM").value
    converted = [
        {
            **row, "EG": Quantity(row["EG"] * 1000, "kWh"), "eta": Quantity(worse * 100, "%"),
            "EF_CO2": Quantity(row["EF_CO2"] * 1000, "tCO2/TJ"),
        }
        for row in rows
    ]

    assert D("0.056") * D("3.6") / worse <= margin <= D("0.095") * D("3.6") / worse
    assert asked[1].value <= asked[0].value
    assert worked(Margin.EFFICIENCY, OM_plants=converted).step("EF_OM").value == margin
