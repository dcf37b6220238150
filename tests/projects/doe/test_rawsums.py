"""The database's own sums of raw readings: units, gaps, standard time, commitment periods."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from projects.doe import queries, rawsums
from projects.doe.rawsums import RawSum, Source
from projects.doe.recalculation import Series
from projects.doe.second.sizes import CannotRecalculate
from projects.participant.models import Reading
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story

pytestmark = pytest.mark.django_db

EXPORT = Series("EG_export", "MWh", gap_zero=True)
IMPORT = Series("EG_import", "MWh")


def source_of(cast: Cast, data: bytes | None = None) -> Any:
    return queries.raw_source(queries.report(story.reported(cast, data=data)))


def test_six_months_add_up(cast: Cast) -> None:
    assert rawsums.raw_sums(source_of(cast), EXPORT) == [
        RawSum(2, Fraction("6750.75"), Fraction("6750.75"), readings=6, missing=0)
    ]


def test_a_missing_export_counts_as_nothing_and_a_missing_import_as_the_highest(cast: Cast) -> None:
    exports = dict(zip(story.MONTHS[1:], story.EXPORTS[1:], strict=True))
    source = source_of(cast, story.table(exports))
    assert rawsums.raw_sums(source, EXPORT) == [
        RawSum(2, Fraction("5450.75"), Fraction("5450.75"), readings=5, missing=1)
    ]
    as_if = Series("EG_export", "MWh")
    assert rawsums.raw_sums(source, as_if)[0].value == Fraction("5450.75") + 1250


def test_a_mean_counts_every_interval(cast: Cast) -> None:
    exports = dict(zip(story.MONTHS[1:], story.EXPORTS[1:], strict=True))
    source = source_of(cast, story.table(exports))
    assert rawsums.raw_sums(source, Series("EG_export", "MWh", mean=True, gap_zero=True)) == [
        RawSum(2, Fraction("5450.75") / 6, Fraction("5450.75"), readings=5, missing=1)
    ]


def stored(cast: Cast, values: Any, unit: Any) -> Any:
    """Raw rows as they might have been stored, beside a report: (moment, value, unit)."""
    file = queries.report(story.reported(cast)).readings_file
    rows = [
        Reading(file=file, row_number=n, at=moment, symbol="X", value=value, unit=unit)
        for n, (moment, value) in enumerate(values, start=1)
    ]
    Reading.objects.bulk_create(rows)
    return file


def test_units_are_converted_without_rounding(cast: Cast) -> None:
    file = stored(cast, [(on(2014, 7, 1, 0), "1"), (on(2014, 7, 2, 0), "2")], "GJ")
    days = Source(file.pk, date(2014, 7, 1), date(2014, 7, 2), "day", 0)
    assert rawsums.raw_sums(days, Series("X", "MWh"))[0].value == Fraction(15, 18)


def test_a_unit_that_is_not_understood_stops_the_sum(cast: Cast) -> None:
    file = stored(cast, [(on(2014, 7, 1, 0), "1")], "t")
    days = Source(file.pk, date(2014, 7, 1), date(2014, 7, 1), "day", 0)
    with pytest.raises(CannotRecalculate, match="1 in a unit"):
        rawsums.raw_sums(days, Series("X", "MWh"))


def test_a_reading_outside_the_due_intervals_stops_the_sum(cast: Cast) -> None:
    file = stored(cast, [(on(2014, 7, 1, 0), "1"), (on(2014, 7, 3, 0), "1")], "MWh")
    days = Source(file.pk, date(2014, 7, 1), date(2014, 7, 2), "day", 0)
    with pytest.raises(CannotRecalculate, match="1 readings outside"):
        rawsums.raw_sums(days, Series("X", "MWh"))


def test_the_year_ends_in_the_projects_own_time(cast: Cast) -> None:
    """22:00 UTC on 31 December 2012 is already 2013 three hours further east."""
    hours = [(on(2012, 12, 31, 20), "1"), (on(2012, 12, 31, 21), "10")]
    file = stored(cast, hours, "MWh")
    east = Source(file.pk, date(2012, 12, 31), date(2013, 1, 1), "hour", 180)
    found = rawsums.raw_sums(east, Series("X", "MWh", gap_zero=True))
    assert [(row.commitment_period, row.value, row.readings, row.missing) for row in found] == [
        (1, Fraction(1), 1, 23), (2, Fraction(10), 1, 23),
    ]


def test_a_period_may_begin_in_the_middle_of_a_month(cast: Cast) -> None:
    file = stored(cast, [(on(2014, 7, 15, 0), "7"), (on(2014, 8, 1, 0), "8")], "MWh")
    months = Source(file.pk, date(2014, 7, 15), date(2014, 9, 10), "month", 0)
    assert rawsums.raw_sums(months, Series("X", "MWh", gap_zero=True)) == [
        RawSum(2, Fraction(15), Fraction(15), readings=2, missing=1)
    ]
