"""What stands in the way of an opinion or a certification, and what may be certified."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from cdm_portal import formats
from projects.doe import recalculation, standing
from projects.doe.models import Comment, Validation, Verification, VerificationRun
from projects.doe.queries.cases import design_version, last_day, report
from projects.doe.queries.facts import Case, case_of_validation, case_of_verification
from projects.doe.second.potentials import set_of
from projects.doe.second.sizes import exact
from projects.doe.standing import Act
from projects.models import Finding, MonitoringPeriod, Project
from projects.participant import design, speaking
from projects.revisions.machine import State as Changing

UNDER_WAY = [VerificationRun.State.QUEUED, VerificationRun.State.RUNNING]


def unanswered(validation: Validation) -> QuerySet[Comment]:
    """The comments without a response, those made before a DOE took the work over included."""
    return Comment.objects.filter(validation__project=validation.project, responded_at=None)


def opinion_obstacles(
    project: Project, validation: Validation, at: datetime, *, positive: bool,
    case: Case | None = None,
) -> list[str]:
    """Why the opinion cannot be given now, in words; empty when it can (domain, 3.1)."""
    case = case or case_of_validation(validation)
    reasons = standing.why_no_act(
        Act.GIVE_OPINION, project, at.date(), register=case.register
    )
    if at < validation.comments_close_at:
        reasons.append(
            f"Public comments are open until {formats.day(last_day(validation))}, 24:00 UTC."
        )
    if not positive:
        return reasons
    reasons += _open_findings(case)
    if case.comments:
        words = f"{_count(case.comments, 'public comment')} {_waits(case.comments)}"
        reasons.append(f"{words} for your response.")
    if project.host_approved_at is None:
        reasons.append("The host Party's letter of approval is missing.")
    elif case.unauthorised:
        reasons.append(f"Not authorised by the letter of approval: {', '.join(case.unauthorised)}.")
    return reasons + speaking.statement_obstacles(
        spoken_for=case.spoken_for, unsigned=case.unsigned
    )


def certification_obstacles(
    period: MonitoringPeriod, on: date, *, case: Case | None = None
) -> list[str]:
    """Why no amount can be certified on that day, in words; empty when it can (domain, 3.4)."""
    case = case or case_of_verification(period)
    reasons = standing.why_no_act(
        Act.CERTIFY, period.project, on, period=period, register=case.register
    )
    reasons += changes_pending(period, case)
    reasons += _open_findings(case)
    if waiting := [str(finding) for finding in case.inherited]:
        reasons.append(f"Close the forward action requests inherited: {', '.join(waiting)}.")
    if reason := _run_reason(period, case.run):
        return [*reasons, reason]
    return reasons + case.unsettled


def changes_pending(period: MonitoringPeriod, case: Case) -> list[str]:
    """The post-registration change that has to be decided before a period is certified: one that
    applies to days of it, unless it has a positive opinion and goes with its request for issuance
    (domain, 3.4). A report made before the change was validated has to be made again.
    """
    change = case.change
    if change is None or change.is_renewal or change.effective_date > period.last_date:
        return []
    if change.last_date is not None and change.last_date < period.first_date:
        return []
    what = change.get_kind_display()
    if change.period_id != period.pk or change.state != Changing.POSITIVE:
        return [
            f"“{what}”, a post-registration change that applies to this period, is pending: "
            f"{change.get_state_display().lower()}."
        ]
    if change.design_version is not None and case.written != change.design_version:
        return [f"The monitoring report does not follow “{what}” yet: a new version is needed."]
    return []


def _run_reason(period: MonitoringPeriod, run: VerificationRun | None) -> str:
    if run is None or run.state in UNDER_WAY:
        return "The independent recalculation is not done yet."
    if run.state == VerificationRun.State.FAILED:
        return f"The independent recalculation stopped: {run.message}"
    if run.report_version != period.report_version:
        return f"Recalculate version {period.report_version} of the monitoring report."
    return ""


def _open_findings(case: Case) -> list[str]:
    counted = {Finding.Kind.CAR: case.open_cars, Finding.Kind.CL: case.open_cls}
    parts = [_count(n, kind.label.lower()) for kind, n in counted.items() if n]
    if not parts:
        return []
    return [f"{' and '.join(parts)} {'is' if sum(counted.values()) == 1 else 'are'} not closed."]


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _waits(count: int) -> str:
    return "waits" if count == 1 else "wait"


# Recomputation


def last_run(verification: Verification) -> VerificationRun | None:
    """The latest recomputation."""
    return verification.runs.order_by("-pk").first()


def waiting_runs(at: datetime) -> list[int]:
    """The runs that a worker may take: queued, or left by a worker that died; oldest first."""
    free = Q(state=VerificationRun.State.QUEUED) | Q(
        state=VerificationRun.State.RUNNING, leased_until__lte=at
    )
    return list(VerificationRun.objects.filter(free).order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that can be certified in a commitment period: no figure may be exceeded. `cap` is
    for all commitment periods together, where a limit of small scale is exceeded.
    """

    claimed: int
    recalculated: int
    cap: int | None = None

    @property
    def most(self) -> int:
        """The lowest of the figures."""
        figures = (self.claimed, self.recalculated, self.cap)
        return min(each for each in figures if each is not None)


def ceilings(period: MonitoringPeriod, verification: Verification) -> dict[str, Ceiling]:
    """By commitment period, what was claimed and what the recalculation came to."""
    run = last_run(verification)
    ours = run.result.get("claimed", {}) if run else {}
    cap = run.result.get("cap") if run else None
    claimed = report(period).claimed
    return {
        key: Ceiling(int(amount), int(ours.get(key, amount)), cap)
        for key, amount in claimed.items()
    }


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the estimate: what the design document says, and every step of our own."""

    label: str
    theirs: Mapping[str, Any]
    ours: Mapping[str, Fraction]


def annual_recalculation(project: Project) -> list[Year]:
    """The estimate of every year of the frozen design document, recalculated from its inputs.

    Raises CannotRecalculate.
    """
    frozen = design_version(project)
    facts = recalculation.facts_of(frozen.content)
    symbols = {series.symbol for series in recalculation.series_of(facts)}
    years = zip(frozen.calculation["years"], design.expected(frozen.content), strict=False)
    return [
        Year(
            label=f"{year['first'][:4]} (year {year['number']})",
            theirs=year["calculation"],
            ours=recalculation.recalculate(
                facts,
                {s: exact(v) for s, v in given.items() if s in symbols},
                commitment_period=set_of(date.fromisoformat(year["first"])),
                rows={s: rows for s, rows in given.items() if isinstance(rows, list)},
                year=int(year["first"][:4]),
            ),
        )
        for year, given in years
    ]
