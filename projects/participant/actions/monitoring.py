"""Stage 5: opening periods, uploading readings, settling gaps, freezing monitoring reports."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.uploads import kinds, names
from cdm_portal.values import Actor, Period
from projects import access, lifecycle, locks
from projects import queries as landing
from projects.actions import file_document
from projects.lifecycle import NotNow, Stage
from projects.methodologies import periods
from projects.methodologies.readings import (
    ParsedReadings,
    Resolution,
    RowProblem,
    Severity,
)
from projects.models import Document, MonitoringPeriod
from projects.participant import design, monitoring, papers, queries, reported, rows, sections
from projects.participant.actions import coverage
from projects.participant.instruments import content as instruments
from projects.participant.instruments import happened
from projects.participant.models import (
    AcceptedGap,
    MonitoringReport,
    Reading,
    ReadingsFile,
    StatedRows,
)
from projects.participant.surveys import content as surveyed

BATCH = 5_000
SHORT = {Resolution.HOUR, Resolution.DAY, Resolution.MONTH}
"""What is read row by row while the uploader waits; longer series go by `send_series`."""
TABLES = {".csv": "text/csv", ".txt": "text/csv", ".tsv": "text/csv", ".xlsx": kinds.XLSX}


class UnusableReadings(Invalid):
    """The table has errors, listed row by row in `problems`; nothing of it was kept."""

    code = "unusable_readings"

    def __init__(self, parsed: ParsedReadings) -> None:
        self.problems: Sequence[RowProblem] = parsed.problems
        self.problem_count = parsed.problem_count
        errors = [each for each in parsed.problems if each.severity is Severity.ERROR]
        first = errors[0]
        said = f"Row {first.row}, {first.column or 'first column'}: {first.message}."
        more = "" if len(errors) == 1 else f" {len(errors)} errors in all are listed below."
        then = "Nothing was kept: correct the file and try again."
        super().__init__({"file": [f"{said}{more} {then}"]})


def open_period(
    *, actor: Actor, at: datetime, project_id: int, first: date, last: date,
    component_ids: Sequence[int] = (),
) -> MonitoringPeriod:
    """Open the next monitoring period: right after the one before, inside one crediting period.

    That of a programme names the included components that it covers. Raises NotFound for another's
    project, NotNow before registration and after a crediting period that was not renewed, and
    Invalid at `first` or `last` for an overlap, a gap, or a day that cannot be credited, at
    `component_ids` for what cannot be covered.
    """
    with transaction.atomic():
        case = locks.project(project_id)
        if not access.owns(actor, case):
            raise NotFound("There is no such project.")
        if reason := queries.why_no_period(case):
            raise NotNow(reason)
        if last < first:
            raise Invalid.of("last", "The last day comes before the first.")
        previous = case.periods.order_by("-number").first()
        before = previous.period if previous else None
        due = monitoring.next_first_day(case, before)
        periods.check_monitoring_period(
            Period(first, last), crediting=monitoring.crediting_of(case, due), previous=before,
            last_er_date=monitoring.last_er_date(case),
        )
        if changed := landing.changed_within(case, first, last):
            raise Invalid.of(
                "last",
                f"A registered change applies from {changed:%-d %B %Y}: end this period the day "
                "before, so that it has one monitoring plan.",
            )
        covered = coverage.chosen(case, first, last, component_ids)
        period: MonitoringPeriod = MonitoringPeriod.objects.create(
            project=case, number=previous.number + 1 if previous else 1, first_date=first,
            last_date=last, opened_at=at,
        )
        coverage.cover(period, covered)
        record(
            "participant.open_period", actor=actor, subject=period, at=at, project=case.reference,
            facts={"number": period.number, "first": str(first), "last": str(last)}
            | ({"components": [each.number for each in covered]} if covered else {}),
        )
    return period


def upload_readings(
    *, actor: Actor, at: datetime, period_id: int, filename: str, data: bytes, resolution: str
) -> ReadingsFile:
    """Keep a table of readings: the file as it came, every value as a row, every gap by name.

    What was uploaded before stays on record; the last file counts. Raises NotFound, NotNow,
    Unacceptable for a deceiving name, UnreadableFile for what is no table, and UnusableReadings
    with every error of the table.
    """
    names.check(filename)
    seen = _own_period(period_id, actor)
    if resolution not in SHORT:
        raise Invalid.of("resolution", "Choose hourly, daily or monthly readings.")
    _require_open(seen, at)
    plan = monitoring.plan_of(seen)
    parsed = monitoring.parse(
        plan, seen, filename=filename, data=data, resolution=Resolution(resolution)
    )
    if not parsed.usable:
        raise UnusableReadings(parsed)
    if not parsed.rows:
        raise Invalid.of("file", "The table holds no readings of this period.")
    with transaction.atomic():
        period = locks.period(period_id)
        _require_open(period, at)
        file = _store(actor, at, period, plan, parsed, filename, data)
        record(
            "participant.upload_readings", actor=actor, subject=file, at=at,
            project=period.project.reference,
            facts={"period": period.number, "sha256": file.document.blob_id,
                   "readings": file.reading_count, "gaps": len(file.gaps)},
        )
    return file


def _own_period(period_id: int, actor: Actor) -> MonitoringPeriod:
    """The actor's own period, without a lock: a large table is parsed before rows are locked."""
    found: MonitoringPeriod | None = (
        MonitoringPeriod.objects.select_related("project").filter(pk=period_id).first()
    )
    if found is None or not access.owns(actor, found.project):
        raise NotFound("There is no such monitoring period.")
    return found


def _require_open(period: MonitoringPeriod, at: datetime) -> None:
    if blocked := queries.why_not_report(period, at):
        raise NotNow(blocked)


def _store(
    actor: Actor, at: datetime, period: MonitoringPeriod, plan: monitoring.Plan,
    parsed: ParsedReadings, filename: str, data: bytes,
) -> ReadingsFile:
    number = period.readings_files.count() + 1
    document = file_document(
        actor=actor, at=at, project=period.project, period=period, kind=Document.Kind.READINGS,
        title=f"Monitoring data, period {period.number}, upload {number}", filename=filename,
        media_type=TABLES[names.ending(filename)], data=data, version=number,
    )
    offset = plan.zone.utcoffset(None)
    file = ReadingsFile.objects.create(
        period=period, document=document, resolution=parsed.resolution.value,
        utc_offset_minutes=int(offset.total_seconds()) // 60, reading_count=len(parsed.rows),
        gaps=[monitoring.gap_row(gap) for gap in parsed.gaps],
        warnings=[{"row": each.row, "column": each.column, "message": each.message}
                  for each in parsed.problems],
        difference=monitoring.difference(
            plan, queries.current_file(period), parsed.resolution, parsed
        ),
        uploaded_at=at,
    )
    Reading.objects.bulk_create(
        (
            Reading(file=file, row_number=row.row_number, at=row.at, symbol=row.symbol,
                    value=row.value, unit=row.unit)
            for row in parsed.rows
        ),
        batch_size=BATCH,
    )
    return file


def accept_gap(
    *, actor: Actor, at: datetime, period_id: int, key: str, reason: str
) -> list[AcceptedGap]:
    """Accept how one gap is filled; see `accept_gaps`."""
    return accept_gaps(actor=actor, at=at, period_id=period_id, keys=[key], reason=reason)


def accept_gaps(
    *, actor: Actor, at: datetime, period_id: int, keys: Sequence[str], reason: str
) -> list[AcceptedGap]:
    """Accept that each of these gaps is filled against the own claim, and say why it is there; what
    events tell is a reason.

    Raises NotFound, NotNow, and Invalid for a key that is no open gap or without a reason.
    """
    said = sections.words("reason", reason, longest=500)
    with transaction.atomic():
        period = locks.period(period_id)
        if not access.owns(actor, period.project):
            raise NotFound("There is no such monitoring period.")
        _require_open(period, at)
        file = queries.current_file(period)
        unsettled = {gap["key"] for gap in queries.open_gaps(file)} if file else set()
        if file is None or not keys or not set(keys) <= unsettled:
            raise Invalid.of("keys", "Choose gaps of the readings uploaded last.")
        told = happened.reasons(period, file)
        if not said and not set(keys) <= set(told):
            raise Invalid.of("reason", "Say why the readings are missing.")
        accepted = AcceptedGap.objects.bulk_create(
            AcceptedGap(file=file, key=key, reason=said or told[key], accepted_by=actor.name,
                        accepted_at=at)
            for key in dict.fromkeys(keys)
        )
        record(
            "participant.accept_gaps", actor=actor, subject=file, at=at,
            project=period.project.reference, facts={"keys": sorted(set(keys))},
        )
    return accepted


def report_monitoring(*, actor: Actor, at: datetime, period_id: int) -> MonitoringReport:
    """Freeze the monitoring report: readings, calculation, claim, hash and PDF.

    The first version moves the period to verification. While the verification runs, and before an
    amount is certified, a revised version may follow; earlier ones are kept. Raises NotFound,
    NotNow (no readings, gaps or corrections not accepted, a calibration overdue, nothing changed,
    certified), Invalid.
    """
    with transaction.atomic():
        period = locks.period(period_id)
        if not access.owns(actor, period.project):
            raise NotFound("There is no such monitoring period.")
        _require_open(period, at)
        report = _freeze(actor, at, period)
        revised = period.stage == Stage.VERIFICATION
        period.report_version = report.version
        period.reported_at = at
        period.claimed_tonnes = report.claimed_tonnes
        if not revised:
            lifecycle.ask(period, "report", actor)
            period.report()
        period.save(update_fields=["stage", "report_version", "reported_at", "claimed_tonnes"])
        record(
            "participant.revise_report" if revised else "participant.report_monitoring",
            actor=actor, subject=report, at=at, project=period.project.reference,
            facts={"period": period.number, "version": report.version, "sha256": report.sha256,
                   "claimed": report.claimed},
        )
    return report


def state_rows(
    *, actor: Actor, at: datetime, period_id: int, symbol: str, stated: Sequence[rows.Row]
) -> StatedRows:
    """State the rows of a methodology's table for a period; those stated last count.

    Raises NotFound, NotNow, Invalid at `rows` for what the methodology cannot use, and for a cell
    that the design document fixes otherwise.
    """
    with transaction.atomic():
        period = locks.period(period_id)
        if not access.owns(actor, period.project):
            raise NotFound("There is no such monitoring period.")
        _require_open(period, at)
        plan = monitoring.plan_of(period)
        table = next((each for each in plan.tables if each.symbol == symbol), None)
        if table is None:
            raise Invalid.of("rows", f"{symbol} is no table of this methodology.")
        wrong = rows.faults(table, stated) or rows.unlike_design(
            table, plan.designed.get(symbol, ()), stated
        )
        if wrong:
            raise Invalid({"rows": wrong})
        kept = StatedRows.objects.create(
            period=period, symbol=symbol, rows=list(stated), stated_by=actor.name, stated_at=at
        )
        record(
            "participant.state_rows", actor=actor, subject=kept, at=at,
            project=period.project.reference,
            facts={"period": period.number, "symbol": symbol, "rows": len(kept.rows)},
        )
    return kept


def _settled_file(plan: monitoring.Plan, period: MonitoringPeriod) -> ReadingsFile | None:
    file = queries.current_file(period)
    if missing := monitoring.lacks(plan, period, file):
        raise NotNow(missing)
    if file is None:
        return None
    if unsettled := queries.open_gaps(file):
        raise NotNow(
            f"{len(unsettled)} gaps in the readings wait to be accepted; the first: "
            f"{unsettled[0]['symbol']} from {unsettled[0]['first']}."
        )
    due = monitoring.columns(plan, Resolution(file.resolution))
    if lacking := surveyed.lacking(file, [each.symbol for each in due]):
        raise NotNow(f"The readings lack {', '.join(lacking)}: upload a table with it.")
    if late := instruments.why_unsettled(period, due, Resolution(file.resolution)):
        raise NotNow(late)
    return file


def _freeze(
    actor: Actor, at: datetime, period: MonitoringPeriod
) -> MonitoringReport:
    plan = monitoring.plan_of(period)
    file = _settled_file(plan, period)
    result = monitoring.work_out(plan, period, file, carried=queries.carried(period))
    content = reported.content(plan, period, file, result)
    sha256 = design.digest(content)
    before = queries.latest_report(period)
    if before is not None and before.sha256 == sha256:
        raise NotNow(f"Nothing has changed since version {before.version}.")
    version = before.version + 1 if before else 1
    paper = papers.monitoring_report(
        period, version=version, content=content, sha256=sha256, at=at
    )
    document = file_document(
        actor=actor, at=at, project=period.project, period=period, kind=Document.Kind.MONITORING,
        title=f"Monitoring report, period {period.number}, version {version}",
        filename=f"{period.project.name}-monitoring-{period.number}-v{version}.pdf",
        media_type="application/pdf", data=paper, version=version,
        public=before.document.public if before else False,
    )
    return MonitoringReport.objects.create(
        period=period, version=version, readings_file=file, content=content,
        claimed=dict(result.claimed), sha256=sha256, document=document, reported_at=at,
    )
