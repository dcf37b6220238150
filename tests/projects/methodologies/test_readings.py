"""Readings: every fault is named by row and column, every gap by its first and last interval."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from decimal import Decimal as D
from pathlib import PurePath

import openpyxl
import pytest

from cdm_portal.values import Period
from projects.methodologies import readings, totals
from projects.methodologies.inputs import Aggregation, Treatment
from projects.methodologies.periods import Share, split
from projects.methodologies.readings import (
    Column,
    ParsedReadings,
    Resolution,
    Severity,
    parse_readings,
    plausible_maximum,
    read_table,
    template_csv,
)

EXPORT = Column("EG_export", "MWh", D("10.5"), Treatment.ZERO)
IMPORT = Column("EG_import", "MWh", D("10.5"))
DAY = date(2013, 5, 1)


def parsed(
    text: str,
    *,
    columns: tuple[Column, ...] = (EXPORT,),
    first: date = DAY,
    last: date = DAY,
    resolution: Resolution = Resolution.HOUR,
    zone: timezone = UTC,
) -> ParsedReadings:
    return parse_readings(
        read_table("readings.csv", text.encode()),
        parameters=columns,
        period_first=first,
        period_last=last,
        resolution=resolution,
        zone=zone,
    )


def hours(**changes: str | None) -> str:
    """A day of 1 MWh an hour; `h05="x"` changes the cell of that hour, None drops the row."""
    lines = ["timestamp,EG_export [MWh]"]
    for hour in range(24):
        value = changes.get(f"h{hour:02}", "1")
        if value is not None:
            lines.append(f"2013-05-01T{hour:02}:00,{value}")
    return "\n".join(lines)


def only_problem(result: ParsedReadings) -> tuple[int, str, str]:
    (problem,) = result.problems
    return problem.row, problem.column, problem.message


def test_a_faultless_day() -> None:
    result = parsed(hours())

    assert result.usable
    assert result.problems == ()
    assert result.gaps == ()
    assert len(result.rows) == 24
    assert result.rows[5] == readings.Reading(
        row_number=7,
        at=datetime(2013, 5, 1, 5, tzinfo=UTC),
        symbol="EG_export",
        value=D(1),
        unit="MWh",
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("n/a", "'n/a' is not a number"),
        ("12 MWh", "'12 MWh' is not a number"),
        ('"1,5"', "'1,5' has a comma"),
        ('"1,234.5"', "'1,234.5' has a comma"),
        ("NaN", "'NaN' is not a number"),
        ("inf", "'inf' is not a number"),
        ("1e40", "beyond every plausible size"),
        ("-1", "-1 MWh is negative"),
        ("=SUM(A1:A9)", "formula"),
        ("1200", "1200 MWh looks like kWh: the plant can deliver at most 10.5 MWh in that time"),
        ("99999", "99999 MWh is implausible"),
    ],
)
def test_a_faulty_value_is_named_with_its_row_and_column(value: str, words: str) -> None:
    result = parsed(hours(h05=value))

    row, column, message = only_problem(result)
    assert (row, column) == (7, "EG_export [MWh]")
    assert words in message
    assert not result.usable
    assert len(result.rows) == 23
    assert result.gaps == ()  # one fault, told once


def test_missing_hours_are_one_gap_each_run() -> None:
    result = parsed(hours(h03=None, h04="", h09=None))

    assert result.usable
    assert [(g.symbol, g.first.hour, g.last.hour, g.missing_count) for g in result.gaps] == [
        ("EG_export", 3, 4, 2),
        ("EG_export", 9, 9, 1),
    ]
    assert result.gaps[0].treatment is Treatment.ZERO
    assert result.gaps[0].key == "EG_export@2013-05-01T03:00Z+2"


def test_a_file_that_ends_early_has_a_gap_to_the_end() -> None:
    result = parsed(hours(**{f"h{hour:02}": None for hour in range(20, 24)}))

    assert [(g.first.hour, g.last.hour, g.missing_count) for g in result.gaps] == [(20, 23, 4)]


@pytest.mark.parametrize(
    ("line", "words", "severity"),
    [
        ("2013-05-01T05:00,2", "was already given in row 7", Severity.ERROR),
        ("2013-05-01T07:00+02:00,2", "was already given in row 7", Severity.ERROR),
        ("2013-05-02T00:00,2", "outside the period 2013-05-01 to 2013-05-01", Severity.ERROR),
        ("2013-04-30T23:00,2", "outside the period", Severity.ERROR),
        ("2013-05-01T05:30,2", "is not the beginning of an hour", Severity.ERROR),
        ("yesterday,2", "'yesterday' is not a date and time", Severity.ERROR),
        ("2013-02-30,2", "'2013-02-30' is not a date and time", Severity.ERROR),
        ("0001-01-01T00:00+10:00,2", "outside every calendar", Severity.ERROR),
        (",2", "the time is missing", Severity.ERROR),
        ("2013-05-01T05:00,2,5", "a comma as decimal sign parts a number", Severity.ERROR),
    ],
)
def test_a_faulty_time_is_named_with_its_row(line: str, words: str, severity: Severity) -> None:
    result = parsed(f"{hours()}\n{line}\n")

    (problem,) = result.problems
    assert (problem.row, problem.column, problem.severity) == (26, "timestamp", severity)
    assert words in problem.message
    assert len(result.rows) == 24


def test_rows_out_of_order_are_read_and_pointed_out() -> None:
    lines = hours().splitlines()
    lines[2], lines[3] = lines[3], lines[2]

    result = parsed("\n".join(lines))

    row, column, message = only_problem(result)
    assert (row, column) == (4, "timestamp")
    assert "rows are not in order" in message
    assert result.problems[0].severity is Severity.WARNING
    assert result.usable
    assert [reading.at.hour for reading in result.rows] == list(range(24))


def test_kilowatt_hours_are_converted_if_the_header_says_so() -> None:
    result = parsed(hours(h00="1500").replace("[MWh]", "[kWh]").replace(",1\n", ",1000\n"))

    assert result.problems == ()
    assert result.rows[0].value == D("1.5")
    assert result.rows[0].unit == "MWh"


@pytest.mark.parametrize(
    ("header", "column", "words"),
    [
        ("timestamp,EG_export", "EG_export", "the unit is missing: write 'EG_export [MWh]'"),
        ("timestamp,EG_export []", "EG_export []", "the unit is missing"),
        ("timestamp,EG_export [t]", "EG_export [t]", "'t' cannot be converted to MWh"),
        ("timestamp,EG_export [mwh]", "EG_export [mwh]", "(accepted: MWh, GJ, kWh"),
        ("timestamp,EG", "EG_export", "the column 'EG_export [MWh]' is missing"),
        ("time,EG_export [MWh]", "time", "the first column must be 'timestamp'"),
    ],
)
def test_a_header_that_does_not_fit_is_explained(header: str, column: str, words: str) -> None:
    result = parsed(hours().replace("timestamp,EG_export [MWh]", header))

    errors = [each for each in result.problems if each.severity is Severity.ERROR]
    assert [(each.row, each.column) for each in errors] == [(1, column)]
    assert words in errors[0].message
    assert result.rows == ()


def test_a_column_twice_and_a_column_nobody_asked_for() -> None:
    result = parsed("timestamp,EG_export [MWh],EG_export [kWh],remarks\n2013-05-01T00:00,1,2,ok")

    assert [(p.column, p.severity) for p in result.problems] == [
        ("EG_export [kWh]", Severity.ERROR),
        ("remarks", Severity.WARNING),
    ]


def test_times_without_offset_are_in_the_projects_standard_time() -> None:
    """Eight hours east of Greenwich the first of May begins at 16:00 UTC on 30 April."""
    result = parsed(hours(), zone=timezone(timedelta(hours=8)))

    assert result.problems == ()
    assert result.gaps == ()
    assert result.rows[0].at == datetime(2013, 4, 30, 16, tzinfo=UTC)


def test_a_leap_day_belongs_to_its_period() -> None:
    text = "period,EG_export [MWh]\n2016-02-28,1\n2016-02-29,2\n2016-03-01,3\n"

    result = parsed(text, first=date(2016, 2, 28), last=date(2016, 3, 1), resolution=Resolution.DAY)

    assert result.problems == ()
    assert result.gaps == ()
    assert sum(reading.value for reading in result.rows) == 6


def test_months_also_when_the_period_begins_in_the_middle_of_one() -> None:
    text = "period,EG_export [MWh]\n2013-05,1\n2013-06-01,2\n2013-07,3\n"

    result = parsed(
        text, first=date(2013, 5, 15), last=date(2013, 7, 10), resolution=Resolution.MONTH
    )

    assert result.problems == ()
    assert result.gaps == ()
    assert [reading.at.date() for reading in result.rows] == [
        date(2013, 5, 15),
        date(2013, 6, 1),
        date(2013, 7, 1),
    ]


def test_a_thousand_problems_are_listed_and_all_are_counted() -> None:
    lines = "\n".join(f"bad{number},1" for number in range(1_500))

    result = parsed(f"timestamp,EG_export [MWh]\n{lines}")

    assert len(result.problems) == 1_000
    assert result.problem_count == 1_500


def test_a_spreadsheet_of_readings(tmp_path: PurePath) -> None:
    book = openpyxl.Workbook()
    book.active.append(["timestamp", "EG_export [kWh]"])
    for hour in range(23):
        book.active.append([datetime(2013, 5, 1, hour), 1000 + hour / 10])
    book.active.append([datetime(2013, 5, 1, 23), "=B2*2"])
    file = tmp_path / "readings.xlsx"  # type: ignore[operator]
    book.save(file)

    result = parse_readings(
        read_table("readings.xlsx", file.read_bytes()),
        parameters=[EXPORT],
        period_first=DAY,
        period_last=DAY,
        resolution=Resolution.HOUR,
    )

    row, column, message = only_problem(result)
    assert (row, column) == (25, "EG_export [kWh]")
    assert "formula" in message
    assert result.rows[3].value == D("1.0003")


def test_a_number_in_the_time_column_of_a_spreadsheet_is_no_time() -> None:
    table = readings.Table(("timestamp", "EG_export [MWh]"), (readings_row(2, D(41395), D(1)),))

    result = parse_readings(
        table,
        parameters=[EXPORT],
        period_first=DAY,
        period_last=DAY,
        resolution=Resolution.HOUR,
    )

    assert "is a number, not a date" in only_problem(result)[2]


def readings_row(number: int, *cells: Decimal) -> "readings.Row":
    return readings.Row(number, cells)


@pytest.mark.parametrize("resolution", [each for each in Resolution if each != "minute"])
def test_the_template_is_a_file_this_parser_accepts(resolution: Resolution) -> None:
    first, last = date(2012, 11, 20), date(2013, 2, 10)
    lines = list(
        template_csv((EXPORT, IMPORT), period_first=first, period_last=last, resolution=resolution)
    )

    assert lines[0] == "timestamp,EG_export [MWh],EG_import [MWh]\r\n"
    result = parsed(
        "".join(lines), columns=(EXPORT, IMPORT), first=first, last=last, resolution=resolution
    )
    assert result.problems == ()
    assert [gap.symbol for gap in result.gaps] == ["EG_export", "EG_import"]
    assert {gap.missing_count for gap in result.gaps} == {len(lines) - 1}


def test_the_plausible_maximum_is_full_load_and_five_percent() -> None:
    assert plausible_maximum(D(10), Resolution.HOUR) == D("10.50")
    assert plausible_maximum(D(10), Resolution.DAY) == D("252.00")
    assert plausible_maximum(D(10), Resolution.MONTH) == D("7812.00")


STEAM = Column("w_CO2", "tCO2/t", None, Treatment.HIGHEST, Aggregation.MEAN)


def parted(period: Period) -> tuple[Share, ...]:
    return split(period, last_er_date=None, with_potentials=False)


def test_totals_are_split_at_the_border_of_the_commitment_periods() -> None:
    period = Period(date(2012, 12, 30), date(2013, 1, 2))
    text = "period,EG_export [MWh]\n2012-12-30,1\n2012-12-31,2\n2013-01-01,4\n2013-01-02,8\n"
    result = parsed(text, first=period.first, last=period.last, resolution=Resolution.DAY)

    before, after = totals.totals(result, parted(period))

    assert (before.commitment_period, before.values) == (1, {"EG_export": D(3)})
    assert (after.commitment_period, after.values) == (2, {"EG_export": D(12)})
    assert (before.readings, before.filled) == ({"EG_export": 2}, {"EG_export": 0})


def test_totals_are_split_at_midnight_of_the_projects_standard_time() -> None:
    zone = timezone(timedelta(hours=8))
    period = Period(date(2012, 12, 31), date(2013, 1, 1))
    lines = [f"2012-12-31T{hour:02}:00,1" for hour in range(24)]
    lines += [f"2013-01-01T{hour:02}:00,10" for hour in range(24)]
    text = "\n".join(["timestamp,EG_export [MWh]", *lines])
    result = parsed(text, first=period.first, last=period.last, zone=zone)

    before, after = totals.totals(result, parted(period), zone=zone)

    assert (before.values["EG_export"], after.values["EG_export"]) == (24, 240)


def test_gaps_are_filled_to_the_disadvantage_of_the_claim() -> None:
    """Export missing in two hours counts 0; import missing in one hour counts the highest, 0.4."""
    text = (
        "timestamp,EG_export [MWh],EG_import [MWh],w_CO2 [tCO2/t]\n"
        "2013-05-01T00:00,5,0.1,0.004\n"
        "2013-05-01T01:00,,0.4,0.006\n"
        "2013-05-01T02:00,7,,0.005\n"
        "2013-05-01T03:00,,0.2,\n"
    )
    table = read_table("readings.csv", text.encode())
    everything = parse_readings(
        table,
        parameters=[EXPORT, IMPORT, STEAM],
        period_first=DAY,
        period_last=DAY,
        resolution=Resolution.HOUR,
    )

    (day,) = totals.totals(everything, parted(Period(DAY, DAY)))

    assert day.values["EG_export"] == 12
    assert day.values["EG_import"] == D("0.7") + 21 * D("0.4")
    assert day.values["w_CO2"] == (D("0.015") + 21 * D("0.006")) / 24
    assert day.readings == {"EG_export": 2, "EG_import": 3, "w_CO2": 3}
    assert day.filled == {"EG_export": 22, "EG_import": 21, "w_CO2": 21}


def test_every_gap_has_to_be_accepted_at_its_size() -> None:
    result = parsed(hours(h03=None, h09=None))
    first, second = result.gaps

    assert totals.unaccepted(result.gaps, []) == (first, second)
    assert totals.unaccepted(result.gaps, [first.key]) == (second,)
    assert totals.unaccepted(result.gaps, [first.key, second.key]) == ()
    wider = parsed(hours(h03=None, h04=None, h09=None)).gaps
    assert totals.unaccepted(wider, [first.key, second.key]) == (wider[0],)
