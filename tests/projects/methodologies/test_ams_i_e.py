"""AMS-I.E by hand."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from projects.methodologies import ams_i_e
from projects.methodologies.ams_i_e import Replaced, Switch
from projects.methodologies.base import Calculation, NotApplicable, UnusableInputs

COUNTED = Switch(Replaced.DEVICES, D(45), nrb_since_1989=True)
MEASURED = replace(COUNTED, replaced=Replaced.USEFUL_ENERGY)
BIOGAS = {"type": "biogas", "N": 1000, "mu": D("0.8"), "B": D("2.5")}


def worked(facts: Switch = COUNTED, version: str = "12.0", **changes: Any) -> Calculation:
    given = {"f_NRB": D("0.8"), **changes}
    if facts.replaced is Replaced.DEVICES:
        given = {"devices": [BIOGAS], **given}
    return ams_i_e.METHODOLOGY.ex_ante(version=version, context=facts, inputs=given, year=1)


def test_devices_in_use() -> None:
    """1,000 × 0.8 × 2.5 t = 2,000 t; × 0.8 × 0.0156 TJ/t × 63.7 = 1,589.952 t; of which 5 %,
    79.4976 t, are given up for leakage: 1,510.4544 t.
    """
    result = worked()

    assert result.step("B_y").value == 2000
    assert (result.baseline, result.leakage) == (D("1589.952"), D("79.4976"))
    assert result.reductions_exact == D("1510.4544")
    assert result.reductions == 1510


def test_useful_energy() -> None:
    """3.12 TJ / (0.0156 TJ/t × 0.1) = 2,000 t of wood: the same 1,510.4544 t."""
    result = worked(MEASURED, HG_p=D("3.12"), eta_old=D("0.1"))

    assert result.step("B_y").value == 2000
    assert result.reductions_exact == D("1510.4544")


def test_two_types_in_the_older_version_with_fuel_and_electricity() -> None:
    """2,000 t + 100 × 1 × 5 t = 2,500 t; × 0.5 × 0.015 × 81.6 = 1,530 t, × 0.95 = 1,453.5 t; less
    1 t × 43 GJ/t × 0.07 = 3.01 t and 10 MWh × 0.5 × 1.1 = 5.5 t: 1,444.99 t.
    """
    facts = replace(COUNTED, electricity=True, fuels=("kerosene",))
    rows = [BIOGAS, {"type": "solar", "N": 100, "mu": 1, "B": 5}]
    result = worked(
        facts, "04.0", devices=rows, f_NRB=D("0.5"), FC_kerosene=1, NCV_kerosene=43,
        EF_CO2_kerosene=D("0.07"), EC=10, EF_EL=D("0.5"), TDL=D("0.1"),
    )

    assert result.baseline == 1530
    assert result.project == D("8.51")
    assert result.reductions_exact == D("1444.99")
    assert result.reductions == 1444


def test_the_other_way_of_knowing_the_wood_is_no_input() -> None:
    with pytest.raises(UnusableInputs) as refused:
        worked(COUNTED, HG_p=1)

    assert [each.symbol for each in refused.value.problems] == ["HG_p"]


@pytest.mark.parametrize("wrong", [{"eta_old": 0}, {"eta_old": 2}, {"NCV": -1}, {"f_NRB": 2}])
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnusableInputs) as refused:
        worked(MEASURED, **{"HG_p": 1, "eta_old": D("0.1"), **wrong})

    assert {each.symbol for each in refused.value.problems} == set(wrong)


def test_a_calorific_value_of_nothing_is_refused() -> None:
    with pytest.raises(UnusableInputs, match="division by zero"):
        worked(MEASURED, HG_p=1, eta_old=D("0.1"), NCV=0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"capacity_mwth": D(46)}, "46 MW is above the 45 MW"),
        ({"nrb_since_1989": False}, "not been used since then"),
        ({"cultivated_biomass": True}, "grown for it, not built here"),
        ({"charcoal": True}, "charcoal replaced, not built here"),
        ({"leakage_surveyed": True}, "surveys, not built here"),
    ],
)
def test_where_it_does_not_apply(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotApplicable, match=reason):
        worked(replace(COUNTED, **changes))
