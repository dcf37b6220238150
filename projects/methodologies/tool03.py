"""TOOL03: CO2 from burning fossil fuel, by quantity, calorific value and emission factor.

Formula: unverified, from general knowledge of the published tool. The upper bounds are this
portal's rule parameters: no fuel comes near them, and a value a thousand times too large is how a
unit mistaken for another shows.
"""

from collections.abc import Sequence
from decimal import Decimal

from cdm_portal import parameters as rules
from projects.methodologies.calculation import Part, Step
from projects.methodologies.inputs import OWN_BOUND, Inputs, Kind, Parameter

SOURCE = "TOOL03, option B: unverified, from general knowledge of the published tool"
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


def emissions(fuels: Sequence[str], inputs: Inputs) -> Step:
    """PE_FF = Σ FC·NCV·EF over the fuels (tCO2)."""
    symbols = [(f"FC_{fuel}", f"NCV_{fuel}", f"EF_CO2_{fuel}") for fuel in fuels]
    return Step(
        symbol="PE_FF",
        title="Emissions from fossil fuel burnt by the project",
        formula="PE_FF = " + " + ".join(" × ".join(triple) for triple in symbols),
        inputs=inputs.of(*(symbol for triple in symbols for symbol in triple)),
        value=sum((inputs[a] * inputs[b] * inputs[c] for a, b, c in symbols), Decimal(0)),
        unit="tCO2e",
        source=SOURCE,
        part=Part.PROJECT,
    )
