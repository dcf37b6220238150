"""AMS-II.G once more: stoves that burn less wood."""

from fractions import Fraction

from projects.doe.second import wood
from projects.doe.second.data import Data, Facts, Line, Need, Needs, RowNeed
from projects.doe.second.sizes import exact
from projects.doe.second.steps import ZERO, Steps, ending, result, step

EFFICIENCY = {"three_stones": "0.10", "other": "0.20"}
STOVES = (Need("N", "1"), Need("mu", "1"), Need("B_old", "t"))
TESTED = {"water_boiling": Need("eta_new", "1"), "kitchen_performance": Need("B_new", "t")}


def needs(facts: Facts) -> Needs:
    """The stoves by type and batch, the efficiency of the old one, the values of wood."""
    stoves = RowNeed("stoves", ("type", "batch"), (*STOVES, TESTED[facts["test"]]))
    old = exact(EFFICIENCY[facts.get("old_stove", "three_stones")])
    asked = (Need("eta_old", "1", old),) if facts["test"] == "water_boiling" else ()
    return (stoves, *asked, *wood.needs(facts))


def steps(facts: Facts, data: Data) -> Steps:
    """BE, PE, LE and ER in tCO2e."""
    tonnes, each = ZERO, []
    for line in data.lines("stoves"):
        saving = step(f"B_savings[{line.label}]", _saved(facts, data, line))
        tonnes += result(saving) * line["mu"] * line["N"]
        each.append(saving)
    burnt = wood.baseline(facts, data, step("B_y", tonnes, *each))
    return ending([burnt], [], [wood.leakage(burnt)])


def _saved(facts: Facts, data: Data, line: Line) -> Fraction:
    if facts["test"] == "kitchen_performance":
        return line["B_old"] - line["B_new"]
    return line["B_old"] - line["B_old"] * data["eta_old"] / line["eta_new"]
