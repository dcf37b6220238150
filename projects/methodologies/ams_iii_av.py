"""AMS-III.AV: safe drinking water from systems that emit little, instead of boiled water.

Built for users who boil water over wood that is partly not renewable, with electricity from the
grid or fuel used by the project left to TOOL03 (fuel); electricity is not built and refused. The
formulas, constants and dates of versions are unverified, from general knowledge of the published
methodology.
"""

from dataclasses import dataclass
from decimal import Decimal

from projects.methodologies import small_scale, terms, tool03, units
from projects.methodologies.base import (
    UNVERIFIED,
    Aggregation,
    Applicability,
    Fact,
    FactKind,
    Facts,
    Inputs,
    Kind,
    Methodology,
    Parameter,
    Part,
    Step,
    Treatment,
    Version,
    constant,
)

CODE = "AMS-III.AV"
RECALLED = "unverified, from general knowledge of the published versions"


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED}"


HEAT = source("energy to boil water")
C_WATER = constant("c_w", "4.186", "kJ/(L·°C)", "Specific heat of water", HEAT)
T_FINAL = constant("T_f", "100", "°C", "Temperature of boiling water", HEAT)
T_START = constant("T_i", "20", "°C", "Temperature of the water before it is boiled", HEAT)
L_WATER = constant("L_w", "2260", "kJ/L", "Latent heat of a litre of water", HEAT)
EVAPORATED = constant("x_w", "0.01", "1", "Share of the water that boils away", HEAT)
EF_FOSSIL = constant(
    "EF",
    "63.7",
    "tCO2/TJ",
    "Emission factor of the fossil fuels that similar users turn to",
    source("emission factor of the fuel"),
)
LITRES_EACH = constant(
    "q_max",
    "5.5",
    "L/(person·d)",
    "Most water that counts for a person and day",
    source("cap on the water that counts"),
)


@dataclass(frozen=True, slots=True)
class SafeWater(Facts):
    """What is asked about a safe water project; `fuels` are fossil fuels that it burns."""

    safe_water_supplied: bool
    quality_met: bool
    electricity: bool = False
    fuels: tuple[str, ...] = ()


class AMSIIIAV(Methodology[SafeWater]):
    """BE = QPW · SEC · f_NRB · EF; PE from fuel; no leakage; at most 60 kt a year."""

    code = CODE
    title = "Low greenhouse gas emitting safe drinking water production systems"
    scale = "small"
    sectoral_scopes = (3,)
    versions = (
        Version.of("04.0", "2013-11-08", "2014-11-27", RECALLED),
        Version.of("05.0", "2014-11-28", None, RECALLED),
    )
    facts_type = SafeWater
    facts = (
        Fact(
            "safe_water_supplied",
            FactKind.FLAG,
            "A public network already supplies safe drinking water",
        ),
        Fact("quality_met", FactKind.FLAG, "The treated water meets the standard of quality"),
        Fact("electricity", FactKind.FLAG, "The project uses electricity", required=False),
        Fact("fuels", FactKind.NAMES, "Fossil fuels burnt by the project", required=False),
    )
    constants = (
        C_WATER,
        T_FINAL,
        T_START,
        L_WATER,
        EVAPORATED,
        EF_FOSSIL,
        LITRES_EACH,
        small_scale.ER_YEAR,
        small_scale.DAYS_YEAR,
    )

    def parameters(self, context: SafeWater) -> tuple[Parameter, ...]:
        """Water, people and days are monitored; efficiency and share of wood are fixed."""
        return (
            *MEASURED,
            Parameter(
                "eta",
                units.SHARE,
                "Efficiency of the stoves in the baseline",
                Kind.FIXED,
                source("energy to boil water"),
                maximum=Decimal(1),
                positive=True,
            ),
            Parameter(
                "f_NRB",
                units.SHARE,
                "Share of the wood that is not renewable",
                Kind.FIXED,
                source("non-renewable biomass"),
                maximum=Decimal(1),
            ),
            EF_FOSSIL.as_parameter(),
            *(tool03.TOOL.parameters(_burning(context)) if context.fuels else ()),
        )

    def applicability(self, context: SafeWater) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""
        supplied = context.safe_water_supplied
        return (
            Applicability(
                "network",
                "No public network supplies safe drinking water.",
                not supplied,
                "a network already supplies safe water" if supplied else "no such network",
            ),
            Applicability(
                "quality",
                "The treated water meets the standard of quality.",
                context.quality_met,
                "it meets the standard" if context.quality_met else "it misses the standard",
            ),
            Applicability(
                "electricity",
                "The project uses no electricity (its emissions are not built here).",
                not context.electricity,
                "it uses electricity" if context.electricity else "it uses none",
            ),
        )

    def work_out(self, context: SafeWater, inputs: Inputs) -> tuple[Step, ...]:
        """BE, PE, LE and ER, each with the steps that made it below it."""
        water, energy = _water(inputs), _energy(inputs)
        baseline = terms.baseline([_boiling(water, energy, inputs)], source=source("baseline"))
        burnt = (
            [tool03.TOOL.nested(_burning(context), inputs, symbol="PE_FF", part=Part.PROJECT)]
            if context.fuels
            else []
        )
        return terms.ending(
            baseline,
            terms.project(burnt, source=source("project emissions")),
            terms.leakage([], source=source("leakage")),
            source=source("emission reductions"),
            ceilings=[small_scale.yearly_limit(inputs)],
        )


MONITORED = source("monitored data")
MEASURED = (
    Parameter(
        "QPW",
        "L",
        "Safe water that was drunk",
        Kind.MONITORED,
        MONITORED,
        frequency="monthly",
        treatment=Treatment.ZERO,
    ),
    Parameter(
        "N",
        "person",
        "People supplied, on average",
        Kind.MONITORED,
        MONITORED,
        frequency="monthly",
        aggregation=Aggregation.MEAN,
        treatment=Treatment.ZERO,
    ),
    Parameter(
        "d",
        "d",
        "Days on which they were supplied",
        Kind.MONITORED,
        MONITORED,
        frequency="daily",
        treatment=Treatment.ZERO,
    ),
)


def _burning(context: SafeWater) -> tool03.Burning:
    return tool03.Burning(context.fuels)


def _water(inputs: Inputs) -> Step:
    most = LITRES_EACH.value * inputs["N"] * inputs["d"]
    return Step(
        symbol="QPW_c",
        title="Water that counts",
        formula="QPW_c = min(QPW, q_max × N × d)",
        inputs=(*inputs.of("QPW"), LITRES_EACH.as_input(), *inputs.of("N", "d")),
        value=min(inputs["QPW"], most),
        unit="L",
        source=LITRES_EACH.source,
        note="Held to what people drink." if most < inputs["QPW"] else "",
    )


def _energy(inputs: Inputs) -> Step:
    heating = C_WATER.value * (T_FINAL.value - T_START.value)
    return Step(
        symbol="SEC",
        title="Energy to boil a litre of water",
        formula="SEC = (c_w × (T_f − T_i) + x_w × L_w) / eta",
        inputs=(
            *(each.as_input() for each in (C_WATER, T_FINAL, T_START, EVAPORATED, L_WATER)),
            *inputs.of("eta"),
        ),
        value=(heating + EVAPORATED.value * L_WATER.value) / inputs["eta"],
        unit="kJ/L",
        source=HEAT,
    )


def _boiling(water: Step, energy: Step, inputs: Inputs) -> Step:
    heat = units.convert(water.value * energy.value, "kJ", "TJ")
    return Step(
        symbol="BE_boil",
        title="Emissions of boiling the water",
        formula="BE_boil = QPW_c × SEC × f_NRB × EF / 10⁹",
        inputs=(water.as_input(), energy.as_input(), *inputs.of("f_NRB", "EF")),
        value=heat * inputs["f_NRB"] * inputs["EF"],
        unit=units.TCO2E,
        source=source("baseline emissions"),
        note="10⁹ kJ are 1 TJ.",
        parts=(water, energy),
    )


METHODOLOGY = AMSIIIAV()
