"""AMS-III.D by hand; methane 25 in the second commitment period, 21 in the first."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from projects.methodologies import ams_iii_d
from projects.methodologies.ams_iii_d import Manure
from projects.methodologies.base import Calculation, NotApplicable, UnusableInputs
from projects.methodologies.calculation import walk

FARM = Manure(
    confined=True, anaerobic_before=True, discharged_before=False, recovered_before=False
)
PIGS = {
    "type": "pigs", "system": "lagoon", "N_da": 365, "N_p": 1000, "VS": D("0.5"), "B_o": D("0.45"),
    "MCF": D("0.75"), "MS": 1,
}
GAS = {"BG_used": 200_000, "v_CH4": D("0.6"), "nd": 365, "d": 365}


def worked(facts: Manure = FARM, **changes: Any) -> Calculation:
    given = {"animals": [PIGS], **GAS, **changes}
    return ams_iii_d.METHODOLOGY.ex_ante(version="21.0", context=facts, inputs=given, year=1)


@pytest.mark.parametrize(
    ("period", "baseline", "leaks"),
    [(2, "969.79359375", "137.559375"), (1, "814.62661875", "115.549875")],
)
def test_vectors_pigs(period: int, baseline: str, leaks: str) -> None:
    """0.45 × 1,000 × 0.5 × 365 = 82,125 m³; × 0.75 × 0.94 × 0.00067 × 25 = 969.79359375 t, or
    814.62661875 t with 21; a tenth of 82,125 × 0.00067 × 25 = 1,375.59375 leaks, or 1,155.49875.
    """
    result = worked(replace(FARM, commitment_period=period))

    assert result.baseline == D(baseline)
    assert result.step("PE_PL").value == D(leaks)
    assert result.reductions_exact == D(baseline) - D(leaks)


def test_no_more_than_is_destroyed_less_the_energy_for_it() -> None:
    """50,000 m³ × 0.6 × 0.00067 × 25 = 502.5 t, less 10 MWh × 0.5 × 1.1 = 5.5 t and 1 t × 43 × 0.07
    = 3.01 t: 493.99 t, less than 969.79… − 137.55… − 8.51 = 823.72… t.
    """
    facts = replace(FARM, electricity=True, fuels=("diesel",))
    result = worked(
        facts, BG_used=50_000, EC=10, EF_EL=D("0.5"), TDL=D("0.1"), FC_diesel=1, NCV_diesel=43,
        EF_CO2_diesel=D("0.07"),
    )

    assert result.reductions_exact == D("493.99")
    assert result.step("MD_net").formula == "MD_net = MD − PE_EC − PE_FC"
    assert "Held to MD_net" in result.step("ER").note


def test_animals_that_live_for_part_of_a_year_in_two_systems_and_a_flare() -> None:
    """N = 73 × 5,000 / 365 = 1,000. 0.45 × 1,000 × 0.5 × 100 d = 22,500 m³; half of it × 0.8 and
    half × 0.2 is 11,250: × 0.94 × 0.00067 × 25 = 177.13125 t. Leaks: 22,500 × 0.00067 × 25 × 0.1 =
    37.6875 t. Flare: 5,000 m³ × 0.6 × 0.00067 × 25 = 50.25 t, of which a tenth, 5.025 t, is left.
    177.13125 − 37.6875 − 5.025 = 134.41875 t; destroyed 20,000 m³ × 0.6 × 0.00067 × 25 = 201 t and
    45.225 t of the flare: 246.225 t.
    """
    half = {**PIGS, "N_da": 73, "N_p": 5000, "MS": D("0.5"), "MCF": D("0.8")}
    result = worked(
        replace(FARM, flared=True), animals=[half, {**half, "system": "pit", "MCF": D("0.2")}],
        nd=100, BG_used=20_000, V_RG=5_000, x_off=0,
    )

    assert result.step("N[pigs, lagoon]").value == 1000
    assert result.baseline == D("177.13125")
    assert result.project == D("42.7125")
    assert result.step("MD_net").value == D("246.225")
    assert result.reductions_exact == D("134.41875")


def test_the_limit_of_small_scale_type_iii() -> None:
    """A hundred times as many pigs in a year: (969.79… − 137.55…) × 100 = 83,223.42… t, held to
    60,000 t.
    """
    result = worked(animals=[{**PIGS, "N_p": 100_000}], BG_used=20_000_000)

    assert result.baseline - result.project == D("83223.421875")
    assert result.reductions == 60_000


@pytest.mark.parametrize(
    ("changes", "symbol", "message"),
    [
        ({"nd": 366}, "nd", "366 d is more than the period has: 365 d"),
        (
            {"animals": [PIGS, {**PIGS, "system": "pit", "MS": D("0.1")}]},
            "animals", "MS of pigs adds up to 1.1, which is more than 1",
        ),
        (
            {"animals": [{**PIGS, "N_da": 366}]},
            "animals[1].N_da", "366 d is out of range: between 0 and 365 d",
        ),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any], symbol: str, message: str) -> None:
    with pytest.raises(UnusableInputs) as refused:
        worked(**changes)

    assert [(p.symbol, p.message) for p in refused.value.problems] == [(symbol, message)]


def test_every_step_says_that_it_is_unverified() -> None:
    assert all("unverified" in step.source for step in walk(worked().steps))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"confined": False}, "not confined"),
        ({"anaerobic_before": False}, "with air, too shortly or too cold"),
        ({"discharged_before": True}, "into a river or the sea"),
        ({"recovered_before": True}, "recovered before, not built here"),
        ({"stored_longer": True}, "more than a day, not built here"),
        ({"carried_farther": True}, "carried farther, not built here"),
        ({"residues_without_air": True}, "decays without air, not built here"),
        ({"upgraded": True}, "bottled or piped, not built here"),
    ],
)
def test_where_it_does_not_apply(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotApplicable, match=reason):
        worked(replace(FARM, **changes))
