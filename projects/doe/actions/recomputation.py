"""The recomputation of a monitoring report, in steps that survive the death of their worker.

A step is one transaction: it leaves its part in `result` and moves `step`. A worker holds a run by
a lease; when it dies the lease runs out and another worker takes the run up where it stood.
"""

import uuid
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import connection, transaction

from cdm_portal.journal.record import record
from cdm_portal.values import SYSTEM
from projects.doe import comparison, locks, queries, rawsums, recalculation
from projects.doe.models import VerificationRun
from projects.doe.recalculation import Facts
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
            run.steps = len(recalculation.series_of(_facts(_report(run)))) + 2
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

    The steps: the sum of each measured parameter, the formulas, the comparison. What cannot be
    recomputed stops the run with the reason.
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
        found = rawsums.raw_sums(queries.raw_source(report), each)
        rows = [
            asdict(row) | {"value": str(row.value), "measured": str(row.measured)} for row in found
        ]
        run.result.setdefault("sums", {})[each.symbol] = rows
        run.message = f"Summed the raw readings of {each.symbol}."
    elif run.step == len(series):
        run.result["calculated"] = comparison.calculate(facts, run.result["sums"])
        run.message = "Calculated the reductions from the sums."
    else:
        _compare(run, report)


def _compare(run: VerificationRun, report: MonitoringReport) -> None:
    claimed = comparison.claims(run.result["calculated"], queries.carried_into(report.period))
    run.result["claimed"] = claimed
    run.result["compared"] = comparison.compare(
        report.content | {"claimed": report.claimed}, run.result["sums"],
        run.result["calculated"], claimed,
    )
    count = len(run.differences)
    run.message = (
        f"{count} of {len(run.result['compared'])} figures differ." if count
        else f"All {len(run.result['compared'])} figures agree."
    )


def _report(run: VerificationRun) -> MonitoringReport:
    return queries.report(run.verification.period, run.report_version)


def _facts(report: MonitoringReport) -> Facts:
    return recalculation.facts_of(queries.design_of(report).content)


def _finish(run: VerificationRun, at: datetime) -> None:
    run.finish()
    run.finished_at = at
    run.save(update_fields=["state", "step", "leased_until", "result", "message", "finished_at"])
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
