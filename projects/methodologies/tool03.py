"""TOOL03: CO2 from burning fossil fuel, by quantity, calorific value and emission factor.

Formula: unverified, from general knowledge of the published tool. The upper bounds are this
portal's rule parameters: no fuel comes near them, and a value a thousand times too large is how a
unit mistaken for another shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cdm_portal import parameters as rules
from projects.methodologies.base import (
    OWN_BOUND,
    Applicability,
    Fact,
    FactKind,
    Facts,
    Inputs,
    Kind,
    Parameter,
    Part,
    Step,
    Tool,
    Version,
)

SOURCE = "TOOL03, option B: unverified, from general knowledge of the published tool"
RECALLED = "unverified, from general knowledge of the published versions"
HIGHEST_NCV = rules.constant("calorific_value_max")
HIGHEST_FACTOR = rules.constant("fuel_factor_max")


def parameters(fuel: str) -> tuple[Parameter, ...]:
    """What one fuel needs: quantity burnt (t), calorific value (GJ/t), factor (tCO2/GJ)."""
    shown = fuel.replace("_", " ")
    bounded = f"{SOURCE}; upper bound: {OWN_BOUND}"
    return (
        Parameter(
            f"FC_{fuel}",
            "t",
            f"Quantity of {shown} burnt by the project",
            Kind.MONITORED,
            SOURCE,
            frequency="continuously",
        ),
        Parameter(
            f"NCV_{fuel}",
            "GJ/t",
            f"Net calorific value of {shown}",
            Kind.FIXED,
            bounded,
            maximum=HIGHEST_NCV,
        ),
        Parameter(
            f"EF_CO2_{fuel}",
            "tCO2/GJ",
            f"CO2 emission factor of {shown}",
            Kind.FIXED,
            bounded,
            maximum=HIGHEST_FACTOR,
        ),
    )


def emissions(fuels: Sequence[str], inputs: Inputs, symbol: str = "PE_FF") -> Step:
    """PE_FF = Σ FC·NCV·EF over the fuels (tCO2)."""
    symbols = [(f"FC_{fuel}", f"NCV_{fuel}", f"EF_CO2_{fuel}") for fuel in fuels]
    return Step(
        symbol=symbol,
        title="Emissions from fossil fuel burnt by the project",
        formula=f"{symbol} = " + " + ".join(" × ".join(triple) for triple in symbols),
        inputs=inputs.of(*(symbol for triple in symbols for symbol in triple)),
        value=sum((inputs[a] * inputs[b] * inputs[c] for a, b, c in symbols), Decimal(0)),
        unit="tCO2e",
        source=SOURCE,
        part=Part.PROJECT,
    )


@dataclass(frozen=True, slots=True)
class Burning(Facts):
    """What is burnt: fuels by names such as `diesel`, which end the symbols of their parameters."""

    fuels: tuple[str, ...]


class Tool03(Tool[Burning]):
    """PE_FC: the fuels are named by the facts, and each brings three parameters."""

    code = "TOOL03"
    title = "CO2 emissions from fossil fuel combustion"
    symbol = "PE_FC"
    unit = "tCO2e"
    versions = (
        Version.of("02", "2008-08-02", "2017-09-21", RECALLED),
        Version.of("03.0", "2017-09-22", None, RECALLED),
    )
    facts_type = Burning
    facts = (Fact("fuels", FactKind.NAMES, "Fossil fuels burnt"),)

    def parameters(self, context: Burning) -> tuple[Parameter, ...]:
        """Quantity, calorific value and emission factor of every fuel."""
        return tuple(each for fuel in context.fuels for each in parameters(fuel))

    def applicability(self, context: Burning) -> tuple[Applicability, ...]:
        """That a fuel is named."""
        named = bool(context.fuels)
        return (
            Applicability(
                code="fuels",
                text="The fuels burnt are known.",
                met=named,
                reason=", ".join(context.fuels) if named else "no fuel is named",
            ),
        )

    def work_out(self, context: Burning, inputs: Inputs) -> tuple[Step, ...]:
        """PE_FC in tCO2e."""
        return (emissions(context.fuels, inputs, self.symbol),)


TOOL = Tool03()
