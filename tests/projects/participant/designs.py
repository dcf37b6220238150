"""A complete design document, and projects and periods brought to a state through the actions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cdm_portal.demonstration.portfolio import Until
from cdm_portal.demonstration.walk import Walk
from projects.dna import actions as dna
from projects.doe import actions as doe
from projects.models import MonitoringPeriod, Project
from projects.participant import actions, queries
from projects.participant.models import DesignVersion, ReadingsFile
from tests.cast import Cast
from tests.factories import SOLAR, CastPeople

AT = datetime(2024, 3, 4, 9, 0, tzinfo=UTC)
FIRST = date(2025, 1, 1)


def sections(owner_id: int) -> dict[str, dict[str, Any]]:
    """The figures of CDM project 9851: 10 MW, 15,580 MWh a year, 14,023 t."""
    return {
        "general": {
            "title": "Ziwa solar park, 10 MW", "summary": "Sun instead of oil.", "sector": "solar",
            "technology": "Fixed panels, string inverters.", "installed_mw": "10",
        },
        "location": {
            "location": "Nakuru County", "latitude": "-0.3031", "longitude": "36.08",
            "utc_offset": "+00:00",
        },
        "participants": {"organisation_ids": [owner_id]},
        "methodology": {
            "code": "AMS-I.D", "version": "18.0", "scale": "small",
            "additionality": "The tariff does not carry the investment.",
        },
        "parameters": {
            "fixed": {
                "EF_OM": {"value": "1.0021", "unit": "tCO2/MWh", "source": "national list, 2012"},
                "EF_BM": {"value": "594.0", "unit": "kgCO2/MWh", "source": "national list, 2012"},
            },
            "monitored": True,
        },
        "crediting": {
            "start_date": "2008-08-01",  # too early for a notice, so that no clock matters
            "kind": "renewable", "first_date": FIRST, "years": 7,
        },
        "reductions": {"years": {"1": {"EG_export": "15580"}}},
        "consultation": {
            "stakeholder_consultation": "A meeting was held.",
            "environmental_impacts": "None that are significant.",
        },
    }


def started(cast: Cast, *, rules: str = "demonstration") -> Project:
    """A project with nothing but a title and a host Party."""
    return actions.start_design(
        actor=cast.participant, at=AT, title="Ziwa solar park, 10 MW", party_code="KE", rules=rules
    )


def filled(cast: Cast, *, rules: str = "demonstration", **changes: dict[str, Any]) -> Project:
    """A draft with every section filled; `changes` replaces values by section."""
    case = started(cast, rules=rules)
    assert cast.participant.organisation_id is not None
    for section, values in sections(cast.participant.organisation_id).items():
        actions.save_section(
            actor=cast.participant, at=AT, project_id=case.pk, section=section,
            values=values | changes.get(section, {}),
        )
    return case


def submitted(cast: Cast, **changes: Any) -> tuple[Project, DesignVersion]:
    """A project in national approval with its first version."""
    case = filled(cast, **changes)
    version = actions.submit_design(actor=cast.participant, at=AT, project_id=case.pk)
    return Project.objects.get(pk=case.pk), version


def in_validation(cast: Cast, **changes: Any) -> Project:
    """A project whose letter is issued and whose design document the DOE has published."""
    return published(cast, submitted(cast, **changes)[0])


def published(cast: Cast, case: Project) -> Project:
    """A submitted project whose letter is issued and whose design document a DOE publishes."""
    letter = dna.request_letter(actor=cast.participant, at=AT, project_id=case.pk)
    dna.issue_letter(
        actor=cast.dna, at=AT, letter_id=letter.pk, ratified=True, voluntary=True,
        sustainable_development=True, organisation_ids=[case.owner_id],
    )
    assert cast.doe.organisation_id is not None
    engagement = doe.offer_engagement(
        actor=cast.participant, at=AT, project_id=case.pk,
        organisation_id=cast.doe.organisation_id,
    )
    doe.accept_engagement(actor=cast.doe, at=AT, engagement_id=engagement.pk, no_conflict=True)
    doe.publish_design(actor=cast.doe, at=AT, project_id=case.pk)
    return Project.objects.get(pk=case.pk)


def hourly(first: date, last: date, *, export: str = "2", unit: str = "MWh") -> list[str]:
    """A table with one row for each hour, header first, without line ends."""
    rows = [f"timestamp,EG_export [{unit}],EG_import [{unit}]"]
    instant = datetime(first.year, first.month, first.day, tzinfo=UTC)
    while instant.date() <= last:
        rows.append(f"{instant:%Y-%m-%dT%H:%M},{export},0")
        instant += timedelta(hours=1)
    return rows


def csv(rows: list[str]) -> bytes:
    """The rows as a file."""
    return "\n".join(rows).encode()


class EarlyWalk(Walk):
    """A project of 2012, whose first monitoring period crosses into the next commitment period."""

    def sections(self) -> Iterator[tuple[str, dict[str, object]]]:
        """The same document under the version that was valid then."""
        for section, values in super().sections():
            yield section, values | ({"version": "17.0"} if section == "methodology" else {})


def registered(cast: Cast, at: datetime = AT, walk: type[Walk] = Walk) -> Project:
    """A registered project of 12 MW with a combined margin of 0.56525 tCO2/MWh."""
    made = walk(CastPeople(cast), replace(SOLAR, until=Until.REGISTERED), at)  # type: ignore[arg-type]
    made.go()
    return Project.objects.get(pk=made.project.pk)


def opened(cast: Cast, case: Project, *, days: int = 31) -> tuple[MonitoringPeriod, datetime]:
    """The next monitoring period of a registered project, and a moment after its end."""
    first = queries.next_first_day(case)
    last = first + timedelta(days=days - 1)
    after = datetime(last.year, last.month, last.day, 9, tzinfo=UTC) + timedelta(days=5)
    period = actions.open_period(
        actor=cast.participant, at=after, project_id=case.pk, first=first, last=last
    )
    return period, after


def uploaded(
    cast: Cast, period: MonitoringPeriod, at: datetime, rows: list[str] | None = None
) -> ReadingsFile:
    """Hourly readings of the whole period, or the rows given."""
    table = rows or hourly(period.first_date, period.last_date)
    return actions.upload_readings(
        actor=cast.participant, at=at, period_id=period.pk, filename="readings.csv",
        data=csv(table), resolution="hour",
    )
