"""AMS-I.C by hand; the first case is the vector of the domain reference."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from projects.methodologies import ams_i_c
from projects.methodologies.ams_i_c import Fuel, Heat
from projects.methodologies.base import Calculation, NotApplicable, UnusableInputs

COAL = Heat(D(45), Fuel.COAL)


def worked(facts: Heat = COAL, **changes: Any) -> Calculation:
    given = {"EG_thermal": 100, "eta_BL": D("0.85"), **changes}
    return ams_i_c.METHODOLOGY.ex_ante(version="21.0", context=facts, inputs=given, year=1)


def test_vector_heat_instead_of_coal() -> None:
    """100 TJ / 0.85 × 94.6 tCO2/TJ = 9,460 / 0.85 = 11,129.41… t."""
    result = worked()

    assert round(result.baseline, 2) == D("11129.41")
    assert result.reductions == 11_129


def test_gas_with_electricity_and_fuel_of_the_project() -> None:
    """50 TJ / 0.9 × 56.1 = 3,116.666… t; 100 MWh × 0.5 × 1.1 = 55 t and 2 t × 43 GJ/t × 0.07 =
    6.02 t; 3,116.666… − 61.02 = 3,055.646… t.
    """
    facts = Heat(D(10), Fuel.GAS, electricity=True, fuels=("diesel",))
    result = worked(
        facts, EG_thermal=50, eta_BL=D("0.9"), EC=100, EF_EL=D("0.5"), TDL=D("0.1"),
        FC_diesel=2, NCV_diesel=43, EF_CO2_diesel=D("0.07"),
    )

    assert result.project == D("61.02")
    assert round(result.reductions_exact, 3) == D("3055.647")
    assert result.reductions == 3055


def test_a_fuel_with_its_own_factor() -> None:
    """10 TJ / 1 × 100 tCO2/TJ = 1,000 t; oil by default is 10 × 77.4 = 774 t."""
    assert worked(Heat(D(1), Fuel.OTHER), EG_thermal=10, eta_BL=1, EF_FF=100).reductions == 1000
    assert worked(Heat(D(1), Fuel.OIL), EG_thermal=10, eta_BL=1).reductions == 774
    with pytest.raises(UnusableInputs, match="is missing"):
        worked(Heat(D(1), Fuel.OTHER))


@pytest.mark.parametrize(
    "wrong", [{"eta_BL": D("1.01")}, {"eta_BL": 0}, {"EG_thermal": -1}, {"EF_FF": 94_600}]
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnusableInputs) as refused:
        worked(**wrong)

    assert {each.symbol for each in refused.value.problems} == set(wrong)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"capacity_mwth": D("45.01")}, "45.01 MW is above the 45 MW"),
        ({"cogeneration": True}, "electricity generated, not built here"),
        ({"biomass": True}, "biomass burnt, not built here"),
        ({"existing_plant": True}, "retrofit of a plant, not built here"),
        ({"equipment_transferred": True}, "from another activity, not built here"),
    ],
)
def test_where_it_does_not_apply(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotApplicable, match=reason):
        worked(replace(COAL, **changes))
