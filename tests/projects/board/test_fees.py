"""Fees and shares against the numeric vectors of the domain reference, to the cent and the unit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from projects.board.fees import (
    Fee,
    FeeRule,
    Rates,
    Share,
    ShareRates,
    adaptation_share,
    administration_share,
    is_deferred,
    registration_fee,
)

pytestmark = pytest.mark.django_db  # rates may have been changed by two persons
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


# CERs requested now, earlier in the year, host is an LDC, share (USD): vectors sop-admin-01…09
ADMINISTRATION = [
    (10_000, 0, False, "1000.00"),
    (15_000, 0, False, "1500.00"),
    (15_001, 0, False, "1500.20"),
    (100_000, 0, False, "18500.00"),
    (10_000, 10_000, False, "1500.00"),
    (10_000, 20_000, False, "2000.00"),
    (1, 14_999, False, "0.10"),
    (2, 14_999, False, "0.30"),
    (100_000, 0, True, "0.00"),
]


def share_of(requested: int, earlier: int = 0, advance: str = "0.00", ldc: bool = False) -> Share:
    return administration_share(
        requested, earlier=earlier, advance=Decimal(advance), host_is_ldc=ldc,
        rates=ShareRates.on(DAY),
    )


def test_the_share_for_administration_is_that_of_the_vectors_to_the_cent() -> None:
    for requested, earlier, ldc, payable in ADMINISTRATION:
        share = share_of(requested, earlier, ldc=ldc)
        assert (str(share.payable), str(share.full)) == (payable, payable), (requested, earlier)
        assert share.rule == (FeeRule.LDC if ldc else FeeRule.DUE)


def test_a_year_costs_the_same_however_it_is_divided() -> None:
    once = share_of(48_230).payable
    for parts in ([14_999, 1, 33_230], [15_000, 15_000, 18_230], [1] * 3 + [48_227]):
        paid, earlier = Decimal(0), 0
        for part in parts:
            paid += share_of(part, earlier).payable
            earlier += part
        assert (paid, earlier) == (once, 48_230)


def test_the_fee_is_an_advance_on_the_share() -> None:
    assert share_of(15_000, advance="500.00") == Share(
        Decimal("1500.00"), Decimal("500.00"), Decimal("1000.00"), FeeRule.DUE
    )
    assert share_of(15_000, advance="1500.00") == Share(
        Decimal("1500.00"), Decimal("1500.00"), Decimal("0.00"), FeeRule.ADVANCED
    )
    assert share_of(15_000, advance="8500.00").advanced == Decimal("1500.00")
    assert share_of(15_000, advance="8500.00", ldc=True).advanced == Decimal("0.00")


def test_no_negative_quantity_or_advance_has_a_share() -> None:
    for wrong in ((-1, 0, "0.00"), (1, -1, "0.00"), (1, 0, "-0.01")):
        with pytest.raises(ValueError, match="none can be negative"):
            share_of(*wrong)


# Issued units and 2 % of them, half up: vectors sop-adaptation, and project 4930 (published)
SHARES = [
    (0, 0), (1, 0), (10, 0), (24, 0), (25, 1), (26, 1), (49, 1), (50, 1), (74, 1), (75, 2),
    (100, 2), (999, 20), (10_001, 200), (48_230, 965), (99_999, 2_000), (111_949, 2_239),
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
