"""TOOL05 once more: electricity used × its factor, with what the grid loses on the way."""

from projects.doe.second.data import Data, Facts, Need, Needs
from projects.doe.second.sizes import exact
from projects.doe.second.steps import ZERO, Steps, step

HIGH_FACTOR = exact("1.3")
HIGH_LOSSES = exact("0.2")


def needs(facts: Facts) -> Needs:
    """Electricity (MWh), factor (tCO2/MWh), losses; for a baseline there are no defaults."""
    high = facts.get("use", "project") != "baseline"
    used = Need("EC", "MWh", measured=True)
    found = (used, Need("EF_EL", "tCO2/MWh", HIGH_FACTOR if high else None))
    if facts.get("supply", "grid") != "grid":
        return found
    return (*found, Need("TDL", "1", HIGH_LOSSES if high else None))


def steps(facts: Facts, data: Data) -> Steps:
    """PE_EC."""
    lost = data["TDL"] if facts.get("supply", "grid") == "grid" else ZERO
    return step("PE_EC", (data["EC"] + data["EC"] * lost) * data["EF_EL"])
