"""What a design document says of the facts that its methodology asks for.

Each methodology declares its facts; a participant answers them in the section on the methodology,
each under its own name, but for those that follow from the rest of the document or from the days
of the reductions.
"""

import dataclasses
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from cdm_portal.values import Period
from projects.methodologies import codec, periods
from projects.methodologies.base import (
    Fact,
    FactKind,
    Facts,
    Methodology,
    Technology,
    UnknownMethodology,
    UnusableInputs,
)
from projects.models import Project

TECHNOLOGY_OF = {
    Project.Sector.SOLAR.value: Technology.SOLAR,
    Project.Sector.WIND.value: Technology.WIND,
    Project.Sector.HYDRO.value: Technology.HYDRO,
    Project.Sector.RESERVOIR.value: Technology.HYDRO,
    Project.Sector.GEOTHERMAL.value: Technology.GEOTHERMAL,
    Project.Sector.TIDAL.value: Technology.TIDAL,
    Project.Sector.BIOMASS.value: Technology.BIOMASS,
}
"""What the catalogue calls a project that makes electricity, in the methodologies' words."""

TECHNOLOGY, CAPACITY = "technology", "capacity_mw"
DESCRIBED = {TECHNOLOGY: "sector", CAPACITY: "installed_mw"}
"""Facts that the description states, each with its box there."""
DATED = {"crediting_period", "commitment_period", "year"}
"""Facts that follow from which crediting period it is and from the days of the reductions."""


def in_version(methodology: Methodology[Any], version: str) -> Methodology[Any]:
    """What calculates that version; the methodology itself for one that it does not know."""
    try:
        found = methodology.in_version(version)
    except UnknownMethodology:
        return methodology
    return found if isinstance(found, Methodology) else methodology


def asked(methodology: Methodology[Any]) -> tuple[Fact, ...]:
    """The facts that a participant answers in the section on the methodology."""
    return tuple(f for f in methodology.facts if f.name not in DESCRIBED and f.name not in DATED)


def asks_for(methodology: Methodology[Any], name: str) -> bool:
    """Whether the methodology has a fact of this name."""
    return any(fact.name == name for fact in methodology.facts)


def default(methodology: Methodology[Any], fact: Fact) -> Any:
    """The answer that is taken where none is given; None for a fact that is required."""
    if fact.required:
        return None
    known = {each.name: each.default for each in dataclasses.fields(methodology.facts_type)}
    return known[fact.name]


def of(
    content: Mapping[str, Any], methodology: Methodology[Any], *, commitment_period: int = 2,
    year: int = 1,
) -> Facts | None:
    """The facts of the project described; None while a required one is not stated.

    `commitment_period` and `year` are those of the reductions; the year is counted by that in which
    the year of crediting begins.
    """
    general, rules = content.get("general") or {}, content.get("methodology") or {}
    given: dict[str, Any] = {
        TECHNOLOGY: TECHNOLOGY_OF.get(general.get("sector", "")),
        CAPACITY: general.get("installed_mw"),
        "crediting_period": int(content.get("crediting_number", 1)),
        "commitment_period": commitment_period,
        "year": year,
        **{fact.name: rules.get(fact.name) for fact in asked(methodology)},
    }
    known = {name: given[name] for name in (fact.name for fact in methodology.facts)}
    read: type[Facts] = methodology.facts_type
    try:
        return codec.read_facts(read, methodology.facts, known)
    except UnusableInputs:
        return None


def on(facts: Facts, *, commitment_period: int, year: int) -> Facts:
    """The same project in other days: what depends on them, where the methodology asks for it."""
    dated = {"commitment_period": commitment_period, "year": year}
    known = {each.name for each in dataclasses.fields(facts)}
    return dataclasses.replace(facts, **{n: value for n, value in dated.items() if n in known})


def crediting_year(crediting: Period | None, day: date) -> Period | None:
    """The year of the crediting period in which a day lies; None where it lies in none."""
    years = periods.crediting_years(crediting) if crediting else ()
    return next((each for each in years if each.contains(day)), None)


def year_of(crediting: Period | None, day: date) -> int:
    """How a table counts the year of a day: by that in which its year of crediting begins."""
    found = crediting_year(crediting, day)
    return found.first.year if found else day.year


def missing(content: Mapping[str, Any], methodology: Methodology[Any]) -> list[str]:
    """The answers that the section on the methodology still lacks, in words."""
    rules = content.get("methodology") or {}
    return [
        f"Answer the question “{fact.meaning}”."
        for fact in asked(methodology)
        if fact.required and rules.get(fact.name) in (None, "", [])
    ]


def capacity(facts: Facts) -> Decimal | None:
    """The electric capacity in MW, where the methodology asks for one."""
    found: Decimal | None = getattr(facts, CAPACITY, None)
    return found


def shown(fact: Fact, value: Any) -> Any:
    """An answer as a form shows it: names in one text, everything else as it is kept."""
    return ", ".join(value) if fact.kind is FactKind.NAMES and not isinstance(value, str) else value
