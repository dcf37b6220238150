"""The worker's part of an import, in steps that survive the death of the worker.

The file is read and checked again from its kept bytes; blocks that were kept before a death stay.
A worker is ended by the task's time limit before its lease runs out, so that two never hold one.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

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


def import_series(*, at: datetime, import_id: int, lease: uuid.UUID) -> ReadingsImport:
    """Do all the steps of an import held by `lease`: read, check, keep, and let it count.

    It stops where faults wait for a treatment, or with the reason why it cannot be read.
    """
    found = ReadingsImport.objects.select_related("period__project", "document__blob").get(
        pk=import_id
    )
    try:
        _work(found, at, lease)
    except Lost:
        pass
    except UnmappedColumns as refusal:
        _stop(found, at, lease, refusal.reason, headers=refusal.headers)
    except Refused as refusal:
        _stop(found, at, lease, refusal.message)
    return ReadingsImport.objects.get(pk=import_id)


def _work(found: ReadingsImport, at: datetime, lease: uuid.UUID) -> None:
    plan = monitoring.plan_of(found.period)
    resolution = Resolution(found.resolution)
    mapping = {each.header: each.reads_as for each in found.period.project.column_mappings.all()}
    wanted = content.wanted(
        monitoring.columns(plan, resolution), found.period, resolution, plan.zone, mapping
    )
    chosen = {each.key: Choice(each.choice) for each in found.treatments.all()}

    def progress(step: int, said: str) -> None:
        _move(found, lease, step, said)

    with source.engine() as (made, folder):
        outcome, done = checking.check(
            made, folder, wanted, found.document.filename, bytes(found.document.blob.data), chosen,
            progress,
        )
        if outcome.open:
            _show(found, lease, outcome)
            return
        for number, each in enumerate(outcome.found):
            _keep(found, lease, done, number, each, wanted)
    _finish(found, at, lease, outcome, plan)


def _move(found: ReadingsImport, lease: uuid.UUID, step: int, said: str) -> None:
    """Tell how far it is, at once. Raises Lost if it is no longer this worker's."""
    with transaction.atomic():
        held = _held(found, lease)
        held.step, held.message = max(held.step, step), said
        held.save(update_fields=["step", "message"])


def _held(found: ReadingsImport, lease: uuid.UUID) -> ReadingsImport:
    held = readings_import(found.pk)
    if held is None or held.state != State.RUNNING or held.lease != lease:
        raise Lost
    return held


def _keep(
    found: ReadingsImport, lease: uuid.UUID, done: Check, number: int, each: Found, wanted: Wanted
) -> None:
    """Keep the readings of one parameter, unless they were kept before."""
    with transaction.atomic():
        held = _held(found, lease)
        if not held.blocks.filter(symbol=each.symbol).exists():
            ReadingsBlock.objects.bulk_create(
                (
                    ReadingsBlock(
                        source=held, symbol=block.symbol, unit=block.unit,
                        first_at=wanted.at(block.first_slot), decimals=block.decimals,
                        step_seconds=int(wanted.step.total_seconds()),
                        amounts=list(block.amounts), rows=list(block.rows),
                    )
                    for block in done.blocks(number)
                ),
                batch_size=100,
            )
        held.step = max(held.step, 3 + len(done.found) + number)
        held.message = f"Kept the readings of {each.symbol}."
        held.save(update_fields=["step", "message"])


def _show(found: ReadingsImport, lease: uuid.UUID, outcome: Outcome) -> None:
    """Leave the import with its faults to the participant."""
    with transaction.atomic():
        held = _held(found, lease)
        held.show()
        held.faults = [content.fault_row(group) for group in outcome.open] + [
            content.fault_row(group) | {"choice": choice.value} for group, choice in outcome.treated
        ]
        held.row_count, held.message = outcome.row_count, ""
        held.save(update_fields=["state", "faults", "row_count", "message"])


def _stop(
    found: ReadingsImport, at: datetime, lease: uuid.UUID, reason: str,
    headers: tuple[str, ...] = (),
) -> None:
    with transaction.atomic():
        held = readings_import(found.pk)
        if held is None or held.state != State.RUNNING or held.lease != lease:
            return
        if not headers:
            _fail(held, at, reason)
            return
        held.ask()
        held.headers, held.message = [each for each in headers if each], reason[:300]
        held.save(update_fields=["state", "headers", "message"])


def _finish(
    found: ReadingsImport, at: datetime, lease: uuid.UUID, outcome: Outcome, plan: monitoring.Plan
) -> None:
    """Let the readings count: the file of the period from now on."""
    with transaction.atomic():
        period = locks.period(found.period_id)
        held = _held(found, lease)
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
