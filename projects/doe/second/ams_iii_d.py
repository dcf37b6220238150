"""AMS-III.D once more: methane of manure that is captured and burnt."""

from fractions import Fraction

from projects.doe.second import biogas, energy, small_scale
from projects.doe.second.data import Data, Facts, Line, Need, Needs, RowNeed, together
from projects.doe.second.sizes import exact
from projects.doe.second.steps import ZERO, Steps, ending, step

DENSITY = exact("0.00067")
CAUTION = exact("0.94")
LEAKING = exact("0.10")
DAYS_ALIVE = exact("365")
ANIMALS = RowNeed(
    "animals",
    ("type", "system"),
    (
        Need("N_da", "d"),
        Need("N_p", "1"),
        Need("VS", "kg/d"),
        Need("B_o", "m3/kg"),
        Need("MCF", "1"),
        Need("MS", "1"),
    ),
)


def needs(facts: Facts) -> Needs:
    """The animals, days, the gas burnt, energy of the project."""
    return together(
        (ANIMALS, Need("UF_b", "1", CAUTION), Need("nd", "d", gap_zero=True, measured=True)),
        biogas.needs(facts),
        energy.needs(facts),
        (Need("d", "d", gap_zero=True, measured=True),),
    )


def steps(facts: Facts, data: Data) -> Steps:
    """BE, PE, LE and ER in tCO2e."""
    lines = data.lines("animals")
    tonnes = DENSITY * data["nd"] * data["GWP_CH4"]
    most = sum((_most(line) for line in lines), ZERO)
    decayed = sum((_most(line) * line["MCF"] for line in lines), ZERO)
    animals = [step(f"N[{line.label}]", _heads(line)) for line in lines]
    methane = step("BE_CH4", decayed * data["UF_b"] * tonnes, *animals)
    lost, used = biogas.flare(facts, data), energy.used(facts, data)
    ceilings = [biogas.ceiling(facts, data, lost, used), small_scale.yearly_limit(data)]
    leaks = step("PE_PL", most * LEAKING * tonnes)
    return ending([methane], [leaks, *lost, *used], [], ceilings)


def _heads(line: Line) -> Fraction:
    return line["N_p"] * line["N_da"] / DAYS_ALIVE


def _most(line: Line) -> Fraction:
    """Most methane (m³) of a day that the manure of a row can give."""
    return _heads(line) * line["MS"] * line["VS"] * line["B_o"]
