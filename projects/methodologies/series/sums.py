"""What the blocks of a series come to: whole numbers are summed, then each sum is converted once.

The portal sums the blocks that it keeps, `calculate` those of a file that it has just read.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import NamedTuple

from cdm_portal.values import Period
from projects.methodologies import intervals, totals, units
from projects.methodologies.periods import Share
from projects.methodologies.readings import Column, Gap
from projects.methodologies.totals import Totals

Span = tuple[datetime, datetime]


class Part(NamedTuple):
    """Consecutive readings from an instant on: whole numbers of 10^-`decimals` of `unit`, None
    where one is missing.
    """

    first_at: datetime
    unit: str
    decimals: int
    amounts: Sequence[int | None]


PartsOf = Callable[[Column], Iterable[Part]]
"""The readings of a column, in parts of one unit and one number of decimals."""


def totals_of(
    parts_of: PartsOf, columns: Sequence[Column], gaps: Sequence[Gap], shares: Sequence[Share],
    *, step: timedelta, zone: timezone,
) -> tuple[Totals, ...]:
    """The values of a series for each share of its period. Gaps are filled as `totals` says."""
    spans = [_span(share.period, zone) for share in shares]
    found = {column.symbol: _sums(parts_of(column), column, spans, step) for column in columns}
    return tuple(
        Totals(
            period=share.period, commitment_period=share.commitment_period,
            potentials=share.potentials,
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


def _span(period: Period, zone: timezone) -> Span:
    midnight = datetime.min.time()
    first = datetime.combine(period.first, midnight, zone).astimezone(UTC)
    end = datetime.combine(period.last, midnight, zone).astimezone(UTC) + intervals.ONE_DAY
    return first, end


def _sums(
    parts: Iterable[Part], column: Column, spans: Sequence[Span], step: timedelta
) -> tuple[list[tuple[Decimal, int]], Decimal]:
    """Sum and count for each span, and the highest reading, in the column's unit."""
    sums, counts, highest, size = [0] * len(spans), [0] * len(spans), 0, (0, column.unit)
    for part in parts:
        size = part.decimals, part.unit
        for place, (first, end) in enumerate(spans):
            low = max(0, (first - part.first_at) // step)
            high = max(0, (end - part.first_at) // step)
            inside = [each for each in part.amounts[low:high] if each is not None]
            sums[place] += sum(inside)
            counts[place] += len(inside)
            highest = max(highest, max(inside, default=0))

    def amount(whole: int) -> Decimal:
        with units.arithmetic():
            return units.convert(Decimal(whole).scaleb(-size[0]), size[1], column.unit)

    made = [(amount(each), count) for each, count in zip(sums, counts, strict=True)]
    return made, amount(highest)


def _missing(gaps: Sequence[Gap], symbol: str, span: Span, step: timedelta) -> int:
    first, end = span
    return sum(
        max(0, (min(gap.last + step, end) - max(gap.first, first)) // step)
        for gap in gaps if gap.symbol == symbol
    )
