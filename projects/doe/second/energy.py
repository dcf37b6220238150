"""Energy used and displaced, as most methodologies ask for it, written once more."""

from fractions import Fraction

from projects.doe.second import tool03, tool05
from projects.doe.second.data import Data, Facts, Need, Needs
from projects.doe.second.sizes import factor
from projects.doe.second.steps import Steps, step

GENERATED = Need("EG_PJ", "MWh", gap_zero=True, measured=True)
HEAT = Need("HG_PJ", "TJ", gap_zero=True, measured=True)
BOILER = (Need("eta_BL", "1"), Need("EF_FF_BL", "tCO2/TJ"))


def needs(facts: Facts) -> Needs:
    """What the electricity and the fuel of the project need."""
    power = tool05.needs({}) if facts.get("electricity") else ()
    return (*power, *tool03.needs(facts))


def used(facts: Facts, data: Data) -> list[Steps]:
    """PE_EC and PE_FC, each where it is used at all."""
    power = [tool05.steps({}, data)] if facts.get("electricity") else []
    return [*power, *([tool03.steps(facts, data)] if facts.get("fuels") else [])]


def displaced_needs(facts: Facts) -> Needs:
    """What the energy of the baseline needs."""
    match facts.get("displaced", "none"):
        case "electricity":
            return (GENERATED, Need("EF_EL_BL", "tCO2/MWh"), Need("TDL_BL", "1"))
        case "heat":
            return (HEAT, *BOILER)
        case "cogeneration":
            return (HEAT, GENERATED, *BOILER)
    return ()


def displaced(facts: Facts, data: Data) -> list[Steps]:
    """BE_EC, BE_HG or BE_EN in tCO2e; nothing where no energy is displaced."""
    match facts.get("displaced", "none"):
        case "electricity":
            generated = data["EG_PJ"] * data["EF_EL_BL"]
            return [step("BE_EC", generated + generated * data["TDL_BL"])]
        case "heat":
            return [step("BE_HG", _fuel(data) * data["HG_PJ"])]
        case "cogeneration":
            delivered = data["HG_PJ"] + data["EG_PJ"] * factor("MWh", "TJ")
            return [step("BE_EN", _fuel(data) * delivered)]
    return []


def _fuel(data: Data) -> Fraction:
    return data["EF_FF_BL"] / data["eta_BL"]
