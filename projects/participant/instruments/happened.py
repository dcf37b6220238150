"""What happened at the plant in a period: the list that counts, and the gaps that it explains.

Nothing here writes.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from projects.methodologies import events, intervals
from projects.methodologies.base import Treatment
from projects.methodologies.events import Event, Kind
from projects.methodologies.intervals import Resolution
from projects.methodologies.readings import Gap
from projects.models import MonitoringPeriod
from projects.participant.instruments.models import EventList, PlantEvent

Row = dict[str, Any]
LONGEST_MONTH = timedelta(days=31)
LONGEST_REASON = 500


def current(period: MonitoringPeriod) -> EventList | None:
    """The list of events that counts: the last version."""
    return period.event_lists.select_related("document").order_by("-number").first()


def listed(period: MonitoringPeriod) -> list[PlantEvent]:
    """The events of that list, by their beginning."""
    found = current(period)
    return list(found.events.order_by("begins_at", "pk")) if found else []


def event_of(row: PlantEvent) -> Event:
    """A stored event as the rule asks for it."""
    return Event(
        Kind(row.kind), row.symbol, row.begins_at.astimezone(UTC), row.ends_at.astimezone(UTC),
        row.note, row.row_number,
    )


def rows(period: MonitoringPeriod) -> list[Row]:
    """The events as they are frozen with a report; moments in UTC, ISO."""
    return [
        {
            "kind": each.kind, "symbol": each.symbol, "note": each.note, "row": each.row_number,
            "begins": each.begins_at.astimezone(UTC).isoformat(),
            "ends": each.ends_at.astimezone(UTC).isoformat(),
        }
        for each in listed(period)
    ]


def shown(frozen: list[Row]) -> list[Row]:
    """Frozen events for the pages: in words, with their moments."""
    return [
        each | {
            "said": events.LABELS[Kind(each["kind"])],
            "begins_at": datetime.fromisoformat(each["begins"]),
            "ends_at": datetime.fromisoformat(each["ends"]),
        }
        for each in frozen
    ]


def reasons(period: MonitoringPeriod, file: Any) -> dict[str, str]:
    """Why readings are missing, by the key of each gap that events explain from end to end."""
    found = [event_of(each) for each in listed(period)]
    if not found:
        return {}
    step = intervals.STEPS.get(Resolution(file.resolution), LONGEST_MONTH)
    told = {}
    for row in file.gaps:
        gap = Gap(
            row["symbol"], datetime.fromisoformat(row["first"]),
            datetime.fromisoformat(row["last"]), row["missing_count"], Treatment(row["treatment"]),
        )
        if covering := events.explaining(gap, found, step):
            told[row["key"]] = "; ".join(each.said for each in covering)[:LONGEST_REASON]
    return told


def told(period: MonitoringPeriod, file: Any, gaps: Sequence[Row]) -> list[Row]:
    """Gaps, each with what events tell of it in `event`, empty where they do not explain it."""
    found = reasons(period, file)
    return [each | {"event": found.get(each["key"], "")} for each in gaps]
