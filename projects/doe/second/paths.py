"""Which methodologies and tools the second way knows, and how one of them is asked.

A methodology is added by one file with `needs` and `steps`, and its line here. Those without a
line are not recalculated: `recalculate` says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from projects.doe.second import (
    acm0001,
    acm0010,
    acm0022,
    ams_i_c,
    ams_i_e,
    ams_i_f,
    ams_ii_g,
    ams_iii_av,
    ams_iii_d,
    ams_iii_f,
    ams_iii_h,
    renewables,
    tool03,
    tool04,
    tool05,
    tool06,
    tool07,
    tool13,
    tool14,
)
from projects.doe.second.data import Data, Facts, Needs, read
from projects.doe.second.sizes import CannotRecalculate
from projects.doe.second.steps import Steps


@dataclass(frozen=True, slots=True)
class Path:
    """What one methodology or tool reads, and the way from there to its result."""

    needs: Callable[[Facts], Needs]
    steps: Callable[[Facts, Data], Steps]


PATHS: dict[str, Path] = {
    "ACM0001": Path(acm0001.needs, acm0001.steps),
    "ACM0002": Path(renewables.needs, renewables.steps),
    "ACM0010": Path(acm0010.needs, acm0010.steps),
    "ACM0022": Path(acm0022.needs, acm0022.steps),
    "AMS-I.C": Path(ams_i_c.needs, ams_i_c.steps),
    "AMS-I.D": Path(renewables.needs, renewables.steps),
    "AMS-I.E": Path(ams_i_e.needs, ams_i_e.steps),
    "AMS-I.F": Path(ams_i_f.needs, ams_i_f.steps),
    "AMS-II.G": Path(ams_ii_g.needs, ams_ii_g.steps),
    "AMS-III.AV": Path(ams_iii_av.needs, ams_iii_av.steps),
    "AMS-III.D": Path(ams_iii_d.needs, ams_iii_d.steps),
    "AMS-III.F": Path(ams_iii_f.needs, ams_iii_f.steps),
    "AMS-III.H": Path(ams_iii_h.needs, ams_iii_h.steps),
    "TOOL03": Path(tool03.needs, tool03.steps),
    "TOOL04": Path(tool04.needs, tool04.steps),
    "TOOL05": Path(tool05.needs, tool05.steps),
    "TOOL06": Path(tool06.needs, tool06.steps),
    "TOOL07": Path(tool07.needs, tool07.steps),
    "TOOL13": Path(tool13.needs, tool13.steps),
    "TOOL14": Path(tool14.needs, tool14.steps),
}


@dataclass(frozen=True, slots=True)
class Second:
    """What the second way came to: the inputs as it read them, and every step by its path."""

    inputs: Mapping[str, Fraction]
    steps: Steps


def recalculate(code: str, asked: Mapping[str, Any]) -> Second:
    """A calculation asked for by the JSON of the engine: `version`, `facts`, `inputs`.

    Raises CannotRecalculate for what is not known here, missing, or outside what is built.
    """
    if code not in PATHS:
        raise CannotRecalculate(f"{code} is not recalculated here.")
    path = PATHS[code]
    facts = {**asked["facts"], "version": asked["version"]}
    try:
        data = read(path.needs(facts), asked["inputs"])
        return Second(data.flat(), path.steps(facts, data))
    except (ArithmeticError, KeyError) as missing:
        raise CannotRecalculate(f"{code} cannot be recalculated: {missing!r}.") from missing
