"""Rows of plants and power units from which TOOL07's margins are computed, and their emissions.

Emissions of a plant are given, or follow from the fuel that it burnt, or from its efficiency.
Unverified, from general knowledge of the published tool.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

from cdm_portal import parameters
from projects.methodologies import tool07, units
from projects.methodologies.base import (
    OWN_BOUND,
    Fact,
    FactKind,
    InputProblem,
    Inputs,
    Kind,
    Parameter,
    Row,
    Step,
    Table,
    UnusableInputs,
    constant,
)
from projects.methodologies.inputs import Column


class Margin(StrEnum):
    """Where a margin is from."""

    GIVEN = "given"
    ROWS = "rows"  # of plants or units whose emissions are known
    FUELS = "fuels"  # of plants or units and the fuel that each burnt
    EFFICIENCY = "efficiency"  # of plants or units, each with its fuel's factor and its efficiency


class Method(StrEnum):
    """How the operating margin is computed."""

    SIMPLE = "simple"
    AVERAGE = "average"
    SIMPLE_ADJUSTED = "simple_adjusted"
    DISPATCH_DATA = "dispatch_data"


BUILT = (Method.SIMPLE, Method.AVERAGE)
LOW_COST = constant(
    "s_LCMR",
    "0.5",
    units.SHARE,
    "Share of generation that low-cost and must-run plants stay below for the simple margin",
    f"TOOL07, choice of the operating margin: {tool07.UNVERIFIED_TOOL}",
)
SOURCE_FACTOR = f"TOOL07, emissions of a power unit: {tool07.UNVERIFIED_TOOL}"
BOUNDED = f"{SOURCE_FACTOR}; upper bound: {OWN_BOUND}"
GENERATION = Parameter(
    "EG", units.MWH, "Electricity delivered to the grid", Kind.FIXED, tool07.SOURCE_OM
)
EMISSIONS = Parameter("E", "tCO2", "CO2 emitted for it", Kind.FIXED, tool07.SOURCE_OM)
FACTOR = Parameter(
    "EF_CO2",
    "tCO2/GJ",
    "CO2 emission factor of the fuel",
    Kind.FIXED,
    BOUNDED,
    maximum=parameters.constant("fuel_factor_max"),
)
EFFICIENCY = Parameter(
    "eta",
    units.SHARE,
    "Efficiency of conversion",
    Kind.FIXED,
    SOURCE_FACTOR,
    positive=True,
    maximum=Decimal(1),
)
OF_MARGIN: dict[Margin, tuple[Parameter, ...]] = {
    Margin.ROWS: (EMISSIONS,),
    Margin.FUELS: (),
    Margin.EFFICIENCY: (FACTOR, EFFICIENCY),
}
PLANTS, UNITS, PLANT_FUELS, UNIT_FUELS = "OM_plants", "BM_units", "OM_fuels", "BM_fuels"


def tables(operating: Margin, build: Margin) -> tuple[Table, ...]:
    """The rows asked for by margins that are computed here."""
    return (
        *([_plants(operating)] if operating is not Margin.GIVEN else []),
        *([_fuels(PLANT_FUELS, "plant")] if operating is Margin.FUELS else []),
        *([_units(build)] if build is not Margin.GIVEN else []),
        *([_fuels(UNIT_FUELS, "unit")] if build is Margin.FUELS else []),
    )


def _plants(margin: Margin) -> Table:
    columns: tuple[Column, ...] = (
        Fact("plant", FactKind.TEXT, "Name of the plant or the year"),
        GENERATION,
        *OF_MARGIN[margin],
        Fact("low_cost", FactKind.FLAG, "It is low-cost or must-run", required=False),
    )
    meaning = "Plants of the grid, or whole years"
    return Table(PLANTS, meaning, columns, Kind.FIXED, tool07.SOURCE_OM, key=("plant",))


def _units(margin: Margin) -> Table:
    columns: tuple[Column, ...] = (
        Fact("unit", FactKind.TEXT, "Name of the power unit"),
        Fact("commissioned", FactKind.DAY, "Day on which it began to supply the grid"),
        GENERATION,
        *OF_MARGIN[margin],
        Fact("registered_cdm", FactKind.FLAG, "It is a registered CDM project", required=False),
    )
    meaning = "Power units of the grid in the reference year"
    return Table(UNITS, meaning, columns, Kind.FIXED, tool07.SOURCE_BM, key=("unit",))


def _fuels(symbol: str, owner: str) -> Table:
    columns = (
        Fact(owner, FactKind.TEXT, f"Name of the {owner}"),
        Fact("fuel", FactKind.TEXT, "Name of the fuel"),
        Parameter("FC", units.TONNE, "Fuel burnt", Kind.FIXED, SOURCE_FACTOR),
        Parameter(
            "NCV",
            "GJ/t",
            "Net calorific value",
            Kind.FIXED,
            BOUNDED,
            maximum=parameters.constant("calorific_value_max"),
        ),
        FACTOR,
    )
    meaning = f"Fuel burnt by each {owner}"
    return Table(symbol, meaning, columns, Kind.FIXED, SOURCE_FACTOR, (owner, "fuel"), 0)


def operating_margin(margin: Margin, method: Method, inputs: Inputs) -> Step:
    """EF_OM (tCO2/MWh) with the emissions of each plant below it. Raises UnusableInputs."""
    rows = inputs.rows(PLANTS)
    if method is Method.SIMPLE:
        _refuse_much_low_cost(rows)
        rows = tuple(row for row in rows if not row.flag("low_cost"))
    found = _emissions(margin, rows, "plant", PLANT_FUELS, inputs)
    plants = [
        tool07.Generation(row.text("plant"), row["EG"], _worth(row, found.get(row.text("plant"))))
        for row in rows
    ]
    compute = (
        tool07.simple_operating_margin
        if method is Method.SIMPLE
        else tool07.average_operating_margin
    )
    try:
        return replace(compute(plants), parts=tuple(found.values()))
    except ValueError as refusal:
        raise UnusableInputs([InputProblem(PLANTS, str(refusal))]) from refusal


def build_margin(margin: Margin, inputs: Inputs) -> Step:
    """EF_BM (tCO2/MWh) of the newest units, their emissions below it. Raises UnusableInputs."""
    rows = inputs.rows(UNITS)
    found = _emissions(margin, rows, "unit", UNIT_FUELS, inputs)
    sample = tool07.build_margin_sample(
        tool07.PowerUnit(
            row.text("unit"),
            row.day("commissioned"),
            row["EG"],
            _worth(row, found.get(row.text("unit"))),
            row.flag("registered_cdm"),
        )
        for row in rows
    )
    parts = tuple(found[unit.name] for unit in sample if unit.name in found)
    try:
        step = tool07.build_margin([unit.generation() for unit in sample])
    except ValueError as refusal:
        raise UnusableInputs([InputProblem(UNITS, str(refusal))]) from refusal
    note = "The further rule for a sample with old units is not built here."
    return replace(step, parts=parts, note=note)


def _refuse_much_low_cost(rows: Sequence[Row]) -> None:
    whole = sum((row["EG"] for row in rows), Decimal(0))
    low = sum((row["EG"] for row in rows if row.flag("low_cost")), Decimal(0))
    if whole and low >= LOW_COST.value * whole:
        shown = units.plain(LOW_COST.value)
        said = f"low-cost and must-run plants make a share of {shown} or more: take the average"
        raise UnusableInputs([InputProblem(PLANTS, said)])


def _worth(row: Row, step: Step | None) -> Decimal:
    return row["E"] if step is None else step.value


def _emissions(
    margin: Margin, rows: Sequence[Row], owner: str, fuels: str, inputs: Inputs
) -> dict[str, Step]:
    """What each plant or unit emitted, by its name; nothing where it is given."""
    if margin is Margin.FUELS:
        return _by_fuel(rows, owner, fuels, inputs)
    if margin is Margin.EFFICIENCY:
        return {row.text(owner): _by_efficiency(row, owner) for row in rows}
    return {}


def _by_efficiency(row: Row, owner: str) -> Step:
    factor = tool07.unit_factor(fuel_factor=row["EF_CO2"], efficiency=row["eta"])
    return _emitted(
        row.text(owner),
        f"E = EG × EF_CO2 × {units.plain(tool07.GJ_PER_MWH)} / eta",
        row["EG"] * factor,
        [row],
        ("EG", "EF_CO2", "eta"),
    )


def _by_fuel(rows: Sequence[Row], owner: str, fuels: str, inputs: Inputs) -> dict[str, Step]:
    burnt: dict[str, list[Row]] = {row.text(owner): [] for row in inputs.rows(_owners(owner))}
    for number, row in enumerate(inputs.rows(fuels), start=1):
        if row.text(owner) not in burnt:
            said = f"'{row.text(owner)}' is no {owner} of {_owners(owner)}"
            raise UnusableInputs([InputProblem(f"{fuels}[{number}].{owner}", said)])
        burnt[row.text(owner)].append(row)
    return {
        row.text(owner): _emitted(
            row.text(owner),
            "E = Σ FC × NCV × EF_CO2" if burnt[row.text(owner)] else "E = 0",
            sum(
                (each["FC"] * each["NCV"] * each["EF_CO2"] for each in burnt[row.text(owner)]),
                Decimal(0),
            ),
            burnt[row.text(owner)],
            ("FC", "NCV", "EF_CO2"),
        )
        for row in rows
    }


def _owners(owner: str) -> str:
    return PLANTS if owner == "plant" else UNITS


def _emitted(
    name: str, formula: str, value: Decimal, rows: Sequence[Row], symbols: tuple[str, ...]
) -> Step:
    return Step(
        symbol=f"E[{name}]",
        title=f"Emissions of {name}",
        formula=formula,
        inputs=tuple(each for row in rows for each in row.of(*symbols)),
        value=value,
        unit="tCO2",
        source=SOURCE_FACTOR,
        note="" if rows else "It burnt no fuel.",
    )
