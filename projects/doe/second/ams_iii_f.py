"""AMS-III.F once more: waste composted instead of dumped."""

from projects.doe.second import small_scale, tool04, tool13
from projects.doe.second.data import Data, Facts, Need, Needs, together
from projects.doe.second.steps import Steps, ending, result, step


def needs(facts: Facts) -> Needs:
    """The dump, the composting, the methane that a law would capture, days."""
    own = (Need("MD_reg", "t", measured=True), Need("d", "d", gap_zero=True, measured=True))
    return together(tool04.needs(facts), tool13.needs(facts), own)


def steps(facts: Facts, data: Data) -> Steps:
    """BE, PE, LE and ER in tCO2e."""
    dumped = tool04.steps(facts, data)
    less = data["GWP_CH4"] * data["MD_reg"]
    avoided = step("BE_avoided", result(dumped) - less, dumped)
    composted = tool13.steps(facts, data)
    return ending([avoided], [composted], [], [small_scale.yearly_limit(data)])
