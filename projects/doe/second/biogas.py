"""Biogas captured and burnt, as AMS-III.D and AMS-III.H count it, written once more."""

from collections.abc import Sequence
from fractions import Fraction

from projects.doe.second import tool06
from projects.doe.second.data import Data, Facts, Need, Needs, together
from projects.doe.second.potentials import potential
from projects.doe.second.sizes import exact
from projects.doe.second.steps import ZERO, Steps, result, step
from projects.doe.second.tool14 import flaring

DENSITY = exact("0.00067")
OF_THE_GAS = (Need("v_CH4", "1", measured=True, mean=True), Need("rho_CH4", "t/m3", DENSITY))


def _by_volume(facts: Facts) -> Facts:
    return {**flaring(facts), "gas": "volume"}


def needs(facts: Facts) -> Needs:
    """The gas burnt, the methane in it, what a flare needs, the potential."""
    return together(
        (Need("BG_used", "m3", gap_zero=True, measured=True),),
        tool06.needs(_by_volume(facts)) if facts.get("flared") else OF_THE_GAS,
        (potential(facts),),
    )


def flare(facts: Facts, data: Data) -> list[Steps]:
    """PE_flare in tCO2e, if there is a flare."""
    return [tool06.steps(_by_volume(facts), data)] if facts.get("flared") else []


def ceiling(facts: Facts, data: Data, lost: Sequence[Steps], energy: Sequence[Steps]) -> Steps:
    """MD_net in tCO2e: the methane destroyed, less the energy for it."""
    gas: Fraction = data["BG_used"] + (data["V_RG"] if facts.get("flared") else ZERO)
    burnt = data["GWP_CH4"] * data["rho_CH4"] * data["v_CH4"] * gas
    destroyed = burnt - sum((result(each) for each in lost), ZERO)
    net = destroyed - sum((result(each) for each in energy), ZERO)
    return step("MD_net", net, step("MD", destroyed))
