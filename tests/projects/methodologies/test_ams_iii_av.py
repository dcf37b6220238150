"""AMS-III.AV by hand; 357.48 kJ/L is 4.186 × (100 − 20) + 0.01 × 2,260, before the efficiency."""

from decimal import Decimal
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.methodologies import ams_iii_av
from projects.methodologies.ams_iii_av import SafeWater
from projects.methodologies.base import (
    Calculation,
    NotApplicable,
    Quantity,
    UnusableInputs,
)
from projects.methodologies.calculation import carry_over, walk

WATER = SafeWater(safe_water_supplied=False, quality_met=True)
DIESEL = SafeWater(safe_water_supplied=False, quality_met=True, fuels=("diesel",))
YEAR = {"QPW": D(1_000_000), "N": D(1000), "d": D(365), "eta": D("0.1"), "f_NRB": D("0.8")}
BURNT = {"FC_diesel": D(1), "NCV_diesel": D("43.3"), "EF_CO2_diesel": D("0.0748")}


def worked(facts: SafeWater = WATER, **changes: Decimal | Quantity) -> Calculation:
    burnt = BURNT if facts.fuels else {}
    return ams_iii_av.METHODOLOGY.ex_ante(
        version="05.0", context=facts, inputs={**YEAR, **burnt, **changes}, year=1
    )


def test_a_million_litres() -> None:
    """SEC = 357.48 / 0.1 = 3,574.8 kJ/L; × 10⁶ L / 10⁹ × 0.8 × 63.7 = 182.171808 t."""
    result = worked()

    assert result.step("SEC").value == D("3574.8")
    assert result.baseline == D("182.171808")
    assert (result.project, result.leakage) == (0, 0)
    assert result.reductions == 182


def test_no_more_water_than_people_drink() -> None:
    """100 people × 365 d × 5.5 L = 200,750 L; × 182.171808 t per 10⁶ L = 36.570990456 t."""
    result = worked(N=D(100))

    assert result.step("QPW_c").value == 200_750
    assert result.reductions_exact == D("36.570990456")
    assert result.reductions == 36


def test_fuel_burnt_by_the_project() -> None:
    """1 t × 43.3 GJ/t × 0.0748 tCO2/GJ = 3.23884 t; 182.171808 − 3.23884 = 178.932968 t."""
    result = worked(DIESEL)

    assert result.project == D("3.23884")
    assert result.reductions_exact == D("178.932968")
    assert result.reductions == 178
    burnt = result.step("PE_FF")
    assert burnt.tool == "TOOL03, version 03.0"
    assert burnt.formula == "PE_FF = FC_diesel × NCV_diesel × EF_CO2_diesel"
    assert burnt.part == "project"


def test_the_limit_of_small_scale_type_iii() -> None:
    """60,000 × 10 / 365 = 1,643.83… t is less than 10⁸ L × 182.171808 / 10⁶ = 18,217.1808 t."""
    result = worked(QPW=D(100_000_000), N=D(2_000_000), d=D(10))

    assert result.baseline == D("18217.1808")
    assert result.reductions == 1643
    assert "Held to ER_max" in result.step("ER").note


def test_more_fuel_than_water_is_carried_over() -> None:
    """0 − 100 t × 43.3 × 0.0748 = −323.884 t: 324 t short, which the next 400 t make good."""
    result = worked(DIESEL, QPW=D(0), FC_diesel=D(100))

    assert result.reductions_exact == D("-323.884")
    assert result.shortfall == 324
    assert carry_over([result.reductions, 100, 300]).claimed == (0, 0, 76)
    assert carry_over([result.reductions, 100]).shortfall == 224


def test_every_step_says_that_it_is_unverified() -> None:
    steps = list(walk(worked(DIESEL).steps))

    assert [step.symbol for step in steps] == [
        "QPW_c", "SEC", "BE_boil", "BE", "PE_FF", "PE", "LE", "ER_max", "ER",
    ]
    assert all("unverified" in step.source and not step.verified for step in steps)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (SafeWater(safe_water_supplied=True, quality_met=True), "already supplies safe water"),
        (SafeWater(safe_water_supplied=False, quality_met=False), "misses the standard"),
        (
            SafeWater(safe_water_supplied=False, quality_met=True, electricity=True),
            "uses electricity",
        ),
    ],
)
def test_where_it_does_not_apply(facts: SafeWater, reason: str) -> None:
    with pytest.raises(NotApplicable, match=reason):
        worked(facts)


@pytest.mark.parametrize("efficiency", ["0", "-0.1", "1.01"])
def test_an_impossible_efficiency_is_refused(efficiency: str) -> None:
    with pytest.raises(UnusableInputs) as refused:
        worked(eta=D(efficiency))

    assert [problem.symbol for problem in refused.value.problems] == ["eta"]


LITRES = st.decimals(min_value=0, max_value=10**8, places=2)
SHARE = st.decimals(min_value=0, max_value=1, places=4)
TONNES = st.decimals(min_value=0, max_value=1000, places=3)


@given(LITRES, LITRES, SHARE)
def test_more_water_never_means_less(one: Decimal, other: Decimal, share: Decimal) -> None:
    low, high = sorted((one, other))

    assert worked(QPW=low, f_NRB=share).reductions <= worked(QPW=high, f_NRB=share).reductions


@given(LITRES, SHARE, TONNES)
def test_never_above_the_baseline_and_the_same_in_every_unit(
    litres: Decimal, share: Decimal, fuel: Decimal
) -> None:
    result = worked(DIESEL, QPW=litres, f_NRB=share, FC_diesel=fuel)
    other = worked(
        DIESEL, QPW=Quantity(litres / 1000, "m3"), f_NRB=Quantity(share * 100, "%"),
        FC_diesel=Quantity(fuel * 1000, "kg"),
    )

    assert result.reductions_exact <= result.baseline
    assert 0 <= result.reductions_exact - result.reductions < 1
    assert other.reductions_exact == result.reductions_exact
