"""Questions about co-benefit reports."""

from collections.abc import Iterable
from typing import Any

from cobenefits import criteria
from cobenefits.models import Report
from projects.models import Project


def standing(project: Project) -> Report | None:
    """The report in view: the newest version, unless it was withdrawn."""
    newest = project.cobenefit_reports.order_by("-version").first()
    return newest if newest is not None and newest.withdrawn_at is None else None


def reported(project_ids: Iterable[int]) -> dict[int, set[str]]:
    """The criteria in view per project, for many projects in one query."""
    newest: dict[int, Report] = {}
    found = Report.objects.filter(project_id__in=list(project_ids)).prefetch_related("lines")
    for report in found.order_by("project_id", "version"):
        newest[report.project_id] = report
    return {
        project_id: {line.criterion for line in report.lines.all()}
        for project_id, report in newest.items()
        if report.withdrawn_at is None
    }


def strip(keys: set[str] | None) -> list[dict[str, Any]] | None:
    """The twelve cells of a card's strip; None when nothing was reported."""
    if not keys:
        return None
    return [
        {"category": c.category, "name": c.label, "reported": c.key in keys}
        for c in criteria.CRITERIA
    ]


def rows(project: Project, url: str) -> dict[str, Any] | None:
    """The report as the project page shows it; None when none stands."""
    report = standing(project)
    if report is None:
        return None
    lines = {line.criterion: line for line in report.lines.all()}
    categories = []
    for key, label in criteria.CATEGORIES:
        said = [
            {
                "criterion_key": c.key, "criterion": c.label, "text": lines[c.key].text,
                "figure": lines[c.key].figure or lines[c.key].get_level_display(),
            }
            for c in criteria.CRITERIA
            if c.category == key and c.key in lines
        ]
        if said:
            categories.append({"key": key, "label": label, "rows": said})
    goals = {criteria.BY_KEY[key].goals[0] for key in lines}
    return {
        "categories": categories,
        "reported_on": report.submitted_at,
        "count": len(lines),
        "total": len(criteria.CRITERIA),
        "not_reported": [c.label.lower() for c in criteria.CRITERIA if c.key not in lines],
        "url": url,
        "goals": sorted(goals),
    }
