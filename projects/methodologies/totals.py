"""From readings to the values of a period, per commitment period, gaps filled against the claim.

A missing export counts as zero; a missing use of fuel or power as the highest one recorded in the
period (unverified, from general knowledge: missing data are treated conservatively). Nothing is
filled before the participant has accepted each gap by its key.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timezone
from decimal import Decimal

from cdm_portal.values import Period
from projects.methodologies import intervals, units
from projects.methodologies.inputs import Aggregation, Treatment
from projects.methodologies.periods import Share
from projects.methodologies.readings import Column, Gap, ParsedReadings, Reading

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Totals:
    """The values of the monitored parameters in one share of a monitoring period.

    `readings` counts what was measured, `filled` what stands in for missing readings.
    """

    period: Period
    commitment_period: int
    potentials: int | None
    values: Mapping[str, Decimal]
    units: Mapping[str, str]
    readings: Mapping[str, int]
    filled: Mapping[str, int]


def unaccepted(gaps: Sequence[Gap], accepted: Collection[str]) -> tuple[Gap, ...]:
    """The gaps whose treatment the participant has not accepted: a report cannot be frozen yet."""
    return tuple(gap for gap in gaps if gap.key not in accepted)


def totals(
    parsed: ParsedReadings, shares: Sequence[Share], *, zone: timezone = UTC
) -> tuple[Totals, ...]:
    """One set of values for each share of the monitoring period, with gaps filled.

    The caller has made sure that the data are usable and every gap is accepted.
    """
    by_symbol: dict[str, list[Reading]] = {column.symbol: [] for column in parsed.columns}
    for reading in parsed.rows:
        by_symbol[reading.symbol].append(reading)
    return tuple(_totals(parsed, share, by_symbol, zone) for share in shares)


def _totals(
    parsed: ParsedReadings,
    share: Share,
    by_symbol: Mapping[str, Sequence[Reading]],
    zone: timezone,
) -> Totals:
    due = intervals.Due.of(share.period.first, share.period.last, parsed.resolution, zone)
    first, last = due.beginnings[0], due.beginnings[-1]
    values, counts, filled = {}, {}, {}
    for column in parsed.columns:
        measured = by_symbol[column.symbol]
        inside = [reading.value for reading in measured if first <= reading.at <= last]
        missing = sum(
            _overlap(gap, due.beginnings) for gap in parsed.gaps if gap.symbol == column.symbol
        )
        highest = max((reading.value for reading in measured), default=ZERO)
        values[column.symbol] = _value(column, inside, missing, highest)
        counts[column.symbol] = len(inside)
        filled[column.symbol] = missing
    return Totals(
        period=share.period,
        commitment_period=share.commitment_period,
        potentials=share.potentials,
        values=values,
        units={column.symbol: column.unit for column in parsed.columns},
        readings=counts,
        filled=filled,
    )


def _overlap(gap: Gap, beginnings: Sequence[datetime]) -> int:
    if gap.last < beginnings[0] or gap.first > beginnings[-1]:
        return 0
    return sum(1 for beginning in beginnings if gap.first <= beginning <= gap.last)


def _value(column: Column, inside: Sequence[Decimal], missing: int, highest: Decimal) -> Decimal:
    with units.arithmetic():
        return filled(column, sum(inside, ZERO), len(inside), missing, highest)


def filled(column: Column, total: Decimal, count: int, missing: int, highest: Decimal) -> Decimal:
    """The value of a parameter whose `count` readings sum to `total`, with the missing filled."""
    stand_in = ZERO if column.treatment is Treatment.ZERO else highest
    with units.arithmetic():
        value = total + missing * stand_in
        if column.aggregation is Aggregation.MEAN:
            return value / max(1, count + missing)
        return value
