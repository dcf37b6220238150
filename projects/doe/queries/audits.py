"""What the audit of a monitoring report rests on: the records of its project, and what the DOE has
said of the sample and of the checks.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from cdm_portal import parameters
from projects import queries as landing
from projects.doe.audit import activity, checks, settling
from projects.doe.audit.checks import Check
from projects.doe.models import Observation, Verification, VerificationRun
from projects.doe.queries.cases import design_of
from projects.doe.queries.findings import inherited
from projects.doe.second.sizes import exact
from projects.methodologies import small_scale
from projects.models import MonitoringPeriod, Project
from projects.participant.models import MonitoringReport

Row = dict[str, Any]
SPREAD = "Reductions of a year are spread evenly over the days of their periods."


def period_checks(period: MonitoringPeriod) -> list[Check]:
    """Whether the days of a period may be counted."""
    project, own = period.project, period.period
    credited = [each.period for each in landing.crediting_periods(project)]
    registered = project.registered_at.date() if project.registered_at else own.first
    others = {
        each.number: each.period
        for each in MonitoringPeriod.objects.filter(project=project).exclude(pk=period.pk)
    }
    begins = max(credited[0].first if credited else own.first, registered)
    before = [each for number, each in others.items() if number < period.number]
    last = None if project.is_demonstration else parameters.day("last_reduction_date")
    return [
        checks.crediting(own, credited, registered), checks.overlap(own, others),
        checks.gap(own, before, begins), checks.last_day(own, last),
    ]


def forward_check(period: MonitoringPeriod) -> Check:
    """Whether every forward action request that the period inherits is closed, as of now."""
    return checks.forward([str(each) for each in inherited(period)])


def past(period: MonitoringPeriod) -> list[MonitoringReport]:
    """The last monitoring reports of the project's earlier periods, in order."""
    rows = MonitoringReport.objects.filter(
        period__project=period.project, period__number__lt=period.number
    )
    last = rows.order_by("period__number", "-version").distinct("period__number")
    return list(last.select_related("period"))


def estimated(frozen: MonitoringReport) -> Fraction:
    """The ex-ante estimate for the days of a report, from the design document that it rests on."""
    return activity.estimated(design_of(frozen).calculation, frozen.period.period)


def counted(period: MonitoringPeriod) -> int:
    """What a period comes to so far: certified, else claimed, in tonnes."""
    certified, claimed = period.certified_tonnes, period.claimed_tonnes
    return (claimed or 0) if certified is None else certified


def cap_check(frozen: MonitoringReport, tonnes: int) -> tuple[Check, int | None]:
    """Whether the project stays within small scale, and the most that can be certified if not."""
    period, design = frozen.period, design_of(frozen)
    project = period.project
    if project.scale != Project.Scale.SMALL:
        return Check("cap", True, "Large scale knows no limit."), None
    kind = str(frozen.content["methodology"]["code"]).removeprefix("AMS-").partition(".")[0]
    others = [
        (each.period, counted(each))
        for each in MonitoringPeriod.objects.filter(project=project).exclude(pk=period.pk)
    ]
    years = activity.years(design.calculation, (period.period, tonnes), others)
    if kind == "III":
        limit = small_scale.ER_YEAR
        rule = f"{limit.meaning}: {limit.value} t. {small_scale.LIMITS.capitalize()}. {SPREAD}"
        return checks.cap(years, limit=Fraction(limit.value), exceeded=False, rule=rule)
    if kind == "I":
        most = parameters.get("small_scale_mw", period.last_date)
        installed = exact(design.content.get("general", {}).get("installed_mw") or 0)
        return checks.cap(
            years, limit=None, exceeded=installed > parameters.as_share(most),
            rule=f"{checks.sourced(most)} {SPREAD}",
        )
    words = "The energy saved in a year does not stand in the report: hold its limit by hand."
    return Check("cap", None, words), None


def achieved_check(frozen: MonitoringReport, claimed: int, ours: int, on: date) -> Check:
    """What was claimed and recalculated beside the estimate for the same days."""
    most = parameters.get("estimate_explained_above", on)
    return checks.estimate(
        {"Claimed": claimed, "Recalculated": ours}, estimated(frozen), most,
        parameters.as_share(most),
    )


def activity_of(frozen: MonitoringReport, means: Iterable[str]) -> list[checks.Activity]:
    """What the report measured a day beside earlier periods of the project."""
    averages = tuple(means)
    here = activity.daily(frozen.content, averages)
    return activity.beside(
        here, [activity.daily(each.content, averages) for each in past(frozen.period)]
    )


def achieved(frozen: MonitoringReport, ours: int) -> list[Row]:
    """Each period up to this one: days, estimated, claimed, recalculated here, certified."""
    rows = []
    for each in (*past(frozen.period), frozen):
        period = each.period
        rows.append({
            "number": period.number, "first": period.first_date.isoformat(),
            "last": period.last_date.isoformat(),
            "estimated": activity.hundredths(estimated(each)),
            "claimed": each.claimed_tonnes,
            "recalculated": ours if each.pk == frozen.pk else None,
            "certified": period.certified_tonnes,
        })
    return rows


# What the DOE has said


def observations(verification: Verification) -> list[Observation]:
    """Everything that the DOE said of sampled records and of checks, in order."""
    return list(verification.observations.order_by("pk"))


def said(verification: Verification, run: VerificationRun) -> settling.Said:
    """What stands of it: of the records of the file and of the report that a run was about."""
    return settling.Said.of(
        observations(verification), upload=run.result.get("sample", {}).get("upload", 0),
        report=run.report_version,
    )


def unsettled(verification: Verification) -> list[str]:
    """What of the last recomputation the DOE has to settle before it can certify, in words."""
    run = verification.runs.filter(state=VerificationRun.State.DONE).order_by("-pk").first()
    return [] if run is None else settling.unsettled(run.result, said(verification, run))
