"""TOOL06 by hand: methane × (1 − (1 − share while it failed) × efficiency) × potential."""

from decimal import Decimal
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.methodologies import tool06
from projects.methodologies.base import Given, NotApplicable, Outcome, Quantity, UnusableInputs
from projects.methodologies.tool06 import Flare, Flaring, Gas


def worked(facts: Flaring, **inputs: Given) -> Outcome:
    return tool06.TOOL.calculate(
        version="04.0", context=facts, inputs={"x_off": D(0), "GWP_CH4": D(25), **inputs}
    )


def test_an_enclosed_flare() -> None:
    """100 t × (1 − 0.9) × 25 = 250 t."""
    outcome = worked(Flaring(Flare.ENCLOSED), F_CH4_RG=D(100))

    assert (outcome.value, outcome.unit) == (250, "tCO2e")
    assert outcome.step("F_CH4_left").value == 10


def test_an_open_flare_whose_flame_was_out() -> None:
    """100 t × (1 − 0.8 × 0.5) × 25 = 1,500 t: a fifth of the gas passed without a flame."""
    assert worked(Flaring(Flare.OPEN), F_CH4_RG=D(100), x_off=D("0.2")).value == 1500


def test_a_measured_efficiency_and_gas_by_volume() -> None:
    """100,000 m³ × 0.6 × 0.00067 = 40.2 t; × (1 − 0.98) × 25 = 20.1 t."""
    facts = Flaring(Flare.ENCLOSED_MEASURED, Gas.VOLUME)
    outcome = worked(facts, V_RG=D(100_000), v_CH4=D("0.6"), eta_flare=D("0.98"))

    assert outcome.step("F_CH4_RG").value == D("40.2")
    assert outcome.value == D("20.1")


def test_gas_that_is_vented() -> None:
    """26.8 t × (1 − 0) × 28 = 750.4 t, whatever the flare could have done."""
    outcome = worked(Flaring(Flare.ENCLOSED), F_CH4_RG=D("26.8"), x_off=D(1), GWP_CH4=D(28))

    assert outcome.value == D("750.4")


def test_a_flare_of_low_height_is_refused() -> None:
    with pytest.raises(NotApplicable, match="not built here"):
        worked(Flaring(Flare.ENCLOSED, low_height=True), F_CH4_RG=D(1))


@pytest.mark.parametrize(("symbol", "value"), [("x_off", "1.1"), ("eta_flare", "1.01")])
def test_a_share_above_one_is_refused(symbol: str, value: str) -> None:
    given = {"F_CH4_RG": D(1), "eta_flare": D(1), symbol: D(value)}
    with pytest.raises(UnusableInputs) as refused:
        worked(Flaring(Flare.ENCLOSED_MEASURED), **given)

    assert [each.symbol for each in refused.value.problems] == [symbol]


TONNES = st.decimals(min_value=0, max_value=10**6, places=3)
SHARE = st.decimals(min_value=0, max_value=1, places=4)
FLARES = st.sampled_from([Flare.OPEN, Flare.ENCLOSED])


@given(FLARES, TONNES, TONNES, SHARE)
def test_more_gas_never_leaves_less_and_never_more_than_was_sent(
    flare: Flare, one: Decimal, other: Decimal, off: Decimal
) -> None:
    low, high = sorted((one, other))
    facts = Flaring(flare)
    result = worked(facts, F_CH4_RG=high, x_off=off)

    assert worked(facts, F_CH4_RG=low, x_off=off).value <= result.value <= high * 25
    assert worked(facts, F_CH4_RG=D(0), x_off=off).value == 0


@given(FLARES, TONNES, SHARE)
def test_the_same_in_every_unit(flare: Flare, tonnes: Decimal, off: Decimal) -> None:
    here = worked(Flaring(flare), F_CH4_RG=tonnes, x_off=off)
    there = worked(
        Flaring(flare), F_CH4_RG=Quantity(tonnes * 1000, "kg"), x_off=Quantity(off * 100, "%")
    )

    assert there.value == here.value
