"""What late calibrations do to the sums of the raw readings: worked out by the database once more.

Nothing of the participant's rule is called. The delays are found from the rows of calibrations as
they stood when the report was frozen, and each reading of a late day is multiplied there. The rule:
unverified, from general knowledge (domain, 2.5; EB 52 annex 60).
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db import connection

from projects.doe.rawsums import READINGS, STEPS, RawSum, Source, scaling
from projects.doe.recalculation import Series
from projects.doe.second.potentials import issued_in, set_of

LATE = """
), tested AS (
  SELECT c.due_date, lead(c.done_date) OVER w AS done,
         greatest(lead(c.permissible_error) OVER w, abs(lead(c.error_found) OVER w)) AS error
  FROM participant_calibration c
  JOIN participant_readingsfile f ON f.id = %(file)s
  JOIN projects_monitoringperiod p ON p.id = f.period_id AND p.project_id = c.project_id
  WHERE c.symbol = %(symbol)s
    AND c.stamped_at <= coalesce(%(as_of)s::timestamptz, 'infinity') AND NOT EXISTS (
    SELECT FROM participant_calibration r
    WHERE r.replaces_id = c.id
      AND r.stamped_at <= coalesce(%(as_of)s::timestamptz, 'infinity'))
  WINDOW w AS (PARTITION BY c.meter ORDER BY c.done_date, c.id)
), late AS (
  SELECT CASE %(step)s WHEN '1 month'
           THEN greatest(date_trunc('month', day), %(first)s::timestamp) ELSE day END::date AS day,
         max(error) AS error
  FROM tested CROSS JOIN LATERAL generate_series(
    greatest(due_date + 1, %(first)s::date)::timestamp,
    least(done, %(last)s::date)::timestamp, interval '1 day') AS day
  WHERE done > due_date
  GROUP BY 1
)
SELECT late.day, sum(reading.scaled * late.error) AS effect
FROM late JOIN reading ON reading.local_at::date = late.day
GROUP BY 1
"""


def effects(source: Source, series: Series) -> dict[date, Fraction]:
    """By how much the readings of each late day change, in the parameter's due unit: less for what
    earns reductions, more for what costs them.
    """
    given, scale = scaling(series)
    sign = -1 if series.gap_zero else 1
    with connection.cursor() as cursor:
        cursor.execute(READINGS + LATE, given | {
            "offset": source.utc_offset_minutes, "file": source.file_id, "symbol": series.symbol,
            "first": source.first, "last": source.last, "step": STEPS[source.resolution],
            "as_of": source.as_of,
        })
        return {day: _share(effect) * sign / scale for day, effect in cursor.fetchall()}


def _share(per_cent: Decimal) -> Fraction:
    return Fraction(per_cent) / 100


def corrected(source: Source, series: Series, sums: list[RawSum]) -> list[RawSum]:
    """The sums of a parameter with what late calibrations change; each says by how much."""
    found = effects(source, series)
    return [_corrected(each, series, found) for each in sums]


def _corrected(each: RawSum, series: Series, found: dict[date, Fraction]) -> RawSum:
    inside = [effect for day, effect in found.items() if _lies(day, each)]
    change = sum(inside, Fraction(0))
    if series.mean:
        change /= max(1, each.readings + each.missing)
    return replace(each, value=each.value + change, correction=change)


def _lies(day: date, each: RawSum) -> bool:
    """Whether a day is in a part: under its set of potentials, else in its commitment period."""
    if each.potentials is not None:
        return set_of(day) == each.potentials
    return issued_in(set_of(day)) == each.commitment_period
