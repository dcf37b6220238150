"""The calibrations of a project as they count, and the corrections of a period with their effect.

Nothing here writes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from cdm_portal.values import Period
from projects.methodologies import calibration, units
from projects.methodologies.base import Aggregation, Treatment
from projects.methodologies.calibration import Checked, Correction, Delay
from projects.methodologies.intervals import Resolution
from projects.methodologies.periods import Share
from projects.methodologies.readings import Column
from projects.methodologies.totals import Totals
from projects.models import MonitoringPeriod, Project
from projects.participant.instruments.models import Calibration

Row = dict[str, Any]
Measure = Callable[[Sequence[Column], Sequence[Share]], Sequence[Totals]]
"""The totals of some columns over some days."""
WITHIN = "Maximum permissible error: the late test found no more"
BEYOND = "Error found by the late test: it is beyond the maximum permissible error"


@dataclass(frozen=True, slots=True)
class Applied:
    """A correction in one commitment period: the sum it was applied to, and what it changes.

    `measured` and `effect` are in the unit of the column; where that is averaged, the effect is
    that on the mean.
    """

    correction: Correction
    share: Share
    unit: str
    readings: int
    measured: Decimal
    effect: Decimal


def calibrations(project: Project) -> list[Calibration]:
    """The calibrations that count: those whose place no other took; by parameter, meter, day."""
    return list(
        Calibration.objects.filter(project=project, replaced_by=None)
        .select_related("certificate")
        .defer("certificate__blob__data")
    )


def checked(project: Project) -> list[Checked]:
    """The same as the rule asks for them."""
    return [
        Checked(each.pk, each.symbol, each.meter, each.done_date, each.due_date,
               each.permissible_error.normalize(), each.error_found.normalize())
        for each in calibrations(project)
    ]


def delays(period: MonitoringPeriod) -> tuple[Delay, ...]:
    """The delays of calibration that touch a monitoring period."""
    return calibration.delays(checked(period.project), period.period)


def corrections(
    period: MonitoringPeriod, columns: Sequence[Column], resolution: Resolution
) -> tuple[Correction, ...]:
    """What is corrected in a period for late calibrations."""
    return calibration.corrections(delays(period), columns, period.period, resolution)


def applied(
    found: Sequence[Correction], columns: Sequence[Column], shares: Sequence[Totals],
    measure: Measure,
) -> tuple[Applied, ...]:
    """Each correction in each commitment period that it touches."""
    known = {column.symbol: column for column in columns}
    pieces = [
        (each, Share(cut, share.commitment_period, share.potentials), share)
        for each in found for share in shares if (cut := _cut(each.days, share.period))
    ]
    if not pieces:
        return ()
    adding = [
        replace(known[symbol], aggregation=Aggregation.SUM, treatment=Treatment.ZERO)
        for symbol in dict.fromkeys(each.symbol for each in found)
    ]
    sums = measure(adding, [share for _, share, _ in pieces])
    return tuple(
        _applied(each, share, whole, known[each.symbol], total)
        for (each, share, whole), total in zip(pieces, sums, strict=True)
    )


def _cut(days: Period, within: Period) -> Period | None:
    first, last = max(days.first, within.first), min(days.last, within.last)
    return Period(first, last) if first <= last else None


def _applied(
    each: Correction, share: Share, whole: Totals, column: Column, total: Totals
) -> Applied:
    measured = total.values[each.symbol]
    with units.arithmetic():
        effect = measured * (each.factor - 1)
        if column.aggregation is Aggregation.MEAN:
            effect /= max(1, whole.readings[each.symbol] + whole.filled[each.symbol])
    return Applied(each, share, column.unit, total.readings[each.symbol], measured, effect)


def corrected(shares: Sequence[Totals], found: Sequence[Applied]) -> tuple[Totals, ...]:
    """The totals with the effects of all corrections."""
    made = []
    for share in shares:
        values = dict(share.values)
        with units.arithmetic():
            for each in found:
                if share.period.contains(each.share.period):
                    values[each.correction.symbol] += each.effect
        made.append(replace(share, values=values))
    return tuple(made)


def row(each: Applied, accepted: Mapping[str, Any]) -> Row:
    """A correction as it is frozen and shown; numbers are text, days ISO."""
    found = accepted.get(each.correction.key)
    return {
        "key": each.correction.key,
        "symbol": each.correction.symbol,
        "unit": each.unit,
        "commitment_period": each.share.commitment_period,
        "first": each.share.period.first.isoformat(),
        "last": each.share.period.last.isoformat(),
        "error": units.plain(each.correction.error),
        "factor": units.plain(each.correction.factor),
        "readings": each.readings,
        "measured": units.plain(each.measured),
        "effect": units.plain(each.effect),
        "delays": [_delay(delay) for delay in each.correction.delays],
        "reason": found.reason if found else "",
        "by": found.accepted_by if found else "",
        "source": calibration.SOURCE,
    }


def _delay(each: Delay) -> Row:
    test = each.test
    return {
        "meter": each.meter,
        "due": each.due.isoformat(),
        "done": test.done.isoformat() if test else "",
        "calibration": test.ident if test else None,
        "basis": "" if test is None else BEYOND if test.beyond else WITHIN,
    }


def shown(rows: Sequence[Row]) -> list[Row]:
    """Frozen corrections with their days as days and numbers as numbers, for the pages."""
    return [
        each | {
            "first": date.fromisoformat(each["first"]), "last": date.fromisoformat(each["last"]),
            "measured": Decimal(each["measured"]), "effect": Decimal(each["effect"]),
            "delays": [
                delay | {"due": date.fromisoformat(delay["due"]),
                         "done": date.fromisoformat(delay["done"])}
                for delay in each["delays"]
            ],
        }
        for each in rows
    ]


def why_unsettled(
    period: MonitoringPeriod, columns: Sequence[Column], resolution: Resolution
) -> str:
    """Why the calibrations keep a report from being frozen; empty if they do not."""
    found = delays(period)
    if late := calibration.overdue(found):
        first = late[0]
        return (
            f"The meter {first.meter} of {first.symbol} was to be calibrated by "
            f"{first.due:%-d %B %Y}: record the calibration before the report is frozen."
        )
    made = calibration.corrections(found, columns, period.period, resolution)
    if left := unaccepted(period, made):
        return (
            f"Corrections for late calibration wait to be accepted: {len(left)}; the first: "
            f"{left[0].symbol} from {left[0].days.first:%-d %B %Y}."
        )
    return ""


def unaccepted(period: MonitoringPeriod, found: Sequence[Correction]) -> tuple[Correction, ...]:
    """The corrections that the participant has not accepted yet."""
    accepted = set(period.accepted_corrections.values_list("key", flat=True))
    return tuple(each for each in found if each.key not in accepted)
