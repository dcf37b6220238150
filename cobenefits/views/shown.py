"""What several pages show alike: the task list of a report, and its published versions."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from cdm_portal import clock
from cdm_portal.identity.access import actor_of
from cobenefits import content, criteria, indicators, queries
from cobenefits.models import Line, Report
from projects.models import Project

GROUPS = (
    *((key, label, [c.key for c in criteria.CRITERIA if c.category == key])
      for key, label in criteria.CATEGORIES),
    ("extra", "Voluntary, beyond the published tool", [each.key for each in indicators.EXTRAS]),
)  # fmt: skip


def frame(request: HttpRequest, project: Project, current: str = "") -> dict[str, Any]:
    """What every page of one's own report shows."""
    under_way, standing = queries.under_way(project), queries.standing(project)
    report = under_way or standing
    groups = _groups(project, report, queries.unsaved(project, actor_of(request)), current)
    items = [item for group in groups for item in group["items"]]
    check = queries.last_check(standing) if standing else None
    return {
        "project": project, "standing": standing, "under_way": under_way, "groups": groups,
        "reported": sum(item["done"] for item in items[:len(criteria.CRITERIA)]),
        "total": len(criteria.CRITERIA), "check": check,
        "badge": queries.badge(standing) if standing else None,
        "locked": under_way is not None and under_way.state == "submitted",
        "unsaved": [item for item in items if item["unsaved"]],
    }


def _groups(
    project: Project, report: Report | None, unsaved: set[str], current: str
) -> list[dict[str, Any]]:
    lines: dict[str, Line] = {}
    said: dict[str, int] = {}
    if report is not None:
        lines = {line.criterion: line for line in report.lines.all()}
        for one in report.indicators.all():
            said[one.section] = said.get(one.section, 0) + 1
    return [
        {"title": title, "items": [
            _item(project, key, lines.get(key), said.get(key, 0), unsaved)
            | {"current": key == current} for key in keys
        ]}
        for _, title, keys in GROUPS
    ]


def _item(
    project: Project, key: str, line: Line | None, said: int, unsaved: set[str]
) -> dict[str, Any]:
    status, kind = "", ""
    if line is not None:
        complete = bool(line.level and line.text)
        status, kind = (line.get_level_display(), "ok") if complete else ("Incomplete", "warn")
    elif said:
        status, kind = (f"{said} answered", "ok") if indicators.is_extra(key) else (
            "Level missing", "warn"
        )
    else:
        status = "Not reported"
    if key in unsaved:
        status, kind = "Not saved", "bad"
    return {
        "key": key, "label": indicators.label(key), "status": status, "kind": kind,
        "done": line is not None, "unsaved": key in unsaved,
        "url": reverse("cobenefits:section", args=[project.name, key]),
    }


def versions(reports: Sequence[Report]) -> list[dict[str, Any]]:
    """Published versions, the newest first, each with what changed since the one before."""
    before = [*reports[1:], None][:len(reports)]
    return [
        {
            "report": report, "sections": queries.grouped(report),
            "badge": queries.badge(report), "before": earlier,
            "changes": content.changes(earlier, report), "goals": queries.goals(report),
        }
        for report, earlier in zip(reports, before, strict=True)
    ]


def asked_today() -> list[dict[str, Any]]:
    """Every section with the indicators asked today."""
    asked = queries.all_asked(clock.now().date())
    return [
        {
            "key": key, "label": indicators.label(key), "extra": indicators.is_extra(key),
            "criterion": criteria.BY_KEY.get(key),
            "indicators": [each for each in asked if each.section == key],
        }
        for key in indicators.SECTIONS
    ]
