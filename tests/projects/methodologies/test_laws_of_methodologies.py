"""Every small-scale methodology keeps the laws: one working case of each is scaled at random."""

from decimal import Decimal
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.methodologies import (
    ams_i_c,
    ams_i_e,
    ams_i_f,
    ams_ii_g,
    ams_iii_av,
    ams_iii_d,
    ams_iii_f,
    ams_iii_h,
    catalogue,
    tool04,
)
from projects.methodologies.base import Quantity, Technology
from tests.projects.methodologies import laws
from tests.projects.methodologies.laws import Case

STOVES = {"type": "rocket", "batch": "2014", "N": 5000, "mu": D("0.9"), "B_old": 3}
WATER = ams_iii_av.SafeWater(safe_water_supplied=False, quality_met=True, fuels=("diesel",))

POWER = {"EC": 10, "EF_EL": D("0.5"), "TDL": D("0.1")}
DIESEL = {"FC_diesel": 1, "NCV_diesel": D("43.3"), "EF_CO2_diesel": D("0.0748")}
GAS = {"BG_used": 10**6, "v_CH4": D("0.6"), "V_RG": 1000, "x_off": D("0.1"), "d": 365}
USED = ("EC", "FC_diesel")

CASES = [
    Case(
        "AMS-I.C", "21.0",
        ams_i_c.Heat(D(45), ams_i_c.Fuel.COAL, electricity=True, fuels=("diesel",)),
        {"EG_thermal": 100, "eta_BL": D("0.85"), "EF_FF": 94, **POWER, **DIESEL},
        ("EG_thermal",), USED,
    ),
    Case(
        "AMS-I.E", "12.0",
        ams_i_e.Switch(
            ams_i_e.Replaced.DEVICES, D(1), nrb_since_1989=True, electricity=True,
            fuels=("diesel",),
        ),
        {
            "devices": [{"type": "biogas", "N": 1000, "mu": D("0.8"), "B": D("2.5")}],
            "f_NRB": D("0.8"), **POWER, **DIESEL,
        },
        ("devices.N",), USED,
    ),
    Case(
        "AMS-I.E", "04.0",
        ams_i_e.Switch(ams_i_e.Replaced.USEFUL_ENERGY, D(1), nrb_since_1989=True),
        {"HG_p": D("3.12"), "eta_old": D("0.1"), "f_NRB": D("0.8")}, ("HG_p",),
    ),
    Case(
        "AMS-I.F", "03.0",
        ams_i_f.Captive(
            Technology.WIND, D(5), ams_i_f.Supplied.MINI_GRID, electricity=True, fuels=("diesel",)
        ),
        {"EG_BL": 1500, "EF_CO2": D("0.8"), **POWER, **DIESEL}, ("EG_BL",), USED,
    ),
    *(
        Case(
            "AMS-II.G", version,
            ams_ii_g.Stoves(test, D("0.3"), D(50), nrb_since_1989=True),
            {"stoves": [{**STOVES, **tested}], "f_NRB": D("0.8")}, ("stoves.N",),
        )
        for version, test, tested in (
            ("13.0", ams_ii_g.Survey.WATER_BOILING, {"eta_new": D("0.25")}),
            ("05.0", ams_ii_g.Survey.KITCHEN, {"B_new": D("1.1")}),
        )
    ),
    Case(
        "AMS-III.D", "21.0",
        ams_iii_d.Manure(
            confined=True, anaerobic_before=True, discharged_before=False, recovered_before=False,
            flared=True, electricity=True, fuels=("diesel",),
        ),
        {
            "animals": [
                {"type": "pigs", "system": "lagoon", "N_da": 365, "N_p": 1000, "VS": D("0.5"),
                 "B_o": D("0.45"), "MCF": D("0.75"), "MS": 1},
            ],
            "nd": 360, **GAS, **POWER, **DIESEL,
        },
        ("animals.N_p", "BG_used"), ("V_RG", *USED),
    ),
    Case(
        "AMS-III.F", "12.0",
        ams_iii_f.Composting(
            2, tool04.Climate.TROPICAL_WET, electricity=True, fuels=("diesel",)
        ),
        {
            "W": [
                {"type": "food", "year": 1, "W": 900}, {"type": "paper", "year": 2, "W": 100}
            ],
            "f": D("0.1"), "MD_reg": 0, "Q_comp": 100, "d": 365, **POWER, **DIESEL,
        },
        ("W.W", "Q_comp"), USED,
    ),
    Case(
        "AMS-III.H", "19.0",
        ams_iii_h.WasteWater(
            anaerobic_before=True, recovered_before=False, flared=True, electricity=True,
            fuels=("diesel",),
        ),
        {
            "lagoons": [
                {"system": "pond", "kind": "deep_lagoon", "Q": 10**5, "COD_in": D("0.06"),
                 "eta_COD": D("0.9")},
            ],
            "reactors": [
                {"system": "UASB", "Q_PJ": 10**5, "COD_rem": D("0.05"), "MCF_PJ": D("0.8")}
            ],
            **GAS, **POWER, **DIESEL,
        },
        ("lagoons.Q", "BG_used"), ("reactors.Q_PJ", "V_RG", *USED),
    ),
    Case(
        "AMS-III.AV", "05.0", WATER,
        {
            "QPW": 10**6, "N": 1000, "d": 365, "eta": D("0.1"), "f_NRB": D("0.8"),
            **DIESEL,
        },
        ("QPW",), ("FC_diesel",),
    ),
]
FACTOR = st.decimals(min_value=0, max_value=1000, places=3)
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.version}")
few = settings(max_examples=20)


def test_no_small_scale_methodology_is_left_out() -> None:
    """Those of a design document have laws of their own."""
    small = {each.code for each in catalogue.methodologies() if each.scale == "small"}

    assert {case.code for case in CASES} == small - {"AMS-I.D"}


@every_case
@few
@given(one=FACTOR, other=FACTOR)
def test_more_is_never_less(case: Case, one: Decimal, other: Decimal) -> None:
    laws.more_is_never_less(case, one, other)


@every_case
def test_nothing_makes_nothing(case: Case) -> None:
    laws.nothing_makes_nothing(case)


@every_case
@few
@given(activity=FACTOR, used=FACTOR)
def test_never_above_the_baseline(case: Case, activity: Decimal, used: Decimal) -> None:
    laws.never_above_the_baseline(case, activity, used)


@every_case
@few
@given(factor=FACTOR, pick=st.integers(min_value=1, max_value=9))
def test_units_make_no_difference(case: Case, factor: Decimal, pick: int) -> None:
    laws.units_make_no_difference(case, factor, pick)


@every_case
def test_json_makes_no_difference(case: Case) -> None:
    laws.json_makes_no_difference(case)


def test_the_laws_see_what_breaks_them() -> None:
    """Fuel taken for activity lessens reductions; water left over, or in a wrong unit, shows."""
    case = CASES[-1]
    fuel = case._replace(activity=("FC_diesel",), used=())
    wrong = {**case.inputs, "QPW": Quantity(D(10**6), "m3")}

    with pytest.raises(AssertionError):
        laws.more_is_never_less(fuel, D(1), D(2))
    with pytest.raises(AssertionError):
        laws.nothing_makes_nothing(fuel)
    assert case.worked(wrong).reductions != case.worked().reductions
