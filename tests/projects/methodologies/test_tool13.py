"""TOOL13 by hand; potentials of the second commitment period: methane 25, nitrous oxide 298."""

from decimal import Decimal
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.methodologies import tool13
from projects.methodologies.base import NotApplicable, Outcome, Quantity, UnusableInputs
from projects.methodologies.tool13 import Composting

PLAIN = Composting()


def worked(facts: Composting = PLAIN, **inputs: Any) -> Outcome:
    return tool13.TOOL.calculate(version="02.0", context=facts, inputs=inputs)


def test_a_thousand_tonnes() -> None:
    """1,000 × 0.002 × 25 = 50 t and 1,000 × 0.0002 × 298 = 59.6 t: 109.6 t."""
    outcome = worked(Q_comp=1000)

    assert [outcome.step(each).value for each in ("PE_CH4", "PE_N2O")] == [50, D("59.6")]
    assert (outcome.symbol, outcome.value, outcome.unit) == ("PE_COMP", D("109.6"), "tCO2e")


def test_electricity_and_fuel() -> None:
    """109.6 + 10 MWh × 0.5 × 1.1 = 5.5 + 1 t × 43 GJ/t × 0.07 = 3.01: 118.11 t."""
    outcome = worked(
        Composting(electricity=True, fuels=("diesel",)), Q_comp=1000,
        EC=10, EF_EL=D("0.5"), TDL=D("0.1"), FC_diesel=1, NCV_diesel=43, EF_CO2_diesel=D("0.07"),
    )

    assert outcome.value == D("118.11")
    assert outcome.step("PE_EC").tool == "TOOL05, version 03.0"


def test_run_off_treated_in_a_lagoon() -> None:
    """2,000 m³ × 0.01 t/m³ × 0.25 × 0.8 × 1.12 × 25 = 112 t, and nothing composted."""
    outcome = worked(
        Composting(run_off=True), Q_comp=0, Q_RO=2000, COD_RO=D("0.01"), MCF_RO=D("0.8")
    )

    assert outcome.value == 112


def test_the_potentials_of_the_first_period_and_those_after_the_second() -> None:
    """1,000 × (0.002 × 21 + 0.0002 × 310) = 104 t; × (0.002 × 21 + 0.0002 × 265) = 95 t."""
    assert worked(Composting(commitment_period=1), Q_comp=1000).value == 104
    assert worked(Composting(commitment_period=3), Q_comp=1000).value == 95


def test_measured_factors() -> None:
    """1,000 × 0.001 × 25 = 25 t and no nitrous oxide."""
    assert worked(Q_comp=1000, EF_CH4=D("0.001"), EF_N2O=0).value == 25


def test_compost_without_air_is_refused() -> None:
    with pytest.raises(NotApplicable, match="not built here"):
        worked(Composting(compost_without_air=True), Q_comp=1)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(UnusableInputs) as refused:
        worked(Q_comp=-1, EF_CH4=2, EC=1)

    assert {each.symbol for each in refused.value.problems} == {"Q_comp", "EF_CH4", "EC"}


TONNES = st.decimals(min_value=0, max_value=10**6, places=3)


@given(TONNES, TONNES)
def test_more_waste_is_never_less_and_the_same_in_every_unit(
    one: Decimal, other: Decimal
) -> None:
    low, high = sorted((one, other))

    assert worked(Q_comp=low).value <= worked(Q_comp=high).value
    assert worked(Q_comp=Quantity(low * 1000, "kg")).value == worked(Q_comp=low).value
    assert worked(Q_comp=0).value == 0
