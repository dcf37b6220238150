"""What is asked below a criterion: the indicators that hold on a day, and two voluntary extras.

The portal ships the indicators of the domain (7), which are unverified: from general knowledge of
the published tool. An administrator's entries stand above them, each from its day on: a new
indicator, another wording, or its end. The two extra sections ask what critics of the published
tool miss (domain, 7, S33); their questions are this portal's own and no part of the tool.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from cobenefits import criteria

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cobenefits.detail.models import IndicatorEntry

SHIPPED_SOURCE = "from general knowledge of the published tool"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing asked below a criterion, or one question of an extra section.

    `unit` is proposed for the quantity and may be empty; `verified` whether somebody compared the
    cited source.
    """

    section: str
    key: str
    label: str
    unit: str = ""
    source: str = SHIPPED_SOURCE
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Extra:
    """A voluntary section that is no criterion."""

    key: str
    label: str
    text: str


EXTRAS: tuple[Extra, ...] = (
    Extra("safeguards", "No-harm safeguards",
          "Whether the project could do harm, and what prevents it"),
    Extra("engagement", "Stakeholder engagement",
          "How the people concerned were heard, and how they are heard today"),
)
OWN = "this portal's own question; critics of the published tool miss it"
SECTIONS = (*criteria.BY_KEY, *(extra.key for extra in EXTRAS))


def _shipped(section: str, *said: tuple[str, str, str]) -> tuple[Indicator, ...]:
    return tuple(Indicator(section, *each) for each in said)


def _asked(section: str, *said: tuple[str, str]) -> tuple[Indicator, ...]:
    return tuple(Indicator(section, key, label, source=OWN) for key, label in said)


SHIPPED: tuple[Indicator, ...] = (
    *_shipped("air", ("sox", "SOx", "t a year"), ("nox", "NOx", "t a year"),
              ("fly_ash", "Fly ash", "t a year"),
              ("dust", "Dust or particulate matter", "t a year"),
              ("nmvoc", "NMVOC", "t a year"), ("odour", "Odour", ""), ("noise", "Noise", "dB")),
    *_shipped("land", ("soil_pollution", "Avoided soil pollution", "ha"),
              ("soil_quality", "Soil quality or erosion", "ha"),
              ("compost", "Compost or nutrients", "t a year"), ("irrigation", "Irrigation", "ha"),
              ("landfill", "Reduced landfill", "t a year")),
    *_shipped("water", ("pollution", "Pollution avoided", "m³ a year"),
              ("conservation", "Conservation", "m³ a year"),
              ("supply", "Supply or access", "people"),
              ("purification", "Purification", "m³ a year"),
              ("irrigation", "Water for irrigation", "m³ a year")),
    *_shipped("natural_resources", ("minerals", "Minerals or fossil fuels saved", "t a year"),
              ("forests", "Forests", "ha"), ("biodiversity", "Biodiversity", ""),
              ("plant_life", "Plant life", "ha")),
    *_shipped("education", ("training", "Job training", "people"),
              ("public", "Public education", "people"), ("research", "Research", ""),
              ("dissemination", "Dissemination", "people")),
    *_shipped("health_and_safety", ("disease", "Disease", "cases a year"),
              ("accidents", "Accidents", "cases a year"), ("crime", "Crime", "cases a year"),
              ("indoor_air", "Indoor air", "households"), ("sanitation", "Sanitation", "people"),
              ("services", "Health services", "people"),
              ("food", "Food preservation", "households")),
    *_shipped("jobs", ("long_term", "Long-term jobs", "jobs"),
              ("short_term", "Short-term jobs", "jobs"),
              ("income", "New sources of income", "households")),
    *_shipped("welfare", ("conditions", "Working conditions", "people"),
              ("community", "Community or rural welfare", "people"),
              ("poverty", "Poverty", "households"), ("women", "Women's empowerment", "women"),
              ("infrastructure", "Infrastructure", "")),
    *_shipped("energy", ("access", "Access", "households"),
              ("reliability", "Reliability", "hours a year"),
              ("affordability", "Affordability", ""),
              ("availability", "Availability", "MWh a year")),
    *_shipped("growth", ("investment", "Investment", "USD"),
              ("industry", "Industrial activity", ""), ("revenue", "Public revenue", "USD a year"),
              ("productivity", "Productivity", "%")),
    *_shipped("balance_of_payments", ("fuel", "Less fuel imported", "t a year"),
              ("imports", "Less of other imports", "USD a year"),
              ("exports", "Exports", "USD a year")),
    *_shipped("technology", ("imported", "Imported technology", ""),
              ("adaptation", "Local adaptation", ""), ("first", "First of its kind", ""),
              ("know_how", "Know-how", "people"),
              ("maintenance", "Capacity to operate and maintain", "people")),
    *_asked("safeguards", ("resettlement", "Nobody was resettled against their will"),
            ("land_rights", "Rights to land and water were respected"),
            ("labour", "No child or forced labour is used, also by suppliers"),
            ("nature", "No protected area or habitat was harmed"),
            ("pollution", "No new pollution or waste is left untreated"),
            ("women", "Women are not worse off than before")),
    *_asked("engagement", ("invited", "Everybody concerned was invited, in their language"),
            ("heard", "What they said was answered in writing"),
            ("changed", "The project was changed where they asked for it"),
            ("grievances", "Grievances can still be made, and how is known locally"),
            ("reports", "They are told every year how the project does")),
)  # fmt: skip


def is_extra(section: str) -> bool:
    """Whether a section is voluntary beyond the 12 criteria."""
    return section not in criteria.BY_KEY


def label(section: str) -> str:
    """The name of a criterion or extra section."""
    found = criteria.BY_KEY.get(section) or next(e for e in EXTRAS if e.key == section)
    return found.label


def on_day(day: date, entries: "Iterable[IndicatorEntry]") -> list[Indicator]:
    """What is asked on a day: what is shipped, under the entries that count by then, oldest first.
    """
    held = {(each.section, each.key): each for each in SHIPPED}
    for entry in entries:
        if entry.valid_from > day:
            continue
        place = (entry.section, entry.key)
        if entry.ended:
            held.pop(place, None)
            continue
        held[place] = replace(
            held.get(place, Indicator(entry.section, entry.key, "")), label=entry.label,
            unit=entry.unit, source=entry.source, verified=entry.verified,
        )
    return list(held.values())
