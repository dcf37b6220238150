"""AMS-III.H by hand; methane 25 in the second commitment period, 21 in the first."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from projects.methodologies import ams_iii_h
from projects.methodologies.ams_iii_h import WasteWater
from projects.methodologies.base import Calculation, NotApplicable, UnusableInputs
from projects.methodologies.calculation import walk
from projects.methodologies.tool06 import Flare

MILL = WasteWater(anaerobic_before=True, recovered_before=False)
LAGOON = {
    "system": "pond", "kind": "deep_lagoon", "Q": 100_000, "COD_in": D("0.06"), "eta_COD": D("0.9")
}
REACTOR = {"system": "UASB", "Q_PJ": 100_000, "COD_rem": D("0.05"), "MCF_PJ": D("0.8")}
GAS = {"BG_used": 3_000_000, "v_CH4": D("0.6"), "d": 365}


def worked(facts: WasteWater = MILL, **changes: Any) -> Calculation:
    given = {"lagoons": [LAGOON], "reactors": [REACTOR], **GAS, **changes}
    return ams_iii_h.METHODOLOGY.ex_ante(version="19.0", context=facts, inputs=given, year=1)


def test_vector_a_deep_lagoon() -> None:
    """100,000 m³ × 0.06 × 0.9 × 0.8 × 0.25 × 0.89 = 961.2 t of methane; × 25 = 24,030 t.
    Reactors: 100,000 × 0.05 × 0.8 × 0.25 × 1.12 = 1,120 t × (1 − 0.9) × 25 = 2,800 t.
    24,030 − 2,800 = 21,230 t, and 3,000,000 m³ × 0.6 × 0.00067 × 25 = 30,150 t are destroyed.
    """
    result = worked()

    assert result.baseline == 24_030
    assert result.step("MEP").value == 1120
    assert result.project == 2800
    assert result.step("MD_net").value == 30_150
    assert result.reductions_exact == 21_230


def test_no_more_than_is_destroyed_less_the_energy_for_it() -> None:
    """1,000,000 m³ × 0.6 × 0.00067 × 25 = 10,050 t, less 1,000 MWh × 0.5 × 1.1 = 550 t: 9,500 t."""
    facts = replace(MILL, electricity=True)
    result = worked(facts, BG_used=1_000_000, EC=1000, EF_EL=D("0.5"), TDL=D("0.1"))

    assert result.reductions_exact == 9500
    assert result.step("MD_net").formula == "MD_net = MD − PE_EC"
    assert "Held to MD_net" in result.step("ER").note


def test_a_flare_and_two_lagoons_in_the_first_period() -> None:
    """10,000 × 0.06 × 0.9 × 0.8 = 432 and 10,000 × 0.01 × 0.5 × 0.2 = 10 t; 442 × 0.25 × 0.89 × 21
    = 2,065.245 t. Reactor: 10,000 × 0.05 × 0.8 × 0.25 × 1.12 × 0.1 × 21 = 235.2 t. Gas: 500,000 m³
    × 0.5 × 0.00067 = 167.5 t to an open flare, of which half, 83.75 t × 21 = 1,758.75 t, is not
    destroyed: 2,065.245 − 235.2 − 1,758.75 = 71.295 t.
    """
    facts = replace(MILL, flared=True, flare=Flare.OPEN, commitment_period=1)
    result = worked(
        facts, BG_used=0, V_RG=500_000, v_CH4=D("0.5"), x_off=0,
        lagoons=[
            {**LAGOON, "Q": 10_000},
            {**LAGOON, "system": "ditch", "kind": "shallow_lagoon", "Q": 10_000,
             "COD_in": D("0.01"), "eta_COD": D("0.5")},
        ],
        reactors=[{**REACTOR, "Q_PJ": 10_000}],
    )

    assert result.baseline == D("2065.245")
    assert result.step("PE_flare").value == D("1758.75")
    assert result.step("MD").value == D("1758.75")
    assert result.reductions_exact == D("71.295")
    assert result.reductions == 71


def test_the_limit_of_small_scale_type_iii() -> None:
    """Ten times as much: 212,300 t, held to 60,000 × 73 / 365 = 12,000 t for 73 days."""
    result = worked(
        lagoons=[{**LAGOON, "Q": 10**6}], reactors=[{**REACTOR, "Q_PJ": 10**6}],
        BG_used=30_000_000, d=73,
    )

    assert result.baseline == 240_300
    assert result.reductions == 12_000


def test_nothing_destroyed_is_nothing_claimed() -> None:
    assert worked(BG_used=0).reductions == 0


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"kind": "septic_tank"}, "is none of deep_lagoon, shallow_lagoon"),
        ({"eta_COD": D("1.1")}, "out of range"),
        ({"COD_in": 60}, "out of range"),
    ],
)
def test_a_lagoon_that_cannot_be_is_refused(row: dict[str, Any], message: str) -> None:
    with pytest.raises(UnusableInputs) as refused:
        worked(lagoons=[{**LAGOON, **row}])

    [problem] = refused.value.problems
    assert problem.symbol == f"lagoons[1].{next(iter(row))}"
    assert message in problem.message


def test_every_step_says_that_it_is_unverified() -> None:
    steps = list(walk(worked().steps))

    assert {"MD", "MD_net", "ER_max"} < {step.symbol for step in steps}
    assert all("unverified" in step.source for step in steps)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"anaerobic_before": False}, "aerated, too cold or too often emptied"),
        ({"recovered_before": True}, "recovered before, not built here"),
        ({"sludge_without_air": True}, "sludge that decays without air, not built here"),
        ({"discharge_without_air": True}, "discharge that decays without air, not built here"),
        ({"upgraded": True}, "bottled or piped, not built here"),
    ],
)
def test_where_it_does_not_apply(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotApplicable, match=reason):
        worked(replace(MILL, **changes))
