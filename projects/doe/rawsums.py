"""Sums of the raw readings, made by the database from its own rows: no file is parsed again.

Everything is numeric arithmetic in SQL; times are the project's standard time as stored with the
readings. A reading belongs to the commitment period of its day (the border is a rule parameter).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm

from django.db import connection

from cdm_portal import parameters
from projects.doe.recalculation import Series
from projects.doe.second.sizes import SIZE_OF, CannotRecalculate

Row = tuple[int, int, int, Decimal, Decimal, int, int]

STEPS = {
    "minute": "1 minute", "quarter": "15 minutes", "hour": "1 hour", "day": "1 day",
    "month": "1 month",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Which readings to sum: a file, the period's days, its resolution and standard time."""

    file_id: int
    first: date
    last: date
    resolution: str
    utc_offset_minutes: int


@dataclass(frozen=True, slots=True)
class RawSum:
    """A parameter in one commitment period, in its due unit; `value` has the gaps filled."""

    commitment_period: int
    value: Fraction
    measured: Fraction
    readings: int
    missing: int


SUMS = """
WITH unit(given, numerator) AS (
  SELECT * FROM unnest(%(given)s::text[], %(numerators)s::numeric[])
), reading AS (
  SELECT (r.at AT TIME ZONE 'UTC') + make_interval(mins => %(offset)s) AS local_at,
         r.value * u.numerator AS scaled, true AS here
  FROM participant_reading r LEFT JOIN unit u ON u.given = r.unit
  WHERE r.file_id = %(file)s AND r.symbol = %(symbol)s
  UNION ALL
  SELECT (b.first_at AT TIME ZONE 'UTC') + make_interval(mins => %(offset)s)
           + (each.place - 1) * make_interval(secs => b.step_seconds),
         each.amount * ('1e-' || b.decimals)::numeric * u.numerator, true
  FROM participant_readingsfile f
  JOIN participant_readingsblock b ON b.source_id = f.source_id AND b.symbol = %(symbol)s
  CROSS JOIN LATERAL unnest(b.amounts) WITH ORDINALITY AS each(amount, place)
  LEFT JOIN unit u ON u.given = b.unit
  WHERE f.id = %(file)s AND each.amount IS NOT NULL
), due AS (
  SELECT greatest(each, %(first)s::timestamp) AS local_at
  FROM generate_series(
    CASE %(step)s WHEN '1 month' THEN date_trunc('month', %(first)s::timestamp)
                  ELSE %(first)s::timestamp END,
    %(last)s::timestamp + interval '1 day' - interval '1 second', %(step)s::interval) AS each
)
SELECT CASE WHEN local_at::date <= %(border)s THEN 1 ELSE 2 END AS commitment_period,
       count(*) FILTER (WHERE here) AS present,
       count(*) FILTER (WHERE here IS NULL) AS missing,
       coalesce(sum(scaled), 0) AS total,
       (SELECT coalesce(max(scaled), 0) FROM reading) AS highest,
       count(*) FILTER (WHERE due IS NULL) AS misplaced,
       count(*) FILTER (WHERE here AND scaled IS NULL) AS unknown
FROM due FULL JOIN reading USING (local_at)
GROUP BY 1 ORDER BY 1
"""


def raw_sums(source: Source, series: Series) -> list[RawSum]:
    """What a parameter's readings come to in each commitment period, gaps filled as the rule says:
    with zero or with the highest reading of the file.

    Raises CannotRecalculate for a reading in an unknown unit or outside the due intervals.
    """
    sizes = {series.unit: Fraction(1), **SIZE_OF.get(series.unit, {})}
    scale = lcm(*(size.denominator for size in sizes.values()))
    with connection.cursor() as cursor:
        cursor.execute(SUMS, {
            "given": list(sizes),
            "numerators": [int(size * scale) for size in sizes.values()],
            "offset": source.utc_offset_minutes, "file": source.file_id, "symbol": series.symbol,
            "first": source.first, "last": source.last, "step": STEPS[source.resolution],
            "border": parameters.day("first_period_ends"),
        })
        return [_raw_sum(series, scale, row) for row in cursor.fetchall()]


def _raw_sum(series: Series, scale: int, row: Row) -> RawSum:
    commitment_period, present, missing, total, highest, misplaced, unknown = row
    if misplaced or unknown:
        raise CannotRecalculate(
            f"{series.symbol}: {misplaced} readings outside the due intervals, "
            f"{unknown} in a unit that is not understood."
        )
    measured = Fraction(total) / scale
    stand_in = Fraction(0) if series.gap_zero else Fraction(highest) / scale
    value = measured + missing * stand_in
    if series.mean:
        value /= max(1, present + missing)
    return RawSum(commitment_period, value, measured, present, missing)
