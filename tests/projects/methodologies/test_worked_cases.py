"""Worked cases to the tonne. The figures are copied by hand; each says where it is from."""

from datetime import date
from decimal import Decimal
from decimal import Decimal as D

import pytest

from projects.methodologies import catalogue, renewables, tool07
from projects.methodologies.base import (
    Calculation,
    Context,
    GridFactor,
    Quantity,
    Technology,
    UnusableInputs,
)

AMS_I_D = catalogue.get("AMS-I.D")
ACM0002 = catalogue.get("ACM0002")

SOLAR_10_MW = Context(technology=Technology.SOLAR, capacity_mw=D(10))


def test_cdm_9851_comes_out_as_registered() -> None:
    """Registered CDM project 9851, design of 10 April 2013, AMS-I.D version 17: 14,023 t a year.

    15,580 MWh and the 14,023 t stand on the first page of its design document; both margins are
    the host authority's 2012 factors, unverified, supported by the exact match.
    15,580 × (0.75 × 1.0021 + 0.25 × 0.594) = 15,580 × 0.900075 = 14,023.1685.
    """
    result = AMS_I_D.ex_ante(
        version="17.0",
        context=SOLAR_10_MW,
        inputs={"EG_export": D(15580), "EF_OM": D("1.0021"), "EF_BM": D("0.594")},
        year=2014,
    )

    assert result.reductions == 14_023
    assert result.reductions_exact == D("14023.1685")
    assert result.step("EF_grid_CM").value == D("0.900075")
    assert (result.baseline, result.project, result.leakage) == (D("14023.1685"), 0, 0)
    assert result.year == 2014


def test_cdm_9851_could_take_up_version_17_when_it_was_designed() -> None:
    assert catalogue.version_valid_on("AMS-I.D", "17.0", date(2013, 4, 10))
    assert not catalogue.version_valid_on("AMS-I.D", "18.0", date(2013, 4, 10))


def test_wind_in_its_first_crediting_period() -> None:
    """10 MW × 8,760 h × 0.30 = 26,280 MWh; 0.75 × 0.9 + 0.25 × 0.6 = 0.825; 21,681.0 t."""
    generation = renewables.expected_generation(capacity_mw=D(10), load_factor=D("0.30"))
    result = ACM0002.ex_ante(
        version="20.0",
        context=Context(technology=Technology.WIND, capacity_mw=D(10)),
        inputs={"EG_export": generation, "EF_OM": D("0.9"), "EF_BM": D("0.6")},
        year=2020,
    )

    assert generation == 26_280
    assert result.step("EF_grid_CM").value == D("0.825")
    assert result.baseline == D("21681.0")
    assert result.reductions == 21_681


HYDRO = Context(technology=Technology.HYDRO, capacity_mw=D(20), reservoir_area_km2=D(3))


def test_hydro_between_4_and_10_watts_a_square_metre() -> None:
    """20 MW over 3 km² is 6.67 W/m²; 87,600 MWh × 0.75 − 90 × 87,600 / 1,000 = 57,816 t."""
    generation = renewables.expected_generation(capacity_mw=D(20), load_factor=D("0.50"))
    result = ACM0002.ex_ante(
        version="20.0",
        context=HYDRO,
        inputs={
            "EG_export": generation,
            "TEG": generation,
            "EF_OM": D("0.9"),
            "EF_BM": D("0.6"),
        },
        year=2020,
    )

    assert round(result.step("PD").value, 2) == D("6.67")
    assert result.step("EF_grid_CM").value == D("0.75")
    assert result.baseline == 65_700
    assert result.project == 7_884
    assert result.reductions_exact == 57_816
    assert result.reductions == 57_816


def test_published_factor_in_other_units() -> None:
    """A published portfolio of hydro power: 1,532.35 GWh at 833 gCO2/kWh, printed 1,276,448 t.

    The product is 1,276,447.55; the printed figure is rounded to the nearest, ours downwards.
    """
    result = ACM0002.ex_ante(
        version="7",
        context=Context(
            technology=Technology.HYDRO, capacity_mw=D(100), grid_factor=GridFactor.PUBLISHED
        ),
        inputs={
            "EG_export": Quantity(D("1532.35"), "GWh"),
            "EF_grid_CM": Quantity(D(833), "gCO2/kWh"),
        },
        year=None,
    )

    assert result.reductions_exact == D("1276447.55")
    assert result.reductions == 1_276_447


DIESEL = Context(technology=Technology.WIND, capacity_mw=D(10), fuels=("diesel",))
DIESEL_INPUTS = {"EG_export": D(26280), "EF_OM": D("0.9"), "EF_BM": D("0.6"), "FC_diesel": D(1200)}


def test_start_up_diesel_in_terajoules() -> None:
    """A published waste-to-power design: 1,200 t × 0.0433 TJ/t × 74.8 tCO2/TJ = 3,886.608 t."""
    result = ACM0002.ex_ante(
        version="20.0",
        context=DIESEL,
        inputs={
            **DIESEL_INPUTS,
            "NCV_diesel": Quantity(D("0.0433"), "TJ/t"),
            "EF_CO2_diesel": Quantity(D("74.8"), "tCO2/TJ"),
        },
        year=2021,
    )

    assert result.step("PE_FF").value == D("3886.608")
    assert result.reductions_exact == D("17794.392")
    assert result.reductions == 17_794


def test_the_unit_labels_that_design_printed_are_caught() -> None:
    """It labels the same figures GJ/t and tCO2/GJ: a factor of 74.8 tCO2/GJ cannot be."""
    with pytest.raises(UnusableInputs) as refused:
        ACM0002.ex_ante(
            version="20.0",
            context=DIESEL,
            inputs={
                **DIESEL_INPUTS,
                "NCV_diesel": Quantity(D("0.0433"), "GJ/t"),
                "EF_CO2_diesel": Quantity(D("74.8"), "tCO2/GJ"),
            },
            year=2021,
        )

    assert [problem.symbol for problem in refused.value.problems] == ["EF_CO2_diesel"]
    assert "out of range" in refused.value.problems[0].message


def test_geothermal_steam_with_the_potential_of_its_commitment_period() -> None:
    """(0.005 + 0.0001 × 21) × 1,000,000 t = 7,100 t in the first period, × 25: 7,500 t."""
    released = {}
    for commitment_period in (1, 2):
        result = ACM0002.ex_ante(
            version="20.0",
            context=Context(
                technology=Technology.GEOTHERMAL,
                capacity_mw=D(30),
                commitment_period=commitment_period,
            ),
            inputs={
                "EG_export": D(200_000),
                "EF_OM": D("0.9"),
                "EF_BM": D("0.6"),
                "M_steam": D(1_000_000),
                "w_CO2": D("0.005"),
                "w_CH4": D("0.0001"),
            },
            year=2012,
        )
        released[commitment_period] = result.step("PE_GP").value
        assert result.reductions == 150_000 - int(released[commitment_period])

    assert released == {1: 7_100, 2: 7_500}


def test_net_electricity_subtracts_what_was_taken_from_the_grid() -> None:
    """(1,000 − 10.5) MWh × 0.900075 = 890.6242125, of which 890 whole tonnes."""
    result = AMS_I_D.ex_post(
        version="17.0",
        context=SOLAR_10_MW,
        fixed={"EF_OM": D("1.0021"), "EF_BM": D("0.594")},
        monitored={"EG_export": D(1000), "EG_import": D("10.5")},
    )

    assert result.step("EG_PJ").value == D("989.5")
    assert result.reductions_exact == D("890.6242125")
    assert result.reductions == 890


def test_a_period_that_took_more_than_it_gave_leaves_a_shortfall() -> None:
    """(1 − 2) MWh × 0.900075 = −0.900075: a shortfall of one whole tonne, never a rounded zero."""
    result = AMS_I_D.ex_post(
        version="17.0",
        context=SOLAR_10_MW,
        fixed={"EF_OM": D("1.0021"), "EF_BM": D("0.594")},
        monitored={"EG_export": D(1), "EG_import": D(2)},
    )

    assert result.reductions_exact == D("-0.900075")
    assert result.reductions == -1
    assert result.shortfall == 1


def test_zero_generation_is_zero_tonnes() -> None:
    result = AMS_I_D.ex_ante(
        version="18.0",
        context=SOLAR_10_MW,
        inputs={"EG_export": 0, "EF_OM": D("1.0021"), "EF_BM": D("0.594")},
        year=2020,
    )

    assert result.reductions == 0
    assert result.shortfall == 0


@pytest.mark.parametrize(
    ("operating", "build", "published"),
    [
        ("0.7424", "0.368", "0.5552"),  # Türkiye, as used in 2022 by a published design
        ("0.8907", "0.801", "0.84585"),  # Viet Nam 2019, published design, five decimals
        ("0.7279", "0.3541", "0.541"),  # Türkiye, an earlier published design
    ],
)
def test_combined_margins_of_published_designs(operating: str, build: str, published: str) -> None:
    step = tool07.combined_margin(
        operating=D(operating), build=D(build), w_operating=D("0.5"), w_build=D("0.5")
    )

    assert step.value == D(published)


def test_operating_margin_of_viet_nam_agrees_with_the_printed_totals_only() -> None:
    """The printed yearly emissions add up to 22,185.08 t less than their printed total.

    The printed totals give the printed 0.8907; the rows give 0.8906.
    """
    generation = ("96446572.77", "114997401.74", "143651728.86")
    emissions = ("83160505.77", "106748579.11", "126339447.4")
    rows = [
        tool07.Generation(str(year), D(mwh), D(tonnes))
        for year, mwh, tonnes in zip((2017, 2018, 2019), generation, emissions, strict=True)
    ]
    printed = [tool07.Generation("2017-2019", D("355095703.37"), D("316270717.36"))]

    assert round(tool07.simple_operating_margin(rows).value, 4) == D("0.8906")
    assert round(tool07.simple_operating_margin(printed).value, 4) == D("0.8907")


def test_build_margin_of_viet_nam_is_not_what_its_totals_give() -> None:
    """Printed 0.8010; 33,886,270.57 t over 42,106,138.88 MWh are 0.8048."""
    sample = [tool07.Generation("sample", D("42106138.88"), D("33886270.57"))]

    value = tool07.build_margin(sample).value

    assert round(value, 6) == D("0.804782")
    assert round(value, 4) != D("0.8010")


def test_a_calculation_survives_being_stored() -> None:
    result = ACM0002.ex_ante(
        version="20.0",
        context=HYDRO,
        inputs={
            "EG_export": D("87600.123"),
            "TEG": D(87_600),
            "EF_OM": D("0.9"),
            "EF_BM": D("0.6"),
        },
        year=2020,
    )

    stored = result.as_dict()

    assert Calculation.from_dict(stored) == result
    assert stored["reductions_exact"] == "57816.09225"
    assert stored["steps"][0]["inputs"][0] == ["w_OM", "0.5", "1"]


def test_every_step_says_that_it_is_unverified() -> None:
    result = ACM0002.ex_ante(
        version="20.0",
        context=HYDRO,
        inputs={"EG_export": 1, "TEG": 1, "EF_OM": 1, "EF_BM": 1},
        year=2020,
    )

    assert [step.symbol for step in result.steps] == [
        "EF_grid_CM",
        "EG_PJ",
        "BE",
        "PD",
        "PE_HP",
        "PE",
        "LE",
        "ER",
    ]
    assert all("unverified" in step.source for step in result.steps)
    assert not any(step.verified for step in result.steps)


def test_a_step_can_be_done_again_by_hand() -> None:
    result = AMS_I_D.ex_ante(
        version="17.0",
        context=SOLAR_10_MW,
        inputs={"EG_export": D(15580), "EF_OM": D("1.0021"), "EF_BM": D("0.594")},
        year=2014,
    )

    baseline = result.step("BE")

    assert baseline.formula == "BE = EG_PJ × EF_grid_CM"
    assert baseline.inputs == (
        ("EG_PJ", Decimal(15580), "MWh"),
        ("EF_grid_CM", Decimal("0.900075"), "tCO2/MWh"),
    )
    assert (baseline.value, baseline.unit) == (Decimal("14023.1685"), "tCO2e")
