"""Opening periods, uploading readings, settling gaps, freezing and revising reports."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cdm_portal import queues
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from projects.lifecycle import NotNow, Stage
from projects.methodologies.calculation import Calculation
from projects.methodologies.periods import PeriodRefused
from projects.methodologies.tables import UnreadableFile
from projects.models import MonitoringPeriod, Project
from projects.participant import actions, design, monitoring, queries
from projects.participant import waiting as desk
from projects.participant.models import MonitoringReport, Reading, ReadingsFile
from tests.cast import Cast
from tests.projects.participant.designs import (
    AT,
    EarlyWalk,
    csv,
    hourly,
    opened,
    registered,
    submitted,
    uploaded,
)

Unchanged = Callable[[], AbstractContextManager[None]]
OpenPeriod = tuple[MonitoringPeriod, datetime]
pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)


@pytest.fixture
def case(cast: Cast) -> Project:
    return registered(cast)


@pytest.fixture
def open_period(cast: Cast, case: Project) -> tuple[MonitoringPeriod, datetime]:
    return opened(cast, case)


def problems(refused: Any) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.message) for each in refused.value.problems]


# Periods


def test_periods_follow_each_other_from_the_first_day_that_can_be_credited(
    cast: Cast, case: Project
) -> None:
    first, _ = opened(cast, case)
    second, _ = opened(cast, case)
    assert first.first_date == max(case.crediting_first_date, case.registered_at.date())
    assert second.first_date == first.last_date + ONE_DAY
    assert (first.number, second.number) == (1, 2)


@pytest.mark.parametrize(("shift", "said"), [(-1, "overlaps"), (1, "without a gap")])
def test_an_overlap_and_a_gap_are_refused_with_the_day_due(
    cast: Cast,
    case: Project,
    open_period: OpenPeriod,
    nothing_written: Unchanged,
    shift: int,
    said: str,
) -> None:
    period, after = open_period
    first = period.last_date + (1 + shift) * ONE_DAY
    with nothing_written(), pytest.raises(PeriodRefused) as refused:
        actions.open_period(
            actor=cast.participant, at=after, project_id=case.pk, first=first,
            last=first + 30 * ONE_DAY,
        )
    due = f"{period.last_date + ONE_DAY:%d %B %Y}"
    assert said in refused.value.errors["first"][0]
    assert due in refused.value.errors["first"][0]


def test_a_period_ends_inside_the_crediting_period_and_after_it_begins(
    cast: Cast, case: Project, nothing_written: Unchanged
) -> None:
    first = queries.next_first_day(case)
    for last in (case.crediting_last_date + ONE_DAY, first - ONE_DAY):
        with nothing_written(), pytest.raises(Invalid) as refused:
            actions.open_period(
                actor=cast.participant, at=AT, project_id=case.pk, first=first, last=last
            )
        assert list(refused.value.errors) == ["last"]


def test_reductions_after_2020_do_not_count_under_historic_rules(cast: Cast, case: Project) -> None:
    Project.objects.filter(pk=case.pk).update(rules="historic")
    first = queries.next_first_day(case)
    assert first > date(2020, 12, 31)
    with pytest.raises(PeriodRefused, match="after 31 December 2020 do not count"):
        actions.open_period(
            actor=cast.participant, at=AT, project_id=case.pk, first=first, last=first
        )


def test_monitoring_begins_with_registration(cast: Cast, nothing_written: Unchanged) -> None:
    case, _ = submitted(cast)
    with nothing_written(), pytest.raises(NotNow):
        actions.open_period(
            actor=cast.participant, at=AT, project_id=case.pk, first=date(2025, 1, 1),
            last=date(2025, 1, 31),
        )


def test_a_rival_finds_no_period(
    cast: Cast, case: Project, open_period: OpenPeriod, nothing_written: Unchanged
) -> None:
    period, after = open_period
    calls = [
        lambda who: actions.open_period(
            actor=who, at=after, project_id=case.pk, first=period.last_date + ONE_DAY,
            last=period.last_date + 2 * ONE_DAY,
        ),
        lambda who: actions.upload_readings(
            actor=who, at=after, period_id=period.pk, filename="a.csv", data=b"timestamp\n",
            resolution="hour",
        ),
        lambda who: actions.accept_gap(
            actor=who, at=after, period_id=period.pk, key="x", reason="y"
        ),
        lambda who: actions.report_monitoring(actor=who, at=after, period_id=period.pk),
    ]
    for call in calls:
        for who in (cast.rival_participant, cast.doe, cast.secretariat, cast.dna):
            with nothing_written(), pytest.raises((NotFound, Forbidden)):
                call(who)


# Readings


def test_hourly_readings_are_kept_row_by_row_and_the_file_as_it_came(
    cast: Cast, open_period: OpenPeriod
) -> None:
    period, after = open_period
    rows = hourly(period.first_date, period.last_date)
    file = uploaded(cast, period, after, rows)
    assert (file.reading_count, file.gaps, file.resolution) == (2 * 31 * 24, [], "hour")
    assert bytes(file.document.blob.data) == csv(rows)
    reading = Reading.objects.filter(file=file, symbol="EG_export").order_by("at").first()
    assert (reading.row_number, reading.value, reading.unit) == (2, Decimal(2), "MWh")
    assert reading.at == datetime.combine(
        period.first_date, datetime.min.time(), tzinfo=UTC
    )


def test_kwh_are_converted_when_the_column_says_so(cast: Cast, open_period: OpenPeriod) -> None:
    period, after = open_period
    rows = hourly(period.first_date, period.last_date, export="2000.5", unit="kWh")
    file = uploaded(cast, period, after, rows)
    exports = Reading.objects.filter(file=file, symbol="EG_export")
    assert set(exports.values_list("value", flat=True)) == {Decimal("2.0005")}


def test_kwh_where_mwh_is_due_is_an_error_of_every_row(
    cast: Cast, open_period: OpenPeriod, nothing_written: Unchanged
) -> None:
    period, after = open_period
    rows = hourly(period.first_date, period.last_date, export="2000")
    with nothing_written(), pytest.raises(actions.UnusableReadings) as refused:
        uploaded(cast, period, after, rows)
    assert refused.value.problem_count == 31 * 24
    assert problems(refused)[0][:2] == (2, "EG_export [MWh]")
    assert "looks like kWh" in problems(refused)[0][2]


def test_a_text_in_a_number_names_its_row_and_keeps_nothing(
    cast: Cast, open_period: OpenPeriod, nothing_written: Unchanged
) -> None:
    period, after = open_period
    rows = hourly(period.first_date, period.last_date)
    rows[7] = rows[7].replace(",2,", ",two,")
    with nothing_written(), pytest.raises(actions.UnusableReadings) as refused:
        uploaded(cast, period, after, rows)
    assert problems(refused) == [(8, "EG_export [MWh]", "'two' is not a number")]
    assert refused.value.errors["file"] == [
        "Row 8, EG_export [MWh]: 'two' is not a number. "
        "Nothing was kept: correct the file and try again."
    ]


@pytest.mark.parametrize(
    ("filename", "data", "said"),
    [
        ("r.xlsx", b"timestamp,EG_export [MWh]\n", "not an XLSX workbook"),
        ("r.xlsx", b"PK\x03\x04 nonsense", "not an XLSX workbook"),
        ("r.csv", b"PK\x03\x04 nonsense", "workbook or an archive"),
        ("r.csv", b"", "empty"),
        ("r.pdf", b"%PDF-1.7", "not read here"),
        ("r.csv", b"x" * 20_000_001, "at most 20 MB"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(
    cast: Cast,
    open_period: OpenPeriod,
    nothing_written: Unchanged,
    filename: str,
    data: bytes,
    said: str,
) -> None:
    period, after = open_period
    with nothing_written(), pytest.raises(UnreadableFile) as refused:
        actions.upload_readings(
            actor=cast.participant, at=after, period_id=period.pk, filename=filename, data=data,
            resolution="hour",
        )
    assert said in refused.value.errors["file"][0]


def test_a_missing_hour_is_a_gap_that_has_to_be_accepted(
    cast: Cast, open_period: OpenPeriod
) -> None:
    period, after = open_period
    rows = hourly(period.first_date, period.last_date)
    del rows[5]
    file = uploaded(cast, period, after, rows)
    hour = f"{period.first_date}T04:00Z"
    assert [gap["key"] for gap in file.gaps] == [f"EG_export@{hour}+1", f"EG_import@{hour}+1"]
    with pytest.raises(NotNow, match="2 gaps in the readings wait to be accepted"):
        actions.report_monitoring(actor=cast.participant, at=after, period_id=period.pk)
    for gap in file.gaps:
        actions.accept_gap(
            actor=cast.participant, at=after, period_id=period.pk, key=gap["key"],
            reason="Logger restarted.",
        )
    report = actions.report_monitoring(actor=cast.participant, at=after, period_id=period.pk)
    share = report.content["shares"][0]
    assert share["filled"] == {"EG_export": 1, "EG_import": 1}
    assert share["values"]["EG_export"] == str(2 * (31 * 24 - 1))
    assert [gap["reason"] for gap in report.content["gaps"]] == ["Logger restarted."] * 2


def test_only_an_open_gap_can_be_accepted_and_only_with_a_reason(
    cast: Cast, open_period: OpenPeriod, nothing_written: Unchanged
) -> None:
    period, after = open_period
    rows = hourly(period.first_date, period.last_date)
    del rows[5]
    file = uploaded(cast, period, after, rows)
    key = file.gaps[0]["key"]
    for keys, reason, box in ((["EG_export@2099"], "x", "keys"), ([], "x", "keys"),
                              ([key], " ", "reason")):
        with nothing_written(), pytest.raises(Invalid) as refused:
            actions.accept_gaps(
                actor=cast.participant, at=after, period_id=period.pk, keys=keys, reason=reason
            )
        assert list(refused.value.errors) == [box]


def test_a_second_upload_counts_and_the_first_stays(cast: Cast, open_period: OpenPeriod) -> None:
    period, after = open_period
    first = uploaded(cast, period, after)
    second = uploaded(
        cast, period, after, hourly(period.first_date, period.last_date, export="3")
    )
    assert queries.current_file(period) == second
    assert Reading.objects.filter(file=first).count() == first.reading_count


# Reports


def test_a_report_freezes_the_claim_to_the_tonne(cast: Cast, open_period: OpenPeriod) -> None:
    period, after = open_period
    uploaded(cast, period, after)
    report = actions.report_monitoring(actor=cast.participant, at=after, period_id=period.pk)
    period = MonitoringPeriod.objects.get(pk=period.pk)
    exact = Decimal(2 * 31 * 24) * Decimal("0.56525")
    assert (exact, report.claimed) == (Decimal("841.09200"), {"2": 841})
    assert (period.stage, period.claimed_tonnes, period.report_version, period.reported_at) == (
        Stage.VERIFICATION, 841, 1, after,
    )
    worked = Calculation.from_dict(report.content["shares"][0]["calculation"])
    assert (worked.reductions_exact, worked.project, worked.leakage) == (exact, 0, 0)
    report.refresh_from_db()
    assert report.sha256 == design.digest(report.content)
    assert bytes(report.document.blob.data).startswith(b"%PDF-")


def test_a_period_that_crosses_into_2013_is_claimed_in_two_parts(cast: Cast) -> None:
    case = registered(cast, datetime(2014, 1, 10, 9, tzinfo=UTC), EarlyWalk)
    first = queries.next_first_day(case)
    assert first.year == 2012
    days = (date(2013, 1, 31) - first).days + 1
    period, after = opened(cast, case, days=days)
    uploaded(cast, period, after)
    report = actions.report_monitoring(actor=cast.participant, at=after, period_id=period.pk)
    early = (date(2013, 1, 1) - first).days
    assert report.claimed == {
        "1": int(Decimal(48 * early) * Decimal("0.56525")),
        "2": int(Decimal(48 * 31) * Decimal("0.56525")),
    }


def test_a_report_waits_for_the_end_of_the_period_and_for_readings(
    cast: Cast, open_period: OpenPeriod
) -> None:
    period, after = open_period
    with pytest.raises(NotNow, match="Upload the readings"):
        actions.report_monitoring(actor=cast.participant, at=after, period_id=period.pk)
    with pytest.raises(NotNow, match="lasts until"):
        actions.report_monitoring(
            actor=cast.participant, at=after - 6 * ONE_DAY, period_id=period.pk
        )


def test_a_revised_report_is_a_new_version_until_an_amount_is_certified(
    cast: Cast, case: Project, open_period: OpenPeriod, nothing_written: Unchanged
) -> None:
    period, after = open_period
    uploaded(cast, period, after)
    first = actions.report_monitoring(actor=cast.participant, at=after, period_id=period.pk)
    with nothing_written(), pytest.raises(NotNow, match="Nothing has changed since version 1"):
        actions.report_monitoring(actor=cast.participant, at=after, period_id=period.pk)
    uploaded(cast, period, after, hourly(period.first_date, period.last_date, export="1"))
    second = actions.report_monitoring(actor=cast.participant, at=after, period_id=period.pk)
    period = MonitoringPeriod.objects.get(pk=period.pk)
    assert (second.version, second.claimed, period.claimed_tonnes) == (2, {"2": 420}, 420)
    assert MonitoringReport.objects.get(pk=first.pk).claimed == {"2": 841}
    MonitoringPeriod.objects.filter(pk=period.pk).update(certified_tonnes=420)
    with nothing_written(), pytest.raises(NotNow, match="certified an amount"):
        uploaded(cast, period, after)


def test_a_shortfall_is_made_good_before_anything_is_claimed(
    cast: Cast, case: Project, open_period: OpenPeriod
) -> None:
    period, after = open_period
    rows = [row.replace(",2,0", ",0,1") for row in hourly(period.first_date, period.last_date)]
    uploaded(cast, period, after, rows)
    report = actions.report_monitoring(actor=cast.participant, at=after, period_id=period.pk)
    assert (report.claimed, report.content["shortfall"]) == ({"2": 0}, 421)
    following, later = opened(cast, case, days=31)
    uploaded(cast, following, later)
    report = actions.report_monitoring(actor=cast.participant, at=later, period_id=following.pk)
    assert (report.claimed, report.content["carried"], report.content["shortfall"]) == (
        {"2": 841 - 421}, 421, 0,
    )


def test_the_stored_readings_come_to_what_the_file_said(
    cast: Cast, open_period: OpenPeriod
) -> None:
    period, after = open_period
    file = uploaded(cast, period, after)
    plan = monitoring.plan_of(period)
    stored = monitoring.stored(plan, ReadingsFile.objects.get(pk=file.pk))
    parsed = monitoring.parse(
        plan, period, filename="r.csv", data=bytes(file.document.blob.data),
        resolution=stored.resolution,
    )
    assert stored.rows == parsed.rows


@pytest.mark.parametrize("table", [
    "participant_reading", "participant_readingsfile", "participant_monitoringreport",
    "participant_acceptedgap", "participant_statedrows",
])
def test_records_of_monitoring_are_never_changed_or_deleted(table: str) -> None:
    statements = (
        f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE",
    )
    for statement in statements:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_waits_leads_through_the_period(cast: Cast, case: Project) -> None:
    assert [item["what"] for item in queues.items(desk.queue(cast.participant, AT))] == [
        "The project is registered: open its first monitoring period."
    ]
    _, after = opened(cast, case)
    waiting = queues.items(desk.queue(cast.participant, after))
    assert [(item["title"], item["why_not"]) for item in waiting] == [("Monitoring period 1", "")]
    early = queues.items(desk.queue(cast.participant, after - 6 * ONE_DAY))
    assert "lasts until" in early[0]["why_not"]


