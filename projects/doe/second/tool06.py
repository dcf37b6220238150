"""TOOL06 once more: the methane that a flare lets through."""

from projects.doe.second.data import Data, Facts, Need, Needs
from projects.doe.second.potentials import potential
from projects.doe.second.sizes import exact
from projects.doe.second.steps import Steps, result, step

DEFAULTS = {"open": "0.5", "enclosed": "0.9"}
DENSITY = exact("0.00067")

BY_VOLUME = (
    Need("V_RG", "m3", measured=True),
    Need("v_CH4", "1", measured=True, mean=True),
    Need("rho_CH4", "t/m3", DENSITY),
)
METHANE = Need("F_CH4_RG", "t", measured=True)
FAILED = Need("x_off", "1", measured=True, mean=True)
EFFICIENCY = Need("eta_flare", "1", gap_zero=True, measured=True, mean=True)


def needs(facts: Facts) -> Needs:
    """Methane (t), or gas (m³), its share of methane and density; what failed; the efficiency."""
    sent = BY_VOLUME if facts.get("gas", "mass") == "volume" else (METHANE,)
    measured = () if facts["flare"] in DEFAULTS else (EFFICIENCY,)
    return (*sent, FAILED, *measured, potential(facts))


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
