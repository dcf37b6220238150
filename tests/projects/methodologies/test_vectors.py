"""Every vector of a methodology or tool, from the numbers that it gives to what must come out.

The vectors are read beside the folder in `CDM_DATA`, which is no part of this repository; without
it they are skipped. With `-s` the table is printed: vector, what, expected, got.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from projects.methodologies import codec, renewables, units
from projects.methodologies.calculation import Calculation, Outcome

FILE = Path(os.environ.get("CDM_DATA", "/nowhere")).parent / "domain" / "vectors.json"
ELSEWHERE = ("sop-", "reg-fee-", "check-digits-", "split-")
"""Fees and shares (tests/projects/board/test_fees.py), accounts and serials (tests/registry)."""
IN_FIRST_PERIOD = {"21": 1, "25": 2}
"""The commitment period whose potential of methane a vector takes."""

Numbers = Mapping[str, Decimal]
Got = dict[str, Decimal]


def worked(
    code: str, version: str, facts: dict[str, Any], inputs: dict[str, Any]
) -> Calculation | Outcome:
    """The result by the JSON of `calculate`."""
    asked = {"version": version, "facts": facts, "inputs": inputs}
    return codec.from_json(code, codec.loads(json.dumps(asked, default=str))).result()


def reductions(*asked: Any) -> Calculation:
    """The same of a methodology."""
    result = worked(*asked)
    assert isinstance(result, Calculation)
    return result


def generation(given: Numbers) -> Decimal:
    return renewables.expected_generation(
        capacity_mw=given["capacity"], load_factor=given["load_factor"]
    )


def wind(given: Numbers) -> Got:
    result = reductions(
        "ACM0002", "20.0", {"technology": "wind", "capacity_mw": given["capacity"]},
        {"EG_export": generation(given), **margins(given)},
    )
    return {
        "EG": generation(given), "EF_CM": result.step("EF_grid_CM").value, "BE": result.baseline,
    }


def margins(given: Numbers) -> Got:
    return {name: given[name] for name in ("EF_OM", "EF_BM", "w_OM", "w_BM")}


def reservoir(given: Numbers) -> Got:
    made = generation(given)
    result = reductions(
        "ACM0002", "20.0",
        {"technology": "hydro", "capacity_mw": given["capacity"],
         "reservoir_area_km2": given["reservoir_area"],
         "capacity_before_mw": given["capacity_before"],
         "reservoir_area_before_km2": given["area_before"]},
        {"EG_export": made, "TEG": made, **margins(given)},
    )
    return {
        "power_density": result.step("PD").value, "EG": made,
        "EF_CM": result.step("EF_grid_CM").value, "BE": result.baseline, "PE": result.project,
        "ER": result.reductions_exact,
    }


def stoves(given: Numbers) -> Got:
    def of(number: Decimal, used: Decimal) -> Calculation:
        row = {"type": "rocket", "batch": "2014", "N": number, "mu": used, "B_old": given["B_old"],
               "eta_new": given["eta_new"]}  # eta_old is that of three stones
        return reductions(
            "AMS-II.G", "12.0",
            {"test": "water_boiling", "efficiency": "0.3", "energy_saved": "50",
             "nrb_since_1989": True},
            {"stoves": [row], "f_NRB": given["f_NRB"]},
        )

    every = of(given["stoves"], given["share_in_use"])
    return {
        "B_savings": every.step("B_savings[rocket, 2014]").value,
        "ER_per_stove": of(Decimal(1), Decimal(1)).reductions_exact,
        "ER_total": every.reductions_exact,
    }


def manure(given: Numbers) -> Got:
    row = {"type": "pigs", "system": "lagoon", "N_da": 365, "N_p": given["N"], "VS": given["VS"],
           "B_o": given["B0"], "MCF": given["MCF"], "MS": given["MS"]}
    result = reductions(
        "AMS-III.D", "21.0",
        {"confined": True, "anaerobic_before": True, "discharged_before": False,
         "recovered_before": False,
         "commitment_period": IN_FIRST_PERIOD[str(given["GWP_CH4"])]},
        {"animals": [row], "UF_b": given["UF_b"], "nd": given["days"], "d": 365,
         "BG_used": 200_000, "v_CH4": "0.6"},
    )
    return {"BE": result.baseline, "PE_physical_leakage": result.step("PE_PL").value}


def lagoon(given: Numbers) -> Got:
    row = {"system": "pond", "kind": "deep_lagoon", "Q": given["Q"], "COD_in": given["COD_in"],
           "eta_COD": given["eta_COD"]}
    reactor = {"system": "UASB", "Q_PJ": 0, "COD_rem": 0, "MCF_PJ": 0}
    result = reductions(
        "AMS-III.H", "19.0",
        {"anaerobic_before": True, "recovered_before": False,
         "commitment_period": IN_FIRST_PERIOD[str(given["GWP_CH4"])]},
        {"lagoons": [row], "reactors": [reactor], "B_o": given["B_o"], "UF_BL": given["UF_BL"],
         "BG_used": 3_000_000, "v_CH4": "0.6", "d": 365},
    )
    return {"BE": result.baseline}


def landfill(given: Numbers) -> Got:
    assert given["F_CH4_BL"] == 0
    result = reductions(
        "ACM0001", "19.0",
        {"flared": False, "capture_before": "none", "generated": True,
         "commitment_period": IN_FIRST_PERIOD[str(given["GWP_CH4"])]},
        {"F_CH4_EL": given["F_CH4_PJ"], "OX_top": given["OX_top"]},
    )
    return {"BE_CH4": result.step("BE_CH4").value}


def heat(given: Numbers) -> Got:
    result = reductions(
        "AMS-I.C", "21.0", {"capacity_mwth": 45, "fuel": "coal"},
        {name: given[name] for name in ("EG_thermal", "eta_BL", "EF_FF")},
    )
    return {"BE": result.baseline}


def water(given: Numbers) -> Got:
    result = reductions(
        "AMS-III.AV", "05.0", {"safe_water_supplied": False, "quality_met": True},
        {"QPW": given["QPW"], "N": 1000, "d": 365, "eta": given["eta"], "f_NRB": given["f_NRB"]},
    )
    return {"SEC": result.step("SEC").value, "BE": result.baseline}


def food(given: Numbers) -> Got:
    result = worked(
        "TOOL04", "08.0",
        {"year": int(given["year"]), "climate": "tropical_wet", "application": "existing_site"},
        {"W": [{"type": "food", "year": 1, "W": given["waste_year_1"]}], "f": given["f"]},
    )
    assert isinstance(result, Outcome)
    return {"BE": result.value}


VECTORS: dict[str, Callable[[Numbers], Got]] = {
    "acm0002-wind": wind,
    "acm0002-hydro-reservoir": reservoir,
    "ams-ii-g-cookstoves": stoves,
    "ams-iii-d-manure-gwp25": manure,
    "ams-iii-d-manure-gwp21": manure,
    "ams-iii-h-wastewater": lagoon,
    "acm0001-landfill-gwp25": landfill,
    "acm0001-landfill-gwp21": landfill,
    "ams-i-c-thermal": heat,
    "ams-iii-av-safe-water": water,
    "tool04-food-year1": food,
    "tool04-food-year2": food,
    "tool04-food-year3": food,
}


def as_printed(value: Decimal, due: str) -> Decimal:
    """A number with the decimals that the vector prints."""
    return value.quantize(Decimal(due), rounding=ROUND_HALF_UP)


def test_every_vector_of_a_methodology_comes_out() -> None:
    if not FILE.exists():
        pytest.skip("no vectors beside CDM_DATA")
    vectors = {
        each["id"]: each for each in json.loads(FILE.read_text(encoding="utf-8"))
        if not each["id"].startswith(ELSEWHERE)
    }
    assert set(vectors) == set(VECTORS)
    print()
    wrong = []
    for name, vector in vectors.items():
        given = {each: Decimal(str(said["value"])) for each, said in vector["inputs"].items()}
        with units.arithmetic():
            got = VECTORS[name](given)
        assert set(vector["expected"]) <= set(got), name
        for what, said in vector["expected"].items():
            due = str(said["value"])
            agrees = as_printed(got[what], due) == Decimal(due)
            print(f"{name:26} {what:20} {due:>12}  {str(got[what])[:22]:<22}  "
                  f"{'as printed' if agrees else 'DIFFERS'}")
            wrong += [] if agrees else [(name, what, due, got[what])]
    assert wrong == []
