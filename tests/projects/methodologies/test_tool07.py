"""The combined margin's weights, and which power units stand for new plants."""

from datetime import date
from decimal import Decimal as D

import pytest

from projects.methodologies import tool07
from projects.methodologies.tool07 import Generation, PowerUnit


@pytest.mark.parametrize(
    ("technology", "crediting_period", "operating", "build"),
    [
        ("wind", 1, "0.75", "0.25"),
        ("wind", 3, "0.75", "0.25"),
        ("solar", 2, "0.75", "0.25"),
        ("hydro", 1, "0.5", "0.5"),
        ("hydro", 2, "0.25", "0.75"),
        ("geothermal", 3, "0.25", "0.75"),
    ],
)
def test_default_weights(
    technology: str, crediting_period: int, operating: str, build: str
) -> None:
    weights = tool07.default_weights(technology, crediting_period)

    assert (weights.operating, weights.build) == (D(operating), D(build))
    assert weights.operating + weights.build == 1
    assert "unverified" in weights.source
    assert not weights.verified


def test_weights_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match=r"add up to 1, not 1\.1"):
        tool07.combined_margin(operating=D(1), build=D(1), w_operating=D("0.6"), w_build=D("0.5"))


def test_the_combined_margin_is_not_rounded() -> None:
    step = tool07.combined_margin(
        operating=D("1.0021"), build=D("0.594"), w_operating=D("0.75"), w_build=D("0.25")
    )

    assert step.value == D("0.900075")


def test_a_margin_without_generation_is_refused() -> None:
    with pytest.raises(ValueError, match="generated electricity"):
        tool07.simple_operating_margin([Generation("2019", D(0), D(5))])


def test_unit_factor_from_efficiency() -> None:
    """0.0561 tCO2/GJ × 3.6 GJ/MWh / 0.5 = 0.40392 tCO2/MWh."""
    assert tool07.unit_factor(fuel_factor=D("0.0561"), efficiency=D("0.5")) == D("0.40392")


@pytest.mark.parametrize("efficiency", ["0", "-0.4", "1.01"])
def test_an_impossible_efficiency_is_refused(efficiency: str) -> None:
    with pytest.raises(ValueError, match="efficiency"):
        tool07.unit_factor(fuel_factor=D("0.0561"), efficiency=D(efficiency))


def unit(year: int, generation: int, *, cdm: bool = False) -> PowerUnit:
    return PowerUnit(f"unit of {year}", date(year, 1, 1), D(generation), D(generation), cdm)


def years(sample: tuple[PowerUnit, ...]) -> list[int]:
    return [each.commissioned.year for each in sample]


def test_five_most_recent_units_when_they_generate_more() -> None:
    power_units = [unit(year, 100) for year in range(2000, 2010)]

    assert years(tool07.build_margin_sample(power_units)) == [2009, 2008, 2007, 2006, 2005]


def test_twenty_percent_of_generation_when_five_units_are_small() -> None:
    """1,000 MWh in all: the five newest bring 50, the sixth makes it 250, above the 200 due."""
    small = [unit(year, 10) for year in range(2005, 2010)]
    power_units = [*small, unit(2004, 200), unit(1990, 750)]

    assert years(tool07.build_margin_sample(power_units)) == [2009, 2008, 2007, 2006, 2005, 2004]


def test_registered_cdm_units_are_left_out() -> None:
    power_units = [unit(2010, 500, cdm=True), *(unit(year, 100) for year in range(2000, 2006))]

    assert years(tool07.build_margin_sample(power_units)) == [2005, 2004, 2003, 2002, 2001]
