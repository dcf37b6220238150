"""The worker's part of an import, in steps that survive the death of the worker.

The file is read and checked again from its kept bytes; blocks that were kept before a death stay.
Each step finds the import held under the worker's own lease or stops: whoever was taken for dead
keeps nothing any more, so that two never hold one.
"""

import csv
import io
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection, transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Refused
from cdm_portal.values import SYSTEM
from projects import locks
from projects.methodologies.intervals import Resolution
from projects.methodologies.series import checking, source
from projects.methodologies.series.checking import Check
from projects.methodologies.series.headers import UnmappedColumns
from projects.methodologies.series.terms import Choice, Found, Outcome, Wanted
from projects.participant import monitoring, queries
from projects.participant.locks import readings_import
from projects.participant.models import (
    ReadingsBlock,
    ReadingsFile,
    ReadingsImport,
    ReadingsTreatment,
)
from projects.participant.series import content

LEASE = timedelta(seconds=100)
MOST_ATTEMPTS = 5
COPY = (
    f"COPY {ReadingsBlock._meta.db_table} (source_id, symbol, unit, first_at, step_seconds,"
    " decimals, amounts, rows) FROM STDIN (FORMAT csv)"
)
State = ReadingsImport.State


class Lost(RuntimeError):
    """Another file took the import's place, or another worker took it."""


def take_import(*, at: datetime, import_id: int, lease: uuid.UUID) -> bool:
    """Take an import that is queued, or whose worker has been silent for the length of its lease.

    False when there is nothing to take: it is done, or another worker is at it.
    """
    with transaction.atomic():
        found = readings_import(import_id)
        if found is None or not _can_be_taken(found, at):
            return False
        if found.attempts >= MOST_ATTEMPTS:
            _fail(found, at, f"Stopped after {MOST_ATTEMPTS} attempts.")
            return False
        found.take()
        found.attempts += 1
        found.lease, found.leased_until = lease, at + LEASE
        found.save(update_fields=["state", "attempts", "lease", "leased_until"])
    return True


def _can_be_taken(found: ReadingsImport, at: datetime) -> bool:
    if found.state == State.RUNNING:
        return found.leased_until is None or found.leased_until <= at
    return bool(found.state == State.QUEUED)


@dataclass(frozen=True, slots=True)
class Grip:
    """How a worker holds an import: the key of its lease, and the clock by which it renews it."""

    lease: uuid.UUID
    now: Callable[[], datetime]


def import_series(
    *, at: datetime, import_id: int, lease: uuid.UUID, now: Callable[[], datetime] | None = None
) -> ReadingsImport:
    """Do all the steps of an import held by `lease`: read, check, keep, and let it count.

    It stops where faults wait for a treatment, or with the reason why it cannot be read. Every step
    renews the lease by `now`, the moment `at` unless given, so that ten years take their time while
    a dead worker is noticed as soon as ever.
    """
    grip = Grip(lease, now or (lambda: at))
    found = ReadingsImport.objects.select_related("period__project", "document__blob").get(
        pk=import_id
    )
    try:
        _work(found, at, grip)
    except Lost:
        pass
    except UnmappedColumns as refusal:
        _stop(found, at, grip, refusal.reason, headers=refusal.headers)
    except Refused as refusal:
        _stop(found, at, grip, refusal.message)
    return ReadingsImport.objects.get(pk=import_id)


def _work(found: ReadingsImport, at: datetime, grip: Grip) -> None:
    plan = monitoring.plan_of(found.period)
    resolution = Resolution(found.resolution)
    mapping = {each.header: each.reads_as for each in found.period.project.column_mappings.all()}
    wanted = content.wanted(
        monitoring.columns(plan, resolution), found.period, resolution, plan.zone, mapping
    )
    chosen = {each.key: Choice(each.choice) for each in found.treatments.all()}

    def progress(step: int, said: str) -> None:
        _move(found, grip, step, said)

    with source.engine() as (made, folder):
        outcome, done = checking.check(
            made, folder, wanted, found.document.filename, bytes(found.document.blob.data), chosen,
            progress,
        )
        if outcome.open:
            _show(found, grip, outcome)
            return
        for number, each in enumerate(outcome.found):
            _keep(found, grip, done, number, each, wanted)
    _finish(found, at, grip, outcome, plan)


def _move(found: ReadingsImport, grip: Grip, step: int, said: str) -> None:
    """Tell how far it is, at once. Raises Lost if it is no longer this worker's."""
    with transaction.atomic():
        held = _held(found, grip)
        held.step, held.message = max(held.step, step), said
        held.leased_until = grip.now() + LEASE
        held.save(update_fields=["step", "message", "leased_until"])


def _held(found: ReadingsImport, grip: Grip) -> ReadingsImport:
    held = readings_import(found.pk)
    if held is None or held.state != State.RUNNING or held.lease != grip.lease:
        raise Lost
    return held


def _keep(
    found: ReadingsImport, grip: Grip, done: Check, number: int, each: Found, wanted: Wanted
) -> None:
    """Keep the readings of one parameter, unless they were kept before."""
    with transaction.atomic():
        held = _held(found, grip)
        if not held.blocks.filter(symbol=each.symbol).exists():
            _copy(held, each, done.written(number), wanted)
        held.step = max(held.step, 3 + len(done.found) + number)
        held.message = f"Kept the readings of {each.symbol}."
        held.leased_until = grip.now() + LEASE
        held.save(update_fields=["step", "message", "leased_until"])


def _copy(
    held: ReadingsImport, each: Found, blocks: Iterator[tuple[int, str, str]], wanted: Wanted
) -> None:
    """Write blocks as the texts that they are: two million numbers are not taken apart here."""
    with connection.cursor() as cursor:
        while some := list(islice(blocks, content.AT_ONCE)):
            lines = io.StringIO()
            csv.writer(lines).writerows(
                (held.pk, each.symbol, each.unit, wanted.at(slot).isoformat(),
                 int(wanted.step.total_seconds()), each.decimals, amounts, rows)
                for slot, amounts, rows in some
            )
            lines.seek(0)
            cursor.copy_expert(COPY, lines)


def _show(found: ReadingsImport, grip: Grip, outcome: Outcome) -> None:
    """Leave the import with its faults to the participant."""
    with transaction.atomic():
        held = _held(found, grip)
        held.show()
        held.faults = [content.fault_row(group) for group in outcome.open] + [
            content.fault_row(group) | {"choice": choice.value} for group, choice in outcome.treated
        ]
        held.row_count, held.message = outcome.row_count, ""
        held.save(update_fields=["state", "faults", "row_count", "message"])


def _stop(
    found: ReadingsImport, at: datetime, grip: Grip, reason: str,
    headers: tuple[str, ...] = (),
) -> None:
    with transaction.atomic():
        held = readings_import(found.pk)
        if held is None or held.state != State.RUNNING or held.lease != grip.lease:
            return
        if not headers:
            _fail(held, at, reason)
            return
        held.ask()
        held.headers, held.message = [each for each in headers if each], reason[:300]
        held.save(update_fields=["state", "headers", "message"])


def _finish(
    found: ReadingsImport, at: datetime, grip: Grip, outcome: Outcome, plan: monitoring.Plan
) -> None:
    """Let the readings count: the file of the period from now on."""
    with transaction.atomic():
        period = locks.period(found.period_id)
        held = _held(found, grip)
        if blocked := queries.why_not_report(period, at):
            _fail(held, at, blocked)
            return
        chosen = {each.key: each for each in held.treatments.all()}
        file = ReadingsFile.objects.create(
            period=period, document=held.document, source=held, resolution=held.resolution,
            utc_offset_minutes=int(plan.zone.utcoffset(None).total_seconds()) // 60,
            reading_count=sum(each.count for each in outcome.found),
            gaps=[monitoring.gap_row(gap) for gap in outcome.gaps],
            warnings=[{"row": 1, "column": "", "message": note} for note in outcome.notes],
            treated=[_treated(group, chosen) for group in (
                content.fault_row(group) for group, _ in outcome.treated
            )],
            difference=monitoring.difference(
                plan, queries.current_file(period), Resolution(held.resolution), held
            ),
            uploaded_at=at,
        )
        held.finish()
        held.step, held.finished_at, held.row_count = held.steps, at, outcome.row_count
        held.message = f"Kept {file.reading_count:,} readings."
        held.save(update_fields=["state", "step", "finished_at", "row_count", "message"])
        record(
            "participant.finish_import", actor=SYSTEM, subject=file, at=at,
            project=period.project.reference,
            facts={"period": period.number, "sha256": file.document.blob_id,
                   "readings": file.reading_count, "gaps": len(file.gaps)},
        )


def _treated(row: content.Row, chosen: Mapping[str, ReadingsTreatment]) -> content.Row:
    treatment = chosen[row["key"]]
    return row | {
        "choice": treatment.choice, "reason": treatment.reason, "by": treatment.chosen_by,
        "at": treatment.chosen_at.isoformat(),
    }


def _fail(found: ReadingsImport, at: datetime, reason: str) -> None:
    found.fail()
    found.message, found.finished_at = reason[:300], at
    found.save(update_fields=["state", "message", "finished_at"])
    record(
        "participant.fail_import", actor=SYSTEM, subject=found, at=at,
        project=found.period.project.reference,
        facts={"period": found.period.number, "reason": found.message},
    )
