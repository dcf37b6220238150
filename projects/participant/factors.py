"""Published grid emission factors in a design document: which can be taken, and whether they hold.

The draft remembers beside its sections, as `grid_factors`, from which factor a parameter was taken.
That counts only while its value and source stand as they were taken: who writes another value
states it on their own account.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from projects.models import Project
from projects.participant import design
from projects.participant.design import Content, Faults
from projects.reference import queries as reference
from projects.reference.models import GridFactor, written
from projects.reference.queries import Listed
from projects.reference.taking import MARGINS, for_other_plants

INSTEAD = "Take one that is, or state a value with its source yourself."


@dataclass(frozen=True, slots=True)
class Choice:
    """A factor that could be taken: what it would fill in, or why it cannot be taken."""

    listed: Listed
    values: Mapping[str, str]
    why_not: str


def choices(project: Project, content: Content, days: Sequence[date]) -> list[Choice]:
    """The factors of the host Party's grids; none before it is known which parameters take one."""
    if not _wanted(content):
        return []
    return [choice(each, content, days) for each in reference.published(project.party_code)]


def choice(listed: Listed, content: Content, days: Sequence[date]) -> Choice:
    """What one factor would fill in, or why it cannot be taken: it must hold on one of `days`."""
    wanted = _wanted(content)
    found = {
        symbol: written(value)
        for symbol in wanted if (value := getattr(listed.factor, MARGINS[symbol])) is not None
    }
    missing = [symbol for symbol in wanted if symbol not in found]
    why = _why_not_on(listed, days) or _why_not_for(listed.factor, content)
    if not why and missing:
        why = f"It does not state what {', '.join(missing)} takes."
    return Choice(listed, found, why)


def taken(content: Content) -> dict[str, int]:
    """The numbers of the factors from which parameters are, as they stand now."""
    fixed = design.part(content, "parameters").get("fixed", {})
    return {
        symbol: each["number"]
        for symbol, each in design.part(content, "grid_factors").items()
        if {name: fixed.get(symbol, {}).get(name) for name in ("value", "source")}
        == {name: each[name] for name in ("value", "source")}
    }


def faults(project: Project, content: Content, days: Sequence[date]) -> Faults:
    """Why a factor that was taken does not hold on any of `days`, by box; one look for all."""
    numbers = taken(content)
    known = reference.by_number(set(numbers.values()))
    found: Faults = {}
    for symbol, number in numbers.items():
        listed = known.get(number)
        if listed is None or listed.factor.party_code != project.party_code:
            found[f"{symbol}_value"] = [f"{symbol}: {project.party_code} has no such grid factor."]
        elif why := _why_not_on(listed, days):
            found[f"{symbol}_value"] = [f"{symbol}: {why} {INSTEAD}"]
    return found


def lacking(
    project: Project, content: Content, days: Sequence[date], found: dict[str, list[str]]
) -> dict[str, list[str]]:
    """What each section lacks, the factors that do not hold among it."""
    words = [said for each in faults(project, content, days).values() for said in each]
    return {**found, "parameters": [*found["parameters"], *words]} if words else found


def _wanted(content: Content) -> list[str]:
    """The parameters that take a factor: the combined margin as published, or both its parts."""
    asked = {each.symbol for each in design.fixed_parameters(content)}
    return [symbol for symbol in MARGINS if symbol in asked]


def _why_not_on(listed: Listed, days: Sequence[date]) -> str:
    return "" if any(listed.holds_on(day) for day in days) else listed.why_not(days[0])


def _why_not_for(factor: GridFactor, content: Content) -> str:
    """Why the combined margin is not for this plant; its parts are for every plant."""
    technology = getattr(design.facts_of(content), "technology", None)
    if technology is None or "EF_grid_CM" not in _wanted(content):
        return ""
    return for_other_plants(factor, technology.value)
