"""Questions about co-benefit reports."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from cdm_portal.values import Actor, Role
from cobenefits import criteria
from cobenefits.machine import PUBLIC, UNDER_WAY, State
from cobenefits.models import Line, Report
from projects import access
from projects.models import Project


def standing(project: Project) -> Report | None:
    """The report in view."""
    found: Report | None = project.cobenefit_reports.filter(state=State.PUBLISHED).first()
    return found


def under_way(project: Project) -> Report | None:
    """The version that is drafted, or waits for the secretariat."""
    found: Report | None = project.cobenefit_reports.filter(state__in=UNDER_WAY).first()
    return found


def submitted(project: Project) -> Report | None:
    """The version that waits for the secretariat."""
    found: Report | None = project.cobenefit_reports.filter(state=State.SUBMITTED).first()
    return found


def known(actor: Actor | None, project: Project) -> QuerySet[Report]:
    """The versions that an actor may read, the newest first: what was ever published; besides, who
    speaks for the participants its draft, the secretariat what was handed in, an auditor all.
    """
    states = list(PUBLIC)
    if access.may_speak_for_project_matters(actor, project) or (
        actor is not None and actor.role == Role.AUDITOR
    ):
        states += UNDER_WAY
    elif actor is not None and actor.role == Role.SECRETARIAT:
        states.append(State.SUBMITTED)
    found: QuerySet[Report] = project.cobenefit_reports.filter(state__in=states)
    return found.prefetch_related("lines", "comments__organisation").order_by("-version")


def is_host(actor: Actor | None, project: Project) -> bool:
    """Whether the actor is of the host Party's designated national authority."""
    return actor is not None and actor.role == Role.DNA and actor.party == project.party_code


def reported(project_ids: Iterable[int]) -> dict[int, set[str]]:
    """The criteria in view per project, for many projects in one query."""
    found: dict[int, set[str]] = {}
    lines = Line.objects.filter(
        report__state=State.PUBLISHED, report__project_id__in=list(project_ids)
    )
    for project_id, criterion in lines.values_list("report__project_id", "criterion"):
        found.setdefault(project_id, set()).add(criterion)
    return found


def strip(keys: set[str] | None) -> list[dict[str, Any]] | None:
    """The twelve cells of a card's strip; None when nothing was reported."""
    if not keys:
        return None
    return [
        {"category": c.category, "name": c.label, "reported": c.key in keys}
        for c in criteria.CRITERIA
    ]


def rows(project: Project, url: str) -> dict[str, Any] | None:
    """The report as the project page shows it, with its comments; None when none is in view."""
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
        "comments": list(report.comments.select_related("organisation")),
    }
