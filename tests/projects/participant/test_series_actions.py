"""Long series: from a faulty file over the chosen treatments to readings that count."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from cdm_portal.refusals import Invalid, NotFound
from projects.doe import queries as doe_queries
from projects.doe import rawsums
from projects.doe.recalculation import Series
from projects.lifecycle import NotNow
from projects.methodologies.tables import UnreadableFile
from projects.models import MonitoringPeriod
from projects.participant import actions, monitoring, queries, tasks
from projects.participant.models import ReadingsFile, ReadingsImport
from tests.cast import Cast
from tests.projects.participant.designs import csv, opened, registered

pytestmark = pytest.mark.django_db
State = ReadingsImport.State
Opened = tuple[MonitoringPeriod, datetime]


@pytest.fixture
def period(cast: Cast) -> Opened:
    return opened(cast, registered(cast), days=2)


def minutes(period: MonitoringPeriod, *, step: int = 15, value: str = "100.5,1") -> list[str]:
    """A reading for each quarter of an hour, header first."""
    first = datetime(period.first_date.year, period.first_date.month, period.first_date.day)
    count = ((period.last_date - period.first_date).days + 1) * 1_440 // step
    return ["timestamp,EG_export [kWh],EG_import [kWh]"] + [
        f"{first + timedelta(minutes=step * n):%Y-%m-%dT%H:%M},{value}" for n in range(count)
    ]


def sent(
    cast: Cast, period: Opened, rows: list[str], *, resolution: str = "quarter"
) -> ReadingsImport:
    """The file sent, and carried out by a worker."""
    made = actions.send_series(
        actor=cast.participant, at=period[1], period_id=period[0].pk, filename="meter.csv",
        data=csv(rows), resolution=resolution,
    )
    return worked(made, period[1])


def worked(made: ReadingsImport, at: datetime) -> ReadingsImport:
    lease = uuid.uuid4()
    assert actions.take_import(at=at, import_id=made.pk, lease=lease)
    return actions.import_series(at=at, import_id=made.pk, lease=lease)


def faulty(period: MonitoringPeriod) -> list[str]:
    rows = minutes(period)
    rows[3] = rows[3].replace("100.5", "=A2")
    rows[5] = rows[5].replace("100.5", "0.1 MWh")
    rows.append(rows[9].replace("100.5", "90"))
    return rows


def treated(cast: Cast, period: Opened, made: ReadingsImport, **choices: str) -> ReadingsImport:
    keys = {each["key"]: choices[each["fault"]] for each in made.faults if "choice" not in each}
    actions.treat_faults(
        actor=cast.participant, at=period[1], import_id=made.pk, choices=keys,
        reason="The logger was set up anew.",
    )
    return worked(made, period[1])


def test_faults_wait_for_treatments_and_the_treated_series_counts_exactly(
    cast: Cast, period: Opened
) -> None:
    """192 quarters of 100.5 kWh: one a formula (a gap, zero), one 0.1 MWh, one told twice as 90."""
    made = sent(cast, period, faulty(period[0]))
    assert (made.state, made.row_count) == (State.FAULTY, 193)
    assert [(f["fault"], f["column"], f["rows"]) for f in made.faults] == [
        ("own_unit", "EG_export [kWh]", [[6, "0.1 MWh"]]),
        ("formula", "EG_export [kWh]", [[4, "=A2"]]),
        ("double", "EG_export [kWh]", [[10, "100.5"], [194, "90"]]),
        ("double", "EG_import [kWh]", [[10, "1"], [194, "1"]]),
    ]
    assert queries.current_file(period[0]) is None
    made = treated(cast, period, made, own_unit="convert", formula="leave_out", double="least")
    assert (made.state, made.percent, made.message) == (State.DONE, 100, "Kept 383 readings.")
    file = queries.current_file(period[0])
    assert file is not None
    assert (file.document_id, file.source, len(file.gaps)) == (made.document_id, made, 1)
    assert [(t["fault"], t["choice"], t["reason"], t["by"]) for t in file.treated][:1] == [
        ("own_unit", "convert", "The logger was set up anew.", cast.participant.name)
    ]
    actions.accept_gap(
        actor=cast.participant, at=period[1], period_id=period[0].pk, key=file.gaps[0]["key"],
        reason="The cell held a formula.",
    )
    plan = monitoring.plan_of(period[0])
    [share] = monitoring.work_out(plan, period[0], file, carried=0).totals
    exact = 189 * Decimal("100.5") + 100 + 90
    assert share.values["EG_export"] == exact / 1000
    assert (share.readings["EG_export"], share.filled["EG_export"]) == (191, 1)
    report = actions.report_monitoring(
        actor=cast.participant, at=period[1], period_id=period[0].pk
    )
    assert [each["choice"] for each in report.content["treated"]] == [
        "convert", "leave_out", "least", "least",
    ]
    [summed] = rawsums.raw_sums(doe_queries.raw_source(report), Series("EG_export", "MWh"))
    assert (summed.measured, summed.readings, summed.missing) == (exact / 1000, 191, 1)
    [used] = rawsums.raw_sums(doe_queries.raw_source(report), Series("EG_import", "MWh"))
    assert used.value == Decimal("0.192")


def test_a_series_comes_to_what_the_row_parser_comes_to(cast: Cast, period: Opened) -> None:
    rows = minutes(period[0], step=60, value="0.123456789,0.1")
    plain = actions.upload_readings(
        actor=cast.participant, at=period[1], period_id=period[0].pk, filename="a.csv",
        data=csv(rows), resolution="hour",
    )
    made = sent(cast, period, rows, resolution="hour")
    plan = monitoring.plan_of(period[0])
    one, other = (
        monitoring.work_out(plan, period[0], file, carried=0) for file in (plain, made.file)
    )
    assert one == other
    assert made.file.pk == queries.current_file(period[0]).pk  # type: ignore[union-attr]
    assert (plain.difference, made.file.difference) == ([], [])
    rows[7] = rows[7].replace("0.1", "7.1")
    del rows[9]
    [more, less], [third, last] = (
        sent(cast, period, rows, resolution="hour").file.difference,
        actions.upload_readings(
            actor=cast.participant, at=period[1], period_id=period[0].pk, filename="a.csv",
            data=csv([*rows[:7], rows[7].replace("7.1", "7.2"), *rows[8:]]), resolution="hour",
        ).difference,
    )
    assert [(each["symbol"], each["count"]) for each in (more, less, third, last)] == [
        ("EG_export", 2), ("EG_import", 2), ("EG_export", 1), ("EG_import", 1),
    ]
    assert [row[1:] for row in less["rows"]] == [["0.0001", "0.0071"], ["0.0001", ""]]


def test_treatments_are_refused_when_incomplete_unknown_or_without_a_reason(
    cast: Cast, period: Opened
) -> None:
    made = sent(cast, period, faulty(period[0]))
    good = {f["key"]: "leave_out" for f in made.faults}
    act = {"at": period[1], "import_id": made.pk}
    for choices, reason, at in [
        ({}, "x", "choices"), (dict(list(good.items())[1:]), "x", "choices"),
        (good | {made.faults[0]["key"]: "keep"}, "x", "choices"), (good, " ", "reason"),
    ]:
        with pytest.raises(Invalid) as refused:
            actions.treat_faults(actor=cast.participant, choices=choices, reason=reason, **act)
        assert list(refused.value.errors) == [at]
    with pytest.raises(NotFound):
        actions.treat_faults(actor=cast.doe, choices=good, reason="x", **act)
    assert made.treatments.count() == 0
    actions.treat_faults(actor=cast.participant, choices=good, reason="x", **act)
    with pytest.raises(NotNow):
        actions.treat_faults(actor=cast.participant, choices=good, reason="x", **act)


def test_a_mapping_is_asked_for_once_and_remembered(cast: Cast, period: Opened) -> None:
    rows = minutes(period[0])
    rows[0] = "timestamp,Einspeisung,Bezug"
    made = sent(cast, period, rows)
    assert (made.state, made.headers) == (State.UNMAPPED, ["timestamp", "Einspeisung", "Bezug"])
    assert "'EG_export [MWh]' is missing" in made.message
    mapping = {"Einspeisung": "EG_export [kWh]", "Bezug": "EG_import [kWh]"}
    only, other = {"Einspeisung": "EG_export [kWh]"}, {"Sonstiges": "EG_export [kWh]"}
    for wrong in ({}, only, other, dict.fromkeys(mapping, "EG_export [kWh]")):
        with pytest.raises(Invalid):
            actions.map_columns(
                actor=cast.participant, at=period[1], import_id=made.pk, mapping=wrong
            )
    actions.map_columns(actor=cast.participant, at=period[1], import_id=made.pk, mapping=mapping)
    assert worked(made, period[1]).state == State.DONE
    again = sent(cast, period, [rows[0], *(row.replace("100.5", "9") for row in rows[1:])])
    assert again.state == State.DONE
    [changed] = again.file.difference
    assert (changed["symbol"], changed["count"], len(changed["rows"])) == ("EG_export", 192, 20)
    assert (changed["before"], changed["after"]) == ("19.2960", "1.728")
    assert changed["rows"][0][1:] == ["0.1005", "0.009"]
    assert ReadingsFile.objects.filter(period=period[0]).count() == 2


def test_a_newer_file_takes_the_place_of_one_under_way(cast: Cast, period: Opened) -> None:
    first = sent(cast, period, faulty(period[0]))
    second = sent(cast, period, minutes(period[0]))
    first.refresh_from_db()
    assert (first.state, first.message) == (State.FAILED, "Another file was sent in its place.")
    assert (second.state, second.attempts) == (State.DONE, 1)


def test_a_worker_that_died_is_followed_by_one_that_keeps_what_was_kept(
    cast: Cast, period: Opened
) -> None:
    at = period[1]
    made = actions.send_series(
        actor=cast.participant, at=at, period_id=period[0].pk, filename="meter.csv",
        data=csv(minutes(period[0])), resolution="quarter",
    )
    first, second = uuid.uuid4(), uuid.uuid4()
    assert actions.take_import(at=at, import_id=made.pk, lease=first)
    assert queries.waiting_imports(at) == []
    assert not actions.take_import(at=at + timedelta(seconds=99), import_id=made.pk, lease=second)
    late = at + timedelta(seconds=100)
    assert queries.waiting_imports(late) == [made.pk]
    assert actions.take_import(at=late, import_id=made.pk, lease=second)
    assert actions.import_series(at=late, import_id=made.pk, lease=first).step == 0
    done = actions.import_series(at=late, import_id=made.pk, lease=second)
    assert (done.state, done.attempts, done.steps, done.step) == (State.DONE, 2, 7, 7)
    assert tasks.import_waiting() == 0


def test_a_worker_that_goes_on_renews_its_hold_with_every_step(
    cast: Cast, period: Opened
) -> None:
    """At each step of ninety seconds another one tries to take the import over."""
    at = period[1]
    made = actions.send_series(
        actor=cast.participant, at=at, period_id=period[0].pk, filename="meter.csv",
        data=csv(minutes(period[0])), resolution="quarter",
    )
    lease, moments = uuid.uuid4(), [at]

    def now() -> datetime:
        moments.append(moments[-1] + timedelta(seconds=90))
        assert not actions.take_import(at=moments[-1], import_id=made.pk, lease=uuid.uuid4())
        return moments[-1]

    assert actions.take_import(at=at, import_id=made.pk, lease=lease)
    done = actions.import_series(at=at, import_id=made.pk, lease=lease, now=now)
    assert (done.state, done.attempts) == (State.DONE, 1)
    assert len(moments) > 3


def test_what_cannot_be_sent_is_refused_and_leaves_nothing(cast: Cast, period: Opened) -> None:
    act = {"at": period[1], "period_id": period[0].pk, "filename": "a.csv", "data": b"x,y\n1,2"}
    with pytest.raises(NotFound):
        actions.send_series(actor=cast.doe, resolution="hour", **act)
    with pytest.raises(Invalid):
        actions.send_series(actor=cast.participant, resolution="month", **act)
    with pytest.raises(UnreadableFile):
        actions.send_series(
            actor=cast.participant, resolution="hour", **act | {"filename": "a.parquet"}
        )
    with pytest.raises(NotNow):
        actions.send_series(
            actor=cast.participant, resolution="hour",
            **act | {"at": period[1] - timedelta(days=30)},
        )
    assert not ReadingsImport.objects.exists()
