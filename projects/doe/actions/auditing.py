"""The steps of a recomputation that are no arithmetic: the sample for the DOE, and the checks."""

from datetime import date
from fractions import Fraction

from cdm_portal import formats, parameters
from projects.doe import locks, queries, recalculation, records
from projects.doe.audit import checks, sampling
from projects.doe.models import Verification, VerificationRun
from projects.doe.recalculation import Facts
from projects.models import Project
from projects.participant.models import MonitoringReport


def sample(run: VerificationRun, report: MonitoringReport, facts: Facts) -> None:
    """Draw the records that the DOE holds against their evidence."""
    file = report.readings_file
    if file is None:
        run.message = "There are no readings to sample: the report rests on rows of tables."
        return
    source = queries.raw_source(report)
    sha256 = str(report.content["readings"]["sha256"])
    blocks = records.blocks_of(source)
    rule = sampling.rule(
        records.population(source, blocks), sampling.seed(sha256, file.stamped_at),
        small=report.period.project.scale == Project.Scale.SMALL, on=_today(run),
    )
    drawn = sampling.draw(rule.seed, rule.population, rule.size)
    found = records.with_named(
        records.looked_at(source, blocks, drawn, rule.most_named),
        report.content.get("treated", ()), file.warnings, rule.most_named,
    )
    run.result["sample"] = {
        "upload": file.document.version, "sha256": sha256,
        "kept_at": sampling.moment(file.stamped_at),
        "seed": rule.seed, "population": rule.population, "size": rule.size,
        "words": sampling.words(rule), "sources": list(rule.sources), "records": found,
    }
    run.message = (
        f"Drew {formats.tonnes(rule.size)} of {formats.tonnes(rule.population)} readings for the "
        "DOE."
    )


def check(run: VerificationRun, report: MonitoringReport, facts: Facts) -> None:
    """Hold the period to its rules; the message of the comparison stays the run's last word."""
    period, on = report.period, _today(run)
    ours = sum(run.result["claimed"].values())
    means = [each.symbol for each in recalculation.series_of(facts) if each.mean]
    beyond = parameters.get("history_explained_beyond", on)
    cap, most = queries.cap_check(report, ours)
    found = [
        *queries.period_checks(period), cap, queries.forward_check(period),
        checks.figures(len(run.differences), len(run.result["compared"])),
        queries.achieved_check(report, report.claimed_tonnes, ours, on),
        checks.history(
            queries.activity_of(report, means), beyond, Fraction(parameters.as_share(beyond))
        ),
    ]
    run.result["checks"] = [each.as_row() for each in found]
    run.result["cap"] = most
    run.result["achieved"] = queries.achieved(report, ours)


def _today(run: VerificationRun) -> date:
    """The day whose numbers of the rules are applied: that on which the run was asked for."""
    day: date = run.queued_at.date()
    return day


def note_unsettled(verification: Verification) -> None:
    """Note what the DOE has to settle after a recomputation of an open verification."""
    held = locks.recomputed(verification.pk)
    if held.decided_at is None:
        held.unsettled = queries.unsettled(held)
        held.save(update_fields=["unsettled"])
