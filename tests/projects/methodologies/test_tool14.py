"""TOOL14 by hand: what leaks is a share of the methane produced."""

from decimal import Decimal
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.methodologies import tool14
from projects.methodologies.base import NotApplicable, Outcome, Quantity, UnusableInputs
from projects.methodologies.tool14 import Digester, Digestion, Gas


def worked(facts: Digestion, **inputs: Any) -> Outcome:
    return tool14.TOOL.calculate(version="02.0", context=facts, inputs=inputs)


TIGHT = Digestion(Digester.TIGHT)


@pytest.mark.parametrize(
    ("digester", "expected"),
    [(Digester.TIGHT, "70"), (Digester.FLOATING, "125"), (Digester.OTHER, "250")],
)
def test_the_digester_decides_what_leaks(digester: Digester, expected: str) -> None:
    """100 t × 0.028, 0.05 or 0.1 × 25 = 70, 125 or 250 t."""
    outcome = worked(Digestion(digester), Q_CH4=100)

    assert (outcome.symbol, outcome.value, outcome.unit) == ("PE_AD", D(expected), "tCO2e")


def test_biogas_by_volume() -> None:
    """100,000 m³ × 0.6 × 0.00067 = 40.2 t; × 0.028 × 25 = 28.14 t."""
    outcome = worked(Digestion(Digester.TIGHT, Gas.VOLUME), Q_biogas=100_000)

    assert outcome.step("Q_CH4").value == D("40.2")
    assert outcome.value == D("28.14")


def test_flare_and_electricity() -> None:
    """70 + 20 t × (1 − 0.9) × 25 = 50 + 100 MWh × 0.5 × 1.2 = 60: 180 t."""
    outcome = worked(
        Digestion(Digester.TIGHT, flared=True, electricity=True),
        Q_CH4=100, F_CH4_RG=20, x_off=0, EC=100, EF_EL=D("0.5"),
    )

    assert outcome.value == 180
    assert outcome.step("PE_flare").tool == "TOOL06, version 04.0"


def test_digestate_without_air_is_refused() -> None:
    with pytest.raises(NotApplicable, match="not built here"):
        worked(Digestion(Digester.TIGHT, digestate_stored_without_air=True), Q_CH4=1)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(UnusableInputs) as refused:
        worked(TIGHT, Q_CH4="1,5", EF_CH4_default=D("1.1"), Q_biogas=1)

    assert {each.symbol for each in refused.value.problems} == {
        "Q_CH4", "EF_CH4_default", "Q_biogas",
    }


TONNES = st.decimals(min_value=0, max_value=10**6, places=3)


@given(TONNES, TONNES)
def test_more_methane_never_leaks_less_and_never_more_than_there_is(
    one: Decimal, other: Decimal
) -> None:
    low, high = sorted((one, other))

    assert worked(TIGHT, Q_CH4=low).value <= worked(TIGHT, Q_CH4=high).value <= high * 25
    assert worked(TIGHT, Q_CH4=Quantity(low * 1000, "kg")).value == worked(TIGHT, Q_CH4=low).value
    assert worked(TIGHT, Q_CH4=0).value == 0
