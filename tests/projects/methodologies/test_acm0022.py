"""ACM0022 by hand; 1,000 t of paper in the wet tropics make 172.395759 t in their first year."""

from decimal import Decimal
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.methodologies import acm0022
from projects.methodologies.acm0022 import Treatment
from projects.methodologies.base import Calculation, NotApplicable, Quantity
from projects.methodologies.energy import Displaced
from projects.methodologies.tool04 import Climate
from projects.methodologies.tool14 import Digester

PAPER = [{"type": "paper", "year": 1, "W": 1000}]
WET = Climate.TROPICAL_WET
FUEL = {"Q_RDF": 10, "NCV_RDF": 18, "EF_RDF": D("0.1")}


def worked(facts: Treatment, **inputs: Any) -> Calculation:
    return acm0022.METHODOLOGY.ex_ante(
        version="03.0", context=facts, inputs={"W": PAPER, "f": 0, **inputs}, year=1
    )


def test_composted_waste() -> None:
    """1,000 t × 0.4 × (1 − e^−0.07) = 27.0424720 t of carbon × 0.85 × 25 × 0.9 / 3 = 172.395759 t;
    less 1,000 × (0.002 × 25 + 0.0002 × 298) = 109.6 t: 62.795759 t.
    """
    result = worked(Treatment(1, WET, composting=True), Q_comp=1000)

    assert result.baseline.quantize(D("0.000001")) == D("172.395759")
    assert result.project == D("109.6")
    assert result.leakage == 0
    assert result.reductions == 62


def test_digested_waste_with_cogeneration_and_flare() -> None:
    """172.395759 + (2 TJ + 1,000 MWh × 0.0036) / 0.8 × 56 = 392 t; less 50 t × 0.028 × 25 = 35,
    5 t × 0.1 × 25 = 12.5 and 10 MWh × 0.5 × 1.2 = 6: 510.895759 t.
    """
    facts = Treatment(
        1, WET, digestion=True, digester=Digester.TIGHT, flared=True,
        displaced=Displaced.COGENERATION, electricity=True,
    )
    result = worked(
        facts, HG_PJ=2, EG_PJ=1000, eta_BL=D("0.8"), EF_FF_BL=56, Q_CH4=50, F_CH4_RG=5, x_off=0,
        EC=10, EF_EL=D("0.5"),
    )

    assert result.step("BE_EN").value == 392
    assert result.project == D("53.5")
    assert result.reductions_exact.quantize(D("0.000001")) == D("510.895759")
    assert result.reductions == 510


def test_fuel_that_is_sold_is_leakage() -> None:
    """172.395759 − 10 t × 18 GJ/t × 0.1 = 18 t: 154.395759 t."""
    result = worked(Treatment(1, WET, fuel_exported=True), **FUEL)

    assert result.leakage == 18
    assert result.reductions == 154


@pytest.mark.parametrize(
    ("displaced", "given", "symbol", "expected"),
    [
        (
            Displaced.ELECTRICITY,
            {"EG_PJ": 100, "EF_EL_BL": D("0.5"), "TDL_BL": D("0.03")}, "BE_EC", "51.5",
        ),
        (Displaced.HEAT, {"HG_PJ": 1, "eta_BL": D("0.8"), "EF_FF_BL": 56}, "BE_HG", "70"),
    ],
)
def test_electricity_or_heat_displaced(
    displaced: Displaced, given: dict[str, Any], symbol: str, expected: str
) -> None:
    """100 MWh × 0.5 × 1.03 = 51.5 t; 1 TJ / 0.8 × 56 = 70 t."""
    facts = Treatment(1, WET, digestion=True, displaced=displaced)
    result = worked(facts, Q_CH4=0, **given)

    assert result.step(symbol).value == D(expected)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (Treatment(1, WET), "no treatment"),
        (
            Treatment(1, WET, composting=True, displaced=Displaced.HEAT),
            "no gas is named from which energy",
        ),
        (Treatment(1, WET, composting=True, incineration=True), "incinerated, not built here"),
        (Treatment(1, WET, composting=True, gasification=True), "gasified, not built here"),
        (Treatment(1, WET, composting=True, waste_water=True), "waste water, not built here"),
        (Treatment(1, WET, composting=True, demanded_by_law=True), "a law demands it"),
    ],
)
def test_where_it_does_not_apply(facts: Treatment, reason: str) -> None:
    with pytest.raises(NotApplicable, match=reason):
        worked(facts, Q_comp=1)


TONNES = st.decimals(min_value=0, max_value=10**6, places=2)
BOTH = Treatment(1, WET, composting=True, fuel_exported=True)


def waste(tonnes: Any) -> list[dict[str, Any]]:
    return [{"type": "food", "year": 1, "W": tonnes}]


@given(TONNES, TONNES, TONNES)
def test_monotone_zero_at_zero_never_above_the_baseline_and_unit_invariant(
    one: Decimal, other: Decimal, composted: Decimal
) -> None:
    low, high = sorted((one, other))
    rest = {**FUEL, "Q_comp": composted}
    result = worked(BOTH, W=waste(high), **rest)
    other_units = worked(
        BOTH, **{**rest, "W": waste(Quantity(high * 1000, "kg")), "Q_RDF": Quantity(D(10000), "kg")}
    )

    assert worked(BOTH, W=waste(low), **rest).reductions_exact <= result.reductions_exact
    assert result.reductions_exact <= result.baseline
    assert other_units.reductions_exact == result.reductions_exact
    assert worked(BOTH, W=waste(D(0)), **{**rest, "Q_comp": 0, "Q_RDF": 0}).reductions_exact == 0
