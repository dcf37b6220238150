"""TOOL06 once more: the methane that a flare lets through."""

from projects.doe.second.data import Data, Facts, Need, Needs
from projects.doe.second.potentials import potential
from projects.doe.second.sizes import exact
from projects.doe.second.steps import Steps, result, step

DEFAULTS = {"open": "0.5", "enclosed": "0.9"}
DENSITY = exact("0.00067")


def needs(facts: Facts) -> Needs:
    """Methane (t), or gas (m³), its share of methane and density; what failed; the efficiency."""
    by_volume = (Need("V_RG", "m3"), Need("v_CH4", "1"), Need("rho_CH4", "t/m3", DENSITY))
    sent = by_volume if facts.get("gas", "mass") == "volume" else (Need("F_CH4_RG", "t"),)
    measured = () if facts["flare"] in DEFAULTS else (Need("eta_flare", "1"),)
    return (*sent, Need("x_off", "1"), *measured, potential(facts))


def steps(facts: Facts, data: Data) -> Steps:
    """F_CH4_left in t, then PE_flare in tCO2e."""
    volume = facts.get("gas", "mass") == "volume"
    found: list[Steps] = []
    if volume:
        found = [step("F_CH4_RG", data["rho_CH4"] * data["v_CH4"] * data["V_RG"])]
    sent = result(found[0]) if volume else data["F_CH4_RG"]
    kind = facts["flare"]
    efficiency = exact(DEFAULTS[kind]) if kind in DEFAULTS else data["eta_flare"]
    failed = sent * data["x_off"]
    left = failed + (sent - failed) * (1 - efficiency)
    return step("PE_flare", left * data["GWP_CH4"], step("F_CH4_left", left, *found))
