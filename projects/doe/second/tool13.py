"""TOOL13 once more: methane and nitrous oxide of composting, run-off, energy."""

from projects.doe.second import energy
from projects.doe.second.data import Data, Facts, Need, Needs
from projects.doe.second.potentials import potential
from projects.doe.second.sizes import exact
from projects.doe.second.steps import Steps, step, total

METHANE, NITROUS = exact("0.002"), exact("0.0002")
MOST_METHANE = exact("0.25")
UNCERTAINTY = exact("1.12")


def needs(facts: Facts) -> Needs:
    """The waste composted, factors, run-off, energy, potentials."""
    run_off = (
        Need("Q_RO", "m3", measured=True),
        Need("COD_RO", "t/m3", measured=True, mean=True),
        Need("MCF_RO", "1"),
    )
    return (
        Need("Q_comp", "t", measured=True),
        Need("EF_CH4", "tCH4/t", METHANE),
        Need("EF_N2O", "tN2O/t", NITROUS),
        *(run_off if facts.get("run_off") else ()),
        *energy.needs(facts),
        potential(facts),
        potential(facts, "n2o"),
    )


def steps(facts: Facts, data: Data) -> Steps:
    """Each of the emissions, then PE_COMP in tCO2e."""
    found = [
        step(f"PE_{gas}", data[f"GWP_{gas}"] * data[f"EF_{gas}"] * data["Q_comp"])
        for gas in ("CH4", "N2O")
    ]
    if facts.get("run_off"):
        most = data["Q_RO"] * data["COD_RO"] * MOST_METHANE * UNCERTAINTY
        found.append(step("PE_RO", data["GWP_CH4"] * data["MCF_RO"] * most))
    return total("PE_COMP", *found, *energy.used(facts, data))
