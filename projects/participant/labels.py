"""How a design document reads: the one name of every box, of every choice, and of its unit.

The participant's form, the pages of the DNA and the DOE, and the PDF all take them from here.
"""

from collections.abc import Mapping

from projects.methodologies import units
from projects.methodologies.base import Activity, Fact, GridFactor
from projects.models import Project

BOXES: dict[str, str] = {
    "title": "Title of the project",
    "summary": "Purpose and description",
    "sector": "Kind of project",
    "technology": "Technology",
    "installed_mw": "Installed capacity",
    "location": "Place",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "utc_offset": "Standard time",
    "organisation_ids": "Project participants",
    "names": "Project participants",
    "code": "Methodology",
    "version": "Version",
    "scale": "Scale",
    "activity": "What is done to the plant",
    "grid_connected": "The plant supplies electricity to a grid",
    "grid_factor": "Emission factor of the grid",
    "reservoir_area_km2": "Area of the reservoir",
    "fuels": "Fossil fuels burnt by the project",
    "equipment_transferred": "Generating equipment comes from another activity",
    "additionality": "Additionality",
    "monitored": "The monitored parameters will be measured as they are listed",
    "monitoring_plan": "Meters, calibration and quality control",
    "start_date": "Start date of the project activity",
    "kind": "Kind",
    "first_date": "First day",
    "years": "Length",
    "stakeholder_consultation": "Local stakeholder consultation",
    "environmental_impacts": "Environmental impacts",
    "documents": "Files",
    "criteria": "Eligibility criteria",
}

UNITS = {
    "installed_mw": "MW", "latitude": "degrees", "longitude": "degrees",
    "reservoir_area_km2": "km²", "years": "years",
}

CHOICES: Mapping[str, Mapping[str, str]] = {
    "sector": {each.value: str(each.label) for each in Project.Sector},
    "scale": {each.value: str(each.label) for each in Project.Scale},
    "activity": {each.value: each.value.replace("_", " ").capitalize() for each in Activity},
    "grid_factor": {
        GridFactor.COMBINED_MARGIN.value: "Combined margin, computed here (TOOL07)",
        GridFactor.PUBLISHED.value: "As published by the host Party's authority",
    },
    "kind": {"fixed": "Fixed", "renewable": "Renewable"},
}


def fact(asked: Fact) -> str:
    """A question of a methodology as a form and every page put it."""
    return BOXES.get(asked.name, asked.meaning)


def unit(asked: Fact) -> str:
    """The unit of a number that is asked for; empty for one without."""
    return "" if asked.unit == units.SHARE else UNITS.get(asked.name, asked.unit)


def answers(asked: Fact) -> Mapping[str, str]:
    """The answers to a choice, each with its words."""
    return CHOICES.get(asked.name) or {
        each: each.replace("_", " ").capitalize() for each in asked.options
    }


def parameter(symbol: str, meaning: str) -> str:
    """A parameter by its symbol and its name: "EF_BM, Build margin emission factor of the grid"."""
    return f"{symbol}, {meaning}" if meaning else symbol


def standard_time(offset: str) -> str:
    """A standard time as the form and every page write it: "+03:00" → "UTC+03:00"."""
    return f"UTC{offset}"
