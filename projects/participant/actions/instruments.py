"""Calibrations of meters recorded, and corrections for late ones accepted."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from cdm_portal import parameters
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.uploads import kinds
from cdm_portal.values import Actor
from projects import access, lifecycle, locks
from projects.actions import file_document
from projects.lifecycle import NotNow
from projects.methodologies import calibration
from projects.methodologies.intervals import Resolution
from projects.models import Document, MonitoringPeriod, Project
from projects.participant import monitoring, queries, sections
from projects.participant.actions.events import own_open_period
from projects.participant.instruments import asked, content
from projects.participant.models import AcceptedCorrection, Calibration

MOST_PERCENT = Decimal(100)
MOST_MONTHS = 240


@dataclass(frozen=True, slots=True)
class CalibrationTest:
    """What a certificate of calibration says; errors in per cent of the reading."""

    symbol: str
    meter: str
    done_date: date
    interval_months: int
    laboratory: str
    accuracy_class: str
    permissible_error: Decimal
    error_found: Decimal
    out_of_use: bool = False

    @property
    def due_date(self) -> date | None:
        """When the next one is due; None for a meter that was taken out of use."""
        if self.out_of_use:
            return None
        return calibration.next_due(self.done_date, self.interval_months)


def record_calibration(
    *, actor: Actor, at: datetime, project_id: int, test: CalibrationTest, filename: str,
    data: bytes, replaces_id: int | None = None,
) -> Calibration:
    """Record a calibration with its certificate, with `replaces_id` in place of a mistaken one.

    Raises NotFound, NotNow, Invalid by box, Unacceptable for the file.
    """
    most = parameters.number("upload_max_mb", at.date())
    media_type = kinds.media_type(filename, data, most_mb=most)
    with transaction.atomic():
        case = locks.project(project_id)
        if not access.owns(actor, case):
            raise NotFound("There is no such project.")
        if ended := lifecycle.ended(case):
            raise NotNow(f"{ended} Nothing more is monitored.")
        said = _checked(case, test, at)
        mistaken = _mistaken(case, said, replaces_id)
        filed = file_document(
            actor=actor, at=at, project=case, kind=Document.Kind.CALIBRATION,
            title=f"Calibration of {said.meter}, {said.done_date:%-d %B %Y}", filename=filename,
            media_type=media_type, data=data,
        )
        told = {name: value for name, value in asdict(said).items() if name != "out_of_use"}
        made = Calibration.objects.create(
            project=case, due_date=said.due_date, certificate=filed, replaces=mistaken,
            recorded_by=actor.name, recorded_at=at, **told,
        )
        record(
            "participant.record_calibration", actor=actor, subject=made, at=at,
            project=case.reference,
            facts={"meter": said.meter, "symbol": said.symbol, "done": str(said.done_date),
                   "sha256": filed.blob_id},
        )
    return made


def _checked(case: Project, test: CalibrationTest, at: datetime) -> CalibrationTest:
    """The same with its texts in order. Raises Invalid at each box that is wrong."""
    known = {each.symbol for each in asked.parameters(case)}
    conditions = {
        "symbol": (test.symbol in known, "Choose a parameter of the monitoring plan."),
        "done_date": (test.done_date <= at.date(), "That day has not come yet."),
        "interval_months": (
            1 <= test.interval_months <= MOST_MONTHS, f"Enter between 1 and {MOST_MONTHS} months."
        ),
        "permissible_error": (
            0 < test.permissible_error <= MOST_PERCENT,
            "Enter more than 0 and at most 100 per cent.",
        ),
        "error_found": (
            abs(test.error_found) <= MOST_PERCENT, "Enter between -100 and 100 per cent."
        ),
    }
    problems = {box: [said] for box, (holds, said) in conditions.items() if not holds}
    texts = {}
    for box, longest in (("meter", 80), ("laboratory", 200), ("accuracy_class", 40)):
        texts[box] = sections.words(box, getattr(test, box), longest=longest)
        if not texts[box]:
            problems[box] = ["Fill this in."]
    if problems:
        raise Invalid(problems)
    return CalibrationTest(**asdict(test) | texts)


def _mistaken(case: Project, test: CalibrationTest, replaces_id: int | None) -> Calibration | None:
    """The record that this one takes the place of. Raises Invalid for one that is not there, and
    for a second record of one test.
    """
    current = {each.pk: each for each in content.calibrations(case)}
    if replaces_id is not None and replaces_id not in current:
        raise Invalid.of("replaces", "Choose a record that counts now.")
    for each in current.values():
        same = (each.symbol, each.meter, each.done_date)
        if each.pk != replaces_id and same == (test.symbol, test.meter, test.done_date):
            raise Invalid.of("done_date", "The calibration of that day is recorded already.")
    return current[replaces_id] if replaces_id is not None else None


def accept_corrections(
    *, actor: Actor, at: datetime, period_id: int, keys: Sequence[str], reason: str
) -> list[AcceptedCorrection]:
    """Accept that the readings of these days count corrected, and say why calibration was late.

    Raises NotFound, NotNow, and Invalid for a key that is no open correction or without a reason.
    """
    said = sections.words("reason", reason, longest=500)
    with transaction.atomic():
        period = own_open_period(period_id, actor, at)
        if not keys or not set(keys) <= _open_keys(period):
            raise Invalid.of("keys", "Choose corrections that are shown here.")
        if not said:
            raise Invalid.of("reason", "Say why the calibration was late.")
        made = AcceptedCorrection.objects.bulk_create(
            AcceptedCorrection(
                period=period, key=key, reason=said, accepted_by=actor.name, accepted_at=at
            )
            for key in dict.fromkeys(keys)
        )
        record(
            "participant.accept_corrections", actor=actor, subject=period, at=at,
            project=period.project.reference, facts={"keys": sorted(set(keys))},
        )
    return made


def _open_keys(period: MonitoringPeriod) -> set[str]:
    file = queries.current_file(period)
    if file is None:
        return set()
    resolution = Resolution(file.resolution)
    due = monitoring.columns(monitoring.plan_of(period), resolution)
    found = content.corrections(period, due, resolution)
    return {each.key for each in content.unaccepted(period, found)}
