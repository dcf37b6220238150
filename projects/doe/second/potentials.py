"""Global warming potentials as needs: the rule parameter of the reductions' days unless given."""

from datetime import date
from fractions import Fraction

from cdm_portal import parameters
from projects.doe.second.data import Facts, Need

SHOWN = {"ch4": "CH4", "n2o": "N2O"}
PERIOD = 2
AFTER_2020 = max(parameters.DAY_WITHIN)
LAST_DAYS = (parameters.day("first_period_ends"), parameters.BEFORE_TEMPORARY)
"""The last days on which the first and the second set hold; the third has no end."""


def potential(facts: Facts, gas: str = "ch4") -> Need:
    """GWP_CH4 or GWP_N2O; 3 stands for reductions from 2021 on."""
    period = int(facts.get("commitment_period", PERIOD))
    value = Fraction(parameters.in_commitment_period(f"gwp_{gas}", period))
    return Need(f"GWP_{SHOWN[gas]}", f"tCO2e/t{SHOWN[gas]}", value)


def set_of(day: date) -> int:
    """The set for reductions of a day: 1, 2, or 3 from 2021 on."""
    return 1 + sum(1 for last in LAST_DAYS if last < day)


def issued_in(number: int) -> int:
    """The commitment period for which reductions under a set of potentials are issued: 1 or 2; what
    comes later counts with the second, under the demonstration rules (decision 3).
    """
    return PERIOD if number == AFTER_2020 else number
