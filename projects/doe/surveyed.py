"""What a survey comes to, worked out once more: sums by the database, the rest in fractions.

Nothing of the participant's arithmetic is called; the numbers of the rule are the same rule
parameters. The rule: unverified, from general knowledge (`projects.methodologies.surveys`).
"""

from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from django.db import connection

from cdm_portal import parameters
from projects.doe.rawsums import RawSum, Source
from projects.doe.recalculation import Series

UP_TO_ONE = {"w_CO2", "w_CH4", "v_CH4", "x_off", "eta_flare", "f"}
"""Shares: their upper bound is at most one."""
PLACES = Decimal("1e-12")
DIGITS = Context(prec=80)
ANSWERS = """
SELECT s.population, count(*), sum(a.value), sum(a.value * a.value)
FROM participant_survey s JOIN participant_surveyanswer a ON a.survey_id = s.id
WHERE s.document_id IS NOT NULL AND s.id = (
  SELECT v.id FROM participant_survey v
  JOIN participant_readingsfile f ON f.period_id = v.period_id
  WHERE f.id = %(file)s AND v.symbol = %(symbol)s
    AND v.stamped_at <= coalesce(%(as_of)s::timestamptz, 'infinity')
  ORDER BY v.number DESC LIMIT 1)
GROUP BY s.population
"""


def instead(source: Source, series: Series, sums: list[RawSum], *, code: str) -> list[RawSum]:
    """The sums, or where a survey gives the parameter, its value in each part of the period."""
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS, {
            "file": source.file_id, "symbol": series.symbol, "as_of": source.as_of,
        })
        row = cursor.fetchone()
    if row is None:
        return sums
    population, count, total, squares = row
    scale = "small" if code.startswith("AMS-") else "large"
    value = _value(series, scale, population, count, Fraction(total), Fraction(squares))
    return [
        replace(each, value=value, measured=value, readings=count, missing=0,
                correction=Fraction(0))
        for each in sums
    ]


def _value(
    series: Series, scale: str, population: int, count: int, total: Fraction, squares: Fraction
) -> Fraction:
    """The mean, or the bound that claims less, to twelve decimals against the claim."""
    mean = total / count
    variance = (squares - total * total / count) / max(1, count - 1)
    of_mean = variance / count * (1 - Fraction(count, population))
    errors = Fraction(parameters.constant(f"survey_errors_{scale}"))
    limit = Fraction(parameters.constant("survey_precision")) / 100
    if errors * errors * of_mean <= limit * limit * mean * mean:
        return _rounded(series, _decimal(mean))
    margin = DIGITS.sqrt(_decimal(errors * errors * of_mean))
    if series.gap_zero:
        return _rounded(series, max(DIGITS.subtract(_decimal(mean), margin), Decimal(0)))
    upper = DIGITS.add(_decimal(mean), margin)
    return _rounded(series, min(upper, Decimal(1)) if series.symbol in UP_TO_ONE else upper)


def _decimal(value: Fraction) -> Decimal:
    return DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))


def _rounded(series: Series, value: Decimal) -> Fraction:
    against = ROUND_FLOOR if series.gap_zero else ROUND_CEILING
    return Fraction(value.quantize(PLACES, rounding=against, context=DIGITS))
