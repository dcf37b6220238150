"""The design of the registered project CDM 9851, as a story's raw material.

A 10 MW solar plant in China under AMS-I.D; its registered estimate is 14,023 t a year. Facts from
its published design document and the public project database; the margins are those that give the
registered value exactly (unverified: the national list of 2012 was not at hand). What the project
measured, and what was issued for it, is this story's own: no CER was ever issued for the project.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

REGISTERED_ESTIMATE = 14_023
FIRST, LAST = date(2014, 7, 1), date(2015, 6, 30)
YEAR_KWH = 15_580_000


def on(year: int, month: int, day: int, hour: int = 9) -> datetime:
    """A moment of the story."""
    return datetime(year, month, day, hour, tzinfo=UTC)


def sections(organisation_id: int) -> dict[str, dict[str, Any]]:
    """The design document as the participant types it."""
    return {
        "general": {
            "title": "Inner Mongolia Hangjinqi Balagong 10 MWp Solar Power Plant Project",
            "summary": "A 10 MWp photovoltaic plant that feeds the North China power grid.",
            "sector": "solar", "technology": "Polycrystalline modules with central inverters.",
            "installed_mw": "10",
        },
        "location": {
            "location": "Hangjinqi, Inner Mongolia", "latitude": "40.2", "longitude": "107.1",
            "utc_offset": "+08:00",
        },
        "participants": {"organisation_ids": [organisation_id]},
        "methodology": {
            "code": "AMS-I.D", "version": "17.0", "scale": "small", "activity": "greenfield",
            "grid_connected": "on", "grid_factor": "combined_margin",
            "additionality": "Investment analysis in the attachment.",
        },
        "parameters": {
            "fixed": {
                "EF_OM": {"value": "1.0021", "unit": "tCO2/MWh", "source": "unverified"},
                "EF_BM": {"value": "0.5940", "unit": "tCO2/MWh", "source": "unverified"},
            },
            "monitored": "on", "monitoring_plan": "Hourly readings of the meter at the substation.",
        },
        "crediting": {
            "start_date": "2008-08-01",  # the story's own: no notice was asked for then
            "kind": "renewable", "first_date": "2014-07-01",
            "years": "7",
        },
        "reductions": {"years": {"1": {"EG_export": "15580", "EG_import": "0"}}},
        "consultation": {
            "stakeholder_consultation": "Questionnaires among residents; no objection.",
            "environmental_impacts": "Not significant; approved by the environmental bureau.",
        },
    }


def hours() -> Iterator[datetime]:
    """Every hour of the monitoring period, in the project's standard time."""
    moment = datetime(2014, 7, 1, 0)  # local standard time, as the meter prints it
    while moment.date() <= LAST:
        yield moment
        moment += timedelta(hours=1)


def readings() -> bytes:
    """8,760 hourly readings in kWh that add up to 15,580 MWh to the kilowatt-hour."""
    base, more = divmod(YEAR_KWH, 8760)
    lines = ["timestamp,EG_export [kWh],EG_import [kWh]"]
    lines += [
        f"{moment:%Y-%m-%dT%H:%M},{base + (number < more)},0"
        for number, moment in enumerate(hours())
    ]
    return ("\n".join(lines) + "\n").encode()
