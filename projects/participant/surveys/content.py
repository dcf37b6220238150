"""The surveys of a period that count, and what each comes to. Nothing here writes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from projects.methodologies import surveys, units
from projects.methodologies.base import Aggregation, Parameter
from projects.methodologies.surveys import Estimate, Taken
from projects.methodologies.totals import Totals
from projects.models import MonitoringPeriod
from projects.participant.models import ReadingsFile
from projects.participant.surveys.models import Survey

Row = dict[str, Any]
SAID = {
    Taken.MEAN: "the mean, since the precision is reached",
    Taken.LOWER: "the lower bound, since the precision is not reached",
    Taken.UPPER: "the upper bound, since the precision is not reached",
}


def current(period: MonitoringPeriod) -> dict[str, Survey]:
    """The surveys that count, by parameter: the last version of each, unless that ended it."""
    found = period.surveys.select_related("document").order_by("symbol", "-number")
    return {
        each.symbol: each for each in found.distinct("symbol") if each.document_id is not None
    }


def surveyable(monitored: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """The monitored parameters that a survey can give: those that are averaged."""
    return tuple(each for each in monitored if each.aggregation is Aggregation.MEAN)


def estimate(survey: Survey, parameter: Parameter, scale: str) -> Estimate:
    """What a survey comes to."""
    values = list(survey.answers.values_list("value", flat=True))
    return surveys.estimate(values, survey.population, parameter, scale)


def estimates(
    period: MonitoringPeriod, monitored: Sequence[Parameter], scale: str
) -> dict[str, Estimate]:
    """What the surveys of a period come to, by parameter."""
    known = {each.symbol: each for each in surveyable(monitored)}
    return {
        symbol: estimate(survey, known[symbol], scale)
        for symbol, survey in current(period).items() if symbol in known
    }


def merged(
    shares: Sequence[Totals], found: Mapping[str, Estimate], monitored: Sequence[Parameter]
) -> tuple[Totals, ...]:
    """The totals of a period with the values that surveys give; each holds for the whole period."""
    known = {each.symbol: each.unit for each in monitored}
    return tuple(
        replace(
            share,
            values={**share.values, **{symbol: each.value for symbol, each in found.items()}},
            units={**share.units, **{symbol: known[symbol] for symbol in found}},
            readings={**share.readings, **{symbol: each.count for symbol, each in found.items()}},
            filled={**share.filled, **dict.fromkeys(found, 0)},
        )
        for share in shares
    )


def lacking(file: ReadingsFile, due: Sequence[str]) -> list[str]:
    """Of what a file tells neither readings nor gaps: it was made while a survey gave them."""
    kept = file.source.blocks if file.source else file.readings
    told = {gap["symbol"] for gap in file.gaps}
    told |= set(kept.order_by().values_list("symbol", flat=True).distinct())
    return [symbol for symbol in due if symbol not in told]


def shown(frozen: Sequence[Row]) -> list[Row]:
    """Frozen surveys with their numbers as numbers, for the pages."""
    numbers = ("mean", "deviation", "error", "errors", "margin", "value")
    return [
        each | {name: Decimal(each[name]) for name in numbers}
        | {"precision": Decimal(each["precision"]) if each["precision"] else None}
        for each in frozen
    ]


def rows(period: MonitoringPeriod, found: Mapping[str, Estimate]) -> list[Row]:
    """The surveys as they are frozen with a report; numbers are text."""
    kept = current(period)
    return [
        _row(kept[symbol], each) for symbol, each in found.items() if symbol in kept
    ]


def _row(survey: Survey, found: Estimate) -> Row:
    document = survey.document
    precision = found.precision
    return {
        "symbol": survey.symbol,
        "number": survey.number,
        "filename": document.filename if document else "",
        "sha256": document.blob_id if document else "",
        "document": survey.document_id,
        "count": found.count,
        "population": found.population,
        "mean": _shown(found.mean),
        "deviation": _shown(found.deviation),
        "error": _shown(found.error),
        "errors": units.plain(found.errors),
        "margin": _shown(found.margin),
        "precision": "" if precision is None else _shown(precision),
        "taken": found.taken.value,
        "said": SAID[found.taken],
        "value": units.plain(found.value),
        "source": surveys.SOURCE,
    }


def _shown(value: Decimal) -> str:
    """What is only shown, not calculated with: twelve decimals."""
    return units.plain(value.quantize(surveys.PLACES))
