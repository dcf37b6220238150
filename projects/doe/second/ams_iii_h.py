"""AMS-III.H once more: methane of waste water that is captured and burnt."""

from projects.doe.second import biogas, energy, small_scale
from projects.doe.second.data import Data, Facts, Need, Needs, RowNeed, together
from projects.doe.second.sizes import exact
from projects.doe.second.steps import ZERO, Steps, ending, step

CORRECTION = {"deep_lagoon": "0.8", "shallow_lagoon": "0.2"}
MOST_METHANE = exact("0.25")
CAUTION_BASELINE, CAUTION_PROJECT = exact("0.89"), exact("1.12")
CAPTURED = exact("0.9")
LAGOONS = RowNeed(
    "lagoons", ("system",), (Need("Q", "m3"), Need("COD_in", "t/m3"), Need("eta_COD", "1"))
)
REACTORS = RowNeed(
    "reactors", ("system",), (Need("Q_PJ", "m3"), Need("COD_rem", "t/m3"), Need("MCF_PJ", "1"))
)


def needs(facts: Facts) -> Needs:
    """Lagoons, reactors, factors, the gas burnt, energy of the project, days."""
    factors = (
        Need("B_o", "tCH4/t", MOST_METHANE),
        Need("UF_BL", "1", CAUTION_BASELINE),
        Need("UF_PJ", "1", CAUTION_PROJECT),
        Need("CFE", "1", CAPTURED),
    )
    return together(
        (LAGOONS, REACTORS),
        factors,
        biogas.needs(facts),
        energy.needs(facts),
        (Need("d", "d", gap_zero=True, measured=True),),
    )


def steps(facts: Facts, data: Data) -> Steps:
    """BE, PE, LE and ER in tCO2e."""
    worth = data["GWP_CH4"] * data["B_o"]
    before = ZERO
    for line in data.lines("lagoons"):
        removed = line["COD_in"] * line["eta_COD"] * line["Q"]
        before += removed * exact(CORRECTION[line.written["kind"]])
    lagoons = step("BE_treatment", before * data["UF_BL"] * worth)
    made = sum(
        (line["MCF_PJ"] * line["COD_rem"] * line["Q_PJ"] for line in data.lines("reactors")), ZERO
    )
    methane = made * data["UF_PJ"] * data["B_o"]
    escaped = methane * data["GWP_CH4"] - data["CFE"] * methane * data["GWP_CH4"]
    fugitive = step("PE_fugitive", escaped, step("MEP", methane))
    lost, used = biogas.flare(facts, data), energy.used(facts, data)
    ceilings = [biogas.ceiling(facts, data, lost, used), small_scale.yearly_limit(data)]
    return ending([lagoons], [fugitive, *lost, *used], [], ceilings)
