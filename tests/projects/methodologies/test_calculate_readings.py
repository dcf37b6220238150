"""`manage.py calculate --readings FILE`: bad input in a file of readings, each with the one line
that it is answered with, and what comes out once it is treated as asked.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from tests.projects.methodologies.calculating import WATER, Run

Rows = list[str]
HEADER = "timestamp,EG_export [MWh],EG_import [MWh]"
LEAVE_OUT = "leave_out"


def asked(first: str = "2014-03-01", last: str = "2014-03-02", **told: Any) -> dict[str, Any]:
    """A wind farm of 10 MW with EF 0.825, its electricity read in hours."""
    return {
        "version": "20.0", "facts": {"technology": "wind", "capacity_mw": "10"},
        "inputs": {"EF_OM": "0.9", "EF_BM": "0.6"}, "period": {"from": first, "to": last},
        "readings": {"resolution": "hour", **told},
    }


def table(first: str = "2014-03-01", hours: int = 48, values: str = "5,0") -> Rows:
    begins = datetime.fromisoformat(first)
    return [HEADER] + [
        f"{begins + timedelta(hours=n):%Y-%m-%dT%H:%M},{values}" for n in range(hours)
    ]


def put(row: int, text: str) -> Callable[[Rows], Rows]:
    """The table with a text as that row of the file, the header being row 1."""
    return lambda rows: [*rows[:row - 1], text, *rows[row:]]


def clock(rows: Rows) -> Rows:
    """The night of 30 March as a clock on the wall tells it: 02:00 is 03:00, and so on."""
    return [
        row if number < 3 else f"{datetime.fromisoformat(row[:16]) + timedelta(hours=1):%FT%R},5,0"
        for number, row in enumerate(rows[1:])
    ]


REFUSED: list[Any] = [
    pytest.param(
        put(1, "timestamp,EG_export [kWh MWh],EG_import [MWh]"), {},
        "a.csv: The header cannot be read: EG_export: the unit 'kWh MWh' is not known here "
        "(accepted: MWh, GJ, kWh, GWh, MJ, kJ, TJ). Head its columns so, or name them under "
        "readings.columns.", None, id="two units in the head of a column",
    ),
    pytest.param(
        put(4, "2014-03-01T02:00,5000 kWh,0"), {},
        "a.csv, row 4, EG_export [MWh]: '5000 kWh' has a unit of its own; mend the file, or ask "
        "for readings.treatments.own_unit: convert or leave_out", ("own_unit", "convert", 198),
        id="two units in one column",
    ),
    pytest.param(
        lambda rows: put(4, "2014-03-01T02:00;5,0;0")([row.replace(",", ";") for row in rows]), {},
        "a.csv, row 4, EG_export [MWh]: '5,0' has a comma as decimal sign; mend the file, or ask "
        "for readings.treatments.comma: point or leave_out", ("comma", "point", 198),
        id="a comma as decimal sign",
    ),
    pytest.param(
        put(4, "2014-03-01T02:00,5,0,0"), {},
        "a.csv, row 4, timestamp: '2014-03-01T02:00' has more cells beside it than the header: a "
        "comma as decimal sign parts a number; mend the file, or ask for readings.treatments.wide: "
        "leave_out", ("wide", LEAVE_OUT, 193), id="a comma as decimal sign and between cells",
    ),
    pytest.param(
        lambda rows: [*rows, "2014-02-29T00:00,5,0"], {},
        "a.csv, row 50, timestamp: '2014-02-29T00:00' is not a date and time; mend the file, or "
        "ask for readings.treatments.time: leave_out", ("time", LEAVE_OUT, 198), id="29 February",
    ),
    pytest.param(
        lambda rows: [rows[0], *clock(table("2014-03-30", 24))],
        {"first": "2014-03-30", "last": "2014-03-30", "utc_offset": "+01:00"},
        "a.csv, rows 5, 6, 7 and 18 more, timestamp: '2014-03-30T04:00' is in summer time: an hour "
        "is skipped or told twice; mend the file, or ask for readings.treatments.summer: shift or "
        "leave_out", ("summer", "shift", 99), id="a DST night",
    ),
    pytest.param(
        lambda rows: [*rows, "2014-03-03T00:00,5,0", "2014-03-03T01:00,5,0"], {},
        "a.csv, rows 50, 51, timestamp: '2014-03-03T00:00' is outside the period; mend the file, "
        "or ask for readings.treatments.outside: leave_out", ("outside", LEAVE_OUT, 198),
        id="readings outside the period",
    ),
    pytest.param(
        list, {"first": "2012-12-31", "last": "2013-01-01"},
        "period: 2012-12-31 to 2013-01-01 has two sets of global warming potentials: others hold "
        "from 2013-01-01 on, so calculate each part by itself (commitment_period 1 and 2) and "
        "round the sum", None,
        id="a period across two GWP sets",
    ),
    pytest.param(
        put(4, "2014-03-01T02:00,NaN,0"), {},
        "a.csv, row 4, EG_export [MWh]: 'NaN' is not a number; mend the file, or ask for "
        "readings.treatments.not_a_number: leave_out", ("not_a_number", LEAVE_OUT, 193),
        id="a NaN",
    ),
    pytest.param(
        put(4, "2014-03-01T02:00,=A1*2,0"), {},
        "a.csv, row 4, EG_export [MWh]: '=A1*2' is a formula, not a value; mend the file, or ask "
        "for readings.treatments.formula: leave_out", ("formula", LEAVE_OUT, 193), id="a formula",
    ),
    pytest.param(
        lambda rows: rows[:-4], {},
        "a.csv, EG_export: 4 readings are missing, from 2014-03-02 20:00 on; complete the file, or "
        "ask for readings.gaps: fill, which counts them against the claim", None, id="a gap",
    ),
]


@pytest.mark.parametrize(("spoil", "told", "line", "treated"), REFUSED)
def test_a_bad_reading_is_refused_with_one_line(
    run: Run, tmp_path: Path, spoil: Callable[[Rows], Rows], told: dict[str, Any], line: str,
    treated: tuple[str, str, int] | None,
) -> None:
    """Treated as asked it counts: 48 hours × 5 MWh × 0.825 = 198 t; without one, 193.875 t."""
    file = tmp_path / "a.csv"
    file.write_text("\n".join(spoil(table())), encoding="utf-8")
    lines = run.refused("ACM0002", asked(**told), "--readings", str(file))
    if line.startswith("a.csv, EG_export: 4"):
        assert lines == [line, line.replace("EG_export", "EG_import")]
    else:
        assert lines == [line]
    if treated:
        fault, choice, tonnes = treated
        told = told | {"treatments": {fault: choice}, "gaps": "fill"}
        status, out, lines = run("ACM0002", asked(**told), "--readings", str(file))
        assert (status, lines, json.loads(out)["reductions"]) == (0, [], tonnes)


def test_what_is_no_fault_comes_to_its_tonnes(run: Run, tmp_path: Path) -> None:
    """29 February of a leap year counts, 24 h × 5 MWh × 0.825 = 99 t; zero generation is zero; an
    import above the export is carried over: 24 × −0.5 × 0.825 = −9.9 t, 10 t short.
    """
    file = tmp_path / "a.csv"
    day = asked("2016-02-29", "2016-02-29")
    for values, tonnes, claimable, shortfall in (
        ("5,0", 99, 99, 0), ("0,0", 0, 0, 0), ("0,0.5", -10, 0, 10),
    ):
        file.write_text("\n".join(table("2016-02-29", 24, values)), encoding="utf-8")
        status, out, lines = run("ACM0002", day, "--readings", str(file))
        found = json.loads(out)
        assert (status, lines) == (0, [])
        assert (found["reductions"], found["claimable"], found["shortfall"]) == (
            tonnes, claimable, shortfall,
        )
    assert found["readings"]["values"] == [
        {"symbol": "EG_export", "value": "0", "unit": "MWh", "readings": 24, "filled": 0},
        {"symbol": "EG_import", "value": "12.0", "unit": "MWh", "readings": 24, "filled": 0},
    ]
    _, out, _ = run("ACM0002", day, "--readings", str(file), "--explain")
    assert "EG_import = 12.0 MWh from 24 readings, 0 filled" in out.splitlines()


def test_a_formula_cell_of_a_workbook(run: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    for n in range(48):
        book.active.append([datetime(2014, 3, 1) + timedelta(hours=n), "=2+3" if n == 2 else 5, 0])
    out = io.BytesIO()
    book.save(out)
    file = tmp_path / "a.xlsx"
    file.write_bytes(out.getvalue())
    assert run.refused("ACM0002", asked(), "--readings", str(file)) == [
        "a.xlsx, row 4, EG_export [MWh]: '=2+3' is a formula, not a value; mend the file, or ask "
        "for readings.treatments.formula: leave_out"
    ]


def test_a_file_of_millions_of_rows(run: Run, tmp_path: Path) -> None:
    """Five million rows are read, ten years of minutes with room to spare; more are not begun."""
    file = tmp_path / "a.parquet"
    duckdb.sql("SET enable_progress_bar = false")
    duckdb.sql(
        "COPY (SELECT TIMESTAMP '2014-03-01' + to_minutes(range) AS timestamp, 5 AS "
        '"EG_export [MWh]", 0 AS "EG_import [MWh]" FROM range(5400000)) '
        f"TO '{file}' (FORMAT parquet)"
    )
    assert run.refused("ACM0002", asked(), "--readings", str(file)) == [
        "a.parquet: The file has 5,400,000 rows; at most 5,300,000 are read. Give shorter periods "
        "one by one."
    ]
    text = tmp_path / "a.csv"
    with text.open("wb") as out:
        out.truncate(150_000_000)  # as much as five million rows of text, holding nothing
    assert run.refused("ACM0002", asked(), "--readings", str(text)) == [
        "a.csv: The file has 150.0 MB; at most 100 MB of readings are accepted. Give shorter "
        "periods one by one, or send it as Parquet."
    ]


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        ({"readings": None}, ['readings: is missing: {"resolution": "hour"}']),
        (
            {"readings": {"resolution": "month", "gap": 1, "utc_offset": "CET"}},
            [
                "readings.gap: is not asked here; known are resolution, utc_offset, columns, "
                "treatments, gaps",
                "readings.resolution: 'month' is not one of minute, quarter, hour, day",
                "readings.utc_offset: 'CET' is no offset, written like +01:00",
            ],
        ),
        (
            {"readings": {"resolution": "hour", "columns": 1, "gaps": "zero", "treatments": {
                "comma": "shift", "commas": "point"}}},
            [
                "readings.columns: is not an object of names and texts",
                "readings.treatments.comma: 'shift' is not one of point, leave_out",
                "readings.treatments.commas: is no fault; known are time, wide, between, "
                "outside, summer, double, comma, own_unit, formula, not_a_number, too_fine, "
                "negative, rolled, implausible, outlying",
                "readings.gaps: is 'fill' or left out",
            ],
        ),
        (
            {"period": None},
            ['period: is missing: readings need its days, {"from": "…", "to": "…"}'],
        ),
        ({"inputs": 5}, ["inputs: is not an object of names and values"]),
        (
            {"period": {"from": "2021-01-01", "to": "2031-12-31"},
             "readings": {"resolution": "minute"},
             "facts": {"technology": "wind", "capacity_mw": 10, "commitment_period": 3}},
            ["period: has 5,784,480 intervals of a minute; at most 5,300,000 are read: calculate "
             "shorter periods one by one"],
        ),
    ],
)  # fmt: skip
def test_what_says_how_the_file_is_read_is_checked_by_name(
    run: Run, tmp_path: Path, change: dict[str, Any], lines: list[str]
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("\n".join(table()), encoding="utf-8")
    assert run.refused("ACM0002", asked() | change, "--readings", str(file)) == lines


def test_a_share_is_one_value_for_the_period_and_no_column(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("\n".join(table()), encoding="utf-8")
    water = {
        **WATER, "period": {"from": "2014-03-01", "to": "2014-03-02"},
        "readings": {"resolution": "hour"},
        "inputs": {name: value for name, value in WATER["inputs"].items() if name != "N"},
    }
    (said,) = run.refused("AMS-III.AV", water, "--readings", str(file))
    assert "the column 'N [person]' is missing" in said
    assert run.refused("ACM0002", asked(), "--readings", str(tmp_path / "no.csv")) == [
        f"{tmp_path / 'no.csv'}: No such file or directory"
    ]
