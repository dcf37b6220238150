"""The rules of an audit by themselves: how a sample is drawn, what a check says. No database."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from cdm_portal import parameters
from cdm_portal.values import Period
from projects.doe.audit import activity, checks, sampling, settling
from projects.doe.audit.checks import Activity, Check, Year

DAY = date(2015, 1, 10)
YEAR = Period(date(2014, 7, 1), date(2015, 6, 30))
HALF = Period(date(2014, 7, 1), date(2014, 12, 31))


def test_the_sample_can_be_drawn_again_by_hand() -> None:
    """The turns are reckoned here with hashlib alone, as the page tells it."""
    kept = datetime(2015, 1, 6, 9, 0, 0, 123456, tzinfo=UTC)
    seed = sampling.seed("ab" * 32, kept)
    assert seed == hashlib.sha256(
        ("ab" * 32 + ":2015-01-06T09:00:00.123456Z").encode()
    ).hexdigest()
    expected: list[int] = []
    turn = 0
    while len(expected) < 11:
        turn += 1
        number = int(hashlib.sha256(f"{seed}:{turn}".encode()).hexdigest(), 16) % 12 + 1
        if number not in expected:
            expected.append(number)
    assert sampling.draw(seed, 12, 11) == expected
    assert sampling.draw(sampling.seed("ab" * 32, kept.replace(microsecond=1)), 12, 11) != expected
    with pytest.raises(ValueError, match="13 cannot be drawn of 12"):
        sampling.draw(seed, 12, 13)


@pytest.mark.parametrize(
    ("population", "small", "size"),
    [
        (0, True, 0), (1, True, 1), (12, True, 11), (17_520, True, 68), (2_102_400, True, 68),
        (17_520, False, 96), (2_102_400, False, 97),
    ],
)
def test_how_many_are_drawn(population: int, small: bool, size: int) -> None:  # a row
    """n₀ = (1.645 / 0.2)² = 67.65, or (1.96 / 0.2)² = 96.04; n = n₀ N / (n₀ + N − 1), upwards."""
    assert sampling.rule(population, "00", small=small, on=DAY).size == size


@pytest.mark.parametrize(
    ("found", "met", "words"),
    [
        (checks.crediting(HALF, [YEAR], YEAR.first), True, "Crediting period 1"),
        (checks.crediting(HALF, [YEAR], date(2014, 7, 2)), False, "before the registration"),
        (checks.crediting(YEAR, [HALF], YEAR.first), False, "lies in no crediting period"),
        (checks.overlap(HALF, {2: Period(date(2014, 12, 31), YEAR.last)}), False, "period 2 too"),
        (checks.gap(HALF, [], HALF.first), True, "as is due"),
        (checks.gap(HALF, [Period(date(2014, 1, 1), date(2014, 6, 28))], HALF.first), False,
         "29 June 2014 to 30 June 2014 is in no monitoring period (2 days)"),
        (checks.last_day(HALF, date(2014, 12, 30)), False, "30 December 2014"),
        (checks.last_day(HALF, None), True, "no last day"),
        (checks.forward(["FAR 01"]), False, "FAR 01"),
    ],
)
def test_dates_and_forward_actions_bar(found: Check, met: bool, words: str) -> None:  # a row
    assert (found.met, words in found.said) == (met, True)
    assert found.demand == ("asks" if found.code == "gap" else "bars")


def test_more_than_the_estimate_asks_for_a_reason() -> None:
    most = parameters.get("estimate_explained_above", DAY)
    one = Fraction(1)
    met = checks.estimate({"Claimed": 100, "Recalculated": 100}, Fraction(100), most, one)
    over = checks.estimate({"Claimed": 100, "Recalculated": 101}, Fraction(100), most, one)
    assert (met.met, over.met, over.demand) == (True, False, "asks")
    assert "101 % of the estimate" in over.said
    assert "Unverified" in over.rule
    assert checks.estimate({"Claimed": 1}, Fraction(0), most, one).met is None


def test_what_is_far_beyond_earlier_periods_asks_for_a_reason() -> None:
    beyond = parameters.get("history_explained_beyond", DAY)
    factor = parameters.as_share(beyond)

    def of(here: int) -> bool | None:
        found = Activity("EG", "MWh", Fraction(here), Fraction(40), Fraction(80))
        return checks.history([found], beyond, factor).met

    assert [of(each) for each in (31, 32, 100, 101)] == [False, True, True, False]
    assert checks.history([], beyond, factor).met is None


def share(first: str, last: str, value: str, unit: str = "MWh") -> dict[str, Any]:
    return {"first": first, "last": last, "values": {"EG": value}, "units": {"EG": unit}}


def test_amounts_a_day_are_of_all_shares_of_a_period_and_of_one_unit() -> None:
    split = {"shares": [share("2012-12-30", "2012-12-31", "10"),
                        share("2013-01-01", "2013-01-03", "20")]}
    assert activity.daily(split, ())["EG"] == (Fraction(6), "MWh")
    assert activity.daily(split, ("EG",))["EG"] == (Fraction(16), "MWh")
    other = activity.daily({"shares": [share("2012-12-30", "2012-12-31", "10", "GJ")]}, ())
    assert activity.beside(activity.daily(split, ()), [other]) == []


def test_a_year_above_its_limit_is_held_to_its_estimate() -> None:
    years = [
        Year("year 1", total=Fraction(60_001), estimated=Fraction(100), own=Fraction(250)),
        Year("year 2", total=Fraction(500), estimated=Fraction(100), own=Fraction(301, 2)),
    ]
    found, most = checks.cap(years, limit=Fraction(60_000), exceeded=False, rule="")
    assert (found.met, found.demand, most) == (False, "limits", 250)
    assert checks.cap(years, limit=Fraction(60_001), exceeded=False, rule="")[1] is None
    assert checks.cap(years, limit=None, exceeded=True, rule="")[1] == 200


def test_a_year_counts_every_period_by_its_days() -> None:
    calculation = {"years": [{
        "number": 1, "first": "2014-07-01", "last": "2015-06-30",
        "calculation": {"reductions": 365},
    }]}
    other = Period(date(2015, 1, 1), date(2015, 12, 31))
    (year,) = activity.years(calculation, (HALF, 100), [(other, 365)])
    assert (year.estimated, year.own, year.total) == (184, 100, 100 + 181)
    assert activity.hundredths(activity.estimated(calculation, HALF)) == "184.00"


def test_an_old_run_without_a_sample_leaves_nothing_to_settle() -> None:
    assert settling.unsettled({"compared": []}, settling.Said()) == []
