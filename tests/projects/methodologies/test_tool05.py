"""TOOL05 by hand: electricity × factor × (1 + losses)."""

from decimal import Decimal
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.methodologies import tool05
from projects.methodologies.base import Given, NotApplicable, Outcome, Quantity, UnusableInputs
from projects.methodologies.tool05 import Consumption, Supply, Use

GRID = Consumption()


def worked(facts: Consumption = GRID, **inputs: Given) -> Outcome:
    return tool05.TOOL.calculate(version="03.0", context=facts, inputs=inputs)


def test_electricity_of_the_grid_by_its_combined_margin() -> None:
    """1,000 MWh × 0.5 tCO2/MWh × (1 + 0.1) = 550 t."""
    outcome = worked(EC=D(1000), EF_EL=D("0.5"), TDL=D("0.1"))

    assert (outcome.symbol, outcome.value, outcome.unit) == ("PE_EC", 550, "tCO2e")
    assert "unverified" in outcome.step("PE_EC").source


def test_the_high_defaults_of_a_project() -> None:
    """100 MWh × 1.3 × (1 + 0.2) = 156 t."""
    assert worked(EC=D(100)).value == 156


def test_a_captive_plant_loses_nothing_on_the_way() -> None:
    """100 MWh × 0.8 = 80 t; the losses are no input."""
    captive = Consumption(supply=Supply.CAPTIVE)

    assert worked(captive, EC=D(100), EF_EL=D("0.8")).value == 80
    with pytest.raises(UnusableInputs):
        worked(captive, EC=D(100), EF_EL=D("0.8"), TDL=D("0.2"))


def test_a_baseline_has_no_default() -> None:
    """200 MWh × 0.4 × 1.03 = 82.4 t; a high default would make a baseline larger than it was."""
    baseline = Consumption(use=Use.BASELINE)
    outcome = worked(baseline, EC=D(200), EF_EL=D("0.4"), TDL=D("0.03"))

    assert outcome.value == D("82.4")
    assert outcome.step("PE_EC").part == "baseline"
    with pytest.raises(UnusableInputs) as refused:
        worked(baseline, EC=D(200))
    assert {each.symbol for each in refused.value.problems} == {"EF_EL", "TDL"}


def test_two_supplies_at_once_are_refused() -> None:
    with pytest.raises(NotApplicable, match="not built here"):
        worked(Consumption(supply=Supply.BOTH), EC=D(1))


@pytest.mark.parametrize(
    ("symbol", "value"), [("EC", "-1"), ("EF_EL", "555"), ("TDL", "1.1"), ("TDL", "-0.1")]
)
def test_what_cannot_be_is_refused(symbol: str, value: str) -> None:
    with pytest.raises(UnusableInputs) as refused:
        worked(**{"EC": D(1), symbol: D(value)})

    assert [each.symbol for each in refused.value.problems] == [symbol]


ENERGY = st.decimals(min_value=0, max_value=10**6, places=3)
SHARE = st.decimals(min_value=0, max_value=1, places=4)


@given(ENERGY, ENERGY, SHARE)
def test_more_electricity_is_never_less_and_none_is_nothing(
    one: Decimal, other: Decimal, losses: Decimal
) -> None:
    low, high = sorted((one, other))

    assert worked(EC=low, TDL=losses).value <= worked(EC=high, TDL=losses).value
    assert worked(EC=D(0), TDL=losses).value == 0


@given(ENERGY, SHARE, SHARE)
def test_the_same_in_every_unit(energy: Decimal, factor: Decimal, losses: Decimal) -> None:
    here = worked(EC=energy, EF_EL=factor, TDL=losses)
    there = worked(
        EC=Quantity(energy * 1000, "kWh"),
        EF_EL=Quantity(factor * 1000, "kgCO2/MWh"),
        TDL=Quantity(losses * 100, "%"),
    )

    assert there.value == here.value
