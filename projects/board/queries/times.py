"""How long each stage takes: days from the facts of public cases, of one law at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from projects.board.models import Request
from projects.lifecycle import Stage
from projects.models import MonitoringPeriod, Project

DEFINITIONS = {
    Stage.DESIGN: "From the beginning of the draft to its first submission.",
    Stage.NATIONAL_APPROVAL: "From the submission to the host Party's letter of approval.",
    Stage.VALIDATION: "From the publication of the design document to the DOE's positive opinion.",
    Stage.REGISTRATION: "From the first request for registration to the decision to register.",
    Stage.MONITORING: "From the opening of the monitoring period to its last monitoring report.",
    Stage.VERIFICATION: "From the monitoring report to the certification.",
    Stage.ISSUANCE: "From the certification to the issue of the CERs.",
}
"""Each stage's first and last moment. Offsetting has no end: units may be held for good."""

FILTERS = {"host": "party_code", "type": "sector", "scale": "scale", "year": "year"}
"""What the cases may be narrowed by, and the column of the statement."""

STATEMENT = """
WITH stages AS (
  SELECT p.rules, p.party_code, p.sector, p.scale, s.stage, s.began, s.ended
    FROM projects_project p
    LEFT JOIN LATERAL (
      SELECT min(submitted_at) AS asked, max(decided_at) AS decided FROM board_request
       WHERE project_id = p.id AND kind = 'registration') r ON true
    CROSS JOIN LATERAL (VALUES
      ('design', p.created_at, p.design_submitted_at),
      ('national_approval', p.design_submitted_at, p.host_approved_at),
      ('validation', p.validation_began_at,
        CASE WHEN p.opinion = 'positive' THEN p.opinion_at END),
      ('registration', r.asked, CASE WHEN p.registered_at IS NOT NULL THEN r.decided END)
    ) s (stage, began, ended)
   WHERE p.validation_began_at IS NOT NULL OR p.registered_at IS NOT NULL
  UNION ALL
  SELECT p.rules, p.party_code, p.sector, p.scale, s.stage, s.began, s.ended
    FROM projects_monitoringperiod m JOIN projects_project p ON p.id = m.project_id
    CROSS JOIN LATERAL (VALUES
      ('monitoring', m.opened_at, m.reported_at),
      ('verification', m.reported_at, m.certified_at),
      ('issuance', m.certified_at, m.issued_at)
    ) s (stage, began, ended)
), days AS (
  SELECT *, (ended AT TIME ZONE 'UTC')::date - (began AT TIME ZONE 'UTC')::date AS days,
         extract(year FROM ended AT TIME ZONE 'UTC')::int AS year
    FROM stages WHERE ended >= began
)
SELECT stage, count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY days),
       percentile_disc(0.9) WITHIN GROUP (ORDER BY days)
  FROM days
 WHERE rules = %(rules)s
   AND (%(host)s = '' OR party_code = %(host)s)
   AND (%(type)s = '' OR sector = %(type)s)
   AND (%(scale)s = '' OR scale = %(scale)s)
   AND (%(year)s = 0 OR year = %(year)s)
 GROUP BY stage
"""


@dataclass(frozen=True, slots=True)
class StageTime:
    """One stage: completed cases, and the days within which half and nine tenths of them ended.

    Both are None where no case has completed the stage. Days are those of the calendar, in UTC.
    """

    stage: Stage
    definition: str
    completed: int = 0
    median_days: int | None = None
    ninth_decile_days: int | None = None


def stage_times(
    rules: str, *, host: str = "", type: str = "", scale: str = "",  # noqa: A002 - a filter's name
    year: int = 0,
) -> list[StageTime]:
    """The stages in order, over public cases under `rules`, narrowed by what is given.

    A case counts in the year (UTC) in which it completed the stage.
    """
    wanted: dict[str, str | int] = {
        "rules": rules, "host": host, "type": type, "scale": scale, "year": year,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, wanted)
        found = {stage: figures for stage, *figures in cursor.fetchall()}
    return [
        StageTime(stage, definition, *found.get(stage.value, ()))
        for stage, definition in DEFINITIONS.items()
    ]


def choices() -> dict[str, list[Any]]:
    """What public cases can be narrowed by: hosts, types, scales as they occur, and years."""
    rows = Project.objects.exclude(validation_began_at=None, registered_at=None)
    found: dict[str, list[Any]] = {
        name: sorted({value for value in rows.values_list(column, flat=True) if value})
        for name, column in FILTERS.items() if name != "year"
    }
    first = rows.order_by("created_at").values_list("created_at", flat=True).first()
    return found | {"first_year": [first.astimezone(UTC).year] if first else []}


def own_days(project: Project, period: MonitoringPeriod | None) -> Mapping[Stage, int]:
    """The days that one project, and its monitoring period, took for each stage it completed."""
    requests = list(
        Request.objects.filter(project=project, kind=Request.Kind.REGISTRATION)
        .values_list("submitted_at", "decided_at")
    )
    asked = min((row[0] for row in requests), default=None)
    decided = max((row[1] for row in requests if row[1]), default=None)
    positive = project.opinion_at if project.opinion == "positive" else None
    ends: dict[Stage, tuple[datetime | None, datetime | None]] = {
        Stage.DESIGN: (project.created_at, project.design_submitted_at),
        Stage.NATIONAL_APPROVAL: (project.design_submitted_at, project.host_approved_at),
        Stage.VALIDATION: (project.validation_began_at, positive),
        Stage.REGISTRATION: (asked, decided if project.registered_at else None),
    }
    if period is not None:
        ends |= {
            Stage.MONITORING: (period.opened_at, period.reported_at),
            Stage.VERIFICATION: (period.reported_at, period.certified_at),
            Stage.ISSUANCE: (period.certified_at, period.issued_at),
        }
    return {
        stage: _days(began, ended)
        for stage, (began, ended) in ends.items() if began and ended and ended >= began
    }


def _days(began: datetime, ended: datetime) -> int:
    """Days of the calendar in UTC from one moment to another."""
    return (ended.astimezone(UTC).date() - began.astimezone(UTC).date()).days
