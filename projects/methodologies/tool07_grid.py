"""TOOL07 as a tool of the catalogue: its facts, parameters and rows; `tool07` has the arithmetic.

Unverified, from general knowledge of the published tool.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from cdm_portal import parameters
from projects.methodologies import tool07, tool07_rows, units
from projects.methodologies.base import (
    OWN_BOUND,
    Applicability,
    Fact,
    FactKind,
    Facts,
    InputProblem,
    Inputs,
    Kind,
    Parameter,
    Step,
    Table,
    Technology,
    Tool,
    UnusableInputs,
    Version,
)
from projects.methodologies.tool07_rows import Margin, Method


@dataclass(frozen=True, slots=True)
class Grid(Facts):
    """What is asked about a grid and the plant that feeds it."""

    technology: Technology
    crediting_period: int = 1
    operating_margin: Margin = Margin.GIVEN
    build_margin: Margin = Margin.GIVEN
    method: Method = Method.SIMPLE


RECALLED = "unverified, from general knowledge of the published versions"
HIGHEST_FACTOR = parameters.constant("grid_factor_max")


class Tool07(Tool[Grid]):
    """EF_grid_CM from margins that are given or computed here from rows of plants and units.

    The operating margin is simple or average. Not built: simple adjusted and dispatch data
    operating margins, and the further rule for a build margin of old units.
    """

    code = "TOOL07"
    title = "Emission factor for an electricity system"
    symbol = "EF_grid_CM"
    unit = units.GRID_FACTOR
    versions = (
        Version.of("04.0", "2013-10-04", "2015-11-26", RECALLED),
        Version.of("05.0", "2015-11-27", "2017-09-21", RECALLED),
        Version.of("06.0", "2017-09-22", "2018-08-30", RECALLED),
        Version.of("07.0", "2018-08-31", None, RECALLED),
    )
    facts_type = Grid
    facts = (
        Fact("technology", FactKind.CHOICE, "What makes the electricity", choices=Technology),
        Fact(
            "crediting_period",
            FactKind.WHOLE,
            "Which crediting period it is, from 1",
            required=False,
            minimum=Decimal(1),
        ),
        Fact(
            "operating_margin",
            FactKind.CHOICE,
            "Where the operating margin is from",
            choices=Margin,
            required=False,
        ),
        Fact(
            "build_margin",
            FactKind.CHOICE,
            "Where the build margin is from",
            choices=Margin,
            required=False,
        ),
        Fact(
            "method",
            FactKind.CHOICE,
            "How the operating margin is computed",
            choices=Method,
            required=False,
        ),
    )
    constants = (tool07_rows.LOW_COST,)

    def parameters(self, context: Grid) -> tuple[Parameter, ...]:
        """The margins that are given, and the weights with their defaults."""
        weights = tool07.default_weights(context.technology, context.crediting_period)
        given = (
            (
                "EF_OM",
                "Operating margin emission factor",
                tool07.SOURCE_OM,
                context.operating_margin,
            ),
            ("EF_BM", "Build margin emission factor", tool07.SOURCE_BM, context.build_margin),
        )
        shares = (
            ("w_OM", "Weight of the operating margin", weights.operating),
            ("w_BM", "Weight of the build margin", weights.build),
        )
        return (
            *(
                Parameter(
                    symbol,
                    units.GRID_FACTOR,
                    meaning,
                    Kind.FIXED,
                    f"{source}; upper bound: {OWN_BOUND}",
                    maximum=HIGHEST_FACTOR,
                )
                for symbol, meaning, source, margin in given
                if margin is Margin.GIVEN
            ),
            *(
                Parameter(
                    symbol,
                    units.SHARE,
                    meaning,
                    Kind.FIXED,
                    weights.source,
                    default=value,
                    maximum=Decimal(1),
                )
                for symbol, meaning, value in shares
            ),
        )

    def tables(self, context: Grid) -> tuple[Table, ...]:
        """The rows from which a margin is computed."""
        return tool07_rows.tables(context.operating_margin, context.build_margin)

    def applicability(self, context: Grid) -> tuple[Applicability, ...]:
        """Every condition with the answer for this grid, met or not."""
        built = context.method in tool07_rows.BUILT
        shown = context.method.value.replace("_", " ")
        return (
            Applicability(
                "method",
                "The operating margin is simple or average (others are not built here).",
                built,
                f"it is {shown}" if built else f"it is {shown}, not built here",
            ),
        )

    def work_out(self, context: Grid, inputs: Inputs) -> tuple[Step, ...]:
        """EF_OM and EF_BM where they are computed, then EF_grid_CM in tCO2/MWh."""
        margins = self._margins(context, inputs)
        worth = {step.symbol: step.value for step in margins}
        try:
            combined = tool07.combined_margin(
                operating=worth["EF_OM"] if "EF_OM" in worth else inputs["EF_OM"],
                build=worth["EF_BM"] if "EF_BM" in worth else inputs["EF_BM"],
                w_operating=inputs["w_OM"],
                w_build=inputs["w_BM"],
            )
        except ValueError as refusal:
            raise UnusableInputs([InputProblem("w_OM", str(refusal))]) from refusal
        return (replace(combined, parts=margins),)

    def _margins(self, context: Grid, inputs: Inputs) -> tuple[Step, ...]:
        found: list[Step] = []
        if context.operating_margin is not Margin.GIVEN:
            found.append(
                tool07_rows.operating_margin(context.operating_margin, context.method, inputs)
            )
        if context.build_margin is not Margin.GIVEN:
            found.append(tool07_rows.build_margin(context.build_margin, inputs))
        return tuple(found)


TOOL = Tool07()
