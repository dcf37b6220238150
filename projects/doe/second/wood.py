"""Wood that is not burnt any more, as AMS-I.E and AMS-II.G value it, written once more."""

from fractions import Fraction

from projects.doe.second.data import Data, Facts, Need, Needs
from projects.doe.second.sizes import exact
from projects.doe.second.steps import ZERO, Steps, result, step, total

HEAT_OF_WOOD, HEAT_OF_WOOD_OLDER = exact("0.0156"), exact("0.015")
FOSSIL, FOSSIL_OLDER = exact("63.7"), exact("81.6")
CARBON_OF_WOOD, OTHERS_OF_WOOD = exact("112"), exact("26.23")
GIVEN_UP = 1 - exact("0.95")
OLDER = {"04.0", "05.0"}
OWN_FACTOR = "13.0"
"""The version of AMS-II.G that counts the gases of wood itself."""


def needs(facts: Facts) -> Needs:
    """Share that is not renewable, heat of wood, and the factors of the version."""
    older, own = facts["version"] in OLDER, facts["version"] == OWN_FACTOR
    factors = (
        (
            Need("EF_wf_CO2", "tCO2/TJ", CARBON_OF_WOOD),
            Need("EF_wf_nonCO2", "tCO2/TJ", OTHERS_OF_WOOD),
        )
        if own
        else (Need("EF", "tCO2/TJ", FOSSIL_OLDER if older else FOSSIL),)
    )
    heat = HEAT_OF_WOOD_OLDER if older else HEAT_OF_WOOD
    return (Need("f_NRB", "1"), Need("NCV", "TJ/t", heat), *factors)


def baseline(facts: Facts, data: Data, saved: Steps) -> Steps:
    """BE_wood in tCO2e of `saved`, in tonnes of wood."""
    heat = result(saved) * data["NCV"]
    if facts["version"] == OWN_FACTOR:
        emitted = heat * data["f_NRB"] * data["EF_wf_CO2"] + heat * data["EF_wf_nonCO2"]
    else:
        emitted = heat * data["EF"] * data["f_NRB"]
    return step("BE_wood", emitted, saved)


def leakage(burnt: Steps) -> Steps:
    """LE_NTG in tCO2e: what is given up of a baseline that is not negative."""
    gross: Fraction = result(total("BE", burnt))
    return step("LE_NTG", gross * GIVEN_UP if gross > 0 else ZERO)
