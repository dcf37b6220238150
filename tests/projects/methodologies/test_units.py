"""Units: what pint understands agrees with the table, exactly, and nothing else is understood."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.methodologies import measures, units

OFFERED = [(name, unit) for name, sizes in units.DIMENSIONS.items() for unit in sizes]


@pytest.mark.parametrize(("dimension", "unit"), OFFERED)
def test_the_table_says_what_pint_says(dimension: str, unit: str) -> None:
    sizes = units.DIMENSIONS[dimension]
    for other, size in sizes.items():
        one, due = measures.size(unit), measures.size(other)
        assert one.dimension == due.dimension
        assert one.over * due.under * size == one.under * due.over * sizes[unit]


@pytest.mark.parametrize(
    ("value", "given_in", "due", "expected"),
    [
        ("3.6", "GJ", "MWh", "1"),
        ("2", "MW·h", "kWh", "2000"),
        ("2", "MW*d", "MWh", "48"),
        ("56100", "kgCO2/TJ", "tCO2/TJ", "56.1"),
        ("56.1", "gCO2/MJ", "tCO2/TJ", "56.1"),
        ("1", "tCO2e/TJ", "kgCO2/kWh", "0.0036"),
        ("1", "kgCO2/kWh", "tCO2/GWh", "1000"),
        ("0.36", "tCO2/MWh", "tCO2/GJ", "0.1"),
        ("357.48", "kJ/L", "MJ/m³", "357.48"),
        ("1", "kWh/m3", "kJ/L", "3.6"),
        ("1500", "NL", "Nm³", "1.5"),
        ("1", "Mt", "kg", "1000000000"),
        ("12", "tCO₂e", "kgCO2", "12000"),
        ("25", "kgCO2e/kgCH4", "tCO2e/tCH4", "25"),
        ("50", "%", "1", "0.5"),
        ("86.4", "kg/d", "g/s", "1"),  # 1/86,400 is no finite decimal: divided last
        ("7", "t/kt", "1", "0.007"),
        ("1", "l", "m3", "0.001"),
    ],
)  # fmt: skip
def test_mixes(value: str, given_in: str, due: str, expected: str) -> None:
    assert units.Quantity(D(value), given_in).in_unit(due) == D(expected)


@pytest.mark.parametrize(
    ("given_in", "due"),
    [
        ("m3", "Nm3"), ("t", "tCO2"), ("tCH4", "tCO2e"), ("tN2O", "tN"), ("MW", "MWh"), ("L", "kg"),
        ("tCO2/t", "tCO2/TJ"), ("person", "1"), ("kWh/MWh", "MWh"), ("tSF6", "tHFC-23"),
    ],
)  # fmt: skip
def test_what_measures_something_else(given_in: str, due: str) -> None:
    with pytest.raises(units.UnitError, match="cannot be converted to"):
        units.convert(D(1), given_in, due)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "kwh", "KWH", "MWh MWh", "MWh**9", "m9", "1e9", "__import__('os')", "t/t/t", "/t",
        "t/", "·", "base_joule", "unit_t", "[mass]", "2 t", "t" * 41, "MWh·", "\x00", "µg", "ton",
    ],
)  # fmt: skip
def test_nothing_else_is_a_unit(text: str) -> None:
    with pytest.raises(units.UnitError, match="is not known here"):
        units.Quantity(D(1), text)


@pytest.mark.parametrize(
    ("text", "said"), [("°C", "another zero"), ("USD", "is money"), ("€/t", "is money")]
)
def test_why_a_scale_and_money_are_none(text: str, said: str) -> None:
    with pytest.raises(units.UnitError, match=said):
        units.Quantity(D(1), text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5 kWh", "'5 kWh' is not a number alone: give its unit apart from it"),
        ("5kWh", "'5kWh' is not a number alone: give its unit apart from it"),
        ("5 kWh 3 MWh", "'5 kWh 3 MWh' is not a number alone: it has two units"),
        ("5 kWh MWh", "'5 kWh MWh' is not a number alone: it has two units"),
        ("5 ells", "'5 ells' is not a number"),
    ],
)
def test_units_inside_a_number(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        units.as_decimal(text)


@given(
    st.decimals(min_value=0, max_value=10**9, places=6),
    st.sampled_from(["kWh", "GWh", "MJ", "TJ", "MW·h", "kW·d"]),
)
def test_there_and_back_is_the_same_number(value: D, unit: str) -> None:
    """3 in the divisor of 1 MWh = 3.6 GJ has no finite decimal: fifty digits, then the same."""
    back = units.convert(units.convert(value, unit, "MWh"), "MWh", unit)
    assert abs(back - value) <= D("1e-30")


@given(st.text(max_size=60))
def test_any_text_is_a_unit_or_is_refused(text: str) -> None:
    try:
        units.Quantity(D(1), text)
    except units.UnitError:
        return
    names = [part for half in text.split("/") for part in half.replace("*", "·").split("·")]
    assert all(name.strip().translate(measures.RAISED) in measures.DEFINED for name in names)
