"""Global warming potentials as needs: the rule parameter of the commitment period unless given."""

from fractions import Fraction

from cdm_portal import parameters
from projects.doe.second.data import Facts, Need

SHOWN = {"ch4": "CH4", "n2o": "N2O"}
PERIOD = 2


def potential(facts: Facts, gas: str = "ch4") -> Need:
    """GWP_CH4 or GWP_N2O; 3 stands for reductions from 2021 on."""
    period = int(facts.get("commitment_period", PERIOD))
    value = Fraction(parameters.in_commitment_period(f"gwp_{gas}", period))
    return Need(f"GWP_{SHOWN[gas]}", f"tCO2e/t{SHOWN[gas]}", value)
