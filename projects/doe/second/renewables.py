"""ACM0002 and AMS-I.D once more: electricity for a grid from wind, sun, water or the earth's heat.

Retrofit and replacement take off what the old plant delivered in a year, with one standard
deviation, for the days of the period.
"""

from fractions import Fraction

from cdm_portal import parameters
from projects.doe.second import tool03, tool07
from projects.doe.second.data import Data, Facts, Need, Needs, quantity
from projects.doe.second.potentials import potential
from projects.doe.second.sizes import exact, factor
from projects.doe.second.steps import ZERO, Steps, result, step

DAYS_A_YEAR = exact("365")
STEAM = (
    Need("M_steam", "t", measured=True),
    Need("w_CO2", "tCO2/t", measured=True, mean=True),
    Need("w_CH4", "tCH4/t", measured=True, mean=True),
)
HISTORY = (Need("EG_hist", "MWh"), Need("sigma_hist", "MWh"), Need("d", "d", measured=True))


def needs(facts: Facts) -> Needs:
    """Electricity, the factor of the grid, steam, reservoir, fuel, the history of an old plant."""
    weights = tool07.weight_needs(facts["technology"], int(facts.get("crediting_period", 1)))
    margins = (Need("EF_OM", "tCO2/MWh"), Need("EF_BM", "tCO2/MWh"), *weights)
    earth = facts["technology"] == "geothermal"
    return (
        Need("EG_export", "MWh", gap_zero=True, measured=True),
        Need("EG_import", "MWh", ZERO, measured=True),
        *(HISTORY if renewed(facts) else ()),
        *((Need("EF_grid_CM", "tCO2/MWh"),) if published(facts) else margins),
        *((Need("TEG", "MWh", measured=True),) if reservoir_emits(facts) else ()),
        *((*STEAM, potential(facts)) if earth else ()),
        *tool03.needs(facts),
    )


def published(facts: Facts) -> bool:
    """Whether the factor of the grid is taken as published."""
    return facts.get("grid_factor") == "published"


def renewed(facts: Facts) -> bool:
    """Whether an old plant is renewed."""
    return facts.get("activity") in {"retrofit", "replacement"}


def density(facts: Facts) -> Fraction | None:
    """Power density (W/m²) of land that is flooded anew; None where none is."""
    after = quantity(facts, "reservoir_area_km2", "km2")
    flooded = after - quantity(facts, "reservoir_area_before_km2", "km2")
    if facts["technology"] != "hydro" or flooded <= 0:
        return None
    before = quantity(facts, "capacity_before_mw", "MW")
    return (quantity(facts, "capacity_mw", "MW") - before) / flooded


def reservoir_emits(facts: Facts) -> bool:
    """Whether the power density is one at which a new reservoir counts with emissions."""
    found = density(facts)
    low, high = (parameters.constant(f"reservoir_{name}_up_to") for name in ("excluded", "emits"))
    return found is not None and Fraction(low) < found <= Fraction(high)


def steps(facts: Facts, data: Data) -> Steps:
    """Factor, electricity, BE, the terms of PE, PE, LE and ER in tCO2e."""
    grid = (
        step("EF_grid_CM", data["EF_grid_CM"])
        if published(facts)
        else tool07.steps({"technology": facts["technology"]}, data)
    )
    net = _net(facts, data)
    gross = result(net) * result(grid)
    terms = _terms(facts, data)
    emitted = sum((value for symbol, value in terms.items() if symbol.startswith("PE_")), ZERO)
    return {
        **grid,
        **net,
        "BE": gross,
        **terms,
        "PE": emitted,
        "LE": ZERO,
        "ER": gross - emitted,
    }


def _net(facts: Facts, data: Data) -> Steps:
    net = data["EG_export"] - data["EG_import"]
    if not renewed(facts):
        return step("EG_PJ", net)
    old = (data["EG_hist"] + data["sigma_hist"]) / DAYS_A_YEAR * data["d"]
    return step("EG_PJ", net - old, step("EG_BL", old))


def _terms(facts: Facts, data: Data) -> Steps:
    found = tool03.steps(facts, data, "PE_FF") if facts.get("fuels") else {}
    if facts["technology"] == "geothermal":
        carbon = data["w_CO2"] * data["M_steam"]
        found["PE_GP"] = carbon + data["w_CH4"] * data["M_steam"] * data["GWP_CH4"]
    flooded = density(facts)
    if flooded is not None:
        each = Fraction(parameters.constant("reservoir_factor")) * factor("kgCO2e/MWh", "tCO2/MWh")
        found["PD"] = flooded
        found["PE_HP"] = each * data["TEG"] if reservoir_emits(facts) else ZERO
    return found
