"""Potentials by gas, by day and by commitment period; 3 stands for what comes after the second."""

from datetime import date
from decimal import Decimal

import pytest

from cdm_portal.parameters import UnknownParameter
from projects.methodologies import gwp, units
from projects.methodologies.gwp import Gas


@pytest.mark.parametrize(
    ("gas", "symbol", "unit"),
    [
        (Gas.CH4, "GWP_CH4", "tCO2e/tCH4"),
        (Gas.N2O, "GWP_N2O", "tCO2e/tN2O"),
        (Gas.SF6, "GWP_SF6", "tCO2e/tSF6"),
        (Gas.HFC23, "GWP_HFC23", "tCO2e/tHFC-23"),
    ],
)
def test_the_dated_parameter_of_each_gas(gas: Gas, symbol: str, unit: str) -> None:
    found = gwp.parameter(2, gas)

    assert (found.symbol, found.unit) == (symbol, unit)
    assert found.default == gwp.potential(gas, 2)
    assert found.kind == "dated"
    assert unit in units.DIMENSION_OF


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2012, 12, 31), 310), (date(2013, 1, 1), 298), (date(2020, 12, 31), 298),
        (date(2021, 1, 1), 265),
    ],
)
def test_the_potential_of_a_day(day: date, expected: int) -> None:
    assert gwp.on(Gas.N2O, day) == Decimal(expected)


def test_no_potential_of_an_unknown_period_or_before_the_protocol() -> None:
    with pytest.raises(UnknownParameter):
        gwp.potential(Gas.N2O, 4)
    with pytest.raises(UnknownParameter):
        gwp.on(Gas.N2O, date(2005, 2, 15))
