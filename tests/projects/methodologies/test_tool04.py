"""TOOL04 by hand; 16/12 × 0.5 × 0.5 = 1/3 t of methane comes of a tonne of carbon that decays."""

from decimal import Decimal
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.methodologies import tool04
from projects.methodologies.base import NotApplicable, Outcome, Quantity, UnusableInputs
from projects.methodologies.tool04 import Application, Climate, Disposal, Site, Waste

EXISTING = Application.EXISTING_SITE


def worked(facts: Disposal, *rows: tuple[str, int, Any], **inputs: Any) -> Outcome:
    waste = [{"type": kind, "year": year, "W": amount} for kind, year, amount in rows]
    given = {"f": D(0), "GWP_CH4": D(25), "W": waste, **inputs}
    return tool04.TOOL.calculate(version="08.0", context=facts, inputs=given)


def close(value: Decimal, to: str) -> bool:
    """Equal in all the decimals that are written."""
    return value.quantize(D(to)) == D(to)


@pytest.mark.parametrize(("year", "expected"), [(1, "278.17"), (2, "186.46"), (3, "124.99")])
def test_food_in_the_tropics(year: int, expected: str) -> None:
    """0.75 × 25 × 0.9 × 16/12 × 0.5 × 0.5 × 1 = 5.625; × 1,000 t × 0.15 = 843.75;
    × (1 − e^−0.4) = × 0.32967995396 = 278.1675, and × e^−0.4 = 0.67032 for each year on:
    186.4610, 124.9872.
    """
    facts = Disposal(year, Climate.TROPICAL_WET, application=EXISTING)
    outcome = worked(facts, ("food", 1, 1000))

    assert (outcome.symbol, outcome.unit) == ("BE_CH4_SWDS", "tCO2e")
    assert close(outcome.value, expected)


def test_two_kinds_of_two_years_in_a_dry_site() -> None:
    """Food k 0.06: 100 t × e^−0.06 (0.941764534) + 200 t = 294.1764534; × 0.15 × (1 − e^−0.06)
    (0.058235466) = 2.569727…; wood k 0.02: 50 t × 0.43 × (1 − e^−0.02) (0.019801327) = 0.425729…;
    together 2.995455…; × 0.8 × (1 − 0.2) × 25 × 0.9 × 16/12 × 0.5 × 0.5 × 0.4 = 1.92 → 5.75127.
    """
    facts = Disposal(2, Climate.BOREAL_DRY, Site.SHALLOW)
    outcome = worked(facts, ("food", 1, 100), ("food", 2, 200), ("wood", 2, 50), f=D("0.2"))

    assert close(outcome.step("C_food").value, "2.56973")
    assert close(outcome.step("C_wood").value, "0.42573")
    assert close(outcome.value, "5.75127")


def test_inert_waste_and_waste_of_later_years_count_nothing() -> None:
    """Paper k 0.07: 10 t × 0.4 × (1 − e^−0.07) (0.067606180) = 0.270424721 t of carbon;
    × 0.85 × 25 × 0.9 / 3 = 6.375 → 1.723958 t.
    """
    facts = Disposal(1, Climate.TROPICAL_WET)
    outcome = worked(facts, ("paper", 1, 10), ("inert", 1, 500), ("food", 2, 1000))

    assert close(outcome.value, "1.723958")
    assert "later years" in outcome.step("C_y").note


@pytest.mark.parametrize(
    ("application", "climate", "phi"),
    [
        (EXISTING, Climate.TROPICAL_WET, "0.75"),
        (Application.AVOIDED_DISPOSAL, Climate.TROPICAL_DRY, "0.80"),
        (Application.AVOIDED_DISPOSAL, Climate.BOREAL_DRY, "0.80"),
        (Application.AVOIDED_DISPOSAL, Climate.BOREAL_WET, "0.85"),
    ],
)
def test_the_correction_of_the_model(
    application: Application, climate: Climate, phi: str
) -> None:
    facts = Disposal(1, climate, application=application)

    assert tool04.model_correction(facts).value == D(phi)


def test_a_stockpile_is_refused() -> None:
    with pytest.raises(NotApplicable, match="stockpile"):
        worked(Disposal(1, Climate.TROPICAL_WET, stockpile=True), ("food", 1, 1))


def test_a_row_that_cannot_be_is_named() -> None:
    with pytest.raises(UnusableInputs) as refused:
        worked(
            Disposal(1, Climate.TROPICAL_WET),
            ("fod", 1, 1), ("food", 1, -1), ("food", 1, 1), ("food", 1, 2),
        )

    assert [each.symbol for each in refused.value.problems] == ["W[1].type", "W[2].W", "W[4]"]


TONNES = st.decimals(min_value=0, max_value=10**6, places=3)
KINDS = st.sampled_from([each.value for each in Waste])
CLIMATES = st.sampled_from(list(Climate))
YEARS = st.integers(min_value=1, max_value=20)


@given(CLIMATES, KINDS, YEARS, TONNES, TONNES)
def test_more_waste_is_never_less_and_none_is_nothing(
    climate: Climate, kind: str, year: int, one: Decimal, other: Decimal
) -> None:
    low, high = sorted((one, other))
    facts = Disposal(year, climate)

    assert worked(facts, (kind, 1, low)).value <= worked(facts, (kind, 1, high)).value
    assert worked(facts, (kind, 1, D(0))).value == 0


@given(CLIMATES, KINDS, TONNES)
def test_never_more_than_the_carbon_there_is(
    climate: Climate, kind: str, tonnes: Decimal
) -> None:
    years = [worked(Disposal(year, climate), (kind, 1, tonnes)) for year in (1, 2, 3)]
    carbon = tonnes * tool04.CARBON[Waste(kind)].value

    assert sum(each.step("C_y").value for each in years) <= carbon
    assert years[0].value >= years[1].value >= years[2].value


@given(CLIMATES, KINDS, TONNES)
def test_the_same_in_every_unit(climate: Climate, kind: str, tonnes: Decimal) -> None:
    facts = Disposal(2, climate)
    here = worked(facts, (kind, 1, tonnes), f=D("0.1"))
    there = worked(
        facts, (kind, 1, Quantity(tonnes * 1000, "kg")), f=Quantity(D(10), "%")
    )

    assert there.value == here.value
