"""ACM0001 once more: methane of a landfill that is destroyed, less what would have been anyway."""

from dataclasses import replace

from projects.doe.second import energy, tool06
from projects.doe.second.data import Data, Facts, Need, Needs, together
from projects.doe.second.potentials import potential
from projects.doe.second.sizes import exact
from projects.doe.second.steps import ZERO, Steps, ending, result, step
from projects.doe.second.tool14 import flaring

OXIDISED = exact("0.1")
BEFORE = {"quantity": (Need("F_CH4_BL", "t"),), "share": (Need("AF", "1"),)}


def needs(facts: Facts) -> Needs:
    """Methane by its use, what the baseline destroyed, energy, potential."""
    uses = [
        Need(symbol, "t", gap_zero=True, measured=True)
        for told, symbol in (("generated", "F_CH4_EL"), ("heated", "F_CH4_HG"))
        if facts.get(told)
    ]
    return together(
        _sent(facts) if facts.get("flared") else (),
        tuple(uses),
        BEFORE.get(facts["capture_before"], ()),
        (Need("OX_top", "1", OXIDISED), potential(facts)),
        energy.displaced_needs(facts),
        energy.needs(facts),
    )


def _sent(facts: Facts) -> Needs:
    """What the flare needs; methane not recorded counts as none."""
    return tuple(
        replace(need, gap_zero=True) if need == tool06.METHANE else need
        for need in tool06.needs(flaring(facts))
    )


def steps(facts: Facts, data: Data) -> Steps:
    """BE, PE, LE and ER in tCO2e."""
    destroyed = _destroyed(facts, data)
    amount = result(destroyed)
    made: list[Steps] = [destroyed]
    if facts["capture_before"] == "quantity":
        before = data["F_CH4_BL"]
    else:
        before = data["AF"] * amount if facts["capture_before"] == "share" else ZERO
        made.append(step("F_CH4_BL", before))
    more = amount - data["OX_top"] * amount - before
    methane = step("BE_CH4", data["GWP_CH4"] * more, *made)
    return ending([methane, *energy.displaced(facts, data)], energy.used(facts, data))


def _destroyed(facts: Facts, data: Data) -> Steps:
    amount, parts = ZERO, []
    if facts.get("flared"):
        emitted = tool06.steps(flaring(facts), data)
        burnt = data["F_CH4_RG"] - result(emitted) / data["GWP_CH4"]
        parts.append(step("F_CH4_flared", burnt, emitted))
        amount += burnt
    for told, symbol in (("generated", "F_CH4_EL"), ("heated", "F_CH4_HG")):
        amount += data[symbol] if facts.get(told) else ZERO
    return step("F_CH4_PJ", amount, *parts)
