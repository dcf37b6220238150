"""ACM0010 once more: methane and nitrous oxide that manure would have given off."""

from fractions import Fraction

from projects.doe.second import energy, tool14
from projects.doe.second.data import Data, Facts, Line, Need, Needs, RowNeed, together
from projects.doe.second.potentials import potential
from projects.doe.second.sizes import exact, factor
from projects.doe.second.steps import ZERO, Steps, ending, step

DENSITY = exact("0.00067")
CAUTION = exact("0.94")
NITROUS_OF_NITROGEN = exact("44") / exact("28")
ANIMALS = RowNeed(
    "animals",
    ("type", "system"),
    (
        Need("N", "1"),
        Need("VS", "kg/d"),
        Need("d", "d"),
        Need("B_o", "m3/kg"),
        Need("MCF", "1"),
        Need("MS", "1"),
    ),
)


def _digestion(facts: Facts) -> Facts:
    told = ("digester", "flared", "flare", "commitment_period")
    return {name: facts[name] for name in told if name in facts}


def needs(facts: Facts) -> Needs:
    """The animals, nitrogen lost, correction, digester, energy, potentials."""
    return together(
        (ANIMALS, Need("UF_b", "1", CAUTION), Need("E_D", "kgN"), Need("E_ID", "kgN")),
        (potential(facts), potential(facts, "n2o")),
        energy.displaced_needs(facts),
        tool14.needs(_digestion(facts)),
        energy.needs(facts),
    )


def steps(facts: Facts, data: Data) -> Steps:
    """BE, PE, LE and ER in tCO2e."""
    tonnes = sum((_volume(line) for line in data.lines("animals")), ZERO) * DENSITY
    methane = step("BE_CH4", tonnes * data["UF_b"] * data["GWP_CH4"])
    nitrogen = (data["E_D"] + data["E_ID"]) / factor("tN", "kgN")
    nitrous = step("BE_N2O", nitrogen * NITROUS_OF_NITROGEN * data["GWP_N2O"])
    digester = tool14.steps(_digestion(facts), data)
    return ending(
        [methane, nitrous, *energy.displaced(facts, data)], [digester, *energy.used(facts, data)]
    )


def _volume(line: Line) -> Fraction:
    animal_days = line["N"] * line["d"] * line["MS"]
    return animal_days * line["VS"] * line["B_o"] * line["MCF"]
