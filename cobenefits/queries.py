"""Questions about co-benefit reports."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from cdm_portal.values import Actor, Role
from cobenefits import content, criteria, indicators
from cobenefits.machine import OPEN_CHECKS, PUBLIC, UNDER_WAY, CheckState, State
from cobenefits.models import Check, IndicatorEntry, Line, Report, Said, TypedBenefit
from projects import access
from projects.models import Document, Project

LABEL = "self-declared, voluntary, not verified"
WHOLE = ("lines", "indicators__document", "comments__organisation", "checks__doe", "checks__lines")
"""What a version says and what is said of it, in a fixed number of statements."""


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
    return found.prefetch_related(*WHOLE).order_by("-version")


def starting(project: Project) -> Report | None:
    """What somebody who writes begins with: the version under way, else the one in view."""
    return under_way(project) or standing(project)


def asked(section: str, day: date) -> list[indicators.Indicator]:
    """The indicators of a section on a day."""
    return [each for each in all_asked(day) if each.section == section]


def all_asked(day: date) -> list[indicators.Indicator]:
    """The indicators of every section on a day."""
    return indicators.on_day(day, IndicatorEntry.objects.all())


def evidence(project: Project) -> QuerySet[Document]:
    """The documents that an indicator may name: what the participants filed for it, and what is
    public of the project.
    """
    found: QuerySet[Document] = project.documents.filter(
        Q(kind=Document.Kind.BENEFIT) | Q(public=True), confidential=False
    ).order_by("-pk")
    return found


def typed(project: Project, section: str, actor: Actor) -> TypedBenefit | None:
    """What the actor typed into a section and could not save."""
    found: TypedBenefit | None = TypedBenefit.objects.filter(
        project=project, section=section, person_id=actor.person
    ).first()
    return found


def unsaved(project: Project, actor: Actor) -> set[str]:
    """The sections into which the actor typed what could not be saved."""
    rows = TypedBenefit.objects.filter(project=project, person_id=actor.person)
    return set(rows.values_list("section", flat=True))


def open_check(project: Project) -> Check | None:
    """The check that a DOE is asked for, or works on."""
    found: Check | None = (
        Check.objects.select_related("report__project__owner", "doe")
        .filter(report__project=project, state__in=OPEN_CHECKS).first()
    )
    return found


def last_check(report: Report) -> Check | None:
    """The last check of a version, however it went."""
    found: Check | None = report.checks.select_related("doe").first()
    return found


def badge(report: Report) -> dict[str, Any] | None:
    """The badge of a version that a DOE checked: who, when, and of how many criteria it confirmed;
    None for one that nobody checked. Asks nothing where the version was read with `WHOLE`.
    """
    made = next((each for each in report.checks.all() if each.state == CheckState.CHECKED), None)
    if made is None:
        return None
    lines = list(made.lines.all())
    confirmed = sum(line.outcome == "confirmed" for line in lines)
    return {
        "on": made.concluded_at, "doe": made.doe, "confirmed": confirmed, "of": len(lines),
        "statement": made.statement, "lines": lines,
        "by_criterion": {line.criterion: line for line in lines},
    }


def checked(project_ids: Iterable[int]) -> dict[int, Any]:
    """When a DOE checked the version in view, per project, for many projects in one query."""
    rows = Check.objects.filter(
        state=CheckState.CHECKED, report__state=State.PUBLISHED,
        report__project_id__in=list(project_ids),
    )
    return dict(rows.values_list("report__project_id", "concluded_at"))


def checked_at(project: str = "pk") -> Subquery:
    """The same for the rows of a query, in which `project` names the project."""
    rows = Check.objects.filter(
        state=CheckState.CHECKED, report__state=State.PUBLISHED,
        report__project_id=OuterRef(project),
    )
    return Subquery(rows.values("concluded_at")[:1])


def withdrawn(project: Project) -> Report | None:
    """The last version, where the participants withdrew it and none is in view."""
    last: Report | None = project.cobenefit_reports.filter(state__in=PUBLIC).first()
    return last if last is not None and last.state == State.WITHDRAWN else None


def in_view(project_ids: Iterable[int]) -> dict[int, Report]:
    """The versions in view of many projects, whole, by project."""
    found = Report.objects.filter(state=State.PUBLISHED, project_id__in=list(project_ids))
    return {each.project_id: each for each in found.prefetch_related(*WHOLE)}


def goals(report: Report) -> list[int]:
    """The nearest Sustainable Development Goals of what is reported, by this portal's own map."""
    keys = {line.criterion for line in report.lines.all()}
    return sorted({goal for key in keys for goal in criteria.BY_KEY[key].goals})


def grouped(report: Report) -> list[dict[str, Any]]:
    """What a version says, section by section in the order of the report: the line of a criterion,
    its indicators, what a DOE found about it.
    """
    mark = badge(report)
    lines = {line.criterion: line for line in report.lines.all()}
    said: dict[str, list[dict[str, Any]]] = {}
    for each in report.indicators.all():
        said.setdefault(each.section, []).append(_indicator(each))
    return [
        {
            "section": section, "label": indicators.label(section),
            "line": lines.get(section), "indicators": said.get(section, []),
            "extra": indicators.is_extra(section),
            "found": mark["by_criterion"].get(section) if mark else None,
        }
        for section in indicators.SECTIONS if section in lines or section in said
    ]


def _indicator(said: Said) -> dict[str, Any]:
    return {
        "said": said, "quantity": content.quantity(said),
        "document": said.document if said.document and said.document.public else None,
    }


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


def beside(project: Project, url: str) -> dict[str, Any]:
    """What the project page shows: the report in view, else the one that was withdrawn last."""
    report = rows(project, url)
    return {"report": report, "withdrawn_report": None if report else withdrawn(project)}


def rows(project: Project, url: str) -> dict[str, Any] | None:
    """The report as the project page shows it, with its comments; None when none is in view."""
    report = in_view([project.pk]).get(project.pk)
    if report is None:
        return None
    mark = badge(report)
    lines = {line.criterion: line for line in report.lines.all()}
    categories = []
    for key, label in criteria.CATEGORIES:
        said = [
            {
                "criterion_key": c.key, "criterion": c.label, "text": lines[c.key].text,
                "level": lines[c.key].get_level_display(), "figure": lines[c.key].figure,
                "found": mark["by_criterion"].get(c.key) if mark else None,
            }
            for c in criteria.CRITERIA
            if c.category == key and c.key in lines
        ]
        if said:
            categories.append({"key": key, "label": label, "rows": said})
    return {
        "categories": categories,
        "reported_on": report.submitted_at,
        "count": len(lines),
        "total": len(criteria.CRITERIA),
        "not_reported": [c.label.lower() for c in criteria.CRITERIA if c.key not in lines],
        "url": url,
        "goals": goals(report),
        "comments": list(report.comments.all()),
        "badge": mark,
    }
