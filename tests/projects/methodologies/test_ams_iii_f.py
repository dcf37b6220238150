"""AMS-III.F by hand; methane 25 and nitrous oxide 298 in the second commitment period.

A tonne of food in the tropical wet emits in its first year 0.85 × 25 × 0.9 × 16/12 × 0.5 × 0.5 ×
1 × 0.15 × (1 − e^−0.4) = 0.95625 × 0.329679954 = 0.3152564560 t; and in its second, × e^−0.4.
"""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from projects.methodologies import ams_iii_f
from projects.methodologies.ams_iii_f import Composting
from projects.methodologies.base import Calculation, NotApplicable, UnusableInputs
from projects.methodologies.calculation import walk
from projects.methodologies.tool04 import Climate

YARD = Composting(1, Climate.TROPICAL_WET)
FOOD = {"type": "food", "year": 1, "W": 1000}


def worked(facts: Composting = YARD, **changes: Any) -> Calculation:
    given = {"W": [FOOD], "f": 0, "MD_reg": 0, "Q_comp": 1000, "d": 365, **changes}
    return ams_iii_f.METHODOLOGY.ex_ante(version="12.0", context=facts, inputs=given, year=1)


def test_food_of_one_year() -> None:
    """1,000 × 0.3152564560 = 315.256… t; PE = 1,000 × (0.002 × 25 + 0.0002 × 298) = 50 + 59.6 =
    109.6 t; 205.656… t.
    """
    result = worked()

    assert round(result.baseline, 4) == D("315.2565")
    assert result.project == D("109.6")
    assert round(result.reductions_exact, 4) == D("205.6565")
    assert result.reductions == 205


def test_methane_whose_capture_a_law_demands() -> None:
    """315.2564… − 4 t × 25 = 215.2564… t; less 109.6 is 105.656… t."""
    result = worked(MD_reg=4)

    assert round(result.baseline, 4) == D("215.2565")
    assert result.reductions == 105


def test_two_years_with_electricity_fuel_and_run_off() -> None:
    """(1,000 × e^−0.4 + 500) t: 670.3200460 + 500 = 1,170.3200460 × 0.3152564560 = 368.950950… t.
    PE: 500 × 0.1096 = 54.8; 10 MWh × 0.5 × 1.1 = 5.5; 1 t × 43 × 0.07 = 3.01; run-off 100 m³ ×
    0.01 × 0.25 × 0.8 × 1.12 × 25 = 5.6: 68.91 t. 300.040950… t.
    """
    facts = replace(YARD, year=2, run_off=True, electricity=True, fuels=("diesel",))
    result = worked(
        facts, W=[FOOD, {"type": "food", "year": 2, "W": 500}], Q_comp=500, EC=10,
        EF_EL=D("0.5"), TDL=D("0.1"), FC_diesel=1, NCV_diesel=43, EF_CO2_diesel=D("0.07"),
        Q_RO=100, COD_RO=D("0.01"), MCF_RO=D("0.8"),
    )

    assert round(result.baseline, 4) == D("368.9510")
    assert result.project == D("68.91")
    assert result.reductions == 300
    assert result.step("PE_COMP").tool == "TOOL13, version 02.0"


def test_the_limit_of_small_scale_type_iii() -> None:
    """A thousand times as much: 205,656 t, held to 60,000 t × 365 / 365."""
    result = worked(W=[{**FOOD, "W": 10**6}], Q_comp=10**6)

    assert result.reductions == 60_000


def test_slow_waste_starts_with_a_shortfall() -> None:
    """Wood in the boreal dry: 0.8 × 25 × 0.9 × 16/12 × 0.25 × 0.43 × (1 − e^−0.02) = 0.0510…: of
    1,000 t 51.08… t, less 109.6 = −58.5… t: 59 t short.
    """
    result = worked(replace(YARD, climate=Climate.BOREAL_DRY), W=[{**FOOD, "type": "wood"}])

    assert round(result.baseline, 2) == D("51.09")
    assert result.shortfall == 59


@pytest.mark.parametrize(
    ("changes", "symbol", "message"),
    [
        ({"MD_reg": 13}, "MD_reg", "13 t is more than the waste would emit"),
        ({"Q_comp": 999}, "Q_comp", "999 t is less than the waste of the year in W, 1000 t"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any], symbol: str, message: str) -> None:
    with pytest.raises(UnusableInputs) as refused:
        worked(**changes)

    assert [(p.symbol, p.message) for p in refused.value.problems] == [(symbol, message)]


def test_every_step_says_that_it_is_unverified() -> None:
    assert all("unverified" in step.source for step in walk(worked().steps))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"stockpile": True}, "a stockpile"),
        ({"compost_without_air": True}, "without air, not built here"),
        ({"manure": True}, "manure composted as well, not built here"),
        ({"waste_water": True}, "waste water composted as well, not built here"),
        ({"carried_farther": True}, "carried farther, not built here"),
    ],
)
def test_where_it_does_not_apply(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotApplicable, match=reason):
        worked(replace(YARD, **changes))
