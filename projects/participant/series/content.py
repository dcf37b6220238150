"""What a series must be, its faults as they are stored and shown, what its blocks come to.

Nothing here writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from cdm_portal.values import Period
from projects.methodologies import intervals, readings, totals, units
from projects.methodologies.intervals import Resolution
from projects.methodologies.periods import Share
from projects.methodologies.readings import Column, Gap
from projects.methodologies.series.terms import (
    DOES,
    OFFERS,
    SAID,
    Choice,
    Fault,
    FaultGroup,
    Wanted,
)
from projects.methodologies.totals import Totals
from projects.models import MonitoringPeriod
from projects.participant.series.models import ReadingsBlock, ReadingsImport

Row = dict[str, Any]
AT_ONCE = 50
RESOLUTIONS = tuple(intervals.STEPS)


def wanted(
    columns: Sequence[Column], period: MonitoringPeriod, resolution: Resolution, zone: timezone,
    mapping: Mapping[str, str],
) -> Wanted:
    """What a file of readings of a period must be."""
    return Wanted(
        tuple(columns), period.first_date, period.last_date, resolution, zone, dict(mapping)
    )


def fault_row(group: FaultGroup) -> Row:
    """A group of faults as it is stored and shown."""
    return {
        "key": group.key, "fault": group.fault.value, "column": group.column,
        "count": group.count, "said": SAID[group.fault],
        "rows": [[each.row, each.text] for each in group.rows],
    }


def offers(fault: str) -> list[tuple[str, str]]:
    """The treatments on offer for a fault, with what each does."""
    return [(each.value, DOES[each]) for each in OFFERS[Fault(fault)]]


def does(choice: str) -> str:
    """What a treatment does, in words."""
    return DOES[Choice(choice)]


def totals_of(
    source: ReadingsImport, columns: Sequence[Column], gaps: Sequence[Gap],
    shares: Sequence[Share], zone: timezone,
) -> tuple[Totals, ...]:
    """The values of a series for each share of its period: whole numbers are summed, then the sum
    is converted once. Gaps are filled as `totals` says.
    """
    step = intervals.STEPS[Resolution(source.resolution)]
    spans = [_span(share.period, zone) for share in shares]
    found = {
        column.symbol: _sums(source, column, spans, step) for column in columns
    }
    return tuple(
        Totals(
            period=share.period, commitment_period=share.commitment_period,
            values={
                column.symbol: totals.filled(
                    column, *found[column.symbol][0][place],
                    _missing(gaps, column.symbol, spans[place], step), found[column.symbol][1],
                )
                for column in columns
            },
            units={column.symbol: column.unit for column in columns},
            readings={column.symbol: found[column.symbol][0][place][1] for column in columns},
            filled={
                column.symbol: _missing(gaps, column.symbol, spans[place], step)
                for column in columns
            },
        )
        for place, share in enumerate(shares)
    )


def _span(period: Period, zone: timezone) -> tuple[datetime, datetime]:
    midnight = datetime.min.time()
    first = datetime.combine(period.first, midnight, zone).astimezone(UTC)
    end = datetime.combine(period.last, midnight, zone).astimezone(UTC) + intervals.ONE_DAY
    return first, end


def _sums(
    source: ReadingsImport, column: Column, spans: Sequence[tuple[datetime, datetime]],
    step: timedelta,
) -> tuple[list[tuple[Decimal, int]], Decimal]:
    """Sum and count for each span, and the highest reading, in the column's unit."""
    sums, counts, highest, size = [0] * len(spans), [0] * len(spans), 0, (0, column.unit)
    blocks = source.blocks.filter(symbol=column.symbol).order_by("first_at")
    for block in blocks.iterator(chunk_size=AT_ONCE):
        size = block.decimals, block.unit
        for place, (first, end) in enumerate(spans):
            low = max(0, (first - block.first_at) // step)
            high = max(0, (end - block.first_at) // step)
            inside = [each for each in block.amounts[low:high] if each is not None]
            sums[place] += sum(inside)
            counts[place] += len(inside)
            highest = max(highest, max(inside, default=0))

    def amount(whole: int) -> Decimal:
        with units.arithmetic():
            return units.convert(Decimal(whole).scaleb(-size[0]), size[1], column.unit)

    made = [(amount(each), count) for each, count in zip(sums, counts, strict=True)]
    return made, amount(highest)


def _missing(
    gaps: Sequence[Gap], symbol: str, span: tuple[datetime, datetime], step: timedelta
) -> int:
    first, end = span
    return sum(
        max(0, (min(gap.last + step, end) - max(gap.first, first)) // step)
        for gap in gaps if gap.symbol == symbol
    )


def readings_of(
    source: ReadingsImport, columns: Sequence[Column]
) -> Iterator[readings.Reading]:
    """Every reading of a series, one by one, in the units of the plan."""
    due = {column.symbol: column.unit for column in columns}
    for block in source.blocks.order_by("first_at", "symbol").iterator(chunk_size=AT_ONCE):
        yield from _readings(block, due[block.symbol])


def _readings(block: ReadingsBlock, due: str) -> Iterator[readings.Reading]:
    step = timedelta(seconds=block.step_seconds)
    for place, (amount, row) in enumerate(zip(block.amounts, block.rows, strict=True)):
        if amount is not None:
            value = units.convert(Decimal(amount).scaleb(-block.decimals), block.unit, due)
            yield readings.Reading(
                row or 0, block.first_at + place * step, block.symbol, value, due
            )
