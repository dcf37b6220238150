"""TOOL03 by hand: each case writes out its arithmetic."""

from decimal import Decimal
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.methodologies import tool03
from projects.methodologies.base import NotApplicable, Quantity, UnusableInputs

NUMBER = st.decimals(min_value=0, max_value=1000, places=3)


def burnt(*fuels: str, version: str = "03.0", **inputs: Any) -> Decimal:
    return tool03.TOOL.calculate(
        version=version, context=tool03.Burning(fuels), inputs=inputs
    ).value


def test_diesel_of_a_stand_by_generator() -> None:
    """12 t × 43.3 GJ/t × 0.0748 tCO2/GJ = 519.6 × 0.0748 = 38.86608 t."""
    assert burnt(
        "diesel", FC_diesel=12, NCV_diesel=D("43.3"), EF_CO2_diesel=D("0.0748")
    ) == D("38.86608")


def test_two_fuels_in_the_units_of_their_papers() -> None:
    """500 kg × 48 MJ/kg = 24 GJ × 56.1 kgCO2/GJ = 1.3464 t of gas; 2 t × 0.025 TJ/t = 50 GJ ×
    96 tCO2/TJ = 4.8 t of coal: 6.1464 t.
    """
    assert burnt(
        "gas", "coal",
        FC_gas=Quantity(D(500), "kg"), NCV_gas=Quantity(D(48), "MJ/kg"),
        EF_CO2_gas=Quantity(D("56.1"), "kgCO2/GJ"),
        FC_coal=2, NCV_coal=Quantity(D("0.025"), "TJ/t"), EF_CO2_coal=Quantity(D(96), "tCO2/TJ"),
    ) == D("6.1464")


def test_both_versions_reckon_alike_and_a_fuel_not_burnt_adds_nothing() -> None:
    """10 t × 40 GJ/t × 0.0774 tCO2/GJ + 0 t × 25 × 0.1 = 30.96 t."""
    oil_and_coal = {
        "FC_oil": 10, "NCV_oil": 40, "EF_CO2_oil": D("0.0774"),
        "FC_coal": 0, "NCV_coal": 25, "EF_CO2_coal": D("0.1"),
    }
    assert burnt("oil", "coal", **oil_and_coal) == D("30.96")
    assert burnt("oil", "coal", version="02", **oil_and_coal) == D("30.96")


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(NotApplicable, match="no fuel is named"):
        burnt()
    with pytest.raises(UnusableInputs) as refused:
        burnt("oil", FC_oil=-1, NCV_oil=4000, EF_CO2_oil=D("77.4"))
    assert {each.symbol for each in refused.value.problems} == {"FC_oil", "NCV_oil", "EF_CO2_oil"}


@given(one=NUMBER, other=NUMBER)
@settings(max_examples=20)
def test_more_fuel_is_never_less_none_is_nothing_and_units_make_no_difference(
    one: Decimal, other: Decimal
) -> None:
    def of(tonnes: Any) -> Decimal:
        return burnt("oil", FC_oil=tonnes, NCV_oil=40, EF_CO2_oil=D("0.0774"))

    less, more = sorted((one, other))
    assert of(less) <= of(more)
    assert of(0) == 0
    assert of(Quantity(one * 1000, "kg")) == of(one)
