"""TOOL03 once more: fuel burnt × calorific value × emission factor, in tCO2."""

from projects.doe.second.data import Data, Facts, Need, Needs
from projects.doe.second.steps import ZERO, Steps, step


def needs(facts: Facts) -> Needs:
    """Quantity (t), calorific value (GJ/t) and factor (tCO2/GJ) of every fuel."""
    units = {"FC": "t", "NCV": "GJ/t", "EF_CO2": "tCO2/GJ"}
    return tuple(
        Need(f"{name}_{fuel}", unit, measured=name == "FC")
        for fuel in facts.get("fuels", ())
        for name, unit in units.items()
    )


def steps(facts: Facts, data: Data, symbol: str = "PE_FC") -> Steps:
    """PE_FC."""
    burnt = ZERO
    for fuel in facts.get("fuels", ()):
        heat = data[f"FC_{fuel}"] * data[f"NCV_{fuel}"]
        burnt += heat * data[f"EF_CO2_{fuel}"]
    return step(symbol, burnt)
