"""Fees and shares against the numeric vectors of the domain reference, to the cent and the unit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from projects.board.fees import (
    Fee,
    FeeRule,
    Rates,
    adaptation_share,
    is_deferred,
    registration_fee,
)

DAY = date(2024, 3, 4)

# Annual average (t), host is an LDC, fee before the cap, fee payable (USD): vectors reg-fee-01…07
FEES = [
    (14_999, False, "0.00", "0.00"),
    (15_000, False, "1500.00", "1500.00"),
    (50_000, False, "8500.00", "8500.00"),
    (1_757_500, False, "350000.00", "350000.00"),
    (1_757_501, False, "350000.20", "350000.00"),
    (2_000_000, False, "398500.00", "350000.00"),
    (50_000, True, "0.00", "0.00"),
]


@pytest.mark.parametrize(("tonnes", "ldc", "before", "payable"), FEES)
def test_the_fee_is_that_of_the_vectors_to_the_cent(
    tonnes: int, ldc: bool, before: str, payable: str
) -> None:
    fee = registration_fee(tonnes, host_is_ldc=ldc, rates=Rates.on(DAY))
    assert (str(fee.before_cap), str(fee.payable)) == (before, payable)


def test_the_published_example_of_project_3969_comes_out() -> None:
    fee = registration_fee(101_386, host_is_ldc=False, rates=Rates.on(DAY))
    assert fee == Fee(Decimal("18777.20"), Decimal("18777.20"), FeeRule.DUE)


@pytest.mark.parametrize(
    ("tonnes", "ldc", "rule"),
    [
        (0, False, FeeRule.SMALL), (14_999, False, FeeRule.SMALL), (15_000, False, FeeRule.DUE),
        (1_757_500, False, FeeRule.DUE), (1_757_501, False, FeeRule.CAPPED),
        (2_000_000, True, FeeRule.LDC),
    ],
)
def test_the_fee_says_which_rule_made_it(tonnes: int, ldc: bool, rule: FeeRule) -> None:
    assert registration_fee(tonnes, host_is_ldc=ldc, rates=Rates.on(DAY)).rule == rule


def test_a_negative_estimate_is_no_estimate() -> None:
    with pytest.raises(ValueError, match="-1 t a year"):
        registration_fee(-1, host_is_ldc=False, rates=Rates.on(DAY))


@pytest.mark.parametrize(("registered", "deferred"), [(0, True), (9, True), (10, False)])
def test_the_fee_waits_for_hosts_with_fewer_than_ten_projects(
    registered: int, deferred: bool
) -> None:
    assert is_deferred(registered, Rates.on(DAY)) is deferred


# Issued units and 2 % of them, half up: vectors sop-adaptation, and project 4930 (published)
SHARES = [
    (0, 0), (1, 0), (10, 0), (24, 0), (25, 1), (49, 1), (74, 1), (75, 2), (999, 20), (10_001, 200),
    (48_230, 965), (111_949, 2_239),
]


@pytest.mark.parametrize(("quantity", "share"), SHARES)
def test_two_per_cent_go_to_the_adaptation_fund_rounded_half_up(quantity: int, share: int) -> None:
    assert adaptation_share(quantity, host_is_ldc=False, rate=Decimal("0.02")) == share


@pytest.mark.parametrize("quantity", [1, 25, 48_230])
def test_a_least_developed_host_gives_no_share(quantity: int) -> None:
    assert adaptation_share(quantity, host_is_ldc=True, rate=Decimal("0.02")) == 0


def test_no_negative_quantity_has_a_share() -> None:
    with pytest.raises(ValueError, match="-1 units"):
        adaptation_share(-1, host_is_ldc=False, rate=Decimal("0.02"))
