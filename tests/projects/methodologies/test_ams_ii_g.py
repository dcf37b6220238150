"""AMS-II.G by hand; the first case is the vector of the domain reference."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from projects.methodologies import ams_ii_g
from projects.methodologies.ams_ii_g import OldStove, Stoves, Survey
from projects.methodologies.base import Calculation, NotApplicable, UnusableInputs
from projects.methodologies.calculation import walk

BOILED = Stoves(Survey.WATER_BOILING, D("0.25"), D(100), nrb_since_1989=True)
KITCHENS = replace(BOILED, test=Survey.KITCHEN)
ROCKET = {
    "type": "rocket", "batch": "2014", "N": 5000, "mu": D("0.9"), "B_old": 3, "eta_new": D("0.25")
}


def worked(facts: Stoves = BOILED, version: str = "12.0", **changes: Any) -> Calculation:
    given = {"stoves": [ROCKET], "f_NRB": D("0.8"), **changes}
    return ams_ii_g.METHODOLOGY.ex_ante(version=version, context=facts, inputs=given, year=1)


def test_vector_stoves() -> None:
    """3 t × (1 − 0.10 / 0.25) = 1.8 t; × 5,000 × 0.9 = 8,100 t × 0.0156 TJ/t × 0.8 × 63.7 tCO2/TJ =
    6,439.3056 t, of which 0.95 remain: 6,117.34032 t, and of one stove 1.35940896 t.
    """
    result = worked()
    one = worked(stoves=[{**ROCKET, "N": 1, "mu": 1}])

    assert result.step("B_savings[rocket, 2014]").value == D("1.8")
    assert result.baseline == D("6439.3056")
    assert result.reductions_exact == D("6117.34032")
    assert result.reductions == 6117
    assert one.reductions_exact == D("1.35940896")


def test_two_batches_in_the_older_version() -> None:
    """2,000 × 0.5 × 3 × (0.3 − 0.2) / 0.3 = 1,000 t and 1,000 × 1 × 4 × (0.4 − 0.2) / 0.4 =
    2,000 t; 3,000 t × 0.015 TJ/t × 0.5 × 81.6 = 1,836 t, × 0.95 = 1,744.2 t.
    """
    rows = [
        {**ROCKET, "N": 2000, "mu": D("0.5"), "eta_new": D("0.3")},
        {**ROCKET, "batch": "2015", "N": 1000, "mu": 1, "B_old": 4, "eta_new": D("0.4")},
    ]
    facts = replace(BOILED, old_stove=OldStove.OTHER)
    result = worked(facts, "05.0", stoves=rows, f_NRB=D("0.5"))

    assert round(result.step("B_y").value, 20) == 3000
    assert round(result.reductions_exact, 20) == D("1744.2")
    assert result.reductions == 1744


def test_kitchens_measured_in_the_newest_version() -> None:
    """(3 − 1) t × 5,000 × 0.9 = 9,000 t × 0.0156 × (0.8 × 112 + 26.23) = 140.4 × 115.83 =
    16,262.532 t, × 0.95 = 15,449.4054 t.
    """
    row = {key: value for key, value in ROCKET.items() if key != "eta_new"} | {"B_new": 1}
    result = worked(KITCHENS, "13.0", stoves=[row])

    assert result.baseline == D("16262.532")
    assert result.leakage == D("813.1266")
    assert result.reductions_exact == D("15449.4054")


def test_more_wood_than_before_is_a_shortfall_in_full() -> None:
    """(1 − 2) t × 4,500 = −4,500 t × 0.0156 × 0.8 × 63.7 = −3,577.392 t; no leakage lessens it."""
    row = {key: value for key, value in ROCKET.items() if key != "eta_new"}
    result = worked(KITCHENS, stoves=[{**row, "B_old": 1, "B_new": 2}])

    assert result.leakage == 0
    assert result.shortfall == 3578


def test_a_stove_worse_than_the_old_one_is_refused() -> None:
    with pytest.raises(UnusableInputs) as refused:
        worked(stoves=[{**ROCKET, "eta_new": D("0.09")}])

    [problem] = refused.value.problems
    assert problem.symbol == "stoves[rocket, 2014].eta_new"
    assert problem.message == "0.09 is below eta_old, 0.10"


def test_every_step_says_that_it_is_unverified() -> None:
    assert all("unverified" in step.source for step in walk(worked().steps))


def test_each_version_shows_its_own_constants() -> None:
    shown = {
        version: {each.symbol: each.value for each in kind.constants}
        for version, kind in ams_ii_g.BY_VERSION.items()
    }

    assert [shown[v]["NCV"] for v in ("05.0", "12.0", "13.0")] == [D("0.015"), *[D("0.0156")] * 2]
    assert "EF_wf_nonCO2" in shown["13.0"]
    assert "EF_wf_nonCO2" not in shown["12.0"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"energy_saved": D("180.1")}, "180.1 GWh is above the 180 GWh"),
        ({"efficiency": D("0.24")}, "0.24 is less than 0.25"),
        ({"nrb_since_1989": False}, "not been used since then"),
        ({"old_kept": True}, "old stoves go on"),
        ({"charcoal": True}, "charcoal burnt, not built here"),
        ({"leakage_surveyed": True}, "surveys, not built here"),
    ],
)
def test_where_it_does_not_apply(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotApplicable, match=reason):
        worked(replace(BOILED, **changes))
