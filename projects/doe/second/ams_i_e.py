"""AMS-I.E once more: renewable heat instead of wood."""

from projects.doe.second import energy, wood
from projects.doe.second.data import Data, Facts, Need, Needs, RowNeed
from projects.doe.second.steps import ZERO, Steps, ending, step

DEVICES = RowNeed("devices", ("type",), (Need("N", "1"), Need("mu", "1"), Need("B", "t")))
USEFUL = (Need("HG_p", "TJ", gap_zero=True, measured=True), Need("eta_old", "1"))


def needs(facts: Facts) -> Needs:
    """Devices, or useful heat; the values of wood; energy of the project."""
    known: Needs = (DEVICES,) if facts["replaced"] == "devices" else USEFUL
    return (*known, *wood.needs(facts), *energy.needs(facts))


def steps(facts: Facts, data: Data) -> Steps:
    """BE, PE, LE and ER in tCO2e."""
    if facts["replaced"] == "devices":
        tonnes = sum((line["B"] * line["mu"] * line["N"] for line in data.lines("devices")), ZERO)
    else:
        tonnes = data["HG_p"] / data["eta_old"] / data["NCV"]
    burnt = wood.baseline(facts, data, step("B_y", tonnes))
    return ending([burnt], energy.used(facts, data), [wood.leakage(burnt)])
