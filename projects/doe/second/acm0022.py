"""ACM0022 once more: waste kept out of a dump, by composting, digestion or as fuel."""

from projects.doe.second import energy, tool04, tool13, tool14
from projects.doe.second.data import Data, Facts, Need, Needs, together
from projects.doe.second.steps import Steps, ending, step

DUMP = ("year", "climate", "site", "commitment_period")
DIGESTER = ("digester", "flared", "flare", "commitment_period")
FUEL = (
    Need("Q_RDF", "t", gap_zero=True, measured=True),
    Need("NCV_RDF", "GJ/t", gap_zero=True, measured=True, mean=True),
    Need("EF_RDF", "tCO2/GJ"),
)


def _told(facts: Facts, names: tuple[str, ...]) -> Facts:
    return {name: facts[name] for name in names if name in facts}


def needs(facts: Facts) -> Needs:
    """What each treatment needs, the dump, energy."""
    compost = tool13.needs(_told(facts, ("commitment_period",)))
    digester = tool14.needs(_told(facts, DIGESTER))
    return together(
        tool04.needs(_told(facts, DUMP)),
        energy.displaced_needs(facts),
        compost if facts.get("composting") else (),
        digester if facts.get("digestion") else (),
        energy.needs(facts),
        FUEL if facts.get("fuel_exported") else (),
    )


def steps(facts: Facts, data: Data) -> Steps:
    """BE, PE, LE and ER in tCO2e."""
    baseline = [tool04.steps(_told(facts, DUMP), data), *energy.displaced(facts, data)]
    project: list[Steps] = []
    if facts.get("composting"):
        project.append(tool13.steps(_told(facts, ("commitment_period",)), data))
    if facts.get("digestion"):
        project.append(tool14.steps(_told(facts, DIGESTER), data))
    project += energy.used(facts, data)
    leakage: list[Steps] = []
    if facts.get("fuel_exported"):
        heat = data["Q_RDF"] * data["NCV_RDF"]
        leakage = [step("LE_RDF", heat * data["EF_RDF"])]
    return ending(baseline, project, leakage)
