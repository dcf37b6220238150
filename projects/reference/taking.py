"""Taking a published grid factor where a calculation asks for one: `{"grid_factor": 12}`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from projects.methodologies import units
from projects.methodologies.base import InputProblem, Technology, UnusableInputs
from projects.reference import queries
from projects.reference.models import GridFactor, written
from projects.reference.queries import Listed

NAMED = "grid_factor"
MARGINS = {"EF_grid_CM": "cm", "EF_OM": "om", "EF_BM": "bm"}
"""Which margin of a factor a parameter takes."""
INTERMITTENT = {Technology.WIND.value, Technology.SOLAR.value}


@dataclass(frozen=True, slots=True)
class Resolved:
    """What was asked with the factors' values in it, and the factors."""

    asked: dict[str, Any]
    factors: list[Listed]


def is_named(asked: object) -> bool:
    """Whether a calculation that is asked for names a published factor."""
    return bool(_named(asked))


def resolved(asked: Mapping[str, Any], today: date) -> Resolved:
    """The values of the factors that are named, each valid `on` the day asked for, else today.

    Raises UnusableInputs with one line for each that cannot be taken.
    """
    named = _named(asked)
    day, technology = _day(asked, today), _technology(asked)
    known = queries.by_number({each for each in named.values() if type(each) is int})
    problems, inputs = [], dict(asked.get("inputs") or {})
    for symbol, number in named.items():
        listed = known.get(number) if type(number) is int else None
        if why := _why_not(symbol, number, listed, day, technology):
            problems.append(InputProblem(symbol, why))
        elif listed is not None:
            value = getattr(listed.factor, MARGINS[symbol])
            inputs[symbol] = {"value": written(value), "unit": units.GRID_FACTOR}
    if problems:
        raise UnusableInputs(problems)
    return Resolved({**asked, "inputs": inputs}, list(known.values()))


def for_other_plants(factor: GridFactor, technology: str | None) -> str:
    """Why a combined margin is not for a technology; empty if it is, or none is known."""
    plants = GridFactor.Technologies
    wrong = plants.OTHER if technology in INTERMITTENT else plants.INTERMITTENT
    if technology is None or factor.technologies != wrong:
        return ""
    return f"Its combined margin is for other plants: {factor.get_technologies_display().lower()}."


def _named(asked: object) -> dict[str, Any]:
    inputs = asked.get("inputs") if isinstance(asked, Mapping) else None
    if not isinstance(inputs, Mapping):
        return {}
    return {
        symbol: given[NAMED] for symbol, given in inputs.items()
        if isinstance(given, Mapping) and set(given) == {NAMED}
    }


def _why_not(
    symbol: str, number: object, listed: Listed | None, day: date, technology: str | None
) -> str:
    if symbol not in MARGINS:
        return f"takes no grid factor; {', '.join(MARGINS)} do"
    if listed is None:
        return f"there is no grid factor {str(number)[:20]}"
    if why := listed.why_not(day):
        return why.removesuffix(".")
    if symbol == "EF_grid_CM" and (why := for_other_plants(listed.factor, technology)):
        return f"grid factor {number}: {why.removesuffix('.')}"
    if getattr(listed.factor, MARGINS[symbol]) is None:
        return f"grid factor {number} does not state it"
    return ""


def _day(asked: Mapping[str, Any], today: date) -> date:
    """The day asked for; one that cannot be read is refused by whoever reads the rest."""
    try:
        return date.fromisoformat(str(asked["on"])) if asked.get("on") else today
    except ValueError:
        return today


def _technology(asked: Mapping[str, Any]) -> str | None:
    facts = asked.get("facts")
    said = facts.get("technology") if isinstance(facts, Mapping) else None
    return said if isinstance(said, str) else None
