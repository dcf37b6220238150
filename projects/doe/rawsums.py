"""Sums of the raw readings, made by the database from its own rows: no file is parsed again.

Everything is numeric arithmetic in SQL; times are the project's standard time as stored with the
readings. A reading belongs to the commitment period of its day, and where a global warming
potential enters to the set of its day (the borders are rule parameters).
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from django.db import connection

from projects.doe.recalculation import Series
from projects.doe.second.potentials import LAST_DAYS, issued_in
from projects.doe.second.sizes import SIZE_OF, CannotRecalculate

Row = tuple[int, int, int, Decimal, Decimal, int, int]

STEPS = {
    "minute": "1 minute", "quarter": "15 minutes", "hour": "1 hour", "day": "1 day",
    "month": "1 month",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Which readings to sum: a file, the period's days, its resolution and standard time.

    Calibrations count as they were recorded at `as_of`, when the report was frozen; None: now.
    """

    file_id: int
    first: date
    last: date
    resolution: str
    utc_offset_minutes: int
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class RawSum:
    """A parameter in one commitment period, in its due unit; `value` has the gaps filled.

    `potentials`: its set of global warming potentials, of which one commitment period has several.
    `correction` is what late calibrations changed of it.
    """

    commitment_period: int
    value: Fraction
    measured: Fraction
    readings: int
    missing: int
    potentials: int | None = None
    correction: Fraction = Fraction(0)


READINGS = """
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
"""
SUMS = READINGS + """
), due AS (
  SELECT greatest(each, %(first)s::timestamp) AS local_at
  FROM generate_series(
    CASE %(step)s WHEN '1 month' THEN date_trunc('month', %(first)s::timestamp)
                  ELSE %(first)s::timestamp END,
    %(last)s::timestamp + interval '1 day' - interval '1 second', %(step)s::interval) AS each
)
SELECT CASE WHEN local_at::date <= %(border)s THEN 1
            WHEN local_at::date <= %(later)s THEN 2 ELSE 3 END AS part,
       count(*) FILTER (WHERE here) AS present,
       count(*) FILTER (WHERE here IS NULL) AS missing,
       coalesce(sum(scaled), 0) AS total,
       (SELECT coalesce(max(scaled), 0) FROM reading) AS highest,
       count(*) FILTER (WHERE due IS NULL) AS misplaced,
       count(*) FILTER (WHERE here AND scaled IS NULL) AS unknown
FROM due FULL JOIN reading USING (local_at)
GROUP BY 1 ORDER BY 1
"""  # noqa: S608 # our own text


def raw_sums(source: Source, series: Series, *, dated: bool = False) -> list[RawSum]:
    """What a parameter's readings come to in each commitment period, gaps filled as the rule says:
    with zero or with the highest reading of the file. `dated`: under each set of potentials.

    Raises CannotRecalculate for a reading in an unknown unit or outside the due intervals.
    """
    given, scale = scaling(series)
    with connection.cursor() as cursor:
        cursor.execute(SUMS, given | {
            "offset": source.utc_offset_minutes, "file": source.file_id, "symbol": series.symbol,
            "first": source.first, "last": source.last, "step": STEPS[source.resolution],
            "border": LAST_DAYS[0], "later": LAST_DAYS[1] if dated else date.max,
        })
        return [_raw_sum(series, scale, row, dated=dated) for row in cursor.fetchall()]


def scaling(series: Series) -> tuple[dict[str, list[Any]], int]:
    """The sizes of the known units in whole parts of the due one, and how many parts that has."""
    sizes = {series.unit: Fraction(1), **SIZE_OF.get(series.unit, {})}
    scale = lcm(*(size.denominator for size in sizes.values()))
    numerators = [int(size * scale) for size in sizes.values()]
    return {"given": list(sizes), "numerators": numerators}, scale


def _raw_sum(series: Series, scale: int, row: Row, *, dated: bool) -> RawSum:
    part, present, missing, total, highest, misplaced, unknown = row
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
    return RawSum(
        issued_in(part), value, measured, present, missing, part if dated else None
    )
