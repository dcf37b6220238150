"""Tools by themselves and inside a methodology; parameters that are rows; declarations."""

import dataclasses
from dataclasses import MISSING
from decimal import Decimal as D
from typing import Any

import pytest

from projects.methodologies import catalogue, codec, terms, tool03, tool07_grid
from projects.methodologies.base import (
    Calculable,
    Context,
    Part,
    Quantity,
    Technology,
    UnknownMethodology,
    UnusableInputs,
    distinct,
)
from projects.methodologies.calculation import Calculation, Outcome, Step
from projects.methodologies.explaining import explain
from projects.methodologies.tool07_grid import Grid, Margin

EVERYTHING = [*catalogue.methodologies(), *catalogue.tools()]
GRID = Grid(Technology.HYDRO, operating_margin=Margin.ROWS, build_margin=Margin.ROWS)
PLANTS = [
    {"plant": "coal", "EG": Quantity(D(2), "GWh"), "E": D(1800)},
    {"plant": "gas", "EG": D(1000), "E": D(450)},
]
UNITS = [
    {"unit": f"unit {year}", "commissioned": f"{year}-01-01", "EG": 100, "E": 50}
    for year in range(2000, 2010)
]


def margin(**changes: Any) -> Outcome:
    given = {"OM_plants": PLANTS, "BM_units": UNITS, **changes}
    return tool07_grid.TOOL.calculate(version="07.0", context=GRID, inputs=given)


def problems(**changes: Any) -> dict[str, str]:
    with pytest.raises(UnusableInputs) as refused:
        margin(**changes)
    return {each.symbol: each.message for each in refused.value.problems}


def test_tool03_by_itself() -> None:
    """2 t × 43 GJ/t × 0.0741 tCO2/GJ = 6.3726 t and 3 t × 25 × 0.1 = 7.5 t: 13.8726 t."""
    outcome = tool03.TOOL.calculate(
        version="03.0",
        context=tool03.Burning(("diesel", "coal")),
        inputs={
            "FC_diesel": 2, "NCV_diesel": 43, "EF_CO2_diesel": D("0.0741"),
            "FC_coal": 3, "NCV_coal": 25, "EF_CO2_coal": D("0.1"),
        },
    )

    assert (outcome.symbol, outcome.value, outcome.unit) == ("PE_FC", D("13.8726"), "tCO2e")
    assert Outcome.from_dict(outcome.as_dict()) == outcome


def test_tool07_from_margins_that_are_given() -> None:
    """0.25 × 0.8 + 0.75 × 0.4 = 0.5 tCO2/MWh: hydro in its second crediting period."""
    outcome = tool07_grid.TOOL.calculate(
        version="07.0",
        context=Grid(Technology.HYDRO, crediting_period=2),
        inputs={"EF_OM": D("0.8"), "EF_BM": D("0.4")},
    )

    assert outcome.value == D("0.5")


def test_tool07_from_rows() -> None:
    """OM (1,800 + 450) / (2,000 + 1,000) = 0.75; BM 250 / 500 = 0.5; half and half 0.625."""
    outcome = margin()

    assert outcome.step("EF_OM").value == D("0.75")
    assert outcome.step("EF_BM").value == D("0.5")
    assert (outcome.symbol, outcome.value, outcome.unit) == ("EF_grid_CM", D("0.625"), "tCO2/MWh")
    assert [step.symbol for step in outcome.steps] == ["EF_grid_CM"]
    assert [step.symbol for step in outcome.steps[0].parts] == ["EF_OM", "EF_BM"]


def test_weights_that_do_not_add_up_are_refused_by_name() -> None:
    assert problems(w_OM=D("0.6")) == {"w_OM": "w_OM and w_BM must add up to 1, not 1.1"}


def test_every_fault_of_a_row_is_named() -> None:
    rows = [
        {"plant": "coal", "EG": "1,000", "E": 1, "colour": "grey"},
        {"plant": "gas", "EG": Quantity(D(1), "t")},
        "oil",
    ]

    found = problems(OM_plants=rows)

    assert set(found) == {
        "OM_plants[1].colour", "OM_plants[1].EG", "OM_plants[2].EG", "OM_plants[2].E",
        "OM_plants[3]",
    }
    assert "comma" in found["OM_plants[1].EG"]
    assert "cannot be converted" in found["OM_plants[2].EG"]
    assert "is missing" in found["OM_plants[2].E"]


@pytest.mark.parametrize(
    ("rows", "symbol", "message"),
    [
        ([PLANTS[0], PLANTS[0]], "OM_plants[2]", "repeats row 1"),
        ([], "OM_plants", "at least 1 row"),
        (None, "OM_plants", "is missing"),
        ("coal", "OM_plants", "not a list of rows"),
        (D(5), "OM_plants", "not a list of rows"),
        ([{"plant": "idle", "EG": 0, "E": 0}], "OM_plants", "generated electricity"),
    ],
)
def test_rows_that_cannot_be_used(rows: Any, symbol: str, message: str) -> None:
    assert message in problems(OM_plants=rows)[symbol]


def test_a_day_and_a_truth_in_a_row_are_read_strictly() -> None:
    rows = [{**UNITS[0], "commissioned": "2001-02-29", "registered_cdm": "no"}]

    found = problems(BM_units=rows)

    assert "is no day" in found["BM_units[1].commissioned"]
    assert "neither true nor false" in found["BM_units[1].registered_cdm"]


def test_a_tool_as_one_step_of_a_methodology() -> None:
    step = tool07_grid.TOOL.step(
        GRID, {"OM_plants": PLANTS, "BM_units": UNITS}, symbol="EF_EL", part=Part.PROJECT
    )

    assert (step.symbol, step.value) == ("EF_EL", D("0.625"))
    assert step.formula == "EF_EL = w_OM × EF_OM + w_BM × EF_BM"
    assert step.tool == "TOOL07, version 07.0"
    assert {part.part for part in step.parts} == {Part.PROJECT}
    assert Step.from_dict(step.as_dict()) == step


class Older(tool03.Tool03):
    """As if version 02 had counted nothing."""

    def work_out(self, context: tool03.Burning, inputs: Any) -> tuple[Step, ...]:
        return (dataclasses.replace(super().work_out(context, inputs)[0], value=D(0)),)


class Both(tool03.Tool03):
    def in_version(self, version: str) -> tool03.Tool03:
        return Older() if version == "02" else super().in_version(version)


def test_versions_stand_side_by_side() -> None:
    """1 t × 43 GJ/t × 0.07 tCO2/GJ = 3.01 t in version 03.0; none in the older one made up here."""
    given = {"FC_oil": 1, "NCV_oil": 43, "EF_CO2_oil": D("0.07")}
    oil = tool03.Burning(("oil",))
    outcomes = [Both().calculate(version=v, context=oil, inputs=given) for v in ("02", "03.0")]
    step = Both().step(oil, given, version="02")

    assert [(each.version, each.value) for each in outcomes] == [("02", 0), ("03.0", D("3.01"))]
    assert (step.tool, step.value) == ("TOOL03, version 02", 0)
    with pytest.raises(UnknownMethodology):
        Both().calculate(version="01", context=oil, inputs=given)


def amount(symbol: str, value: str) -> Step:
    return Step(symbol, symbol, "", (), D(value), "tCO2e", "test")


@pytest.mark.parametrize(
    ("destroyed", "reductions"), [("70", "70"), ("75", "75"), ("80", "75"), ("-5", "-5")]
)
def test_reductions_never_above_a_ceiling(destroyed: str, reductions: str) -> None:
    """100 − 20 − 5 = 75, or what was destroyed if that is less."""
    step = terms.reductions(
        amount("BE", "100"), amount("PE", "20"), amount("LE", "5"),
        source="test", ceilings=[amount("MD", destroyed)],
    )

    assert step.value == D(reductions)
    assert step.formula == "ER = min(BE − PE − LE, MD)"
    assert ("Held to MD" in step.note) == (D(destroyed) < 75)


def test_tools_that_ask_alike_are_asked_once_and_never_confused() -> None:
    asked = tool03.parameters("diesel")

    assert distinct((*asked, *asked)) == asked
    with pytest.raises(RuntimeError, match="by the symbol FC_diesel"):
        distinct((*asked, dataclasses.replace(asked[0], unit="m3")))


@pytest.mark.parametrize("each", EVERYTHING, ids=lambda each: each.code)
def test_the_facts_declared_are_the_facts_read(each: Calculable[Any]) -> None:
    fields = {f.name: f for f in dataclasses.fields(each.facts_type)}

    assert [fact.name for fact in each.facts] == list(fields)
    for fact in each.facts:
        assert fact.required == (fields[fact.name].default is MISSING), fact.name


@pytest.mark.parametrize("each", EVERYTHING, ids=lambda each: each.code)
def test_everything_is_described(each: Calculable[Any]) -> None:
    said = codec.describe(each)

    assert catalogue.get(each.code) is each
    assert said["code"] == each.code
    assert said["versions"]
    assert all(row["source"] and row["unit"] for row in said["constants"])


def test_a_design_takes_up_no_tool_and_nothing_that_is_not_built() -> None:
    for code in ("TOOL07", "AM0001"):
        with pytest.raises(UnknownMethodology):
            catalogue.for_design(code)


def test_an_explanation_shows_inputs_parts_and_where_they_are_from() -> None:
    lines = explain(margin())

    assert lines[0] == "TOOL07, version 07.0"
    assert "    EF_OM = 0.75 tCO2/MWh" in lines
    assert "      generation of coal = 2000 MWh" in lines
    assert lines[-1] == "EF_grid_CM = 0.625 tCO2/MWh, not rounded"
    assert all("\n" not in line for line in lines)


def test_an_explanation_ends_with_the_one_rounding_and_what_is_carried() -> None:
    result = catalogue.get("AMS-I.D")
    facts = Context(technology=Technology.WIND, capacity_mw=D(1))
    loss = result.calculate(  # type: ignore[attr-defined]
        version="18.0", context=facts,
        inputs={"EG_export": 0, "EG_import": 1, "EF_OM": D("0.5"), "EF_BM": D("0.5")},
    )

    assert isinstance(loss, Calculation)
    assert explain(loss)[-2:] == [
        "ER = -0.500 tCO2e; rounded down once: -1 t",
        "A shortfall of 1 t is carried over.",
    ]
