"""The optional check of a version by a DOE: asked for, taken on or declined, concluded or ended.

What a DOE says is a badge beside what the participants declare and belongs to one version alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cdm_portal.identity import queries as people
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.values import Actor, Role
from cobenefits import checking, criteria, queries
from cobenefits.actions import drafting
from cobenefits.machine import CheckState
from cobenefits.models import Check, CheckLine, Report
from projects import lifecycle, locks
from projects.doe import entries, standing
from projects.doe.errors import NotAccredited
from projects.lifecycle import NotNow
from projects.models import Project

LONGEST_FINDING, LONGEST_STATEMENT = 2000, 4000
NO_REPORT = "No co-benefit report of this project is in view: a DOE checks what is published."


@dataclass(frozen=True, slots=True)
class Found:
    """What a DOE finds about one criterion: confirmed or refuted, and why; while it works on it,
    as far as it is written.
    """

    outcome: str
    text: str


def ask_check(*, actor: Actor, at: datetime, project_id: int, organisation_id: int) -> Check:
    """The participants ask a DOE to check the version in view.

    Raises Forbidden, BothSides, NotNow without a version in view or with a check of it already,
    NotAccredited with every reason, NotFound.
    """
    with transaction.atomic():
        case = drafting.spoken_for(actor, project_id)
        standing.refuse_both_sides(actor, case, at.date())
        report = _in_view(case)
        if report.checks.exclude(state__in=(CheckState.DECLINED, CheckState.ENDED)).exists():
            raise NotNow("A DOE was asked to check this version already.")
        doe = people.organisation(organisation_id)
        if reasons := checking.obstacles(doe, case, at.date()):
            raise NotAccredited.because(doe.name, reasons)
        made: Check = Check.objects.create(report=report, doe=doe, asked_at=at)
        _record("cobenefits.ask_check", actor, at, made)
    return made


def take_back_check(*, actor: Actor, at: datetime, project_id: int) -> Check:
    """The participants no longer ask for a check that has not been concluded.

    Raises Forbidden, NotNow.
    """
    with transaction.atomic():
        case = drafting.spoken_for(actor, project_id)
        found = queries.open_check(case)
        if found is None:
            raise NotNow("No check of this project's report is under way.")
        lifecycle.ask(found, "end", actor)
        found.end()
        found.reason = "Taken back by the participants."
        found.save(update_fields=["state", "reason"])
        _record("cobenefits.take_back_check", actor, at, found)
    return found


def accept_check(*, actor: Actor, at: datetime, project_id: int, no_conflict: bool) -> Check:
    """The DOE takes the check on; accreditation and independence are asked again on this day.

    Raises NotFound, BothSides, NotNow, NotAccredited, Invalid without the declaration.
    """
    with transaction.atomic():
        found = _of_the_doe(actor, at, project_id)
        lifecycle.ask(found, "accept", actor)
        if not no_conflict:
            raise Invalid.of(
                "no_conflict", "Declare that there is no conflict of interest, or decline."
            )
        _require_able(found, at, running=False)
        found.accept()
        found.decided_at = found.no_conflict_at = at
        found.save(update_fields=["state", "decided_at", "no_conflict_at"])
        _record("cobenefits.accept_check", actor, at, found)
    return found


def decline_check(*, actor: Actor, at: datetime, project_id: int, reason: str) -> Check:
    """The DOE does not take the check on. Raises NotFound, BothSides, NotNow, Invalid."""
    said = entries.words("reason", reason, longest=LONGEST_FINDING, what="the reason")
    with transaction.atomic():
        found = _of_the_doe(actor, at, project_id)
        lifecycle.ask(found, "decline", actor)
        found.decline()
        found.decided_at, found.reason = at, said
        found.save(update_fields=["state", "decided_at", "reason"])
        _record("cobenefits.decline_check", actor, at, found)
    return found


def record_findings(
    *, actor: Actor, at: datetime, project_id: int, findings: Mapping[str, Found], statement: str
) -> Check:
    """Keep what the DOE has found so far; it need not be complete.

    Raises NotFound, BothSides, NotNow, Invalid.
    """
    with transaction.atomic():
        found = _under_way(actor, at, project_id)
        _check(found.report, findings, statement, complete=False)
        _write(found, findings, statement)
        _record("cobenefits.record_findings", actor, at, found)
    return found


def conclude_check(
    *, actor: Actor, at: datetime, project_id: int, findings: Mapping[str, Found], statement: str
) -> Check:
    """The DOE publishes what it found on every criterion, and its statement; of record from then.

    Raises NotFound, BothSides, NotNow, NotAccredited, Invalid for what is missing.
    """
    with transaction.atomic():
        found = _under_way(actor, at, project_id)
        _check(found.report, findings, statement, complete=True)
        lifecycle.ask(found, "conclude", actor)
        _require_able(found, at, running=True)
        _write(found, findings, statement)
        found.conclude()
        found.concluded_at = at
        found.save(update_fields=["state", "concluded_at"])
        _record("cobenefits.publish_check", actor, at, found)
    return found


def _in_view(case: Project) -> Report:
    report = queries.standing(case)
    if report is None:
        raise NotNow(NO_REPORT)
    return report


def _of_the_doe(actor: Actor, at: datetime, project_id: int) -> Check:
    """The open check of the actor's DOE, its project locked. Raises NotFound, BothSides."""
    case = locks.project(project_id)
    found = queries.open_check(case)
    if found is None or actor.role != Role.DOE or found.doe_id != actor.organisation_id:
        raise NotFound("There is no such check.")
    standing.refuse_both_sides(actor, case, at.date())
    return found


def _under_way(actor: Actor, at: datetime, project_id: int) -> Check:
    found = _of_the_doe(actor, at, project_id)
    if found.state != CheckState.ACCEPTED:
        raise NotNow("Take the check on first.")
    return found


def _require_able(check: Check, at: datetime, *, running: bool) -> None:
    reasons = checking.obstacles(check.doe, check.report.project, at.date(), running=running)
    if reasons:
        raise NotAccredited.because(check.doe.name, reasons)


def _check(
    report: Report, findings: Mapping[str, Found], statement: str, *, complete: bool
) -> None:
    """Raises Invalid by box."""
    reported = set(report.lines.values_list("criterion", flat=True))
    errors: dict[str, list[str]] = {}
    for key, found in findings.items():
        if key not in reported:
            errors.setdefault("", []).append(f"“{key}” is not reported in this version.")
        elif fault := _fault(found):
            errors[f"{key}_{fault[0]}"] = [fault[1]]
    if len(statement) > LONGEST_STATEMENT:
        errors["statement"] = [f"At most {LONGEST_STATEMENT} characters."]
    if complete:
        errors |= _missing(reported, findings, statement)
    if errors:
        raise Invalid(errors)


def _fault(found: Found) -> tuple[str, str] | None:
    if found.outcome and found.outcome not in CheckLine.Outcome.values:
        return "outcome", "Choose confirmed or refuted."
    if len(found.text) > LONGEST_FINDING:
        return "text", f"At most {LONGEST_FINDING} characters."
    return None


def _missing(
    reported: set[str], findings: Mapping[str, Found], statement: str
) -> dict[str, list[str]]:
    """What is to be written before the check is concluded, by box."""
    errors: dict[str, list[str]] = {}
    for key in (each for each in criteria.BY_KEY if each in reported):
        one = findings.get(key, Found("", ""))
        if not one.outcome:
            errors[f"{key}_outcome"] = ["Choose confirmed or refuted."]
        elif not one.text.strip():
            errors[f"{key}_text"] = ["Say what was looked at and what was found."]
    if not statement.strip():
        errors["statement"] = ["Write the statement that is published."]
    return errors


def _write(check: Check, findings: Mapping[str, Found], statement: str) -> None:
    check.lines.all().delete()
    CheckLine.objects.bulk_create(
        CheckLine(made=check, criterion=key, outcome=found.outcome, text=found.text.strip())
        for key, found in findings.items() if found.outcome or found.text.strip()
    )
    check.statement = statement.strip()
    check.save(update_fields=["statement"])


def _record(verb: str, actor: Actor, at: datetime, check: Check) -> None:
    report = check.report
    record(
        verb, actor=actor, subject=check, at=at, project=report.project.reference,
        facts={"version": report.version, "doe": check.doe_id},
    )
