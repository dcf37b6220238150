"""The recomputation of a monitoring report, in steps that survive the death of their worker.

A step is one transaction: it leaves its part in `result` and moves `step`. A worker holds a run by
a lease; when it dies the lease runs out and another worker takes the run up where it stood.
"""

import uuid
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction

from cdm_portal.journal.record import record
from cdm_portal.values import SYSTEM
from projects.doe import comparison, lateness, locks, queries, rawsums, recalculation, surveyed
from projects.doe.actions import auditing
from projects.doe.audit import differences
from projects.doe.audit.differences import Calculated
from projects.doe.comparison import Sums
from projects.doe.models import VerificationRun
from projects.doe.recalculation import Facts
from projects.doe.second import potentials
from projects.doe.second.sizes import CannotRecalculate
from projects.participant.models import MonitoringReport

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 5
TIMEOUT = "60s"


def take_run(*, at: datetime, run_id: int, lease: uuid.UUID) -> bool:
    """Take a run that is queued, or whose worker has been silent for the length of its lease.

    False when there is nothing to take: it is done, or another worker is at it.
    """
    with transaction.atomic():
        run = locks.run(run_id)
        if run is None or not _can_be_taken(run, at):
            return False
        if run.attempts >= MOST_ATTEMPTS:
            _fail(run, at, f"Stopped after {MOST_ATTEMPTS} attempts.")
            return False
        try:
            run.steps = len(recalculation.series_of(_facts(_report(run)))) + len(AFTER_SUMS)
        except CannotRecalculate as refusal:
            _fail(run, at, str(refusal))
            return False
        run.take()
        run.attempts += 1
        run.lease, run.leased_until = lease, at + LEASE
        run.save(update_fields=["state", "attempts", "lease", "leased_until", "steps"])
    return True


def _can_be_taken(run: VerificationRun, at: datetime) -> bool:
    if run.state == VerificationRun.State.RUNNING:
        return run.leased_until is None or run.leased_until <= at
    return bool(run.state == VerificationRun.State.QUEUED)


def recompute_step(*, at: datetime, run_id: int, lease: uuid.UUID) -> bool:
    """Do the next step of a run held by `lease`; whether more remains to be done.

    The steps: the sum of each measured parameter, the formulas, the sample, the comparison, the
    checks. What cannot be recomputed stops the run with the reason.
    """
    with transaction.atomic():
        run = locks.run(run_id)
        if run is None or run.state != VerificationRun.State.RUNNING or run.lease != lease:
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [TIMEOUT])
        try:
            _work(run)
        except CannotRecalculate as refusal:
            _fail(run, at, str(refusal))
            return False
        run.step += 1
        run.leased_until = at + LEASE
        if run.step >= run.steps:
            _finish(run, at)
            return False
        run.save(update_fields=["step", "leased_until", "result", "message"])
    return True


def recompute(*, run_id: int, at: datetime) -> VerificationRun:
    """Take a run and do all its steps; what the worker does, at one moment of time."""
    lease = uuid.uuid4()
    if take_run(at=at, run_id=run_id, lease=lease):
        while recompute_step(at=at, run_id=run_id, lease=lease):
            pass
    return VerificationRun.objects.get(pk=run_id)


def _work(run: VerificationRun) -> None:
    report = _report(run)
    facts = _facts(report)
    series = recalculation.series_of(facts)
    if run.step < len(series):
        each = series[run.step]
        source = queries.raw_source(report)
        raw = rawsums.raw_sums(source, each, dated=recalculation.dated(facts))
        found = lateness.corrected(source, each, raw)
        found = surveyed.instead(source, each, found, code=report.content["methodology"]["code"])
        rows = [
            asdict(row) | {"value": str(row.value), "measured": str(row.measured),
                           "correction": str(row.correction)}
            for row in found
        ]
        run.result.setdefault("sums", {})[each.symbol] = rows
        run.message = f"Summed the raw readings of {each.symbol}."
    else:
        AFTER_SUMS[run.step - len(series)](run, report, facts)


def _calculate(run: VerificationRun, report: MonitoringReport, facts: Facts) -> None:
    run.result["calculated"] = _calculated(report, facts, _sums(run))
    run.message = "Calculated the reductions from the sums."


def _calculated(report: MonitoringReport, facts: Facts, sums: Sums) -> Calculated:
    first = report.period.first_date
    part = potentials.set_of(first)
    return comparison.calculate(
        facts, sums, rows=queries.stated_rows(report),
        year=recalculation.year_of(queries.design_of(report).content, first),
        alone=part if recalculation.dated(facts) else potentials.issued_in(part),
    )


def _sums(run: VerificationRun) -> Sums:
    found: Sums = run.result.get("sums", {})
    return found


def _compare(run: VerificationRun, report: MonitoringReport, facts: Facts) -> None:
    claimed = comparison.claims(run.result["calculated"], queries.carried_into(report.period))
    content = report.content | {"claimed": report.claimed}
    run.result["claimed"] = claimed
    run.result["compared"] = comparison.compare(
        content, _sums(run), run.result["calculated"], claimed,
        recalculation.cells(facts, queries.stated_rows(report)),
    )
    run.result["differences"] = differences.found(
        content, _sums(run), run.result["calculated"], claimed, fixed=facts.fixed,
        again=partial(_calculated, report, facts),
    )
    count = len(run.differences)
    run.message = (
        f"{count} of {len(run.result['compared'])} figures differ." if count
        else f"All {len(run.result['compared'])} figures agree."
    )


AFTER_SUMS = (_calculate, auditing.sample, _compare, auditing.check)
"""The steps that follow the sums, in their order."""


def _report(run: VerificationRun) -> MonitoringReport:
    return queries.report(run.verification.period, run.report_version)


def _facts(report: MonitoringReport) -> Facts:
    return recalculation.facts_of(queries.design_of(report).content)


def _finish(run: VerificationRun, at: datetime) -> None:
    run.finish()
    run.finished_at = at
    run.save(update_fields=["state", "step", "leased_until", "result", "message", "finished_at"])
    auditing.note_unsettled(run.verification)
    _record("doe.finish_recompute", run, at, differences=len(run.differences))


def _fail(run: VerificationRun, at: datetime, reason: str) -> None:
    run.fail()
    run.message, run.finished_at = reason[:300], at
    run.save(update_fields=["state", "message", "finished_at"])
    _record("doe.fail_recompute", run, at, reason=run.message)


def _record(verb: str, run: VerificationRun, at: datetime, **facts: object) -> None:
    period = run.verification.period
    record(
        verb, actor=SYSTEM, subject=run, at=at, project=period.project.reference,
        facts={"period": period.number, **facts},
    )
