"""Long series: sending a file, choosing treatments and columns. The worker's part: `importing`."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.uploads import kinds, names
from cdm_portal.values import Actor
from projects import access, locks
from projects.actions import file_document
from projects.lifecycle import NotNow
from projects.methodologies import tables
from projects.methodologies.intervals import Resolution
from projects.methodologies.series import headers, source
from projects.models import Document, MonitoringPeriod
from projects.participant import monitoring, queries, sections
from projects.participant.locks import imports_under_way, readings_import
from projects.participant.models import ColumnMapping, ReadingsImport, ReadingsTreatment
from projects.participant.series import content

TYPES = {
    ".csv": "text/csv", ".txt": "text/csv", ".tsv": "text/csv", ".xlsx": kinds.XLSX,
    ".parquet": "application/vnd.apache.parquet",
}
TIME = "timestamp"
State = ReadingsImport.State


def send_series(
    *, actor: Actor, at: datetime, period_id: int, filename: str, data: bytes, resolution: str
) -> ReadingsImport:
    """Keep a file of readings as it came, for a worker to check. One under way gives way to it.

    Raises NotFound, NotNow, Invalid at `resolution`, Unacceptable, UnreadableFile.
    """
    names.check(filename)
    ending = source.check(filename, data)
    if ending == ".xlsx":
        tables.check_workbook(data)
    if resolution not in content.RESOLUTIONS:
        raise Invalid.of("resolution", "Choose readings of a minute, a quarter, an hour or a day.")
    with transaction.atomic():
        period = _own(period_id, actor, at)
        for before in imports_under_way(period):
            before.fail()
            before.message, before.finished_at = "Another file was sent in its place.", at
            before.save(update_fields=["state", "message", "finished_at"])
        number = period.readings_files.count() + period.imports.count() + 1
        document = file_document(
            actor=actor, at=at, project=period.project, period=period, kind=Document.Kind.READINGS,
            title=f"Monitoring data, period {period.number}, upload {number}", filename=filename,
            media_type=TYPES[ending], data=data, version=number,
        )
        made: ReadingsImport = ReadingsImport.objects.create(
            period=period, document=document, resolution=resolution, queued_at=at,
            steps=steps(period, Resolution(resolution)),
        )
        record(
            "participant.send_series", actor=actor, subject=made, at=at,
            project=period.project.reference,
            facts={"period": period.number, "sha256": document.blob_id, "resolution": resolution},
        )
    return made


def steps(period: MonitoringPeriod, resolution: Resolution) -> int:
    """How many steps an import of the period has: rows, times, each column twice, the end."""
    return 3 + 2 * len(monitoring.columns(monitoring.plan_of(period), resolution))


def _own(period_id: int, actor: Actor, at: datetime) -> MonitoringPeriod:
    period: MonitoringPeriod = locks.period(period_id)
    if not access.owns(actor, period.project):
        raise NotFound("There is no such monitoring period.")
    if blocked := queries.why_not_report(period, at):
        raise NotNow(blocked)
    return period


def treat_faults(
    *, actor: Actor, at: datetime, import_id: int, choices: Mapping[str, str], reason: str
) -> list[ReadingsTreatment]:
    """Choose a treatment for every open group of faults, and say why; the import goes on.

    `choices` is {key of the group: treatment}. Raises NotFound, NotNow, Invalid.
    """
    said = sections.words("reason", reason, longest=500)
    with transaction.atomic():
        found = _held(import_id, actor, at, State.FAULTY)
        unsettled = {each["key"]: each["fault"] for each in found.faults if not each.get("choice")}
        if set(choices) != set(unsettled):
            raise Invalid.of("choices", "Choose a treatment for each kind of fault shown.")
        for key, choice in choices.items():
            if choice not in dict(content.offers(unsettled[key])):
                raise Invalid.of("choices", "That treatment is not on offer for the fault.")
        if not said:
            raise Invalid.of("reason", "Say why the readings are faulty.")
        made = ReadingsTreatment.objects.bulk_create(
            ReadingsTreatment(source=found, key=key, choice=choice, reason=said,
                              chosen_by=actor.name, chosen_at=at)
            for key, choice in choices.items()
        )
        _resume(found)
        record(
            "participant.treat_faults", actor=actor, subject=found, at=at,
            project=found.period.project.reference,
            facts={"period": found.period.number, "treatments": dict(choices)},
        )
    return made


def map_columns(
    *, actor: Actor, at: datetime, import_id: int, mapping: Mapping[str, str]
) -> list[ColumnMapping]:
    """Say which header of a file stands for which of the plan, for this file and later ones.

    `mapping` is {header of the file: header of the plan, like 'EG_export [kWh]'}. Raises NotFound,
    NotNow, Invalid at `mapping`.
    """
    with transaction.atomic():
        found = _held(import_id, actor, at, State.UNMAPPED)
        told = {header: due.strip() for header, due in mapping.items() if due.strip()}
        if not told or not set(told) <= set(found.headers):
            raise Invalid.of("mapping", "Choose columns of the file.")
        if len(set(told.values())) < len(told):
            raise Invalid.of("mapping", "Two columns of the file cannot be the same one.")
        _require_all_columns(found, told)
        made = [
            ColumnMapping.objects.update_or_create(
                project=found.period.project, header=header,
                defaults={"reads_as": due[:120], "set_by": actor.name, "set_at": at},
            )[0]
            for header, due in told.items()
        ]
        _resume(found)
        record(
            "participant.map_columns", actor=actor, subject=found, at=at,
            project=found.period.project.reference, facts={"columns": told},
        )
    return made


def _require_all_columns(found: ReadingsImport, told: Mapping[str, str]) -> None:
    """Pass if with these headers the file is read; or raise Invalid with what is still missing."""
    plan = monitoring.plan_of(found.period)
    known = {each.header: each.reads_as for each in found.period.project.column_mappings.all()}
    due = monitoring.columns(plan, Resolution(found.resolution))
    try:
        headers.sources(found.headers, due, {**known, **told})
    except headers.UnmappedColumns as refusal:
        raise Invalid.of("mapping", refusal.reason) from refusal


def _held(import_id: int, actor: Actor, at: datetime, state: str) -> ReadingsImport:
    ident = ReadingsImport.objects.filter(pk=import_id).values_list("period_id", flat=True).first()
    if ident is None:
        raise NotFound("There is no such import.")
    period = _own(ident, actor, at)
    found = readings_import(import_id)
    if found is None or found.state != state:
        raise NotNow("The import has gone on meanwhile: load the page again.")
    found.period = period
    return found


def _resume(found: ReadingsImport) -> None:
    found.resume()
    found.step, found.message, found.attempts = 0, "", 0
    found.save(update_fields=["state", "step", "message", "attempts"])
