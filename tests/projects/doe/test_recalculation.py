"""The DOE's own arithmetic: by hand, against the engine, and blind to nothing.

The engine works with 50 digits, this one with exact fractions; on every case both know, they agree
to far below a tonne. A planted fault in either shows.
"""

from __future__ import annotations

import ast
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.doe import comparison, recalculation
from projects.doe.recalculation import Facts
from projects.doe.second import sizes
from projects.doe.second.sizes import CannotRecalculate
from projects.methodologies import catalogue
from projects.methodologies.base import Activity, Context, GridFactor, Technology

SOLAR = Facts(
    "AMS-I.D", {"version": "18.0", "technology": "solar", "capacity_mw": Fraction(10)},
    {"EF_OM": Fraction("1.0021"), "EF_BM": Fraction("0.5940")},
)


def test_the_registered_estimate_of_cdm_9851_comes_out_to_the_tonne() -> None:
    steps = recalculation.recalculate(
        SOLAR, {"EG_export": Fraction(15580), "EG_import": Fraction(0)}, commitment_period=2
    )
    assert steps["EF_grid_CM"] == Fraction("0.900075")
    assert steps["ER"] == Fraction("14023.1685")
    assert recalculation.whole_tonnes(steps["ER"]) == 14_023


def test_a_rise_of_emissions_is_rounded_downwards_too() -> None:
    assert recalculation.whole_tonnes(Fraction("-0.1")) == -1


def test_what_the_old_plant_delivered_is_taken_off() -> None:
    """By hand: (3,600 + 50) MWh × 73 d / 365 d = 730 MWh; (1,000 − 730) MWh × 0.5 = 135 t."""
    facts = recalculation.facts_of({
        "general": {"sector": "wind", "installed_mw": "10"},
        "methodology": {
            "code": "ACM0002", "activity": "replacement", "grid_factor": "published",
        },
        "parameters": {"fixed": {
            "EF_grid_CM": {"value": "500", "unit": "kgCO2/MWh"},
            "EG_hist": {"value": "3.6", "unit": "GWh"}, "sigma_hist": {"value": "50"},
        }},
    })
    assert [series.symbol for series in recalculation.series_of(facts)] == [
        "EG_export", "EG_import", "d",
    ]
    measured = {"EG_export": Fraction(1000), "EG_import": Fraction(0), "d": Fraction(73)}
    steps = recalculation.recalculate(facts, measured, commitment_period=2)
    assert (steps["EG_PJ/EG_BL"], steps["ER"]) == (730, 135)


def test_steps_below_a_step_of_the_report_are_compared_too() -> None:
    context = Context(
        Technology.WIND, Decimal(10), Activity.REPLACEMENT, grid_factor=GridFactor.PUBLISHED,
        old_plant_would_last=True,
    )
    theirs = catalogue.get("ACM0002").calculate(version="22.0", context=context, inputs={
        "EG_export": 1000, "EG_import": 0, "d": 73, "EF_grid_CM": "0.5",
        "EG_hist": 3600, "sigma_hist": 50,
    })
    share = {
        "commitment_period": 2, "units": {}, "readings": {}, "filled": {}, "values": {},
        "calculation": theirs.as_dict(),
    }
    ours = {step.symbol: str(step.value) for step in theirs.steps} | {"EG_PJ/EG_BL": "731"}
    content = {"shares": [share], "claimed": {"2": 135}}
    below = dict(comparison.by_path(share["calculation"]["steps"]))["EG_PJ/EG_BL"]
    rows = comparison.compare(content, {}, {"2": ours}, {"2": 135})
    assert [row["result"] for row in rows if not row["agrees"]] == [
        f"{below['title']}, EG_BL"
    ]


def test_what_is_missing_is_named() -> None:
    with pytest.raises(CannotRecalculate, match="EG_export"):
        recalculation.recalculate(SOLAR, {}, commitment_period=2)


@pytest.mark.parametrize(
    ("given_unit", "due", "size"),
    [
        ("kWh", "MWh", "1/1000"), ("GJ", "MWh", "5/18"), ("kg", "t", "1/1000"),
        ("MJ/kg", "GJ/t", "1"), ("tCO2/TJ", "tCO2/GJ", "1/1000"), ("%", "1", "1/100"),
    ],
)
def test_units_are_known_here_once_more(given_unit: str, due: str, size: str) -> None:
    assert sizes.factor(given_unit, due) == Fraction(size)


def test_a_unit_of_something_else_is_refused() -> None:
    with pytest.raises(CannotRecalculate, match="t is not understood as MWh"):
        sizes.factor("t", "MWh")


def test_a_shortfall_is_made_good_before_anything_is_claimed() -> None:
    calculated = {"1": {"ER": "-21/2"}, "2": {"ER": "100"}}
    assert comparison.claims(calculated, carried=5) == {"1": 0, "2": 84}


AMOUNT = st.decimals("0", "100000", places=4)
FACTOR = st.decimals("0", "2", places=6)
CASES = st.fixed_dictionaries({
    "technology": st.sampled_from(["solar", "wind", "hydro", "geothermal"]),
    "capacity": st.decimals("1", "15", places=2),
    "area": st.none() | st.decimals("0.1", "0.24", places=3) | st.decimals("0.3", "0.9", places=3),
    "published": st.booleans(), "fuel": st.booleans(), "period": st.sampled_from([1, 2]),
    "om": FACTOR, "bm": FACTOR, "export": AMOUNT, "import": AMOUNT, "teg": AMOUNT, "steam": AMOUNT,
    "fc": AMOUNT, "ncv": st.decimals("1", "60", places=3), "share": st.decimals("0", "1", places=5),
})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CASES)
def test_it_agrees_with_the_engine_on_every_case_both_know(case: Any) -> None:
    """Property: the two ways, written apart, come to the same number in every step."""
    hydro = case["technology"] == "hydro"
    area = case["area"] if hydro else None
    if area is not None and case["capacity"] / area <= 4:
        return
    fuels = ("diesel",) if case["fuel"] else ()
    context = Context(
        technology=Technology(case["technology"]), capacity_mw=case["capacity"],
        commitment_period=case["period"], reservoir_area_km2=area, fuels=fuels,
        grid_factor=GridFactor.PUBLISHED if case["published"] else GridFactor.COMBINED_MARGIN,
    )
    fixed = (
        {"EF_grid_CM": case["om"]} if case["published"]
        else {"EF_OM": case["om"], "EF_BM": case["bm"]}
    )
    if fuels:
        fixed |= {"NCV_diesel": case["ncv"], "EF_CO2_diesel": Decimal("0.0741")}
    everything = {
        "EG_export": case["export"], "EG_import": case["import"], "TEG": case["teg"],
        "M_steam": case["steam"], "w_CO2": case["share"], "w_CH4": case["share"] / 10,
        "FC_diesel": case["fc"],
    }
    methodology = catalogue.get("AMS-I.D")
    symbols = {p.symbol for p in methodology.monitored(context)}
    monitored = {symbol: everything[symbol] for symbol in symbols}
    theirs = methodology.ex_post(
        version="18.0", context=context, fixed=fixed, monitored=monitored
    )
    facts = Facts(
        "AMS-I.D",
        {
            "version": "18.0", "technology": case["technology"], "fuels": fuels,
            "capacity_mw": case["capacity"], "reservoir_area_km2": area,
            "grid_factor": "published" if case["published"] else "combined_margin",
        },
        {symbol: Fraction(value) for symbol, value in fixed.items()},
    )
    assert {series.symbol for series in recalculation.series_of(facts)} == symbols
    ours = recalculation.recalculate(
        facts, {s: Fraction(v) for s, v in monitored.items()}, commitment_period=case["period"]
    )
    assert set(ours) == {step.symbol for step in theirs.steps}
    for step in theirs.steps:
        assert abs(Fraction(step.value) - ours[step.symbol]) <= comparison.TOLERANCE
    assert recalculation.whole_tonnes(ours["ER"]) == theirs.reductions


def test_the_second_way_imports_nothing_of_the_first() -> None:
    """Independence is a fact of the source: no import of the engine's own arithmetic."""
    for module in ("recalculation", "rawsums", "comparison", "actions/recomputation"):
        tree = ast.parse(Path(f"projects/doe/{module}.py").read_text())
        names = {
            node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
        } | {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import)
            for alias in node.names
        }
        assert not any("methodologies" in (name or "") for name in names)
