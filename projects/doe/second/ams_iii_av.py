"""AMS-III.AV once more: wood that would have boiled the water that was drunk."""

from projects.doe.second import small_scale, tool03
from projects.doe.second.data import Data, Facts, Need, Needs
from projects.doe.second.sizes import exact
from projects.doe.second.steps import Steps, ending, step

WARMED = exact("4.186") * (exact("100") - exact("20"))
STEAMED = exact("0.01") * exact("2260")
KJ_OF_TJ = exact("1e9")
FOSSIL = exact("63.7")
LITRES = exact("5.5")


def needs(facts: Facts) -> Needs:
    """Water, people, days, efficiency, share of wood, factor, fuel."""
    return (
        Need("QPW", "L", gap_zero=True, measured=True),
        Need("N", "person", gap_zero=True, measured=True, mean=True),
        Need("d", "d", gap_zero=True, measured=True),
        Need("eta", "1"),
        Need("f_NRB", "1"),
        Need("EF", "tCO2/TJ", FOSSIL),
        *tool03.needs(facts),
    )


def steps(facts: Facts, data: Data) -> Steps:
    """BE, PE, LE and ER in tCO2e."""
    water = min(data["QPW"], data["N"] * data["d"] * LITRES)
    each = (WARMED + STEAMED) / data["eta"]
    burnt = water * each / KJ_OF_TJ * data["EF"] * data["f_NRB"]
    boiled = step("BE_boil", burnt, step("QPW_c", water), step("SEC", each))
    fuel = [tool03.steps(facts, data, "PE_FF")] if facts.get("fuels") else []
    return ending([boiled], fuel, [], [small_scale.yearly_limit(data)])
