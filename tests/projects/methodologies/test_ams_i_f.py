"""AMS-I.F by hand."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from projects.methodologies import ams_i_f
from projects.methodologies.ams_i_f import Captive, Supplied
from projects.methodologies.base import (
    Activity,
    Calculation,
    NotApplicable,
    Quantity,
    Technology,
    UnusableInputs,
)

ROOFS = Captive(Technology.SOLAR, D(15), Supplied.CAPTIVE)
ISLAND = Captive(Technology.HYDRO, D(1), Supplied.MINI_GRID, fuels=("diesel",), electricity=True)


def worked(facts: Captive = ROOFS, **given: Any) -> Calculation:
    return ams_i_f.METHODOLOGY.ex_ante(version="03.0", context=facts, inputs=given, year=1)


def test_electricity_of_the_grid_displaced() -> None:
    """20,000 MWh × 0.825 tCO2/MWh = 16,500 t."""
    assert worked(EG_BL=20_000, EF_CO2=D("0.825")).reductions_exact == 16_500


def test_a_mini_grid_on_diesel_with_fuel_and_electricity_of_the_project() -> None:
    """1,500 MWh × 0.8 = 1,200 t; less 3 t × 43 GJ/t × 0.0741 = 9.5589 t and 5 MWh × 0.8 × 1 = 4 t:
    1,186.4411 t.
    """
    result = worked(
        ISLAND, EG_BL=1500, EF_CO2=D("0.8"), FC_diesel=3, NCV_diesel=43,
        EF_CO2_diesel=D("0.0741"), EC=5, EF_EL=D("0.8"), TDL=0,
    )

    assert result.project == D("13.5589")
    assert result.reductions_exact == D("1186.4411")
    assert result.reductions == 1186


def test_more_used_than_displaced_is_a_shortfall() -> None:
    """0 − 1 t × 43 × 0.07 − 10 MWh × 1.3 × 1.2 = −3.01 − 15.6 = −18.61 t: 19 t short."""
    result = worked(
        ISLAND, EG_BL=0, EF_CO2=D("0.8"), FC_diesel=1, NCV_diesel=43, EF_CO2_diesel=D("0.07"),
        EC=10,
    )

    assert result.reductions_exact == D("-18.61")
    assert result.shortfall == 19


def test_a_factor_in_other_units_and_one_that_cannot_be() -> None:
    """1 GWh × 800 gCO2/kWh = 800 t; 800 tCO2/MWh is refused."""
    given = {"EG_BL": Quantity(D(1), "GWh"), "EF_CO2": Quantity(D(800), "gCO2/kWh")}

    assert worked(**given).reductions == 800
    with pytest.raises(UnusableInputs, match="out of range"):
        worked(EG_BL=1, EF_CO2=800)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"capacity_mw": D("15.1")}, "15.1 MW is above the 15 MW"),
        ({"supplied": Supplied.GRID}, "use AMS-I.D"),
        ({"technology": Technology.BIOMASS}, "biomass, not built here"),
        ({"technology": Technology.GEOTHERMAL}, "geothermal, not built here"),
        ({"activity": Activity.CAPACITY_ADDITION}, "capacity addition, not built here"),
        ({"reservoir": True}, "reservoir, not built here"),
        ({"equipment_transferred": True}, "from another activity, not built here"),
    ],
)
def test_where_it_does_not_apply(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotApplicable, match=reason):
        worked(replace(ROOFS, **changes), EG_BL=1, EF_CO2=1)
