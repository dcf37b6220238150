"""Surveys of a period: one uploaded in place of the one before, or ended."""

from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.uploads import names
from cdm_portal.values import Actor
from projects.actions import file_document
from projects.methodologies import readings, surveys
from projects.models import Document, MonitoringPeriod
from projects.participant import monitoring
from projects.participant.actions.events import TABLES, own_open_period
from projects.participant.models import Survey, SurveyAnswer
from projects.participant.surveys import content

MOST_UNITS = 10**9


def upload_survey(
    *, actor: Actor, at: datetime, period_id: int, symbol: str, population: int, filename: str,
    data: bytes,
) -> Survey:
    """Keep a survey that gives a parameter its value: the file as it came, every answer.

    `population`: how many units there are in all. Raises NotFound, NotNow, Unacceptable,
    UnreadableFile, UnusableRows with every error, Invalid at `symbol`, `population` or `file`.
    """
    names.check(filename)
    table = readings.read_table(filename, data)
    if not 0 < population <= MOST_UNITS:
        raise Invalid.of("population", f"Enter between 1 and {MOST_UNITS} units.")
    with transaction.atomic():
        period = own_open_period(period_id, actor, at)
        plan = monitoring.plan_of(period)
        known = content.surveyable(plan.methodology.monitored(plan.context))
        parameter = next((each for each in known if each.symbol == symbol), None)
        if parameter is None:
            raise Invalid.of("symbol", "Choose a parameter that is averaged over the period.")
        found = surveys.parse(table, parameter, period.period)
        values = [each.value for each in found]
        surveys.estimate(values, population, parameter, plan.methodology.scale)
        number = period.surveys.filter(symbol=symbol).count() + 1
        filed = file_document(
            actor=actor, at=at, project=period.project, period=period,
            kind=Document.Kind.READINGS, filename=filename, data=data, version=number,
            title=f"Survey of {symbol}, period {period.number}, version {number}",
            media_type=TABLES[names.ending(filename)],
        )
        made = _keep(actor, at, period, symbol, filed, population)
        SurveyAnswer.objects.bulk_create(
            (
                SurveyAnswer(survey=made, row_number=each.row, unit=each.unit,
                             asked_date=each.day, value=each.value)
                for each in found
            ),
            batch_size=5_000,
        )
    return made


def end_survey(*, actor: Actor, at: datetime, period_id: int, symbol: str) -> Survey:
    """Take a parameter from readings again; the survey stays on record. Raises NotFound, NotNow."""
    with transaction.atomic():
        period = own_open_period(period_id, actor, at)
        if symbol not in content.current(period):
            raise NotFound("There is no such survey.")
        return _keep(actor, at, period, symbol, None, 0)


def _keep(
    actor: Actor, at: datetime, period: MonitoringPeriod, symbol: str, filed: Document | None,
    population: int,
) -> Survey:
    made = Survey.objects.create(
        period=period, symbol=symbol, document=filed, population=population,
        number=period.surveys.filter(symbol=symbol).count() + 1, recorded_by=actor.name,
        recorded_at=at,
    )
    record(
        "participant.record_survey" if filed else "participant.end_survey", actor=actor,
        subject=made, at=at, project=period.project.reference,
        facts={"period": period.number, "symbol": symbol, "version": made.number}
        | ({"sha256": filed.blob_id} if filed else {}),
    )
    return made
