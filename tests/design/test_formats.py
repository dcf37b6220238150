"""Figures, days and hashes are written one way."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from moneyed import EUR, USD, Money

from cdm_portal import formats
from cdm_portal.templatetags import cdm
from cdm_portal.values import Tonnes

N = "\u202f"


def test_tonnes_are_parted_by_a_narrow_space_that_does_not_break() -> None:
    assert formats.tonnes(41926) == f"41{N}926"
    assert formats.tonnes(Tonnes(1402660)) == f"1{N}402{N}660"
    assert formats.tonnes(Decimal("12")) == "12"
    assert formats.tonnes(0) == "0"


def test_a_figure_keeps_its_digits() -> None:
    assert formats.figure(Decimal("0.4312")) == "0.4312"
    assert formats.figure(Decimal("1234.50")) == f"1{N}234.5"
    assert formats.figure(Decimal("1E+3")) == f"1{N}000"
    assert formats.figure(Decimal("-4120")) == f"\u22124{N}120"
    assert formats.figure("8.0671", 2) == "8.07"


def test_money_shows_its_currency() -> None:
    assert formats.money(Money("4.8", USD)) == "US$4.80"
    assert formats.money(Money("1234.5", EUR)) == f"€1{N}234.50"
    assert formats.usd("0.1") == "US$0.10"


def test_a_moment_is_said_in_utc_wherever_it_was_taken() -> None:
    nairobi = timezone(timedelta(hours=3))
    there = datetime(2026, 11, 24, 1, 7, tzinfo=nairobi)
    assert formats.moment(there) == "23 November 2026, 22:07 UTC"
    assert formats.clock_time(there) == "22:07 UTC"


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (date(2026, 12, 4), "in 11 days"),
        (date(2026, 11, 24), "tomorrow"),
        (date(2026, 11, 23), "today"),
        (date(2026, 11, 22), "1 day late"),
        (date(2026, 11, 20), "3 days late"),
        (datetime(2026, 11, 25, 23, 59, tzinfo=UTC), "in 2 days"),
    ],
)
def test_what_is_left_is_counted_in_calendar_days(until: date, words: str) -> None:
    assert formats.due_in(until, datetime(2026, 11, 23, 23, 30, tzinfo=UTC)) == words


def test_a_fingerprint_shows_the_ends_of_a_hash() -> None:
    digest = "9f2c41b8e7d6c5b402a7f1d361c88a76"
    assert formats.fingerprint(digest) == "9f2c 41b8"
    assert formats.fingerprint(digest, 4) == "9f2c 41b8 e7d6 c5b4 … 8a76"


def test_sizes_and_initials() -> None:
    assert [formats.bytes_si(n) for n in (999, 212_000, 2_400_000)] == ["999 B", "212 kB", "2.4 MB"]
    assert formats.initials("Lucie Moreau") == "LM"
    assert formats.initials("Tomasa del Carmen Beltrán") == "TB"
    assert formats.initials("Kenya") == "K"


def test_co2_gets_its_subscript_and_nothing_else_gets_through() -> None:
    assert cdm.co2("tCO2e") == "tCO<sub>2</sub>e"
    assert cdm.co2("<b>CO₂</b>") == "&lt;b&gt;CO<sub>2</sub>&lt;/b&gt;"


def test_a_step_without_a_label_is_no_link_of_the_breadcrumb() -> None:
    assert cdm.crumbs("Projects", "/projects/", "", "/projects/", "PDD-1", "") == {
        "crumbs": [{"label": "Projects", "url": "/projects/"}, {"label": "PDD-1", "url": ""}]
    }
