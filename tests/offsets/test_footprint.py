"""The calculator's arithmetic: worked by hand, exact, rounded once; its figures dated and sourced.

The hand-worked cases use the figures of 29 November 2026 as they are shipped.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from offsets.footprint import calculating, factors, questions, reading, saying
from offsets.footprint.calculating import Footprint
from offsets.footprint.factors import Factors
from offsets.footprint.questions import Kind, Who

DAY = date(2026, 11, 29)
NO_AVERAGES = {"home_average": "0", "transport_average": "0", "waste": "0"}


def reckoned(
    who: str, country: str, typed: dict[str, str], known: Factors | None = None, on: date = DAY
) -> Footprint:
    sheet = questions.sheet(Who(who), country, (known or factors.load()).edition(on))
    answers, errors = reading.read(sheet, typed)
    assert errors == {}
    return calculating.calculate(sheet, answers)


BY_HAND = [
    # a person in Kenya: 1200 kWh × 0.08333 ÷ 3, 365 days × 2.89, waste 26.3
    ("person", "KEN",
     {"people": "3", "electricity": "1200", "diet": "vegan", "transport_average": "0"},
     Fraction(1200) * Fraction("0.08333") / 3 + Fraction("1054.85") + Fraction("26.3"), 2),
    # a person in Germany who answers nothing: buildings, transport and waste of the country
    ("person", "DEU", {}, Fraction("1453.5") + Fraction("1904.4") + Fraction("103.8"), 4),
    # a person, long haul in first class: 20000 km × 0.46814
    ("person", "DEU", {**NO_AVERAGES, "flight_long_first": "20000"}, Fraction("9362.8"), 10),
    # a household of four in the United States
    ("household", "USA",
     {**NO_AVERAGES, "people": "4", "electricity": "10000", "car": "petrol_large",
      "car_km": "20000", "diet": "high_meat"},
     Fraction("3859.8") + Fraction("5365.6") + 4 * Fraction("2624.35"), 20),
    # a household in Kenya cooks with 60 kg of LPG and 24 l of kerosene
    ("household", "KEN",
     {"people": "5", "lpg": "60", "kerosene": "24", "transport_average": "0"},
     Fraction("179.0778") + Fraction("60.879168") + 5 * Fraction("26.3"), 1),
    # a household in France: public services and waste (the world's) of two
    ("household", "FRA", {**NO_AVERAGES, "people": "2", "waste": ""},
     2 * (Fraction("1100") + Fraction("210.8")), 3),
    # an event in Germany: 200 guests, 2 days, vegetarian; 300 room-nights; 40000 km by train
    ("event", "DEU",
     {"people": "200", "days": "2", "diet": "vegetarian", "hotel": "300", "rail": "40000"},
     400 * Fraction("3.81") + Fraction("3960") + Fraction("1418.4"), 7),
    # an event in India without food: 5000 kWh
    ("event", "IND", {"people": "90", "days": "1", "electricity": "5000"},
     Fraction("3525.65"), 4),
    # an event nobody travels to
    ("event", "KEN", {"people": "10", "days": "1"}, Fraction(0), 0),
    # an organisation in the United Kingdom with its supplier's own intensity
    ("organisation", "GBR", {"people": "12", "electricity": "30000", "grid": "0", "gas": "10000"},
     Fraction("2019.6"), 3),
    # an organisation that flies: 100000 km economy and 10000 km business, short haul
    ("organisation", "KEN",
     {"flight_medium_economy": "100000", "flight_medium_business": "10000"},
     Fraction("12576") + Fraction("1886.3"), 15),
    # an organisation that buys 40 kg of computers and drives diesel
    ("organisation", "KEN",
     {"it_equipment": "40", "car": "diesel_medium", "car_km": "10000"},
     Fraction("994.6190224") + Fraction("1717.4"), 3),
]  # fmt: skip


@pytest.mark.parametrize(("who", "country", "typed", "kg", "tonnes"), BY_HAND)
def test_worked_by_hand(
    who: str, country: str, typed: dict[str, str], kg: Fraction, tonnes: int
) -> None:
    found = reckoned(who, country, typed)

    assert found.kg == kg
    assert found.tonnes == tonnes
    assert sum(part for _, part in found.parts) == kg


def test_it_is_rounded_once_and_up() -> None:
    """Three thirds of a tonne are one tonne, and the smallest crumb above is two."""
    thirds = {**NO_AVERAGES, "people": "3", "grid": "1000", "electricity": "1000", "gas": "0"}
    one = reckoned("person", "KEN", {**thirds, "electricity": "3000"})
    crumb = reckoned("person", "KEN", {**thirds, "electricity": "3000.000001"})

    assert (one.kg, one.tonnes) == (1000, 1)
    assert crumb.tonnes == 2
    shared = reckoned("person", "KEN", {**thirds, "electricity": "1000", "bus": "1"})
    assert shared.kg == Fraction(1000, 3) + Fraction("0.10385")


def test_averages_stand_in_only_where_nothing_is_answered() -> None:
    names = {line.name for line in reckoned("person", "KEN", {"electricity": "0"}).lines}
    assert names == {"electricity", "transport_average", "waste"}


def test_an_old_link_gives_its_old_result() -> None:
    """A new figure of electricity counts from its day on; a link of before keeps its own."""
    shipped, change = factors.load().rows, DAY + timedelta(days=40)
    old = next(row for row in shipped if (row.name, row.country) == ("grid", "KEN"))
    new = replace(old, value=Decimal("50"), year="2025", valid_from=change)
    ended = replace(old, valid_to=change - timedelta(days=1))
    later = Factors([*(row for row in shipped if row is not old), ended, new])
    typed = {**NO_AVERAGES, "electricity": "100000"}

    assert reckoned("household", "KEN", typed).tonnes == 9
    assert reckoned("household", "KEN", typed, later, DAY).tonnes == 9
    assert reckoned("household", "KEN", typed, later, change - timedelta(days=1)).tonnes == 9
    assert reckoned("household", "KEN", typed, later, change).tonnes == 5
    sheet = questions.sheet(Who.HOUSEHOLD, "KEN", later.edition(change))
    assert f"on={change.isoformat()}" in saying.query(sheet, {})


BAD = [
    "-1", "−1", "NaN", "nan", "Infinity", "1e308", "1E5", "1,200", "12,5", "١٢٣", "１２", "²",
    "0x1f", "1_000", "9" * 400, "1.1234567", "+5", "1 200", "<b>", "\x00", ".5", "5.", "--",
    "1.2.3",
]  # fmt: skip


@pytest.mark.parametrize("typed", BAD)
def test_what_could_be_misunderstood_is_refused_in_words(typed: str) -> None:
    sheet = questions.sheet(Who.PERSON, "KEN", factors.load().edition(DAY))
    names = {"electricity", "grid", "waste", "people", "car"}
    answers, errors = reading.read(sheet, dict.fromkeys(names, typed))

    assert answers == {}
    assert set(errors) == names
    assert all(error.endswith(".") for error in errors.values())


def test_every_figure_has_a_source_a_year_and_its_standing() -> None:
    """Nobody compared a copy with its publication, and then the label says so."""
    for row in factors.load().rows:
        assert row.source.title
        assert row.source.verified == (row.source.label == "")
        assert row.source.verified or row.source.label.startswith("unverified, from ")
        assert re.fullmatch(r"(19|20)\d\d", row.year) or (row.name, row.year) == (
            "public_services", ""
        )
        assert row.value >= 0
        assert row.country in {"", factors.WORLD, *factors.countries()}


def test_every_question_is_put_or_has_its_reason() -> None:
    """Everywhere and for everybody: the country's figure, the world's and saying so, or why not."""
    edition = factors.load().edition(DAY)
    for country in factors.countries():
        for who in Who:
            sheet = questions.sheet(who, country, edition)
            put = {each.name for each in sheet.asked}
            meant = {each.name for each in questions.QUESTIONS if who in each.who}
            assert len(sheet.left_out) == len(meant - put) + len(questions.NEVER_ASKED)
            for each in sheet.asked:
                assert each.question.kind is Kind.COUNT or each.factor or each.options or (
                    each.name == "car_km"
                )
    there = questions.sheet(Who.PERSON, "MCO", edition).find("electricity")
    assert there is not None and there.factor is not None and there.factor.world
    assert "world figure" in saying.cited(there.factor).place
