"""AMS-I.C: heat from renewable energy instead of a boiler that burns fossil fuel.

Built for heat alone from new equipment, with fuel and electricity of the project by TOOL03 and
TOOL05. Not built, and refused: electricity and cogeneration, biomass (TOOL16), additions and
retrofits, equipment taken from another activity. Formulas, values and dates of versions:
unverified, from general knowledge of the published methodology.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from projects.methodologies import energy, small_scale, terms, units
from projects.methodologies.base import (
    OWN_BOUND,
    UNVERIFIED,
    Applicability,
    Fact,
    FactKind,
    Facts,
    Inputs,
    Kind,
    Methodology,
    Parameter,
    Step,
    Treatment,
    Version,
    constant,
)
from projects.methodologies.small_scale import RECALLED

CODE = "AMS-I.C"


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED}"


class Fuel(StrEnum):
    """What the baseline burns, which decides the default of its emission factor."""

    COAL = "coal"
    OIL = "oil"
    GAS = "gas"
    OTHER = "other"  # brings its own factor


FACTORS = {
    fuel: constant(
        "EF_FF",
        written,
        "tCO2/TJ",
        f"CO2 emission factor of the fuel of the baseline: {fuel.value}",
        "default of the IPCC: unverified, from general knowledge",
        validity=fuel.value,
    )
    for fuel, written in ((Fuel.COAL, "94.6"), (Fuel.OIL, "77.4"), (Fuel.GAS, "56.1"))
}


@dataclass(frozen=True, slots=True)
class Heat(Facts):
    """What is asked about a heat project; `capacity_mwth` in MW of heat."""

    capacity_mwth: Decimal
    fuel: Fuel
    electricity: bool = False
    fuels: tuple[str, ...] = ()
    cogeneration: bool = False
    biomass: bool = False
    existing_plant: bool = False
    equipment_transferred: bool = False


class AMSIC(Methodology[Heat]):
    """BE = EG_thermal / eta_BL · EF_FF; PE from fuel and electricity; no leakage."""

    code = CODE
    title = "Thermal energy production with or without electricity"
    scale = "small"
    sectoral_scopes = (1,)
    versions = (
        Version.of("19.0", "2010-12-03", "2013-07-25", RECALLED),
        Version.of("20.0", "2013-07-26", "2017-11-03", RECALLED),
        Version.of("21.0", "2017-11-04", None, RECALLED),
    )
    facts_type = Heat
    facts = (
        small_scale.HEAT_CAPACITY,
        Fact("fuel", FactKind.CHOICE, "Fossil fuel of the baseline", choices=Fuel),
        energy.ELECTRICITY,
        energy.FUELS,
        Fact("cogeneration", FactKind.FLAG, "Electricity is generated as well", required=False),
        Fact("biomass", FactKind.FLAG, "Biomass is burnt", required=False),
        Fact(
            "existing_plant",
            FactKind.FLAG,
            "A renewable plant that stands already is added to or retrofitted",
            required=False,
        ),
        Fact(
            "equipment_transferred",
            FactKind.FLAG,
            "Equipment comes from another activity",
            required=False,
        ),
    )
    constants = (small_scale.HEAT_MW, *FACTORS.values())

    def parameters(self, context: Heat) -> tuple[Parameter, ...]:
        """Heat is monitored; efficiency and factor are fixed; and what the tools ask for."""
        factor = FACTORS.get(context.fuel)
        return (
            Parameter(
                "EG_thermal",
                "TJ",
                "Heat delivered by the project",
                Kind.MONITORED,
                source("monitored data"),
                frequency="continuously",
                treatment=Treatment.ZERO,
            ),
            Parameter(
                "eta_BL",
                units.SHARE,
                "Efficiency of the boiler of the baseline",
                Kind.FIXED,
                source("efficiency of the baseline"),
                maximum=Decimal(1),
                positive=True,
            ),
            Parameter(
                "EF_FF",
                "tCO2/TJ",
                "CO2 emission factor of the fuel of the baseline",
                Kind.FIXED,
                f"{factor.source if factor else source('fuel')}; upper bound: {OWN_BOUND}",
                default=factor.value if factor else None,
                maximum=energy.FUEL_FACTOR.maximum,
                validity=factor.validity if factor else "",
            ),
            *energy.parameters(electricity=context.electricity, fuels=context.fuels),
        )

    def applicability(self, context: Heat) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""
        most = small_scale.HEAT_MW
        return (
            small_scale.within("scale", context.capacity_mwth, most.value, "MW", most.source),
            small_scale.absent("cogeneration", "electricity generated", found=context.cogeneration),
            small_scale.absent("biomass", "biomass burnt", found=context.biomass),
            small_scale.absent(
                "plant", "addition to or retrofit of a plant", found=context.existing_plant
            ),
            small_scale.absent(
                "equipment",
                "equipment from another activity",
                found=context.equipment_transferred,
            ),
        )

    def work_out(self, context: Heat, inputs: Inputs) -> tuple[Step, ...]:
        """BE, PE, LE and ER, each with the steps that made it below it."""
        used = energy.emissions(inputs, electricity=context.electricity, fuels=context.fuels)
        return terms.ending(
            terms.baseline([_boiler(inputs)], source=source("baseline emissions")),
            terms.project(used, source=source("project emissions")),
            terms.leakage([], source=source("leakage")),
            source=source("emission reductions"),
        )


def _boiler(inputs: Inputs) -> Step:
    return Step(
        symbol="BE_thermal",
        title="Fuel that the boiler of the baseline would burn",
        formula="BE_thermal = EG_thermal / eta_BL × EF_FF",
        inputs=inputs.of("EG_thermal", "eta_BL", "EF_FF"),
        value=inputs["EG_thermal"] * inputs["EF_FF"] / inputs["eta_BL"],
        unit=units.TCO2E,
        source=source("baseline emissions"),
    )


METHODOLOGY = AMSIC()
