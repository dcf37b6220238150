"""A project that makes no electricity goes through the whole cycle, up to the second way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.demonstration.portfolio import Until
from cdm_portal.values import Actor, Period
from projects.doe import comparison, recalculation
from projects.doe.recalculation import Facts
from projects.doe.second.sizes import exact
from projects.lifecycle import NotNow
from projects.methodologies import catalogue, codec, periods, validity
from projects.methodologies.ams_iii_f import Composting
from projects.methodologies.base import Aggregation, Treatment
from projects.methodologies.tool04 import Climate
from projects.participant import actions, design, explained, facts, monitoring, varied
from projects.participant.models import StatedRows
from tests.cast import Cast
from tests.projects.doe.documents import DAY, document
from tests.projects.doe.other_walks import OtherWalk, StovesWalk, WaterWalk, stoves, walked
from tests.projects.doe.random_cases import cases

SignIn = Callable[[Client, Actor], Client]


@pytest.mark.django_db
def test_safe_water_goes_from_design_to_a_request_for_issuance(
    cast: Cast, at: datetime, sign_in: SignIn
) -> None:
    """By hand: (4.186 × 80 + 0.01 × 2,260) kJ/L / 0.1 = 3,574.8 kJ/L, × 63.7 tCO2/TJ × 0.8.

    Expected: 1,900,000 L → 346.1264… t a year. Measured: 11 × 200,000 L, but no more than
    5.5 L × (11 / 12 × 1,000) × 360 d = 1,815,000 L → 330.6418… t.
    """
    made = walked(cast, at, WaterWalk)
    project, period = made.project, made.period
    period.refresh_from_db()
    version = project.design_versions.get()
    assert version.calculation["annual_average"] == 346
    assert (project.sectoral_scope, project.methodology) == (3, "AMS-III.AV")
    assert (period.claimed_tonnes, period.certified_tonnes) == (330, 330)

    run = period.verification.runs.get()
    assert (run.state, run.differences) == ("done", [])
    ours = {row["result"]: row["ours"] for row in run.result["compared"]}
    assert ours["QPW"] == "2\u202f200\u202f000 L"
    assert ours["N"].startswith("916.666")
    assert ours["Missing readings of QPW"] == "1"

    assert_shown(made, cast, sign_in, "Water that counts")
    moved = varied.moved(explained.ground(period.reports.get()))
    assert moved is not None
    assert {each.symbol for each in moved} >= {"eta", "f_NRB", "N"}


@pytest.mark.django_db
def test_stoves_go_the_same_way_by_rows_alone(
    cast: Cast, at: datetime, sign_in: SignIn, nothing_written: Callable[[], Any]
) -> None:
    """By hand, for a stove: 3 t × (1 − 0.1 / 0.25) = 1.8 t of wood saved in a year.

    1.8 t × 900 × 0.8 = 1,296 t, × 0.0156 TJ/t × 0.8 × 63.7 tCO2/TJ = 1,030.29… t, less 5 %.
    """
    made = walked(cast, at, StovesWalk)
    period = made.period
    period.refresh_from_db()
    report = period.reports.get()
    assert (report.readings_file, report.content["readings"]) == (None, None)
    assert (period.claimed_tonnes, period.certified_tonnes) == (978, 978)
    run = period.verification.runs.get()
    assert (run.state, run.differences) == ("done", [])
    ours = {row["result"]: row["ours"] for row in run.result["compared"]}
    assert ours["stoves.N[rocket, 2021]"] == "900"
    assert_shown(made, cast, sign_in, "rocket")
    with nothing_written(), pytest.raises(NotNow):
        actions.state_rows(
            actor=cast.participant, at=at, period_id=period.pk, symbol="stoves",
            stated=[stoves("901", "0.8")],
        )


@pytest.mark.django_db
def test_rows_are_judged_one_by_one_and_keep_what_the_design_fixed(
    cast: Cast, at: datetime, sign_in: SignIn
) -> None:
    made = walked(cast, at, StovesWalk, Until.REGISTERED)
    first = made.credited_from()
    later = made.day(600)
    period = actions.open_period(
        actor=cast.participant, at=later, project_id=made.project.pk, first=first,
        last=first + timedelta(days=30),
    )
    page = reverse("participant:period", args=[made.project.name, period.number])
    client = sign_in(Client(), cast.participant)
    assert "Not stated for this period yet." in client.get(page).content.decode()
    for text, said in (
        ("rocket; 2021; many; 0.8; 3; 0.25", "Row 1, N: &#x27;many&#x27; is not a number."),
        ("rocket; 2021; 900; 0.8; 4; 0.25", "Row 1, B_old: the design document fixes 3."),
        ("rocket; 2021; 900", "Row 1 has 3 cells instead of 6"),
        ("", "This field is required."),
    ):
        answer = client.post(page, {"table": "stoves", "rows": text})
        shown = answer.content.decode()
        assert (answer.status_code, said in shown, text in shown) == (422, True, True), said
    assert not StatedRows.objects.exists()
    with pytest.raises(NotNow, match="State the rows of stoves first"):
        actions.report_monitoring(actor=cast.participant, at=later, period_id=period.pk)
    sent = (
        "type; batch; N; mu; B_old [t]; eta_new\n"
        "rocket; 2021; 900; 0.8; 3; 0.25\nplancha\t2022\t5\t1\t2\t0.3"
    )
    assert client.post(page, {"table": "stoves", "rows": sent}).status_code == 302
    assert [row["type"] for row in StatedRows.objects.get().rows] == ["rocket", "plancha"]
    assert client.post(page, {"table": "lagoons", "rows": sent}).status_code == 404
    rival = sign_in(Client(), cast.rival_participant)
    assert rival.post(page, {"table": "stoves", "rows": sent}).status_code == 404
    assert StatedRows.objects.count() == 1


def test_rows_hold_for_the_days_of_the_period_and_waste_for_a_whole_year() -> None:
    """A period across two sets of rules, or not a whole year of crediting, is not worked out."""
    split = partial(periods.split, last_er_date=None, with_potentials=False)
    methodology = catalogue.for_design("AMS-III.F")
    plan = monitoring.Plan(
        methodology=methodology, version="12.0", fixed={}, fixed_rows={}, zone=UTC,
        context=Composting(2012, Climate.TROPICAL_WET), design_version=1,
        crediting=Period(date(2012, 7, 1), date(2019, 6, 30)),
    )
    for days, said in (
        (Period(date(2012, 7, 1), date(2013, 6, 30)), "end it on 31 December 2012"),
        (Period(date(2013, 7, 1), date(2013, 12, 31)), "has to be 1 July 2013 to 30 June 2014"),
    ):
        with pytest.raises(NotNow, match=said):
            monitoring.require_whole(plan, split(days))
    whole = Period(date(2013, 7, 1), date(2014, 6, 30))
    monitoring.require_whole(plan, split(whole))
    assert facts.year_of(plan.crediting, whole.last) == 2013
    stated = {"crediting": {"first_date": "2012-07-01"}}
    assert recalculation.year_of(stated, whole.last) == 2013


def assert_shown(made: OtherWalk, cast: Cast, sign_in: SignIn, words: str) -> None:
    """Every page on which the reductions stand has these words, for everybody who reads it."""
    name, participant = made.project.name, sign_in(Client(), cast.participant)
    for client, page, args in (
        (participant, "participant:version", [name, 1]),
        (participant, "participant:report", [name, 1]),
        (sign_in(Client(), cast.doe), "doe:validation", [name]),
        (sign_in(Client(), cast.other_doe), "doe:verification", [name, 1]),
        (Client(), "tonne", [name, 1]),
    ):
        answer = client.get(reverse(page, args=args))
        assert answer.status_code == 200, page
        assert words in answer.content.decode(), page
    paper = Client().get(reverse("tonne_paper", args=[name, 1]))
    assert paper.content.startswith(b"%PDF")


EVERY = pytest.mark.parametrize("code", [each.code for each in catalogue.all()])


@EVERY
def test_the_estimate_of_any_methodology_is_recalculated_from_the_frozen_document(
    code: str,
) -> None:
    """Both ways read the document for themselves, and come to the same in every step."""
    drawn = (
        each for each in cases(code, Random(code))
        if not any(symbol.startswith("GWP") for symbol in each[0]["inputs"])  # the days say it
    )
    for asked, claimed in islice(drawn, 10):
        content = document(code, asked, claimed.inputs)
        day = catalogue.get(code).version(asked["version"]).valid_from
        with validity.as_shipped():
            lacking = design.problems(content, days=[day])
        assert lacking["methodology"] + lacking["parameters"] == []
        first = design.estimates(content)[0].calculation.as_dict()
        given = design.expected(content)[0]
        ours = recalculation.recalculate(
            recalculation.facts_of(content),
            {symbol: exact(value) for symbol, value in given.items() if isinstance(value, str)},
            rows={s: value for s, value in given.items() if isinstance(value, list)},
            commitment_period=2, year=DAY.year,
        )
        theirs = dict(comparison.by_path(first["steps"]))
        assert theirs.keys() == ours.keys()
        for path, step in theirs.items():
            assert abs(exact(step["value"]) - ours[path]) <= comparison.TOLERANCE, path


@EVERY
def test_both_ways_measure_the_same_and_fill_its_gaps_alike(code: str) -> None:
    """What a period needs, summed or averaged, and what stands in for a missing reading."""
    drawn = cases(code, Random(code))
    for asked, _ in islice(drawn, 25):
        kind = catalogue.for_design(code).in_version(asked["version"])
        known = codec.read_facts(kind.facts_type, kind.facts, asked["facts"])
        theirs = {
            each.symbol: (
                each.unit, each.aggregation is Aggregation.MEAN, each.treatment is Treatment.ZERO
            )
            for each in kind.monitored(known)
        }
        facts = Facts(code, {**asked["facts"], "version": asked["version"]}, {})
        ours = {
            each.symbol: (each.unit, each.mean, each.gap_zero)
            for each in recalculation.series_of(facts)
        }
        assert ours == theirs
