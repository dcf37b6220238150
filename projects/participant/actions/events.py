"""What happened at the plant in a period: a list uploaded, an event typed or taken out.

Each makes a new version of the list; earlier ones are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.uploads import kinds, names
from cdm_portal.values import Actor
from projects import access, locks
from projects.actions import file_document
from projects.lifecycle import NotNow
from projects.methodologies import events, readings
from projects.methodologies.events import Event, Kind, Within
from projects.methodologies.listed import UnusableRows
from projects.models import Document, MonitoringPeriod
from projects.participant import monitoring, queries, sections
from projects.participant.instruments import happened
from projects.participant.models import EventList, PlantEvent

TABLES = {".csv": "text/csv", ".txt": "text/csv", ".tsv": "text/csv", ".xlsx": kinds.XLSX}
BOXES = {"parameter": "symbol", "begin": "begins", "end": "ends"}
"""The columns of a list by the boxes of an event that is typed."""


@dataclass(frozen=True, slots=True)
class Typed:
    """An event as it is typed; moments without a zone are in the project's standard time."""

    kind: str
    begins: str
    ends: str
    symbol: str = ""
    note: str = ""


def upload_events(
    *, actor: Actor, at: datetime, period_id: int, filename: str, data: bytes
) -> EventList:
    """Keep a table of events in place of the list so far: the file as it came, every row.

    Raises NotFound, NotNow, Unacceptable, UnreadableFile, UnusableRows with every error.
    """
    names.check(filename)
    table = readings.read_table(filename, data)
    with transaction.atomic():
        period = own_open_period(period_id, actor, at)
        found = events.parse(table, within(period))
        number = period.event_lists.count() + 1
        filed = file_document(
            actor=actor, at=at, project=period.project, period=period,
            kind=Document.Kind.READINGS, filename=filename, data=data, version=number,
            title=f"Events, period {period.number}, version {number}",
            media_type=TABLES[names.ending(filename)],
        )
        return _keep(actor, at, period, found, filed)


def add_event(*, actor: Actor, at: datetime, period_id: int, typed: Typed) -> EventList:
    """Add one event to the list. Raises NotFound, NotNow, Invalid by box."""
    note = sections.words("note", typed.note, longest=events.LONGEST_NOTE)
    if typed.kind not in set(Kind):
        raise Invalid.of("kind", "Choose what happened.")
    with transaction.atomic():
        period = own_open_period(period_id, actor, at)
        limits = within(period)
        begins, ends = (_moment(box, getattr(typed, box), limits) for box in ("begins", "ends"))
        event = Event(Kind(typed.kind), typed.symbol, begins, ends, note)
        found = [*(happened.event_of(each) for each in happened.listed(period)), event]
        try:
            events.check(found, limits)
        except UnusableRows as refusal:
            raise Invalid({
                BOXES.get(each.column, each.column): [_sentence(each.message)]
                for each in refusal.problems
            }) from refusal
        return _keep(actor, at, period, found)


def _moment(box: str, text: str, limits: Within) -> datetime:
    try:
        return events.moment(text.strip(), limits)
    except ValueError as refusal:
        raise Invalid.of(box, _sentence(str(refusal))) from None


def _sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}."


def drop_event(*, actor: Actor, at: datetime, period_id: int, event_id: int) -> EventList:
    """Take one event out of the list. Raises NotFound, NotNow."""
    with transaction.atomic():
        period = own_open_period(period_id, actor, at)
        listed = happened.listed(period)
        if event_id not in {each.pk for each in listed}:
            raise NotFound("There is no such event in the list that counts.")
        left = [happened.event_of(each) for each in listed if each.pk != event_id]
        return _keep(actor, at, period, left)


def within(period: MonitoringPeriod) -> Within:
    """What an event of a period must be. Raises NotNow without a monitoring plan."""
    plan = monitoring.plan_of(period)
    symbols = {each.symbol for each in plan.methodology.monitored(plan.context)}
    return Within(period.period, plan.zone, symbols)


def own_open_period(period_id: int, actor: Actor, at: datetime) -> MonitoringPeriod:
    """The actor's own period, locked, while it can be reported. Raises NotFound, NotNow."""
    period: MonitoringPeriod = locks.period(period_id)
    if not access.owns(actor, period.project):
        raise NotFound("There is no such monitoring period.")
    if blocked := queries.why_not_report(period, at):
        raise NotNow(blocked)
    return period


def _keep(
    actor: Actor, at: datetime, period: MonitoringPeriod, found: Sequence[Event],
    filed: Document | None = None,
) -> EventList:
    made = EventList.objects.create(
        period=period, number=period.event_lists.count() + 1, document=filed,
        recorded_by=actor.name, recorded_at=at,
    )
    PlantEvent.objects.bulk_create(
        PlantEvent(
            source=made, row_number=each.row, kind=each.kind.value, symbol=each.symbol,
            begins_at=each.begins, ends_at=each.ends, note=each.note,
        )
        for each in found
    )
    record(
        "participant.record_events", actor=actor, subject=made, at=at,
        project=period.project.reference,
        facts={"period": period.number, "version": made.number, "events": len(found)}
        | ({"sha256": filed.blob_id} if filed else {}),
    )
    return made
