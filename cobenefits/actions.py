"""Report, amend, withdraw: the three acts of the published tool (domain, 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import Actor
from cobenefits import criteria, queries
from cobenefits.models import Line, Report
from projects import access, locks
from projects.lifecycle import SIDE_ENDS, NotNow
from projects.models import Project


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said about one criterion."""

    level: str
    text: str
    figure: str = ""
    evidence: str = ""


def report(
    *, actor: Actor, at: datetime, project_id: int, statements: Mapping[str, Statement]
) -> Report:
    """Publish a report, or amend it: a new version that replaces the last one in view.

    Raises Forbidden for anybody but the project's participant, NotNow for an ended project and
    Invalid when no criterion, an unknown one, or one without words is given.
    """
    with transaction.atomic():
        case = locks.project(project_id)
        _ask(case, actor)
        _check(statements)
        last = case.cobenefit_reports.order_by("-version").first()
        made = Report.objects.create(
            project=case, version=last.version + 1 if last else 1, submitted_at=at
        )
        Line.objects.bulk_create(
            Line(
                report=made, criterion=key, level=said.level, text=said.text.strip(),
                figure=said.figure.strip(), evidence=said.evidence.strip(),
            )
            for key, said in statements.items()
        )
        record(
            "cobenefits.amend" if last else "cobenefits.report",
            actor=actor, subject=made, at=at, project=case.reference,
            facts={"version": made.version, "criteria": sorted(statements)},
        )
    return made


def withdraw(*, actor: Actor, at: datetime, project_id: int, reason: str) -> Report:
    """Withdraw the report in view; its versions stay on record.

    Raises Forbidden, Invalid without a reason, and NotNow when no report stands.
    """
    with transaction.atomic():
        case = locks.project(project_id)
        _ask(case, actor)
        standing = queries.standing(case)
        if standing is None:
            raise NotNow("No co-benefit report stands for this project.")
        if not reason.strip():
            raise Invalid.of("reason", "Say why the report is withdrawn.")
        standing.withdrawn_at = at
        standing.reason = reason.strip()
        standing.save(update_fields=["withdrawn_at", "reason"])
        record(
            "cobenefits.withdraw", actor=actor, subject=standing, at=at, project=case.reference,
            facts={"version": standing.version},
        )
    return standing


def _ask(case: Project, actor: Actor) -> None:
    if not access.owns(actor, case):
        raise Forbidden("Only the project's own participant reports its co-benefits.")
    if case.stage in SIDE_ENDS:
        raise NotNow("This project has ended; its co-benefits can no longer be reported.")


def _check(statements: Mapping[str, Statement]) -> None:
    if not statements:
        raise Invalid.of("", "Report at least one criterion, or leave the report as it is.")
    errors: dict[str, list[str]] = {}
    for key, said in statements.items():
        if key not in criteria.BY_KEY:
            errors.setdefault("", []).append(f"“{key}” is not one of the 12 criteria.")
        elif said.level not in Line.Level.values:
            errors[f"{key}_level"] = ["Choose slight, moderate or high."]
        elif not said.text.strip():
            errors[f"{key}_text"] = ["Say in words what the benefit is."]
    if errors:
        raise Invalid(errors)
