"""A calculation asked for in JSON: exact numbers, published names, every fault by its name."""

from decimal import Decimal as D
from typing import Any

import pytest

from cdm_portal.refusals import Invalid
from projects.methodologies import codec
from projects.methodologies.base import NotApplicable

WIND: dict[str, Any] = {
    "version": "20.0",
    "facts": {"technology": "wind", "capacity_mw": "10"},
    "inputs": {"EG_export": "26280", "EF_OM": "0.9", "EF_BM": "0.6"},
}


def asked(**changes: Any) -> codec.Asked:
    return codec.from_json("ACM0002", {**WIND, **changes})


def refused(**changes: Any) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        asked(**changes)
    lines = codec.lines(refusal.value)
    assert all("\n" not in line for line in lines)
    return lines


def inputs(**changes: Any) -> dict[str, Any]:
    return {"inputs": {**WIND["inputs"], **changes}}


def test_numbers_are_read_exactly() -> None:
    """0.1 + 0.2 as binary fractions are not 0.3; here 1 MWh × (0.75 × 0.1 + 0.25 × 0.3) is 0.15."""
    text = (
        '{"version": "20.0", "facts": {"technology": "wind", "capacity_mw": 10},'
        ' "inputs": {"EG_export": {"value": 1e3, "unit": "kWh"}, "EF_OM": 0.1, "EF_BM": 0.30}}'
    )

    answer = codec.from_json("acm0002", codec.loads(text)).answer()

    assert answer["reductions_exact"] == "0.1500"
    assert (answer["reductions"], answer["claimable"], answer["shortfall"]) == (0, 0, 0)


def test_what_earlier_periods_left_is_made_good_first() -> None:
    answer = asked(shortfall=21_000, year=3).answer()

    assert (answer["reductions"], answer["claimable"], answer["shortfall"]) == (21_681, 681, 0)
    assert answer["year"] == 3


def test_a_tool_is_asked_in_the_same_way() -> None:
    answer = codec.from_json(
        "TOOL07",
        {
            "version": "07.0",
            "facts": {"technology": "solar", "operating_margin": "rows"},
            "inputs": {
                "EF_BM": "0.5",
                "OM_plants": [{"plant": "a", "EG": {"value": "1", "unit": "GWh"}, "E": 700}],
            },
        },
    ).answer()

    assert (answer["symbol"], answer["value"], answer["unit"]) == (
        "EF_grid_CM", "0.650", "tCO2/MWh",
    )


@pytest.mark.parametrize(
    "text",
    [
        "NaN", "Infinity", "-Infinity", '{"a": 1, "a": 2}', "{", "[" * 100_000,
        "1e9999999999999999999", '"\\ud800"', "9" * 5000, b"\xff",
    ],
)
def test_text_that_is_no_honest_json(text: str | bytes) -> None:
    with pytest.raises(codec.Unreadable, match="not readable JSON"):
        codec.loads(text)


@pytest.mark.parametrize("data", [None, [], "text", 5])
def test_what_is_no_object_is_refused(data: object) -> None:
    with pytest.raises(codec.Unreadable):
        codec.from_json("ACM0002", data)


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        (inputs(EF_CM="1"), ["EF_CM: is not an input of this calculation"]),
        (
            {"inputs": {"EG_export": "1", "EF_OM": "0.9"}},
            ["EF_BM: is missing (Build margin emission factor of the grid, tCO2/MWh)"],
        ),
        (inputs(EG_export="1,5"), [
            "EG_export: '1,5' has a comma: write numbers with a point as decimal sign and nothing "
            "between thousands"
        ]),
        (inputs(EG_export="NaN"), ["EG_export: 'NaN' is not a number"]),
        (inputs(EG_export=D("Infinity")), ["EG_export: 'Infinity' is not a number"]),
        (inputs(EG_export=1.5), ["EG_export: 1.5 is not a decimal number"]),
        (inputs(EG_export=True), ["EG_export: True is not a decimal number"]),
        (inputs(EG_export={"value": "1"}), [
            'EG_export: is neither a number nor {"value": …, "unit": …}'
        ]),
        (inputs(EG_export={"value": "1", "unit": "ell"}), [
            "EG_export: the unit 'ell' is not known here"
        ]),
        (inputs(EG_export=[1]), ["EG_export[1]: is not a row of named columns"]),
        (inputs(w_OM="1.2"), ["w_OM: 1.2 is out of range: between 0 and 1"]),
        (
            {"facts": {"technology": "coal", "colour": "red"}},
            [
                "colour: is not a fact asked for here",
                "technology: 'coal' is none of wind, solar, hydro, geothermal, tidal, biomass",
                "capacity_mw: is missing (Installed capacity of the project)",
            ],
        ),
        (
            {"facts": {**WIND["facts"], "grid_connected": "yes", "crediting_period": "1.5"}},
            [
                "grid_connected: 'yes' is neither true nor false",
                "crediting_period: 1.5 is not a whole number",
            ],
        ),
        (
            {"facts": {**WIND["facts"], "fuels": ["Diesel oil"]}},
            ["fuels: 'Diesel oil' is not a name: use small letters, digits and _"],
        ),
        ({"facts": []}, ["facts: is not an object of names and values"]),
        (
            {"quick": True},
            [
                "quick: is not asked here; known are version, facts, inputs, on, period, year, "
                "shortfall"
            ],
        ),
        ({"version": "9"}, ["version: ACM0002 has no version 9 here."]),
        ({"shortfall": -1}, ["shortfall: '-1' is not a whole number from 0"]),
        ({"on": "2021-02-29"}, ["on: '2021-02-29' is no day, written like 2020-12-31"]),
        (
            {"on": "2022-11-02"},
            [
                "version: Version 20.0 of ACM0002 was not valid on 2022-11-02: "
                "from 2019-11-28 to 2022-11-01."
            ],
        ),
    ],
)
def test_every_fault_is_one_clear_line(changes: dict[str, Any], lines: list[str]) -> None:
    assert refused(**changes) == lines


def test_missing_parts_are_named() -> None:
    with pytest.raises(Invalid) as refusal:
        codec.from_json("ACM0002", {"facts": {}})

    assert codec.lines(refusal.value) == ["version: is missing", "inputs: is missing"]


def test_a_version_is_valid_on_its_last_day() -> None:
    assert asked(on="2022-11-01").version == "20.0"


def test_a_power_density_of_exactly_four_is_refused_and_of_ten_emits() -> None:
    """20 MW over 5 km² is 4 W/m²; over 2 km² it is 10 W/m²: 90 kg for each MWh generated."""
    hydro = {"technology": "hydro", "capacity_mw": 20}
    with pytest.raises(NotApplicable, match=r"4\.00 W/m², not above 4"):
        asked(facts={**hydro, "reservoir_area_km2": 5}, **inputs(TEG="26280")).result()

    answer = asked(facts={**hydro, "reservoir_area_km2": 2}, **inputs(TEG="1000")).answer()

    assert answer["project"] == "90.000"


def test_a_declaration_tells_what_facts_ask_for() -> None:
    told = asked()

    said = codec.describe(told.calculable, told.facts)

    assert [row["symbol"] for row in said["parameters"]] == [
        "EG_export", "EG_import", "EF_OM", "EF_BM", "w_OM", "w_BM",
    ]
    assert all(row["met"] for row in said["conditions"])
