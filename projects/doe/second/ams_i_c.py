"""AMS-I.C once more: heat instead of that of a boiler on fossil fuel."""

from projects.doe.second import energy
from projects.doe.second.data import Data, Facts, Need, Needs
from projects.doe.second.sizes import exact
from projects.doe.second.steps import Steps, ending, step

FACTORS = {"coal": "94.6", "oil": "77.4", "gas": "56.1"}


def needs(facts: Facts) -> Needs:
    """Heat (TJ), efficiency, factor of the fuel, energy of the project."""
    known = FACTORS.get(facts["fuel"])
    return (
        Need("EG_thermal", "TJ", gap_zero=True, measured=True),
        Need("eta_BL", "1"),
        Need("EF_FF", "tCO2/TJ", exact(known) if known else None),
        *energy.needs(facts),
    )


def steps(facts: Facts, data: Data) -> Steps:
    """BE, PE, LE and ER in tCO2e."""
    fuel = data["EG_thermal"] / data["eta_BL"]
    return ending([step("BE_thermal", fuel * data["EF_FF"])], energy.used(facts, data))
