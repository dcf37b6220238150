"""AMS-I.F: renewable electricity for users of their own or of a mini-grid.

Built for wind, sun, tides and water without a reservoir, which displace electricity of the grid or
of plants on fossil fuel, by a factor that is given; fuel and electricity of the project by TOOL03
and TOOL05. Not built, and refused: reservoirs, geothermal heat, biomass, additions and retrofits,
equipment taken from another activity. Formulas and dates of versions: unverified, from general
knowledge of the published methodology; no other source of them was found.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from projects.methodologies import energy, small_scale, terms, units
from projects.methodologies.base import (
    UNVERIFIED,
    Activity,
    Applicability,
    Fact,
    FactKind,
    Facts,
    Inputs,
    Kind,
    Methodology,
    Parameter,
    Step,
    Technology,
    Treatment,
    Version,
)
from projects.methodologies.renewables import PUBLISHED_FACTOR
from projects.methodologies.small_scale import RECALLED

CODE = "AMS-I.F"
BUILT = (Technology.WIND, Technology.SOLAR, Technology.HYDRO, Technology.TIDAL)


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED}"


class Supplied(StrEnum):
    """Who takes the electricity."""

    CAPTIVE = "captive"  # users who took it from the grid or from plants of their own
    MINI_GRID = "mini_grid"  # a small grid on fossil fuel, apart from the national one
    GRID = "grid"  # the national grid: another methodology


@dataclass(frozen=True, slots=True)
class Captive(Facts):
    """What is asked about a plant for captive use or a mini-grid; `capacity_mw` in MW."""

    technology: Technology
    capacity_mw: Decimal
    supplied: Supplied
    activity: Activity = Activity.GREENFIELD
    electricity: bool = False
    fuels: tuple[str, ...] = ()
    reservoir: bool = False
    equipment_transferred: bool = False


class AMSIF(Methodology[Captive]):
    """BE = EG_BL · EF_CO2; PE from fuel and electricity; no leakage."""

    code = CODE
    title = "Renewable electricity generation for captive use and mini-grid"
    scale = "small"
    sectoral_scopes = (1,)
    versions = (
        Version.of("02.0", "2011-06-17", "2014-11-27", RECALLED),
        Version.of("03.0", "2014-11-28", None, RECALLED),
    )
    facts_type = Captive
    facts = (
        Fact("technology", FactKind.CHOICE, "What makes the electricity", choices=Technology),
        Fact("capacity_mw", FactKind.NUMBER, "Installed capacity of the project", unit="MW"),
        Fact("supplied", FactKind.CHOICE, "Who takes the electricity", choices=Supplied),
        Fact(
            "activity",
            FactKind.CHOICE,
            "What is done to the plant",
            choices=Activity,
            required=False,
        ),
        energy.ELECTRICITY,
        energy.FUELS,
        Fact("reservoir", FactKind.FLAG, "The water is from a reservoir", required=False),
        Fact(
            "equipment_transferred",
            FactKind.FLAG,
            "Equipment comes from another activity",
            required=False,
        ),
    )

    def parameters(self, context: Captive) -> tuple[Parameter, ...]:
        """The electricity is monitored, its factor is fixed; and what the tools ask for."""
        return (
            Parameter(
                "EG_BL",
                units.MWH,
                "Electricity of the project that users took instead of that of the baseline",
                Kind.MONITORED,
                source("monitored data"),
                frequency="continuously",
                treatment=Treatment.ZERO,
            ),
            Parameter(
                "EF_CO2",
                units.GRID_FACTOR,
                "CO2 emission factor of the electricity displaced",
                Kind.FIXED,
                source("factor of the baseline"),
                maximum=PUBLISHED_FACTOR.maximum,
            ),
            *energy.parameters(electricity=context.electricity, fuels=context.fuels),
        )

    def applicability(self, context: Captive) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""
        built = context.technology in BUILT
        shown = str(context.activity).replace("_", " ")
        return (
            small_scale.within(
                "scale", context.capacity_mw, small_scale.POWER_MW, "MW", small_scale.LIMITS
            ),
            small_scale.condition(
                "users",
                "The electricity is for captive use or a mini-grid, not for the national grid.",
                "it is",
                "it supplies the national grid: use AMS-I.D",
                met=context.supplied is not Supplied.GRID,
            ),
            small_scale.condition(
                "technology",
                "The plant runs on wind, sun, water or tides.",
                f"it runs on {context.technology}",
                f"it runs on {context.technology}, not built here",
                met=built,
            ),
            small_scale.condition(
                "activity",
                "It is a new plant (additions, retrofits and replacements are not built here).",
                "a new plant",
                f"it is a {shown}, not built here",
                met=context.activity is Activity.GREENFIELD,
            ),
            small_scale.absent("reservoir", "reservoir", found=context.reservoir),
            small_scale.absent(
                "equipment",
                "equipment from another activity",
                found=context.equipment_transferred,
            ),
        )

    def work_out(self, context: Captive, inputs: Inputs) -> tuple[Step, ...]:
        """BE, PE, LE and ER, each with the steps that made it below it."""
        used = energy.emissions(inputs, electricity=context.electricity, fuels=context.fuels)
        return terms.ending(
            terms.baseline([_displaced(inputs)], source=source("baseline emissions")),
            terms.project(used, source=source("project emissions")),
            terms.leakage([], source=source("leakage")),
            source=source("emission reductions"),
        )


def _displaced(inputs: Inputs) -> Step:
    return Step(
        symbol="BE_EL",
        title="Electricity that is displaced",
        formula="BE_EL = EG_BL × EF_CO2",
        inputs=inputs.of("EG_BL", "EF_CO2"),
        value=inputs["EG_BL"] * inputs["EF_CO2"],
        unit=units.TCO2E,
        source=source("baseline emissions"),
    )


METHODOLOGY = AMSIF()
