"""`manage.py calculate`: answers, and one clear line for each fault; it asks no database.

Run inside the test process, where asking a database without leave is an error; the exit code and
what stands around it are seen once from outside.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from cdm_portal.runtime.places import ROOT
from projects.methodologies import catalogue
from tests.projects.methodologies.calculating import WATER, WIND, Run, about, given


def test_json_in_and_json_out(run: Run) -> None:
    """26,280 MWh × (0.75 × 0.9 + 0.25 × 0.6) = 26,280 × 0.825 = 21,681 t."""
    status, out, lines = run("acm0002", given(WIND, EG_export={"value": "26.28", "unit": "GWh"}))

    assert (status, lines) == (0, [])
    assert json.loads(out)["reductions"] == 21_681


def test_every_step_in_words(run: Run) -> None:
    _, out, _ = run("ACM0002", WIND | {"shortfall": 681}, "--explain")

    assert "BE = EG_PJ × EF_grid_CM" in out
    assert out.splitlines()[-1] == (
        "681 t of earlier periods are made good first: 21000 t may be claimed, "
        "0 t are carried over."
    )


def test_a_tool_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """2 t × 43 GJ/t × 74.1 tCO2/TJ = 86 GJ × 0.0741 tCO2/GJ = 6.3726 t."""
    asked = {
        "version": "03.0", "facts": {"fuels": ["diesel"]},
        "inputs": {
            "FC_diesel": {"value": "2000", "unit": "kg"}, "NCV_diesel": "43",
            "EF_CO2_diesel": {"value": "74.1", "unit": "gCO2/MJ"},
        },
    }  # fmt: skip
    stream = io.TextIOWrapper(io.BytesIO(json.dumps(asked).encode()))
    monkeypatch.setattr(sys, "stdin", stream)

    status, out, lines = run.bare("TOOL03", "--inputs", "-")

    assert (status, lines) == (0, [])
    assert D(json.loads(out)["value"]) == D("6.3726")


def test_the_list_names_what_is_built_and_what_is_not(run: Run) -> None:
    _, out, _ = run.bare("--list")
    rows = [line.split("  ") for line in out.splitlines()]

    assert {row[0] for row in rows} >= set(catalogue.WANTED)
    assert {row[0] for row in rows if row[1] == "not built"} == set(catalogue.not_built())
    assert {row[0] for row in rows if row[1] != "not built"} == set(catalogue.BY_CODE)
    assert ["TOOL13", "tool", "versions 01.0.0, 02.0"] in [row[:3] for row in rows]


def test_what_it_asks_for(run: Run) -> None:
    _, out, _ = run.bare("AMS-III.AV", "--describe")
    assert {fact["name"] for fact in json.loads(out)["facts"]} >= {"quality_met", "fuels"}

    _, out, _ = run("AMS-III.AV", {"facts": WATER["facts"]}, "--describe")
    said = json.loads(out)
    assert {each["symbol"] for each in said["parameters"]} >= {"QPW", "FC_diesel"}
    assert all(each["met"] for each in said["conditions"])


@pytest.mark.parametrize("code", sorted(catalogue.BY_CODE))
def test_everything_built_describes_itself(run: Run, code: str) -> None:
    status, out, lines = run.bare(code, "--describe")
    assert (status, lines, json.loads(out)["code"]) == (0, [], code)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "Name a methodology or tool, or ask for --list."),
        (("ACM0002",), "Give --inputs FILE.json; --describe says what ACM0002 asks for."),
        (("ACM0002", "--inputs", "/no/such.json"), "/no/such.json: No such file or directory"),
        (("ACM0002", "--inputs", "/"), "/: Is a directory"),
    ],
)
def test_words_that_lead_nowhere(run: Run, words: tuple[str, ...], line: str) -> None:
    assert run.bare(*words) == (2, "", [line])


def test_a_code_that_is_not_built(run: Run) -> None:
    status, _, lines = run.bare("ACM9999")
    assert (status, len(lines)) == (2, 1)
    assert lines[0].startswith("methodology: 'ACM9999' cannot be calculated here; built are ")


# More of what is wrong (test_calculate_bad_input.py, test_calculate_readings.py)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("5 kWh 3 MWh", "EG_export: '5 kWh 3 MWh' is not a number alone: it has two units"),
        (
            {"value": "5 kWh", "unit": "MWh"},
            "EG_export: '5 kWh' is not a number alone: give its unit apart from it",
        ),
        (
            {"value": "5", "unit": "kWh MWh"},
            "EG_export: the unit 'kWh MWh' is not known here",
        ),
        (
            {"value": "5", "unit": "t"},
            "EG_export: 't' cannot be converted to MWh (accepted: MWh, GJ, kWh, GWh, MJ, kJ, TJ)",
        ),
        ({"value": "5", "unit": "USD"}, "EG_export: 'USD' is money, which is not converted here"),
    ],
)
def test_two_units_in_one_value_and_wrong_ones(run: Run, value: Any, line: str) -> None:
    assert run.refused("ACM0002", given(WIND, EG_export=value)) == [line]


@pytest.mark.parametrize("written", ["26280,5", "26,280"])
def test_a_comma_as_decimal_sign(run: Run, written: str) -> None:
    assert run.refused("ACM0002", given(WIND, EG_export=written)) == [
        f"EG_export: '{written}' has a comma: write numbers with a point as decimal sign and "
        "nothing between thousands"
    ]


def test_not_a_number(run: Run) -> None:
    assert run.refused("ACM0002", given(WIND, EG_export="NaN")) == [
        "EG_export: 'NaN' is not a number"
    ]
    assert run.refused("ACM0002", '{"version": NaN}') == [
        "This is not readable JSON: NaN is not a number."
    ]


@pytest.mark.parametrize(
    ("first", "last", "begins", "numbers"),
    [
        ("2012-12-31", "2013-01-01", "2013-01-01", "1 and 2"),
        ("2020-07-01", "2021-06-30", "2021-01-01", "2 and 3"),
        ("2012-01-01", "2022-01-01", "2013-01-01", "1 and 2"),
    ],
)
def test_a_period_across_two_sets_of_potentials(
    run: Run, first: str, last: str, begins: str, numbers: str
) -> None:
    assert run.refused("ACM0002", WIND | {"period": {"from": first, "to": last}}) == [
        f"period: {first} to {last} has two sets of global warming potentials: others hold from "
        f"{begins} on, so calculate each part by itself (commitment_period {numbers}) and round "
        "the sum"
    ]


@pytest.mark.parametrize(
    ("period", "line"),
    [
        (
            {"from": "2012-01-01", "to": "2012-12-31"},
            "period: 2012-01-01 to 2012-12-31 lies in commitment period 1, the facts say 2",
        ),
        (
            {"from": "2014-01-02", "to": "2014-01-01"},
            "period: ends (2014-01-01) before it begins (2014-01-02)",
        ),
        (
            {"from": "2021-02-29", "to": "2021-03-01"},
            "period.from: '2021-02-29' is no day, written like 2020-12-31",
        ),
        ({"from": "2014-01-01"}, 'period: is not {"from": "…", "to": "…"}'),
        ("2014", 'period: is not {"from": "…", "to": "…"}'),
    ],
)
def test_a_period_that_does_not_fit(run: Run, period: Any, line: str) -> None:
    assert run.refused("ACM0002", WIND | {"period": period}) == [line]


def test_a_period_within_one_set(run: Run) -> None:
    assert run("ACM0002", WIND | {"period": {"from": "2013-01-01", "to": "2020-12-31"}})[0] == 0
    earlier = about(WIND, commitment_period=1)
    assert run("ACM0002", earlier | {"period": {"from": "2012-01-01", "to": "2012-12-31"}})[0] == 0


def test_every_fault_at_once_each_on_a_line_of_its_own(run: Run) -> None:
    lines = run.refused("ACM0002", given(WIND, EG_export="1,5", EF_OM="NaN", EF_CM="\n"))

    assert sorted(line.split(":")[0] for line in lines) == ["EF_CM", "EF_OM", "EG_export"]


def test_from_outside_it_ends_with_two_and_starts_no_server(tmp_path: Path) -> None:
    file = tmp_path / "asked.json"
    file.write_text(json.dumps(given(WIND, EG_export="1,5")), encoding="utf-8")
    home = tmp_path / "home"
    environ = {
        name: value
        for name, value in os.environ.items()
        if name != "CDM_ENV" and not name.endswith("_URL")
    }

    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "calculate", "ACM0002", "--inputs", str(file),
         "--data", str(home)],
        capture_output=True, text=True, env=environ, timeout=60,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "EG_export: '1,5' has a comma: write numbers with a point as decimal sign and nothing "
        "between thousands"
    ]
    assert not home.exists()
