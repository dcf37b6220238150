"""Every number of the rules lives once, dated and sourced."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.test import Client

from cdm_portal import parameters

pytestmark = pytest.mark.django_db  # a number may have been changed by two persons


def test_no_two_rows_of_a_parameter_hold_on_one_day() -> None:
    rows = parameters.TABLE
    for one in rows:
        for two in rows:
            if one is not two and one.name == two.name:
                assert not one.holds_on(two.valid_from)


def test_every_row_says_where_it_is_from() -> None:
    assert all(row.source and row.label and row.unit for row in parameters.TABLE)
    own = {row.source for row in parameters.TABLE if row.verified}
    assert own == {"this portal's own rule"}


def test_a_parameter_outside_its_days_is_unknown() -> None:
    with pytest.raises(parameters.UnknownParameter):
        parameters.get("gsc_days", date(1999, 1, 1))
    assert parameters.number("gsc_days", date(2013, 5, 4)) == 30


def test_a_number_that_changed_in_time_is_no_constant() -> None:
    assert parameters.constant("small_scale_mw") == Decimal(15)
    with pytest.raises(parameters.UnknownParameter):
        parameters.constant("gwp_ch4")
    with pytest.raises(TypeError):
        parameters.constant("ruling_quorum")


def test_methane_follows_the_date_of_the_reductions() -> None:
    border = parameters.day("first_period_ends")
    assert parameters.value("gwp_ch4", border) == 21
    with pytest.raises(parameters.UnknownParameter):
        parameters.in_commitment_period("gwp_ch4", 4)


@pytest.mark.parametrize(
    ("gas", "potentials"),
    [
        ("ch4", [21, 25, 21]),
        ("n2o", [310, 298, 265]),
        ("sf6", [23900, 22800, 22800]),
        ("hfc23", [11700, 14800, 11700]),
    ],
)
def test_potentials_follow_the_date_of_the_reductions(gas: str, potentials: list[int]) -> None:
    days = [
        [date(2008, 1, 1), date(2012, 12, 31)],
        [date(2013, 1, 1), date(2020, 12, 31)],
        [date(2021, 1, 1), date(2026, 11, 29)],
    ]

    for number, (period, value) in enumerate(zip(days, potentials, strict=True), start=1):
        assert parameters.in_commitment_period(f"gwp_{gas}", number) == value
        assert {parameters.value(f"gwp_{gas}", day) for day in period} == {value}


def test_shares_are_exact_and_days_are_days() -> None:
    assert parameters.share("ruling_quorum", date(2026, 1, 1)) == Fraction(2, 3)
    assert parameters.share("adaptation_share", date(2026, 1, 1)) == Fraction(1, 50)
    assert parameters.day("last_reduction_date") == date(2020, 12, 31)
    with pytest.raises(TypeError):
        parameters.share("last_reduction_date", date(2026, 1, 1))
    with pytest.raises(TypeError):
        parameters.value("last_reduction_date", date(2026, 1, 1))
    with pytest.raises(TypeError):
        parameters.day("gsc_days")


def test_the_product_applies_every_row() -> None:
    root = Path(parameters.__file__).parents[2]
    packages = ("cdm_portal", "registry", "projects", "cobenefits", "offsets")
    text = "".join(
        path.read_text()
        for package in packages
        for path in (root / package).rglob("*.py")
        if path.parent != Path(parameters.__file__).parent
    )
    built = {
        "registration_review_days": 'f"{request.kind}_review_days"',
        "issuance_review_days": 'f"{request.kind}_review_days"',
        "om_weight_intermittent": 'f"om_weight_{kind}"',
    }
    for row in parameters.TABLE:
        assert (f'"{row.name}"' in text) or built.get(row.name, "?") in text, row.name


def test_the_page_shows_every_row(client: Client) -> None:
    page = client.get("/parameters/").content.decode()
    for row in parameters.TABLE:
        assert f">{row.label}</td>" in page
    for written in ("2/3", "3/4", "31 December 2020", "31 December 2012", "10\u202f000\u202f000"):
        assert written in page
