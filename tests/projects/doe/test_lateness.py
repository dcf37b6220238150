"""A late calibration from its record to the DOE: corrected, accepted, found again in SQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal as D
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.refusals import Invalid, NotFound
from projects.doe import actions as doe
from projects.doe import comparison, lateness, queries, rawsums
from projects.doe.recalculation import Series
from projects.lifecycle import NotNow
from projects.models import MonitoringPeriod
from projects.participant import actions as participant
from projects.participant.actions import CalibrationTest
from projects.participant.models import Calibration, MonitoringReport, ReadingsFile
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story
from tests.projects.participant.designs import csv, hourly

pytestmark = pytest.mark.django_db
PDF = b"a,b\n1,2\n"
AT = on(2015, 1, 7)
TEST = CalibrationTest(
    symbol="EG_export", meter="M-1", done_date=date(2013, 1, 1), interval_months=12,
    laboratory="National metrology institute", accuracy_class="0.2S",
    permissible_error=D("0.2"), error_found=D("0.1"),
)


def recorded(
    cast: Cast, period: MonitoringPeriod, at: datetime = AT, **changes: Any
) -> Calibration:
    replaces = changes.pop("replaces_id", None)
    return participant.record_calibration(
        actor=cast.participant, at=at, project_id=period.project_id, test=replace(TEST, **changes),
        filename="certificate.csv", data=PDF, replaces_id=replaces,
    )


def late(cast: Cast, days: int = 3) -> MonitoringPeriod:
    """A period with readings, for whose first days the calibration of the export meter was late."""
    period = story.opened(cast)
    rows = hourly(period.first_date, period.last_date, export="2", unit="MWh")
    participant.upload_readings(
        actor=cast.participant, at=AT, period_id=period.pk, filename="a.csv", data=csv(rows),
        resolution="hour",
    )
    recorded(cast, period, done_date=period.first_date - timedelta(days=366))
    recorded(cast, period, done_date=period.first_date + timedelta(days=days - 1))
    return period


def reported(cast: Cast, period: MonitoringPeriod) -> MonitoringReport:
    return participant.report_monitoring(actor=cast.participant, at=AT, period_id=period.pk)


def accepted(cast: Cast, period: MonitoringPeriod, **changes: Any) -> None:
    first, last = period.first_date, period.first_date + timedelta(days=2)
    given = {"keys": [f"EG_export@{first}..{last}*0.998"], "reason": "The <laboratory> was full."}
    participant.accept_corrections(
        actor=changes.pop("actor", cast.participant), at=AT, period_id=period.pk, **given | changes
    )


def test_late_days_count_corrected_once_accepted_and_the_doe_comes_to_the_same(
    cast: Cast, client: Client, sign_in: Any
) -> None:
    """72 hours of 2 MWh less 0.2 per cent: 0.288 MWh less; the readings stay as they were."""
    period = late(cast)
    with pytest.raises(NotNow, match="wait to be accepted: 1; the first: EG_export"):
        reported(cast, period)
    for wrong, refusal in (
        ({"keys": []}, Invalid), ({"keys": ["EG_export@x"]}, Invalid), ({"reason": " "}, Invalid),
        ({"actor": cast.doe}, NotFound),
    ):
        with pytest.raises(refusal):
            accepted(cast, period, **wrong)
    assert period.accepted_corrections.count() == 0
    accepted(cast, period)
    report = reported(cast, period)
    [correction] = report.content["corrections"]
    assert {name: correction[name] for name in ("readings", "measured", "effect", "factor")} == {
        "readings": 72, "measured": "144", "effect": "-0.288", "factor": "0.998",
    }
    hours = ReadingsFile.objects.get().readings.filter(symbol="EG_export").count()
    assert D(report.content["shares"][0]["values"]["EG_export"]) == 2 * hours - D("0.288")
    engagement = story.offered(cast, period.project, cast.other_doe, period, on(2015, 1, 8))
    doe.accept_engagement(
        actor=cast.other_doe, at=on(2015, 1, 9), engagement_id=engagement.pk, no_conflict=True
    )
    case = doe.open_verification(actor=cast.other_doe, at=on(2015, 1, 10), period_id=period.pk)
    run = doe.recompute(run_id=case.runs.get().pk, at=on(2015, 1, 10))
    assert (run.state, run.differences) == ("done", [])
    named = "Correction of EG_export for late calibration"
    assert [(row["theirs"], row["agrees"]) for row in run.result["compared"]
            if row["result"] == named] == [("−0.288 MWh", True)]
    _left_out(report, run.result)
    desk: Client = sign_in(client, cast.other_doe)
    page = desk.get(reverse("doe:verification", args=[period.project.name, 1])).content.decode()
    for said in ("The &lt;laboratory&gt; was full.", "0.998", "M-1", "unverified", "0.2S"):
        assert said in page


def _left_out(report: MonitoringReport, result: dict[str, Any]) -> None:
    """A report that leaves its correction out is found out by the second path."""
    content = report.content | {"corrections": [], "claimed": report.claimed}
    content["shares"][0]["values"]["EG_export"] = str(
        D(content["shares"][0]["values"]["EG_export"]) + D("0.288")
    )
    compared = comparison.compare(
        content, result["sums"], result["calculated"], result["claimed"]
    )
    assert [row["result"] for row in compared if not row["agrees"]] == [
        "EG_export", "Correction of EG_export for late calibration",
    ]


def test_the_doe_reads_calibrations_as_they_were_when_the_report_was_frozen(cast: Cast) -> None:
    """A record that takes the place of another counts from then on; what costs reductions grows,
    a mean by the mean of its changes.
    """
    period = late(cast)
    accepted(cast, period)
    report = reported(cast, period)
    source = queries.raw_source(report)
    export = Series("EG_export", "MWh", gap_zero=True)
    wrong = Calibration.objects.get(done_date=period.first_date + timedelta(days=2))
    recorded(cast, period, done_date=wrong.done_date, error_found=D(-5), replaces_id=wrong.pk)
    now = replace(source, as_of=None)
    assert [sum(lateness.effects(each, export).values()) for each in (source, now)] == [
        Fraction("-0.288"), Fraction("-7.2"),
    ]
    with pytest.raises(NotNow, match="wait to be accepted: 1"):
        reported(cast, period)
    used = Series("EG_export", "MWh", mean=True)
    [whole] = lateness.corrected(source, used, rawsums.raw_sums(source, used))
    assert whole.correction == Fraction("0.288") / whole.readings


def test_a_report_waits_for_an_overdue_calibration(cast: Cast) -> None:
    period = late(cast)
    accepted(cast, period)
    recorded(cast, period, meter="M-2", done_date=period.first_date - timedelta(days=800))
    with pytest.raises(NotNow, match="The meter M-2 of EG_export was to be calibrated by"):
        reported(cast, period)
    assert MonitoringReport.objects.count() == 0


def test_records_are_refused_box_by_box_and_leave_nothing(cast: Cast) -> None:
    period = story.opened(cast)
    first = recorded(cast, period)
    assert (first.due_date, first.certificate.kind) == (date(2014, 1, 1), "calibration")
    assert recorded(cast, period, meter="M-9", out_of_use=True).due_date is None
    for box, value in (
        ("symbol", "EG_BL"), ("done_date", date(2015, 1, 8)), ("interval_months", 0),
        ("interval_months", 241), ("permissible_error", D(0)), ("permissible_error", D("100.1")),
        ("error_found", D("-100.1")), ("meter", " "), ("laboratory", ""), ("accuracy_class", ""),
        ("replaces", 0), ("done_date", TEST.done_date),
    ):
        changes = {"replaces_id": 0} if box == "replaces" else {box: value}
        with pytest.raises(Invalid) as refused:
            recorded(cast, period, **changes)
        assert list(refused.value.errors) == [box]
    with pytest.raises(NotFound):
        participant.record_calibration(
            actor=cast.other_doe, at=AT, project_id=period.project_id, test=TEST,
            filename="a.csv", data=PDF,
        )
    assert Calibration.objects.count() == 2
