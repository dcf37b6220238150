"""Each value owns one rule."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdm_portal.values import Period, Tonnes, cents, usd

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31))


@pytest.mark.parametrize("wrong", [-1, 1.5, "3", True, None])
def test_tonnes_are_whole_and_not_negative(wrong: Any) -> None:
    with pytest.raises(ValueError, match="whole"):
        Tonnes(wrong)


@given(st.decimals(min_value=0, max_value=10**12, allow_nan=False))
def test_a_decimal_becomes_tonnes_only_downwards(exact: Decimal) -> None:
    rounded = Tonnes.rounded_down(exact).amount
    assert rounded <= exact < rounded + 1


@given(DAYS, st.integers(0, 4000), DAYS, st.integers(0, 4000))
def test_periods_overlap_exactly_when_they_share_a_day(
    a: date, long_a: int, b: date, long_b: int
) -> None:
    one, two = Period(a, a + timedelta(long_a)), Period(b, b + timedelta(long_b))
    shared = max(one.first, two.first) <= min(one.last, two.last)
    assert one.overlaps(two) == two.overlaps(one) == shared
    assert not (one.follows(two) and one.overlaps(two))


@given(DAYS, st.integers(0, 4000))
def test_the_years_of_a_period_add_up_to_it(first: date, long: int) -> None:
    whole = Period(first, first + timedelta(long))
    pieces = list(whole.years())
    assert sum(piece.days for piece in pieces) == whole.days
    assert all(later.follows(earlier) for earlier, later in pairwise(pieces))


def test_a_period_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Period(date(2024, 1, 2), date(2024, 1, 1))


def test_money_is_rounded_half_up_to_the_cent() -> None:
    assert str(cents(usd("0.005")).amount) == "0.01"
    assert str(cents(usd("18777.199")).amount) == "18777.20"


@pytest.mark.parametrize("wrong", [1.5, 1.0, float("nan"), True, None, b"1"])
def test_money_is_never_made_of_a_float(wrong: Any) -> None:
    with pytest.raises(TypeError, match="Decimal, an int or a text"):
        usd(wrong)


@pytest.mark.parametrize("wrong", ["", "ten", "NaN", "Infinity", Decimal("NaN")])
def test_money_is_a_finite_number(wrong: Any) -> None:
    with pytest.raises(ValueError, match="no amount of money"):
        usd(wrong)
