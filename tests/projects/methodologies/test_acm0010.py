"""ACM0010 by hand; potentials of the second commitment period: methane 25, nitrous oxide 298."""

from decimal import Decimal
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.methodologies import acm0010
from projects.methodologies.acm0010 import Manure
from projects.methodologies.base import Calculation, NotApplicable, Quantity, UnusableInputs
from projects.methodologies.energy import Displaced
from projects.methodologies.tool14 import Digester

COWS = {
    "type": "cows", "system": "lagoon", "N": 1000, "VS": D("0.5"), "d": 365, "B_o": D("0.45"),
    "MCF": D("0.75"), "MS": 1,
}
DIGESTED = Manure(confined=True, digestion=True, digester=Digester.TIGHT)


def worked(facts: Manure = DIGESTED, **inputs: Any) -> Calculation:
    given = {"animals": [COWS], "E_D": 0, "E_ID": 0, "Q_CH4": 0, **inputs}
    return acm0010.METHODOLOGY.ex_ante(version="08.0", context=facts, inputs=given, year=1)


def test_methane_of_a_lagoon() -> None:
    """0.75 × 0.45 × 1,000 × 0.5 × 365 = 61,593.75 m³; × 0.00067 × 0.94 × 25 = 969.79359375 t."""
    result = worked()

    assert result.baseline == D("969.79359375")
    assert result.reductions == 969


def test_nitrous_oxide() -> None:
    """298 × 44 / 28 × (100 + 600) kg / 1,000 = 327.8 t, beside 969.79359375 t of methane."""
    result = worked(E_D=100, E_ID=600)

    assert result.step("BE_N2O").value == D("327.8")
    assert result.reductions == 1297


def test_two_kinds_of_animals_in_two_systems() -> None:
    """61,593.75 × 0.4 = 24,637.5 and 100 × 2 × 365 × 0.2 × 0.1 = 1,460 m³, together 26,097.5;
    × 0.00067 × 1 × 25 = 437.133125 t without the correction.
    """
    rows = [
        {**COWS, "MS": D("0.4")},
        {**COWS, "type": "pigs", "system": "pit", "N": 100, "VS": 2, "B_o": D("0.2"),
         "MCF": D("0.1")},
    ]

    assert worked(animals=rows, UF_b=1).baseline == D("437.133125")


def test_a_digester_with_heat_displaced_and_electricity_used() -> None:
    """969.79359375 + 1 TJ / 0.8 × 56 = 70; less 20 t × 0.028 × 25 = 14 and 10 MWh × 1.3 × 1.2 =
    15.6: 1,010.19359375 t.
    """
    facts = Manure(
        confined=True, digestion=True, digester=Digester.TIGHT, displaced=Displaced.HEAT,
        electricity=True,
    )
    result = worked(facts, HG_PJ=1, eta_BL=D("0.8"), EF_FF_BL=56, Q_CH4=20, EC=10)

    assert result.project == D("29.6")
    assert result.reductions_exact == D("1010.19359375")


def test_leaks_may_exceed_the_baseline() -> None:
    """No animals left, and 20 t × 0.028 × 25 = 14 t leak all the same."""
    assert worked(DIGESTED, animals=[{**COWS, "N": 0}], Q_CH4=20).shortfall == 14


def test_shares_of_the_systems_add_up_to_one_at_most() -> None:
    with pytest.raises(UnusableInputs) as refused:
        worked(animals=[COWS, {**COWS, "system": "pit", "MS": D("0.1")}])

    assert refused.value.problems[0].message == "MS of cows adds up to 1.1, which is more than 1"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (Manure(confined=False, digestion=True), "not confined"),
        (Manure(confined=True, digestion=False), "not digested; other treatment is not built"),
        (Manure(confined=True, digestion=True, aerobic=True), "with air, not built here"),
        (Manure(confined=True, digestion=True, more_on_land=True), "on land, not built here"),
    ],
)
def test_where_it_does_not_apply(facts: Manure, reason: str) -> None:
    with pytest.raises(NotApplicable, match=reason):
        worked(facts)


HEADS = st.integers(min_value=0, max_value=10**6)
TONNES = st.decimals(min_value=0, max_value=10**4, places=3)


@given(HEADS, HEADS, TONNES)
def test_monotone_zero_at_zero_never_above_the_baseline_and_unit_invariant(
    one: int, other: int, methane: Decimal
) -> None:
    low, high = sorted((one, other))
    result = worked(DIGESTED, animals=[{**COWS, "N": high}], Q_CH4=methane, E_D=7)
    fewer = worked(DIGESTED, animals=[{**COWS, "N": low}], Q_CH4=methane, E_D=7)
    share = {**COWS, "N": high, "MCF": Quantity(D(75), "%")}
    other_units = worked(
        DIGESTED, animals=[share], Q_CH4=Quantity(methane * 1000, "kg"),
        E_D=Quantity(D("0.007"), "tN"),
    )

    assert fewer.reductions_exact <= result.reductions_exact <= result.baseline
    assert other_units.reductions_exact == result.reductions_exact
    assert worked(DIGESTED, animals=[{**COWS, "N": 0}], Q_CH4=0).reductions_exact == 0
