"""Borders in time: commitment periods, crediting periods, consecutive monitoring periods."""

from dataclasses import replace
from datetime import date

import pytest

from cdm_portal.values import Period
from projects.methodologies import periods
from projects.methodologies.periods import Crediting, PeriodRefused, Share, split

LAST = date(2020, 12, 31)


def test_a_period_across_new_year_2013_falls_into_two_commitment_periods() -> None:
    whole = Period(date(2012, 7, 1), date(2013, 6, 30))
    before = Share(Period(date(2012, 7, 1), date(2012, 12, 31)), 1)
    after = Share(Period(date(2013, 1, 1), date(2013, 6, 30)), 2)

    assert split(whole, last_er_date=LAST, with_potentials=False) == (before, after)
    assert split(whole, last_er_date=LAST, with_potentials=True) == (
        replace(before, potentials=1), replace(after, potentials=2),
    )


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2012, 12, 31), 1), (date(2013, 1, 1), 2), (LAST, 2)]
)
def test_commitment_period_of_a_day(day: date, expected: int) -> None:
    assert periods.commitment_period(day, last_er_date=LAST) == expected


def test_reductions_after_2020_are_refused_by_the_historic_rules() -> None:
    with pytest.raises(PeriodRefused, match="31 December 2020 do not count"):
        split(
            Period(date(2020, 6, 1), date(2021, 1, 1)), last_er_date=LAST, with_potentials=True
        )


def test_the_demonstration_rules_carry_the_second_period_on() -> None:
    later = Period(date(2020, 6, 1), date(2026, 5, 31))

    assert split(later, last_er_date=None, with_potentials=False) == (Share(later, 2),)


@pytest.mark.parametrize(
    ("first", "last", "parts"),
    [
        (date(2020, 12, 31), date(2020, 12, 31), [(date(2020, 12, 31), 2, 2)]),
        (date(2021, 1, 1), date(2021, 1, 1), [(date(2021, 1, 1), 2, 3)]),
        (
            date(2020, 12, 31), date(2021, 1, 1),
            [(date(2020, 12, 31), 2, 2), (date(2021, 1, 1), 2, 3)],
        ),
        (
            date(2012, 12, 31), date(2021, 1, 1),
            [(date(2012, 12, 31), 1, 1), (date(2013, 1, 1), 2, 2), (date(2021, 1, 1), 2, 3)],
        ),
    ],
)
def test_another_set_of_potentials_parts_a_period_and_not_its_units(
    first: date, last: date, parts: list[tuple[date, int, int]]
) -> None:
    """The units stay those of the second commitment period; the set is that of the days."""
    shares = split(Period(first, last), last_er_date=None, with_potentials=True)

    assert [(s.period.first, s.commitment_period, s.potentials) for s in shares] == parts


@pytest.mark.parametrize(
    ("kind", "last"),
    [(Crediting.FIXED, date(2024, 3, 3)), (Crediting.RENEWABLE, date(2021, 3, 3))],
)
def test_the_longest_crediting_period_ends_the_day_before_its_anniversary(
    kind: Crediting, last: date
) -> None:
    first = date(2014, 3, 4)

    assert periods.longest(first, kind) == Period(first, last)
    periods.check_crediting_period(Period(first, last), kind)
    with pytest.raises(PeriodRefused, match=f"at most {kind.longest_years} years"):
        periods.check_crediting_period(Period(first, last.replace(day=4)), kind)


def test_a_leap_day_has_its_anniversary_on_the_first_of_march() -> None:
    assert periods.longest(date(2016, 2, 29), Crediting.RENEWABLE).last == date(2023, 2, 28)
    assert periods.longest(date(2008, 2, 29), Crediting.FIXED).last == date(2018, 2, 28)


def test_renewals_end_with_the_third_period() -> None:
    seven = Period(date(2014, 1, 1), date(2020, 12, 31))

    periods.check_crediting_period(seven, Crediting.RENEWABLE, number=3)
    with pytest.raises(PeriodRefused, match="renewed twice"):
        periods.check_crediting_period(seven, Crediting.RENEWABLE, number=4)
    with pytest.raises(PeriodRefused, match="cannot be renewed"):
        periods.check_crediting_period(seven, Crediting.FIXED, number=2)


CREDITING = Period(date(2014, 1, 1), date(2020, 12, 31))
FIRST_YEAR = Period(date(2014, 1, 1), date(2014, 12, 31))


@pytest.mark.parametrize(
    ("first", "last", "previous", "words"),
    [
        (date(2014, 12, 31), date(2015, 6, 30), FIRST_YEAR, "overlaps"),
        (date(2015, 1, 2), date(2015, 6, 30), FIRST_YEAR, "without a gap"),
        (date(2014, 1, 2), date(2014, 6, 30), None, "01 January 2014"),
        (date(2013, 12, 31), date(2014, 6, 30), None, "without a gap"),
        (date(2015, 1, 1), date(2021, 1, 1), FIRST_YEAR, "crediting period ends"),
    ],
)
def test_monitoring_periods_follow_each_other_inside_the_crediting_period(
    first: date, last: date, previous: Period | None, words: str
) -> None:
    with pytest.raises(PeriodRefused, match=words):
        periods.check_monitoring_period(
            Period(first, last), crediting=CREDITING, previous=previous, last_er_date=LAST
        )


def test_the_next_period_may_begin_the_day_after() -> None:
    periods.check_monitoring_period(
        Period(date(2015, 1, 1), date(2015, 12, 31)),
        crediting=CREDITING,
        previous=FIRST_YEAR,
        last_er_date=LAST,
    )
