"""TOOL04 once more: what waste of all years gives off in one, by first-order decay.

The exponentials are those of `exponent`; here every tonne is followed from the year before to the
year asked for, as what is left then less what is left now.
"""

from fractions import Fraction

from projects.doe.second.data import Data, Facts, Line, Need, Needs, RowNeed
from projects.doe.second.exponent import decayed
from projects.doe.second.potentials import potential
from projects.doe.second.sizes import exact
from projects.doe.second.steps import Steps, result, step, total

CARBON = {
    "wood": "0.43",
    "paper": "0.40",
    "food": "0.15",
    "textiles": "0.24",
    "garden": "0.20",
}
CLIMATES = ("boreal_temperate_dry", "boreal_temperate_wet", "tropical_dry", "tropical_wet")
SLOW, MIDDLE = "0.02 0.03 0.025 0.035", "0.04 0.06 0.045 0.07"
RATES = {
    "wood": SLOW,
    "paper": MIDDLE,
    "food": "0.06 0.185 0.085 0.40",
    "textiles": MIDDLE,
    "garden": "0.05 0.10 0.065 0.17",
}
SITES = {
    "managed_anaerobic": "1",
    "managed_semi_aerobic": "0.5",
    "unmanaged_deep": "0.8",
    "unmanaged_shallow": "0.4",
}
EXISTING, DRY, WET = exact("0.75"), exact("0.80"), exact("0.85")
OXIDISED = exact("0.1")
METHANE_IN_GAS, DECOMPOSES = exact("0.5"), exact("0.5")
METHANE_OF_CARBON = exact("16") / exact("12")
WASTE = RowNeed("W", ("type", "year"), (Need("W", "t"),))


def needs(facts: Facts) -> Needs:
    """The waste by kind and year, and what is captured, corrected and oxidised."""
    return (
        WASTE,
        Need("f", "1", measured=True, mean=True),
        Need("phi", "1", _correction(facts)),
        Need("OX", "1", OXIDISED),
        potential(facts),
    )


def _correction(facts: Facts) -> Fraction:
    if facts.get("application") == "existing_site":
        return EXISTING
    return DRY if str(facts["climate"]).endswith("dry") else WET


def steps(facts: Facts, data: Data) -> Steps:
    """C_y in t of carbon, then BE_CH4_SWDS in tCO2e."""
    decaying = total("C_y", *_kinds(facts, data))
    correction = exact(SITES[facts.get("site", "managed_anaerobic")])
    methane = result(decaying) * DECOMPOSES * METHANE_IN_GAS * correction * METHANE_OF_CARBON
    escapes = methane * (1 - data["OX"]) * (1 - data["f"])
    return step("BE_CH4_SWDS", escapes * data["phi"] * data["GWP_CH4"], decaying)


def _kinds(facts: Facts, data: Data) -> list[Steps]:
    year, place = int(facts["year"]), CLIMATES.index(facts["climate"])
    there = [line for line in data.lines("W") if int(line.written["year"]) <= year]
    found = []
    for kind, carbon in CARBON.items():
        lines = [line for line in there if line.written["type"] == kind]
        rate = exact(RATES[kind].split()[place])
        if lines:
            lost = sum((_lost(line, year, rate) for line in lines), Fraction(0))
            found.append(step(f"C_{kind}", lost * exact(carbon)))
    return found


def _lost(line: Line, year: int, rate: Fraction) -> Fraction:
    age = year - int(line.written["year"])
    return line["W"] * (decayed(rate * age) - decayed(rate * (age + 1)))
