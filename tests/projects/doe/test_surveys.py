"""A survey from its table to the DOE: the bound that counts, in both paths."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal as D
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cdm_portal.demonstration.portfolio import PORTFOLIO, Until
from cdm_portal.demonstration.walk import Walk
from cdm_portal.refusals import Invalid, NotFound
from projects.doe import queries, rawsums, surveyed
from projects.doe.recalculation import Series
from projects.lifecycle import NotNow
from projects.methodologies.listed import UnusableRows
from projects.models import MonitoringPeriod, Project
from projects.participant import actions
from projects.participant import queries as participant
from projects.participant.models import Survey
from tests.cast import Cast
from tests.factories import SOLAR, CastPeople
from tests.projects.participant.designs import AT, csv, opened, uploaded

pytestmark = pytest.mark.django_db
STEAM = Series("w_CO2", "tCO2/t", mean=True)


@pytest.fixture
def period(cast: Cast) -> tuple[MonitoringPeriod, datetime]:
    """Two days of a geothermal plant, whose steam is sampled at wells."""
    sketch = next(each for each in PORTFOLIO if each.sector == "geothermal")
    sketch = replace(
        sketch, until=Until.REGISTERED, owner=SOLAR.owner, capacity_mw="12", annual_mwh=90_000
    )
    made = Walk(CastPeople(cast), sketch, AT)  # type: ignore[arg-type] # the cast stands in
    made.go()
    return opened(cast, Project.objects.get(pk=made.project.pk), days=2)


def table(period: MonitoringPeriod, values: list[str]) -> bytes:
    day = period.first_date
    rows = [f"well {number},{day},{value}" for number, value in enumerate(values)]
    return csv(["unit,date,value [tCO2/t]", *rows])


def hours(period: MonitoringPeriod, *columns: str) -> list[str]:
    names = ("EG_export [MWh]", "EG_import [MWh]", "M_steam [t]", *columns)
    header = ",".join(("timestamp", *names))
    return [header, *(
        f"{period.first_date.replace(day=period.first_date.day + n // 24)}T{n % 24:02}:00"
        + ",9,0,200" + ",0.01" * len(columns)
        for n in range(48)
    )]


def test_a_survey_gives_its_parameter_the_bound_and_the_second_path_the_same(
    cast: Cast, client: Client, sign_in: Any, period: tuple[MonitoringPeriod, datetime]
) -> None:
    """Twenty wells with 0.01 and twenty with 0.03 of 1,600: s² = 40·0.0001/39, SE² = s²/40 · 0.975
    = 2.5e-6; 1.645 SE is more than a tenth of the mean of 0.02, so that the upper bound counts.
    """
    found, at = period
    desk: Client = sign_in(client, cast.participant)
    page = reverse("participant:surveys", args=[found.project.name, 1])
    data = table(found, ["0.01"] * 20 + ["0.03"] * 20)
    sent = {"symbol": "w_CO2", "population": "1600", "file": SimpleUploadedFile("w.csv", data)}
    assert desk.post(page, sent).status_code == 302
    shown = desk.get(page).content.decode()
    for said in ("the upper bound, since the precision is not reached", "unverified", "1 600"):
        assert said.replace(" 600", "\u202f600") in shown or said in shown
    file = uploaded(cast, found, at, hours(found, "w_CH4 [tCH4/t]"))
    assert not participant.open_gaps(file)
    report = actions.report_monitoring(actor=cast.participant, at=at, period_id=found.pk)
    [survey] = report.content["surveys"]
    assert [D(survey[name]) for name in ("mean", "error")] == [D("0.02"), D("0.001581138830")]
    bound = D(report.content["shares"][0]["values"]["w_CO2"])
    assert bound == D("0.022600973376")
    source = queries.raw_source(report)
    [ours] = surveyed.instead(source, STEAM, rawsums.raw_sums(source, STEAM), code="AMS-I.D")
    assert (ours.value, ours.readings, ours.missing) == (bound, 40, 0)
    for values, small in ((["0.02"] * 40, D("0.02")), (["0.01"] * 13 + ["0.011"] * 27, None)):
        actions.upload_survey(
            actor=cast.participant, at=at, period_id=found.pk, symbol="w_CO2", population=1600,
            filename="w.csv", data=table(found, values),
        )
        again = actions.report_monitoring(actor=cast.participant, at=at, period_id=found.pk)
        value = D(again.content["shares"][0]["values"]["w_CO2"])
        source = queries.raw_source(again)
        [ours] = surveyed.instead(source, STEAM, rawsums.raw_sums(source, STEAM), code="AMS-I.D")
        assert ours.value == value
        assert small in (None, value)
    actions.end_survey(actor=cast.participant, at=at, period_id=found.pk, symbol="w_CO2")
    with pytest.raises(NotNow, match="The readings lack w_CO2"):
        actions.report_monitoring(actor=cast.participant, at=at, period_id=found.pk)


def test_surveys_are_refused_and_leave_nothing(
    cast: Cast, period: tuple[MonitoringPeriod, datetime]
) -> None:
    found, at = period
    act = {"at": at, "period_id": found.pk, "filename": "w.csv"}
    good = {"symbol": "w_CO2", "population": 1600, "data": table(found, ["0.01"] * 30)}
    for change, box in (
        ({"symbol": "M_steam"}, "symbol"), ({"population": 29}, "population"),
        ({"population": 0}, "population"), ({"data": table(found, ["0.01"] * 29)}, "file"),
    ):
        with pytest.raises(Invalid) as refused:
            actions.upload_survey(actor=cast.participant, **act, **good | change)
        assert list(refused.value.errors) == [box]
    with pytest.raises(UnusableRows):
        actions.upload_survey(
            actor=cast.participant, **act, **good | {"data": table(found, ["2"] * 30)}
        )
    for actor in (cast.doe, cast.other_doe):
        with pytest.raises(NotFound):
            actions.upload_survey(actor=actor, **act, **good)
    with pytest.raises(NotFound):
        actions.end_survey(actor=cast.participant, at=at, period_id=found.pk, symbol="w_CO2")
    assert not Survey.objects.exists()
