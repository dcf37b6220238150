"""Lists of events: every fault at its row, and which gaps they explain."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from cdm_portal.values import Period
from projects.methodologies import events
from projects.methodologies.events import Kind, Within
from projects.methodologies.inputs import Treatment
from projects.methodologies.listed import UnusableRows
from projects.methodologies.readings import Gap
from projects.methodologies.tables import UnreadableFile, read_table

EAST = timezone(timedelta(hours=3))
MARCH = Within(Period(date(2014, 3, 1), date(2014, 3, 31)), EAST, {"EG_export"})
HOUR = timedelta(hours=1)
HEAD = "kind,begin,end,parameter,note\n"


def parsed(rows: str, head: str = HEAD) -> tuple[events.Event, ...]:
    return events.parse(read_table("events.csv", (head + rows).encode()), MARCH)


def at(day: int, hour: int) -> datetime:
    return datetime(2014, 3, day, hour, tzinfo=UTC)


def test_a_list_is_read_in_the_standard_time_of_the_project() -> None:
    [outage, stop] = parsed(
        "meter outage,2014-03-01T03:00,2014-03-01T05:00,EG_export,Fuse blown\n"
        "plant_stop,2014-03-31T00:00+03:00,2014-04-01T00:00,,\n"
    )
    assert (outage.begins, outage.ends, outage.said) == (
        at(1, 0), at(1, 2), "Outage of a meter: Fuse blown",
    )
    assert (stop.kind, stop.symbol, stop.said) == (Kind.PLANT_STOP, "", "Stop of the plant")


def test_every_fault_is_told_at_its_row_and_nothing_is_used() -> None:
    with pytest.raises(UnusableRows) as refused:
        parsed(
            "meter_outage,2014-03-02T05:00,2014-03-02T04:00,EG_export,\n"
            "meter_outage,2014-02-28T05:00,2014-03-01T04:00,EG_export,\n"
            "meter_outage,2014-03-31T05:00,2014-04-01T01:00,EG_import,\n"
            "earthquake,soon,2014-03-01T04:00,EG_export,=A1\n"
            "flare_off,2014-03-05T05:00,2014-03-05T08:00,,\n"
            "flare_off,2014-03-05T06:00,2014-03-05T07:00,,\n"
            "flare_off,2014-03-05T07:30,2014-03-05T09:00,,\n"
            "plant_stop,2014-03-05T07:30,2014-03-05T09:00,,\n"
        )
    assert [(each.row, each.column) for each in refused.value.problems] == [
        (5, "kind"), (5, "begin"), (5, "note"), (2, "end"), (3, "begin"), (4, "end"),
        (4, "parameter"), (7, "begin"), (8, "begin"),
    ]
    assert refused.value.problems[-1].message == "overlaps the event of row 6"
    for head in ("begin,end\n", "kind,begin,end,who\n", "kind,begin,end,end\n"):
        with pytest.raises(UnreadableFile):
            parsed("a,b,c,d\n", head)


def test_a_gap_has_a_reason_where_events_cover_all_of_it() -> None:
    found = parsed(
        "meter_outage,2014-03-02T03:00,2014-03-02T05:00,EG_export,\n"
        "plant_stop,2014-03-02T05:00,2014-03-02T06:00,,\n"
    )

    def explained(symbol: str, first: int, last: int) -> int:
        gap = Gap(symbol, at(2, first), at(2, last), last - first + 1, Treatment.ZERO)
        return len(events.explaining(gap, found, HOUR))

    assert explained("EG_export", 0, 2) == 2
    assert explained("EG_export", 1, 1) == 1
    assert explained("EG_export", 0, 3) == 0
    assert explained("EG_import", 0, 2) == 0
    assert explained("EG_import", 2, 2) == 1
