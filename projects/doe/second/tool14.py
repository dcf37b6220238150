"""TOOL14 once more: what leaks from a digester, its flare, energy."""

from projects.doe.second import energy, tool06
from projects.doe.second.data import Data, Facts, Need, Needs, together
from projects.doe.second.potentials import potential
from projects.doe.second.sizes import exact
from projects.doe.second.steps import Steps, result, step, total

LEAKS = {"steel_or_lined_concrete": "0.028", "floating_gas_holder": "0.05", "other": "0.1"}
METHANE_IN_GAS = exact("0.6")
DENSITY = exact("0.00067")


def flaring(facts: Facts) -> Facts:
    """What TOOL06 is asked about the flare, whose methane is known by mass."""
    return {
        "flare": facts.get("flare", "enclosed"),
        "commitment_period": potential_period(facts),
    }


def potential_period(facts: Facts) -> int:
    """The commitment period that a tool inherits from its methodology."""
    return int(facts.get("commitment_period", 2))


def needs(facts: Facts) -> Needs:
    """The methane (t) or biogas (m³), the share that leaks, flare, energy, potential."""
    by_volume = (
        Need("Q_biogas", "m3", measured=True),
        Need("f_CH4", "1", METHANE_IN_GAS),
        Need("rho_CH4", "t/m3", DENSITY),
    )
    methane = Need("Q_CH4", "t", measured=True)
    made = by_volume if facts.get("gas", "mass") == "volume" else (methane,)
    leak = exact(LEAKS[facts.get("digester", "other")])
    flare = tool06.needs(flaring(facts)) if facts.get("flared") else ()
    return together(
        made, (Need("EF_CH4_default", "1", leak),), flare, energy.needs(facts), (potential(facts),)
    )


def steps(facts: Facts, data: Data) -> Steps:
    """Each of the emissions, then PE_AD in tCO2e."""
    found: list[Steps] = []
    if facts.get("gas", "mass") == "volume":
        found = [step("Q_CH4", data["rho_CH4"] * data["f_CH4"] * data["Q_biogas"])]
    methane = result(found[0]) if found else data["Q_CH4"]
    leaked = step("PE_CH4", data["GWP_CH4"] * data["EF_CH4_default"] * methane, *found)
    flare = [tool06.steps(flaring(facts), data)] if facts.get("flared") else []
    return total("PE_AD", leaked, *flare, *energy.used(facts, data))
