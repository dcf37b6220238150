"""What a series must be, its faults as they are stored and shown, what its blocks come to.

Nothing here writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta, timezone
from decimal import Decimal
from typing import Any

from projects.methodologies import intervals, readings, units
from projects.methodologies.intervals import Resolution
from projects.methodologies.periods import Share
from projects.methodologies.readings import Column, Gap
from projects.methodologies.series import sums
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


def treated(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Groups of faults that were treated, each with what its treatment does."""
    return [{**each, "does": does(each["choice"])} for each in rows]


def totals_of(
    source: ReadingsImport, columns: Sequence[Column], gaps: Sequence[Gap],
    shares: Sequence[Share], zone: timezone,
) -> tuple[Totals, ...]:
    """The values of a series for each share of its period, from the blocks that are kept."""

    def parts_of(column: Column) -> Iterator[sums.Part]:
        kept = source.blocks.filter(symbol=column.symbol).order_by("first_at")
        for block in kept.values_list("first_at", "unit", "decimals", "amounts").iterator(
            chunk_size=AT_ONCE
        ):
            yield sums.Part(*block)

    step = intervals.STEPS[Resolution(source.resolution)]
    return sums.totals_of(parts_of, columns, gaps, shares, step=step, zone=zone)


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
