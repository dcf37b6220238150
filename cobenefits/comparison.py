"""Up to five projects side by side: what each declares on the 12 criteria, and who checked it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cdm_portal.values import Actor
from cobenefits import criteria, queries
from cobenefits.machine import State
from cobenefits.models import Report
from projects import access
from projects.models import Project

MOST = 5
SUGGESTED = 50
COLUMNS = (
    "project", "title", "version", "label", "checked_by", "checked_on", "category", "criterion",
    "indicator", "level", "figure_or_quantity", "unit", "text", "doe_outcome",
)


@dataclass(slots=True)
class Table:
    """The projects, their badges, and a row for each criterion with a cell for each project."""

    projects: list[Project] = field(default_factory=list)
    heads: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    reports: dict[int, Report] = field(default_factory=dict)


def picked(names: Iterable[str]) -> list[str]:
    """The names of an address, each once, at most five."""
    clean = (name.strip()[:40] for name in names)
    return list(dict.fromkeys(name for name in clean if name))[:MOST]


def reporting() -> list[Project]:
    """Projects with a report in view, to choose from; the latest reports first."""
    found = Report.objects.filter(state=State.PUBLISHED).select_related("project")
    return [each.project for each in found.order_by("-published_at")[:SUGGESTED]]


def table(actor: Actor | None, names: Sequence[str]) -> Table:
    """The comparison of the projects that an actor may know of; the other names are `unknown`."""
    made, known = Table(), access.visible(actor)
    by_name = {
        name: project
        for project in [*known.filter(reference__in=names), *known.filter(number__in=names)]
        for name in (project.reference, project.number)
    }
    for name in names:
        project = by_name.get(name)
        if project is None:
            made.unknown.append(name)
        elif project not in made.projects:
            made.projects.append(project)
    made.reports = queries.in_view(project.pk for project in made.projects)
    sections = {
        pk: {each["section"]: each for each in queries.grouped(report)}
        for pk, report in made.reports.items()
    }
    made.heads = [
        {"project": project, "report": made.reports.get(project.pk),
         "badge": queries.badge(made.reports[project.pk]) if project.pk in made.reports else None}
        for project in made.projects
    ]
    made.rows = [
        {"criterion": criterion, "cells": [
            sections.get(project.pk, {}).get(criterion.key) for project in made.projects
        ]}
        for criterion in criteria.CRITERIA
    ]
    return made


def csv_rows(made: Table) -> Iterator[Sequence[Any]]:
    """One row for each criterion, and for each applicable indicator, of each project."""
    for head in made.heads:
        if head["report"] is None:
            yield (head["project"].name, head["project"].title, "", "not reported", *[""] * 10)
            continue
        for section in queries.grouped(head["report"]):
            if not section["extra"]:
                yield from _rows(head, section)


def _rows(head: dict[str, Any], section: dict[str, Any]) -> Iterator[Sequence[Any]]:
    badge, line, found = head["badge"], section["line"], section["found"]
    first = (
        head["project"].name, head["project"].title, head["report"].version, queries.LABEL,
        badge["doe"].name if badge else "", badge["on"].date().isoformat() if badge else "",
        criteria.BY_KEY[section["section"]].category, section["label"],
    )
    outcome = found.outcome if found else ""
    if line is not None:
        yield (*first, "", line.level, line.figure, "", line.text, outcome)
    for each in section["indicators"]:
        said = each["said"]
        if said.applicable:
            number = "" if said.quantity is None else f"{said.quantity.normalize():f}"
            yield (*first, said.label, said.level, number, said.unit, said.text, "")
