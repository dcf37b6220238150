"""ACM0001 by hand: ((1 − 0.1) × methane destroyed − what the baseline destroyed) × potential."""

from decimal import Decimal
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.methodologies import acm0001
from projects.methodologies.acm0001 import Capture, Landfill
from projects.methodologies.base import Calculation, NotApplicable, Quantity, UnusableInputs
from projects.methodologies.energy import Displaced
from projects.methodologies.tool06 import Flare


def landfill(capture: Capture = Capture.NONE, **facts: Any) -> Landfill:
    return Landfill(capture_before=capture, **facts)


FLARED = landfill(flared=True)


def worked(facts: Landfill, **inputs: Any) -> Calculation:
    return acm0001.METHODOLOGY.ex_ante(version="19.0", context=facts, inputs=inputs, year=1)


@pytest.mark.parametrize(("period", "expected"), [(1, 37_800), (2, 45_000), (3, 37_800)])
def test_methane_burnt_in_an_engine(period: int, expected: int) -> None:
    """2,000 t × 0.9 = 1,800 t; × 21, 25 or 21."""
    facts = landfill(flared=False, generated=True, commitment_period=period)

    assert worked(facts, F_CH4_EL=2000).reductions == expected


@pytest.mark.parametrize(
    ("flare", "destroyed", "reductions"), [(Flare.ENCLOSED, 90, 2025), (Flare.OPEN, 50, 1125)]
)
def test_methane_sent_to_a_flare(flare: Flare, destroyed: int, reductions: int) -> None:
    """100 t × 0.9 or 0.5 are destroyed; × 0.9 × 25 = 2,025 or 1,125 t."""
    result = worked(landfill(flared=True, flare=flare), F_CH4_RG=100, x_off=0)

    assert result.step("F_CH4_flared").value == destroyed
    assert result.reductions == reductions


def test_flare_engine_boiler_and_a_share_destroyed_before() -> None:
    """90 + 200 + 10 = 300 t; (0.9 × 300 − 0.2 × 300) × 25 = 5,250; + 1,000 MWh × 0.5 × 1.03 = 515;
    less 20 MWh × 0.5 × 1.2 = 12 t: 5,753 t.
    """
    facts = landfill(
        Capture.SHARE, flared=True, generated=True, heated=True,
        displaced=Displaced.ELECTRICITY, electricity=True,
    )
    result = worked(
        facts, F_CH4_RG=100, x_off=0, F_CH4_EL=200, F_CH4_HG=10, AF=D("0.2"), EG_PJ=1000,
        EF_EL_BL=D("0.5"), TDL_BL=D("0.03"), EC=20, EF_EL=D("0.5"),
    )

    assert result.step("F_CH4_PJ").value == 300
    assert result.baseline == 5765
    assert result.reductions == 5753


def test_more_was_destroyed_before_than_now() -> None:
    """(0.9 × 10 − 20) × 25 = −275 t, carried over."""
    facts = landfill(Capture.QUANTITY, flared=False, generated=True)
    result = worked(facts, F_CH4_EL=10, F_CH4_BL=20)

    assert result.reductions == -275
    assert result.shortfall == 275


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (landfill(flared=False), "no use of the gas"),
        (landfill(flared=True, displaced=Displaced.HEAT), "no gas is named from which energy"),
        (landfill(flared=True, network=True), "leaves the site, not built here"),
        (landfill(flared=True, managed_for_gas=True), "managed for more gas"),
    ],
)
def test_where_it_does_not_apply(facts: Landfill, reason: str) -> None:
    with pytest.raises(NotApplicable, match=reason):
        worked(facts)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(UnusableInputs) as refused:
        worked(FLARED, F_CH4_RG=-1, x_off=2, OX_top=D("1.1"), F_CH4_EL=1)

    assert {each.symbol for each in refused.value.problems} == {
        "F_CH4_RG", "x_off", "OX_top", "F_CH4_EL",
    }


TONNES = st.decimals(min_value=0, max_value=10**5, places=3)
SHARE = st.decimals(min_value=0, max_value=1, places=4)


@given(TONNES, TONNES, SHARE, TONNES)
def test_monotone_zero_at_zero_never_above_the_baseline_and_unit_invariant(
    one: Decimal, other: Decimal, off: Decimal, used: Decimal
) -> None:
    low, high = sorted((one, other))
    facts = landfill(flared=True, generated=True, electricity=True)
    rest = {"x_off": off, "F_CH4_EL": 5, "EC": used}
    result = worked(facts, F_CH4_RG=high, **rest)
    other_units = worked(
        facts, F_CH4_RG=Quantity(high * 1000, "kg"), x_off=Quantity(off * 100, "%"),
        F_CH4_EL=Quantity(D(5000), "kg"), EC=Quantity(used * 1000, "kWh"),
    )

    assert worked(facts, F_CH4_RG=low, **rest).reductions_exact <= result.reductions_exact
    assert result.reductions_exact <= result.baseline <= (high + 5) * 25
    assert other_units.reductions_exact == result.reductions_exact
    assert worked(facts, F_CH4_RG=0, x_off=off, F_CH4_EL=0, EC=0).reductions_exact == 0
