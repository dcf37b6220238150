"""Long series: every kind of fault found at its row, every treatment, exact to the last digit."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

from projects.methodologies.inputs import Treatment
from projects.methodologies.intervals import Resolution
from projects.methodologies.readings import Column, parse_readings, read_table
from projects.methodologies.series import checking, source
from projects.methodologies.series.headers import UnmappedColumns
from projects.methodologies.series.terms import Choice, Fault, Outcome, Wanted
from projects.methodologies.tables import UnreadableFile

EXPORT = Column("EG_export", "MWh", Decimal("1.05"), Treatment.ZERO)
IMPORT = Column("EG_import", "MWh")
DAY = date(2024, 2, 28)
Sums = dict[str, Decimal]


def wanted(
    *columns: Column, first: date = DAY, days: int = 3, resolution: str = "hour",
    zone: timezone = UTC, mapping: Mapping[str, str] | None = None,
) -> Wanted:
    last = first + timedelta(days=days - 1)
    return Wanted(columns or (EXPORT,), first, last, Resolution(resolution), zone, mapping or {})


def table(want: Wanted, value: str = "0.5", heading: str = "EG_export [MWh]") -> list[str]:
    """One row for each interval in standard time, header first."""
    step = want.step
    begins = datetime(want.first.year, want.first.month, want.first.day)
    return [f"timestamp,{heading}"] + [
        f"{begins + n * step:%Y-%m-%dT%H:%M},{value}" for n in range(want.slots)
    ]


def check(
    want: Wanted, rows: list[str] | bytes, *, name: str = "readings.csv",
    choices: Mapping[Fault, Choice] | None = None,
) -> tuple[Outcome, Sums]:
    """The outcome with these treatments, and the sum of every parameter in its given unit."""
    data = rows if isinstance(rows, bytes) else "\n".join(rows).encode()
    chosen: dict[str, Choice] = {}
    while True:
        with source.engine() as (made, folder):
            outcome, done = checking.check(made, folder, want, name, data, chosen)
            sums = {
                found.symbol: Decimal(
                    sum(a for block in done.blocks(n) for a in block.amounts if a is not None)
                ).scaleb(-found.decimals)
                for n, found in enumerate(outcome.found)
            }
        new = {
            group.key: choices[group.fault] for group in outcome.open if group.fault in choices
        } if choices else {}
        if not new:
            return outcome, sums
        chosen |= new


def faults(outcome: Outcome) -> dict[Fault, list[int]]:
    return {group.fault: [row.row for row in group.rows] for group in outcome.open}


def test_a_faultless_table_sums_exactly_as_the_decimal_path_does() -> None:
    want = wanted(EXPORT, IMPORT, resolution="minute")
    rows = table(want, "0.000001234567,0.1", "EG_export [MWh],EG_import [kWh]")
    outcome, sums = check(want, rows)
    assert (outcome.open, outcome.gaps, outcome.row_count) == ((), (), 4_320)
    parsed = parse_readings(
        read_table("readings.csv", "\n".join(rows).encode()), parameters=want.columns,
        period_first=want.first, period_last=want.last, resolution=want.resolution,
    )
    exact = {"EG_export": Decimal(0), "EG_import": Decimal(0)}
    for reading in parsed.rows:
        exact[reading.symbol] += reading.value
    assert sums["EG_export"] == exact["EG_export"] == Decimal("0.00533332944")
    assert sums["EG_import"] / 1000 == exact["EG_import"] == Decimal("0.432")


BAD_CELLS = [
    ("0,5", Fault.COMMA, Choice.POINT, "0.5"), ("500 kWh", Fault.OWN_UNIT, Choice.CONVERT, "0.5"),
    ("=A1*2", Fault.FORMULA, Choice.LEAVE_OUT, "0"),
    ("NaN", Fault.NOT_A_NUMBER, Choice.LEAVE_OUT, "0"),
    ("inf", Fault.NOT_A_NUMBER, Choice.LEAVE_OUT, "0"),
    ("0.5 bananas", Fault.NOT_A_NUMBER, Choice.LEAVE_OUT, "0"),
    ("1,234.5", Fault.NOT_A_NUMBER, Choice.LEAVE_OUT, "0"),
    ("0.5000000000001", Fault.TOO_FINE, Choice.CUT, "0.5"),
    ("5.1e-12", Fault.TOO_FINE, Choice.CUT, "0.000000000005"),
    ("-0.1", Fault.NEGATIVE, Choice.LEAVE_OUT, "0"),
    ("1.06", Fault.IMPLAUSIBLE, Choice.LEAVE_OUT, "0"),
]


@pytest.mark.parametrize(("cell", "fault", "choice", "worth"), BAD_CELLS)
def test_a_bad_cell_is_shown_at_its_row_and_treated_as_chosen(
    cell: str, fault: Fault, choice: Choice, worth: str
) -> None:
    want = wanted()
    rows = [row.replace(",", ";") for row in table(want)]
    rows[31] = f"2024-02-29T06:00;{cell}"
    outcome, before = check(want, rows)
    assert faults(outcome) == {fault: [32]}
    assert (outcome.open[0].column, outcome.open[0].rows[0].text) == ("EG_export [MWh]", cell)
    assert before["EG_export"] == Decimal("35.5")
    outcome, sums = check(want, rows, choices={fault: choice})
    assert (outcome.open, sums["EG_export"]) == ((), Decimal("35.5") + Decimal(worth))
    gaps = [(gap.first, gap.missing_count) for gap in outcome.gaps]
    assert gaps == ([(datetime(2024, 2, 29, 6, tzinfo=UTC), 1)] if worth == "0" else [])


def test_times_that_cannot_be_are_each_told_apart() -> None:
    want = wanted(days=1)
    rows = [*table(want), "2023-02-29T00:00,0.5", "soon,0.5", ",0.5", "2024-02-28T00:30,0.5",
            "2024-02-27T23:00,0.5", "2024-02-29T00:00,0.5"]
    outcome, sums = check(want, rows)
    assert faults(outcome) == {
        Fault.TIME: [26, 27, 28], Fault.BETWEEN: [29], Fault.OUTSIDE: [30, 31],
    }
    assert sums["EG_export"] == 12


@pytest.mark.parametrize(
    ("choice", "kept"),
    [(Choice.LEAST, "0.1"), (Choice.FIRST, "0.5"), (Choice.LAST, "0.1"), (Choice.LEAVE_OUT, "0")],
)
def test_of_a_double_reading_the_chosen_one_counts(choice: Choice, kept: str) -> None:
    want = wanted(days=1)
    rows = [*table(want), "2024-02-28T05:00+00:00,0.1"]
    outcome, _ = check(want, rows)
    assert faults(outcome) == {Fault.DOUBLE: [7, 26]}
    outcome, sums = check(want, rows, choices={Fault.DOUBLE: choice})
    assert sums["EG_export"] == Decimal("11.5") + Decimal(kept)
    assert len(outcome.gaps) == (choice is Choice.LEAVE_OUT)


def test_a_row_of_the_night_put_in_once_more_is_double_and_no_summer_time() -> None:
    want = wanted()
    outcome, _ = check(want, [*table(want), "2024-02-29T02:00,0.5"])
    assert faults(outcome) == {Fault.DOUBLE: [28, 74]}


def summer_table(want: Wanted, forward: datetime, back: datetime) -> list[str]:
    """The table with its times on a clock that goes forward and back again; the value tells the
    interval.
    """
    begins = datetime(want.first.year, want.first.month, want.first.day)
    rows = ["timestamp,EG_import [kWh]"]
    for n in range(want.slots):
        standard = begins + n * want.step
        told = standard + timedelta(hours=1) if forward <= standard < back else standard
        rows.append(f"{told:%Y-%m-%dT%H:%M},{n}")
    return rows


@pytest.mark.parametrize(
    ("first", "days"), [(date(2025, 3, 1), 260), (date(2025, 3, 1), 60), (date(2025, 9, 1), 60)]
)
def test_summer_time_is_found_by_its_nights_and_brought_back(first: date, days: int) -> None:
    want = wanted(IMPORT, first=first, days=days, zone=timezone(timedelta(hours=1)))
    rows = summer_table(want, datetime(2025, 3, 30, 2), datetime(2025, 10, 26, 2))
    outcome, _ = check(want, rows)
    assert list(faults(outcome)) == [Fault.SUMMER]
    outcome, sums = check(want, rows, choices={Fault.SUMMER: Choice.SHIFT})
    assert (outcome.open, outcome.gaps) == ((), ())
    assert sums["EG_import"] == sum(range(want.slots))


def test_an_hour_that_is_only_missing_is_a_gap_and_no_summer_time() -> None:
    want = wanted()
    rows = table(want)
    del rows[27]
    outcome, _ = check(want, rows)
    assert (outcome.open, len(outcome.gaps)) == ((), 1)


def test_a_counter_is_read_by_its_differences_and_over_its_turn() -> None:
    want = wanted(days=1)
    rows = ["timestamp,EG_export [kWh] (counter)"]
    state = 9_900
    for n in range(25):
        moment = datetime(2024, 2, 28) + timedelta(hours=n)
        rows.append(f"{moment:%Y-%m-%dT%H:%M},{(state + 10 * n) % 10_000}")
    outcome, sums = check(want, rows)
    assert (faults(outcome), sums["EG_export"]) == ({Fault.ROLLED: [11]}, 230)
    outcome, sums = check(want, rows, choices={Fault.ROLLED: Choice.ROLL})
    assert (outcome.open, outcome.gaps, sums["EG_export"]) == ((), (), 240)
    outcome, sums = check(want, rows, choices={Fault.ROLLED: Choice.LEAVE_OUT})
    assert (len(outcome.gaps), sums["EG_export"]) == (1, 230)


def test_what_lies_far_above_the_others_is_shown_and_kept_or_left_out() -> None:
    want = wanted(IMPORT)
    rows = table(want, "1", "EG_import [kWh]")
    rows[1::2] = [row[:-1] + "2" for row in rows[1::2]]
    rows[40] = "2024-02-29T15:00,900"
    outcome, _ = check(want, rows)
    assert faults(outcome) == {Fault.OUTLYING: [41]}
    assert check(want, rows, choices={Fault.OUTLYING: Choice.KEEP})[1]["EG_import"] > 900
    assert check(want, rows, choices={Fault.OUTLYING: Choice.LEAVE_OUT})[1]["EG_import"] < 200


def test_parquet_and_workbook_come_to_the_same_as_text(tmp_path: Path) -> None:
    want = wanted(days=1)
    path = tmp_path / "readings.parquet"
    duckdb.sql(
        "COPY (SELECT TIMESTAMP '2024-02-28' + to_hours(range::INT) AS timestamp, "
        "0.1::DOUBLE AS \"EG_export [MWh]\" FROM range(24)) TO '" + str(path) + "' (FORMAT parquet)"
    )
    assert check(want, path.read_bytes(), name="a.parquet")[1] == {"EG_export": Decimal("2.4")}
    book = openpyxl.Workbook()
    book.active.append(["timestamp", "EG_export [MWh]"])
    for n in range(24):
        book.active.append([datetime(2024, 2, 28) + timedelta(hours=n), "=0.1" if n == 3 else 0.1])
    out = io.BytesIO()
    book.save(out)
    outcome, sums = check(want, out.getvalue(), name="a.xlsx")
    assert (faults(outcome), sums["EG_export"]) == ({Fault.FORMULA: [5]}, Decimal("2.3"))


def test_a_mapping_reads_headers_that_name_no_parameter() -> None:
    rows = ["Zeit,Wirkarbeit", *table(wanted(days=1))[1:]]
    with pytest.raises(UnmappedColumns, match=r"must be headed 'timestamp'.*is missing") as refused:
        check(wanted(days=1), rows)
    assert refused.value.headers == ("Zeit", "Wirkarbeit")
    mapping = {"Zeit": "timestamp", "Wirkarbeit": "EG_export [MWh]"}
    assert check(wanted(days=1, mapping=mapping), rows)[1] == {"EG_export": 12}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.parquet", b"PAR1 nonsense", "not a whole Parquet file"),
        ("a.parquet", b"PAR1 nonsense PAR1", "damaged"), ("a.csv", b" \n", "empty"),
        ("a.exe", b"MZ", "are not read here"), ("a.csv", b"PK\x03\x04", "workbook or an archive"),
        ("a.csv", b"timestamp,EG_export [MWh]\n", "no rows of readings"),
        ("a.xlsx", b"x", "not an XLSX workbook"),
    ],
)
def test_what_is_no_table_is_refused_in_words(name: str, data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        check(wanted(), data, name=name)
    assert said in refused.value.reason


def test_rows_keep_their_numbers_past_empty_lines_and_quotes() -> None:
    want = wanted(days=1)
    rows = table(want)
    rows[5:5] = ["", " "]
    rows[9] = '2024-02-28T06:00,"x"'
    assert faults(check(want, rows)[0]) == {Fault.NOT_A_NUMBER: [10]}


def test_the_engine_reaches_nothing_beside_the_file() -> None:
    want = wanted(days=1)
    with source.engine() as (made, folder):
        source.load(made, folder, "a.csv", "\n".join(table(want)).encode())
        with pytest.raises(duckdb.PermissionException):
            made.execute("SELECT * FROM read_text('/etc/hostname')")
