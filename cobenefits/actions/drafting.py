"""What every act on a draft begins with: who may, which version, and what it takes over."""

from dataclasses import dataclass
from datetime import datetime

from cdm_portal.refusals import Forbidden
from cdm_portal.values import Actor
from cobenefits import indicators, queries
from cobenefits.machine import State
from cobenefits.models import Line, Report, Said
from projects import access, locks
from projects.lifecycle import SIDE_ENDS, NotNow
from projects.models import Project

WAITS = "The report is with the secretariat: it publishes it, or sends it back to you."
ENDED = "This project has ended; its co-benefits can no longer be reported."


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said about one criterion; in a draft, as far as it is written."""

    level: str
    text: str
    figure: str = ""
    evidence: str = ""


def spoken_for(actor: Actor, project_id: int) -> Project:
    """The project, locked, if the actor speaks for its participants. Raises Forbidden, NotFound."""
    case = locks.project(project_id)
    if not access.may_speak_for_project_matters(actor, case):
        raise Forbidden("Only who speaks for the project's participants reports its co-benefits.")
    return case


def draft(actor: Actor, at: datetime, project_id: int) -> Report:
    """The draft under way, or the next version, not saved yet. Raises Forbidden, NotNow."""
    case = spoken_for(actor, project_id)
    if case.stage in SIDE_ENDS:
        raise NotNow(ENDED)
    found = queries.under_way(case)
    if found is None:
        last = case.cobenefit_reports.order_by("-version").first()
        return Report(project=case, version=last.version + 1 if last else 1, kept_at=at)
    if found.state == State.SUBMITTED:
        raise NotNow(WAITS)
    return found


def begin(report: Report, at: datetime) -> None:
    """Save the draft's day; one that begins takes over all that the version in view says."""
    if not report._state.adding:
        report.kept_at = at
        report.save(update_fields=["kept_at"])
        return
    report.save()
    before = queries.standing(report.project)
    if before is None:
        return
    lines, said = list(before.lines.all()), list(before.indicators.all())
    for row in lines:
        row.pk, row.report = None, report
    for each in said:
        each.pk, each.report = None, report
    Line.objects.bulk_create(lines)
    Said.objects.bulk_create(said)


def line(report: Report, key: str, said: Statement) -> Line:
    """A line of the draft, not saved."""
    return Line(
        report=report, criterion=key, level=said.level, text=said.text.strip(),
        figure=said.figure.strip(), evidence=said.evidence.strip(),
    )


def stated(report: Report) -> dict[str, Statement]:
    """What the draft says by criterion; nothing for one that is not kept yet."""
    if report._state.adding:
        return {}
    return {
        each.criterion: Statement(each.level, each.text, each.figure, each.evidence)
        for each in report.lines.all()
    }


def lacking(said: Said, reported: set[str]) -> str:
    """What one indicator lacks before a report on these criteria is handed in; empty if nothing."""
    if not said.applicable:
        return ""
    where = f"{indicators.label(said.section)}, {said.label}"
    if not said.text:
        return f"{where}: say in words what it is."
    if indicators.is_extra(said.section):
        return ""
    if not said.level:
        return f"{where}: choose a level, or n/a."
    if said.section not in reported:
        return f"{where}: choose a level of the criterion too."
    return ""
