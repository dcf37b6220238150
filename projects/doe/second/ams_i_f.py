"""AMS-I.F once more: electricity for users of their own or a mini-grid."""

from projects.doe.second import energy
from projects.doe.second.data import Data, Facts, Need, Needs
from projects.doe.second.steps import Steps, ending, step


def needs(facts: Facts) -> Needs:
    """Electricity (MWh), its factor, energy of the project."""
    return (
        Need("EG_BL", "MWh", gap_zero=True, measured=True),
        Need("EF_CO2", "tCO2/MWh"),
        *energy.needs(facts),
    )


def steps(facts: Facts, data: Data) -> Steps:
    """BE, PE, LE and ER in tCO2e."""
    return ending([step("BE_EL", data["EF_CO2"] * data["EG_BL"])], energy.used(facts, data))
